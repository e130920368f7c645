using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What a plan did.</summary>
/// <param name="Households">How many are asked now.</param>
/// <param name="Unmatched">How many wait on, each with its reason.</param>
public sealed record PlanMade(int Groups, int Households, int Unmatched);

public sealed partial class Needs
{
    /// <summary>Who is asked has so long to answer.</summary>
    private static readonly Duration AnswerFor = Duration.FromHours(48);

    /// <summary>
    /// Looks for groups among all needs that wait, asks the households of each, and writes down why the others are in none. Proposals that
    /// are being answered are left alone, and so are their rooms. May run at any time, and again.
    /// </summary>
    public Task<Result<PlanMade>> PlanAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.TransactAsync<PlanMade>(territory, async tx =>
        {
            var locked = await tx.ListAsync<Id<Need>>(
                """
                select id from marketplace.need
                where territory_id = @territory and status = 'Open' and paused_at is null and expires_at > @now
                order by id limit @NeedsMax for no key update
                """, new { now = clock.Now, Matching.NeedsMax });
            var rows = await tx.ListAsync<Row>(
                """
                select n.id, n.household_id, n.class_code, w.latitude, w.longitude, n.minutes::int as minutes, n.size_min::int as size_min,
                       n.size_max::int as size_max, n.reach_metres, n.languages, n.cap,
                       (select count(*)::int from marketplace.proposal_member m where m.territory_id = @territory and m.need_id = n.id) as asked
                from marketplace.need n
                join marketplace.meeting_place w on w.territory_id = @territory and w.id = n.near_place_id
                where n.territory_id = @territory and n.id = any(@ids) and n.status = 'Open' order by n.id
                """, new { ids = Values(locked) });
            if (rows.Count == 0) return new PlanMade(0, 0, 0);
            var plan = Matching.Plan(
                await NeedsAsync(tx, rows), await PlacesAsync(tx), await GroupPrices.LowestAsync(tx, clock.Today()), await TakenAsync(tx));
            await AskAsync(tx, plan, rows.ToDictionary(r => r.Id, r => r.Asked));
            await ExplainAsync(tx, plan);
            return new PlanMade(plan.Groups.Count, plan.Served, plan.Unmatched.Count);
        }, cancel);

    /// <summary>The needs as the plan asks for them: without the times and the places that were refused, or that no provider took.</summary>
    private static async Task<IReadOnlyList<Need>> NeedsAsync(Transaction tx, IReadOnlyList<Row> rows)
    {
        var ids = Values(rows.Select(r => r.Id));
        var windows = (await tx.ListAsync<Window>(
            """
            select need_id, day::int as day, from_time as "from", to_time as "to" from marketplace.need_window
            where territory_id = @territory and need_id = any(@ids) order by need_id, day, from_time
            """, new { ids })).ToLookup(w => w.NeedId, w => w.Time);
        var refused = (await tx.ListAsync<Refused>(
            """
            select m.need_id, m.answer, p.status = 'Untaken' as is_untaken, p.place_id, p.day::int as day, p.starts as "from", p.ends as "to"
            from marketplace.proposal_member m
            join marketplace.proposal p on p.territory_id = @territory and p.id = m.proposal_id
            where m.territory_id = @territory and m.need_id = any(@ids) and (m.answer in ('NotThere', 'NotThen') or p.status = 'Untaken')
            """, new { ids })).ToLookup(r => r.NeedId);
        return [.. rows.Select(r => new Need(
            r.Id, r.HouseholdId, r.ClassCode, new(r.Latitude, r.Longitude), r.Minutes,
            refused[r.Id].Where(x => x.IsUntaken || x.Answer is ProposalAnswer.NotThen).Aggregate<Refused, IReadOnlyList<WeekWindow>>([.. windows[r.Id]], (left, x) => left.Without(x.Time)),
            r.SizeMin, r.SizeMax, r.ReachMetres, r.Languages, r.Cap)
        {
            NotAt = [.. refused[r.Id].Where(x => x.Answer is ProposalAnswer.NotThere).Select(x => x.PlaceId)],
        })];
    }

    private static async Task<IReadOnlyList<MeetingPlace>> PlacesAsync(Transaction tx) =>
        [.. (await tx.ListAsync<PlaceRow>(
            """
            select id, name, kind, latitude, longitude, rooms::int as rooms from marketplace.meeting_place
            where territory_id = @territory and withdrawn_at is null order by id limit @PlacesMax
            """, new { Matching.PlacesMax })).Select(p => new MeetingPlace(p.Id, p.Name, p.Kind, new(p.Latitude, p.Longitude), p.Rooms))];

    /// <summary>The rooms of groups that are asked, that wait for a provider, or whose pool, or a date of whose weekly group, is still to come.</summary>
    private async Task<IReadOnlyList<TakenRoom>> TakenAsync(Transaction tx) =>
        [.. (await tx.ListAsync<TakenRow>(
            """
            select p.place_id, p.day::int as day, p.starts as "from", p.ends as "to" from marketplace.proposal p
            where p.territory_id = @territory and (p.status in ('Asking', 'Agreed') or p.status = 'Taken' and exists (
                select from marketplace.pool f
                join marketplace.pool l on l.territory_id = @territory and (l.id = f.id or l.series_id = f.series_id)
                where f.territory_id = @territory and f.id = p.pool_id and l.ends_at > @now and l.status in ('Collecting', 'Confirmed', 'BelowQuorum')))
            """, new { now = clock.Now })).Select(t => new TakenRoom(t.PlaceId, (IsoDayOfWeek)t.Day, t.From, t.To))];

