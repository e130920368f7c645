using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What a household looks for, as it reads it.</summary>
/// <param name="Near">The name of the meeting place it lives near.</param>
/// <param name="PausedAt">Since when it is not planned, because it did not answer.</param>
/// <param name="OpenedFor">Who of the desk opened it for the household; null for one that it opened itself.</param>
/// <param name="Consent">How it consented to that, and <paramref name="ConsentReference"/> where that can be found.</param>
/// <param name="Why">Why the last plan had no group for it; null before the first one.</param>
public sealed record NeedCard(
    Id<Need> Id, NeedStatus Status, string NameIt, string NameEn, string Near, int Minutes, int SizeMin, int SizeMax, int ReachMetres,
    string[] Languages, Money Cap, Instant OpenedAt, Instant ExpiresAt, Instant? PausedAt, WhyUnmatched? Why,
    string? OpenedFor, ConsentKind? Consent, string? ConsentReference);

/// <summary>The group that a household was proposed: counts and places, and no names.</summary>
/// <param name="Share">What the household would pay of the price.</param>
/// <param name="Metres">From where it lives near to the place; <paramref name="Farthest"/>: of the one that lives farthest.</param>
/// <param name="SaidYes">How many have said yes, the household included.</param>
/// <param name="TakeBy">Until when it waits for a provider; null until all have agreed.</param>
/// <param name="SeriesId">The weekly group that a provider made of it, whose first date is the pool.</param>
public sealed record ProposalCard(
    Id<Proposal> Id, ProposalStatus Status, string Place, MeetingPlaceKind Kind, string Municipality, int Day, LocalTime Starts, LocalTime Ends,
    Money Price, Money Share, int Members, int SaidYes, int Metres, int Farthest, Instant AnswerBy, Instant? TakeBy, ProposalAnswer? Answer, Id<Pool>? PoolId,
    Id<PoolSeries>? SeriesId)
{
    public IsoDayOfWeek Weekday => (IsoDayOfWeek)Day;
}

/// <summary>A need with the times it could, and the proposal it is in.</summary>
/// <param name="Proposal">Null for one that is in none.</param>
public sealed record NeedDetail(NeedCard Card, IReadOnlyList<WeekWindow> Windows, ProposalCard? Proposal);

/// <summary>A need whose household has been proposed a group and has not answered.</summary>
public sealed record AskedNeed(Id<Need> Id, string NameIt, string NameEn, string Place, int Members, Money Share, Instant AnswerBy);

/// <summary>A group that all have agreed to, as providers of its class read it: how many, where and when, and no names.</summary>
/// <param name="TakeBy">From this instant on nobody takes it any more.</param>
public sealed record AgreedGroup(
    Id<Proposal> Id, string ClassCode, string NameIt, string NameEn, int Minutes, string Place, string Municipality, int Day, LocalTime Starts,
    LocalTime Ends, Money Price, int Members, Instant AgreedAt, Instant TakeBy)
{
    public IsoDayOfWeek Weekday => (IsoDayOfWeek)Day;
}

/// <summary>How many needs of one class stand alike in one municipality.</summary>
/// <param name="Why">Of those that wait; null where no plan has looked at them yet.</param>
public sealed record NeedFigure(string NameIt, string NameEn, string Municipality, NeedStatus Status, WhyUnmatched? Why, int Needs);

/// <summary>Reading needs: for the household whose they are, for providers that could give them, for the office as counts.</summary>
public sealed class NeedCards(Database db, IClock clock)
{
    private const int RowsMax = 100;

    private static readonly Duration Lately = Duration.FromDays(30);

    private const string Select =
        """
        select n.id, n.status, c.name_it, c.name_en, w.name as near, n.minutes::int as minutes, n.size_min::int as size_min,
               n.size_max::int as size_max, n.reach_metres, n.languages, n.cap, n.opened_at, n.expires_at, n.paused_at, n.why_unmatched as why,
               case when n.consent_kind is not null then coalesce(u.display_name, '') end as opened_for, n.consent_kind as consent, n.consent_reference
        from marketplace.need n
        left join marketplace.app_user u on u.territory_id = @territory and u.id = n.opened_by and n.consent_kind is not null
        join marketplace.service_class c on c.territory_id = @territory and c.code = n.class_code
        join marketplace.meeting_place w on w.territory_id = @territory and w.id = n.near_place_id
        where n.territory_id = @territory
        """;

    /// <summary>What a household looks for and what it looked for in the last month, the latest first.</summary>
    public Task<List<NeedCard>> OfHouseholdAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        db.ListAsync<NeedCard>(
            territory, $"{Select} and n.household_id = @household and n.expires_at > @since order by n.opened_at desc, n.id limit {RowsMax}",
            new { household, since = clock.Now - Lately }, cancel);

    /// <summary>What waits for a household's answer, the most urgent first.</summary>
    public Task<List<AskedNeed>> AskedAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        db.ListAsync<AskedNeed>(
            territory,
            """
            select n.id, c.name_it, c.name_en, w.name as place,
                   (select count(*)::int from marketplace.proposal_member y where y.territory_id = @territory and y.proposal_id = p.id) as members,
                   x.share, p.answer_by
            from marketplace.need n
            join marketplace.proposal_member x on x.territory_id = @territory and x.need_id = n.id and x.living and x.answer is null
            join marketplace.proposal p on p.territory_id = @territory and p.id = x.proposal_id and p.status = 'Asking' and p.answer_by > @now
            join marketplace.service_class c on c.territory_id = @territory and c.code = n.class_code
            join marketplace.meeting_place w on w.territory_id = @territory and w.id = p.place_id
            where n.territory_id = @territory and n.household_id = @household
            order by p.answer_by, n.id
            """, new { household, now = clock.Now }, cancel);