    private async Task AskAsync(Transaction tx, MatchPlan plan, Dictionary<Id<Need>, int> asked)
    {
        // Nobody is the first of two proposals after being asked as often: the id is the plan's and the same whenever it is made again.
        var groups = plan.Groups.Select(g => (Group: g, Id: Id<Proposal>.From(g.Needs[0].Id, asked[g.Needs[0].Id]))).ToList();
        await tx.ExecuteAsync(
            """
            insert into marketplace.proposal
                (territory_id, id, class_code, minutes, place_id, day, starts, ends, price, metres, farthest, status, planned_at, answer_by)
            select @territory, g.id, g.class_code, g.minutes, g.place, g.day, g.starts, g.ends, g.price, g.metres, g.farthest, 'Asking', @now, @answerBy
            from unnest(@ids, @classes, @minutes, @places, @days, @starts, @ends, @prices, @metres, @farthest)
                g(id, class_code, minutes, place, day, starts, ends, price, metres, farthest)
            """,
            new
            {
                ids = Values(groups.Select(g => g.Id)), classes = groups.Select(g => g.Group.Needs[0].ClassCode).ToArray(),
                minutes = groups.Select(g => (short)g.Group.Needs[0].Minutes).ToArray(), places = Values(groups.Select(g => g.Group.Place.Id)),
                days = groups.Select(g => (short)g.Group.Day).ToArray(), starts = groups.Select(g => g.Group.From.ToTimeOnly()).ToArray(),
                ends = groups.Select(g => g.Group.To.ToTimeOnly()).ToArray(), prices = groups.Select(g => g.Group.Price.Cents).ToArray(),
                metres = groups.Select(g => g.Group.Metres).ToArray(), farthest = groups.Select(g => g.Group.Farthest).ToArray(),
                now = clock.Now, answerBy = clock.Now + AnswerFor,
            });
        var members = groups.SelectMany(g => g.Group.Needs.Zip(
            PriceSplit.Of(g.Group.Price, [.. Enumerable.Repeat(1, g.Group.Needs.Count)]), (need, share) => (Proposal: g.Id, need, share, g.Group.Place))).ToList();
        await tx.ExecuteAsync(
            """
            insert into marketplace.proposal_member (territory_id, proposal_id, need_id, household_id, cap, share, metres)
            select @territory, m.* from unnest(@proposals, @needs, @households, @caps, @shares, @metres) m
            """,
            new
            {
                proposals = Values(members.Select(m => m.Proposal)), needs = Values(members.Select(m => m.need.Id)),
                households = Values(members.Select(m => m.need.HouseholdId)), caps = members.Select(m => m.need.Cap.Cents).ToArray(),
                shares = members.Select(m => m.share.Cents).ToArray(), metres = members.Select(m => m.need.Home.MetresTo(m.Place.At)).ToArray(),
            });
        await SetAsync(tx, [.. members.Select(m => m.need.Id)], NeedStatus.Asked);
    }

    /// <summary>Why each waits on. Who has no time left because no provider took the group at one is told that, and not that it has too little time.</summary>
    private static Task<int> ExplainAsync(Transaction tx, MatchPlan plan) =>
        tx.ExecuteAsync(
            """
            update marketplace.need n set plan_at = null, why_unmatched = case
                when u.why in ('TimesTooShort', 'NoCommonTime', 'NobodyNear') and exists (
                    select from marketplace.proposal_member m
                    join marketplace.proposal p on p.territory_id = @territory and p.id = m.proposal_id and p.status = 'Untaken'
                    where m.territory_id = @territory and m.need_id = n.id) then 'NotTaken' else u.why end
            from unnest(@ids, @whys) u(id, why)
            where n.territory_id = @territory and n.id = u.id
            """, new { ids = Values(plan.Unmatched.Select(u => u.Need.Id)), whys = plan.Unmatched.Select(u => u.Why.ToString()).ToArray() });

    private static Guid[] Values<TOf>(IEnumerable<Id<TOf>> ids) where TOf : IIdentified => [.. ids.Select(id => id.Value)];

    private sealed record Row(
        Id<Need> Id, Id<Household> HouseholdId, string ClassCode, double Latitude, double Longitude, int Minutes, int SizeMin, int SizeMax,
        int ReachMetres, string[] Languages, Money Cap, int Asked);

    private sealed record Window(Id<Need> NeedId, int Day, LocalTime From, LocalTime To)
    {
        public WeekWindow Time => new((IsoDayOfWeek)Day, From, To);
    }

    private sealed record Refused(Id<Need> NeedId, ProposalAnswer Answer, bool IsUntaken, Id<MeetingPlace> PlaceId, int Day, LocalTime From, LocalTime To)
    {
        public WeekWindow Time => new((IsoDayOfWeek)Day, From, To);
    }

    private sealed record PlaceRow(Id<MeetingPlace> Id, string Name, MeetingPlaceKind Kind, double Latitude, double Longitude, int Rooms);

    private sealed record TakenRow(Id<MeetingPlace> PlaceId, int Day, LocalTime From, LocalTime To);
}