    /// <summary>One need of a household; null when it has none with this id.</summary>
    public async Task<NeedDetail?> FindAsync(TerritoryId territory, Id<Household> household, Id<Need> id, CancellationToken cancel = default)
    {
        if (await db.FindAsync<NeedCard>(territory, $"{Select} and n.id = @id and n.household_id = @household", new { id, household }, cancel) is not { } card) return null;
        var windows = await db.ListAsync<Window>(
            territory,
            """
            select day::int as day, from_time as "from", to_time as "to" from marketplace.need_window
            where territory_id = @territory and need_id = @id order by day, from_time
            """, new { id }, cancel);
        var proposal = await db.FindAsync<ProposalCard>(
            territory,
            """
            select p.id, p.status, w.name as place, w.kind, m.name as municipality, p.day::int as day, p.starts, p.ends, p.price, x.share,
                   all_of.members, all_of.said_yes, x.metres, p.farthest, p.answer_by, p.take_by, x.answer, p.pool_id, l.series_id
            from marketplace.proposal_member x
            join marketplace.proposal p on p.territory_id = @territory and p.id = x.proposal_id
            join marketplace.meeting_place w on w.territory_id = @territory and w.id = p.place_id
            join marketplace.municipality m on m.territory_id = @territory and m.code = w.municipality_code
            left join marketplace.pool l on l.territory_id = @territory and l.id = p.pool_id
            cross join lateral (
                select count(*)::int as members, count(*) filter (where y.answer = 'Yes')::int as said_yes
                from marketplace.proposal_member y where y.territory_id = @territory and y.proposal_id = p.id) all_of
            where x.territory_id = @territory and x.need_id = @id and x.living
            """, new { id }, cancel);
        return new(card, [.. windows.Select(w => new WeekWindow((IsoDayOfWeek)w.Day, w.From, w.To))], proposal);
    }

    /// <summary>The groups that wait for a provider and that this one may take: it is accredited for their class. The longest waiting first.</summary>
    public Task<List<AgreedGroup>> AgreedAsync(TerritoryId territory, Id<Provider> provider, CancellationToken cancel = default) =>
        db.ListAsync<AgreedGroup>(territory, $"{Agreed} order by p.agreed_at, p.id limit {RowsMax}", new { provider, today = clock.Today(), now = clock.Now }, cancel);

    /// <summary>One of them; null when it is taken, dropped or none of the provider's classes.</summary>
    public Task<AgreedGroup?> FindAgreedAsync(TerritoryId territory, Id<Provider> provider, Id<Proposal> id, CancellationToken cancel = default) =>
        db.FindAsync<AgreedGroup>(territory, $"{Agreed} and p.id = @id", new { provider, id, today = clock.Today(), now = clock.Now }, cancel);

    /// <summary>The needs that wait, are asked or agreed, by class, municipality and reason, as counts: nobody is named.</summary>
    public Task<List<NeedFigure>> FiguresAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<NeedFigure>(
            territory,
            """
            select c.name_it, c.name_en, m.name as municipality, n.status, n.why_unmatched as why, count(*)::int as needs
            from marketplace.need n
            join marketplace.service_class c on c.territory_id = @territory and c.code = n.class_code
            join marketplace.meeting_place w on w.territory_id = @territory and w.id = n.near_place_id
            join marketplace.municipality m on m.territory_id = @territory and m.code = w.municipality_code
            where n.territory_id = @territory and n.status in ('Open', 'Asked', 'Agreed')
            group by c.name_it, c.name_en, m.name, n.status, n.why_unmatched
            order by c.name_it, m.name, n.status, n.why_unmatched limit 1000
            """, null, cancel);

    /// <summary>Asked with the provider, the day and the instant it is; a further condition follows with <c>and</c>.</summary>
    internal const string Agreed =
        $"""
        with recursive {ServiceClasses.Lineage}
        select p.id, p.class_code, c.name_it, c.name_en, p.minutes::int as minutes, w.name as place, m.name as municipality, p.day::int as day,
               p.starts, p.ends, p.price,
               (select count(*)::int from marketplace.proposal_member x where x.territory_id = @territory and x.proposal_id = p.id) as members,
               p.agreed_at, p.take_by
        from marketplace.proposal p
        join marketplace.service_class c on c.territory_id = @territory and c.code = p.class_code
        join marketplace.meeting_place w on w.territory_id = @territory and w.id = p.place_id
        join marketplace.municipality m on m.territory_id = @territory and m.code = w.municipality_code
        where p.territory_id = @territory and p.status = 'Agreed' and p.take_by > @now and exists (
            select from marketplace.accreditation a
            join lineage l on l.code = p.class_code and l.ancestor = a.class_code
            where a.territory_id = @territory and a.provider_id = @provider and a.status = 'Granted' and @today between a.valid_from and a.valid_to)
        """;

    private sealed record Window(int Day, LocalTime From, LocalTime To);
}
