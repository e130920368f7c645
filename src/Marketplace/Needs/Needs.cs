using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What a household is about to look for. The id is made with the form, so that sending it twice opens one.</summary>
/// <param name="Near">The meeting place it lives near: where its home is, is not asked.</param>
public sealed record NewNeed(
    Id<Need> Id, Id<Person> Person, string ClassCode, int Minutes, IReadOnlyList<WeekWindow> Windows, int SizeMin, int SizeMax,
    Id<MeetingPlace> Near, int ReachMetres, IReadOnlyList<string> Languages, Money Cap);

/// <summary>
/// Households say what they look for together with others; plans propose groups, every household is asked, and a provider takes a group
/// that all agreed to. No money moves here: a group that is taken becomes a pool, and each joins it as every pool is joined. Whoever
/// changes a proposal holds the needs of all its members, locked in the order of their ids; pools and slots come after needs.
/// </summary>
public sealed partial class Needs(Database db, Pools pools, IClock clock)
{
    /// <summary>So many needs of one household may wait or be in a proposal.</summary>
    public const int OpenMax = 5;

    /// <summary>The shortest and the longest service, in minutes.</summary>
    public const int MinutesMin = 30, MinutesMax = 720;

    public const int ReachMax = 50_000;

    /// <summary>The most times of the week of one need.</summary>
    public const int WindowsMax = 21;

    /// <summary>Languages that a service can be looked for in, by their codes.</summary>
    public static readonly IReadOnlyList<string> Languages = ["it", "en", "fr", "es", "ar", "ro", "sq", "uk"];

    private static readonly Duration OpenFor = Duration.FromDays(60);

    /// <summary>Needs gather for so long before they are planned, because three who are there together make a better group than two who came first.</summary>
    private static readonly Duration GatherFor = Duration.FromHours(24);

    /// <summary>Opens a need. The same again changes nothing.</summary>
    public Task<Result<Id<Need>>> OpenAsync(TerritoryId territory, NewNeed need, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<Need>>(territory, tx => OpenAsync(tx, need, by, consent: null), cancel);

    /// <summary>
    /// An operator opens a need for the household of somebody who is there, or on the telephone, and says yes to it. The person is known
    /// by its tax code, which it has to tell: nobody is looked for by name. The household is told, reads who did it and by which consent,
    /// answers what is proposed to it, and may withdraw the need like its own. The same again changes nothing. Refused as for a household,
    /// and for a tax code of nobody here and a consent that says nothing.
    /// </summary>
    /// <param name="need">Its person is the one with the tax code, whatever it says.</param>
    public Task<Result<Id<Need>>> OpenForAsync(
        TerritoryId territory, NewNeed need, string taxCode, Consent consent, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<Need>>(territory, async tx =>
        {
            if (consent.Trimmed() is not { } stated) return new ConsentMissing(Consent.ReferenceMin, Consent.ReferenceMax);
            if ((await Households.OfAsync(tx, [taxCode])).SingleOrDefault() is not { } found) return new NobodyOfTaxCode();
            if (!stated.IsOf(found.Household)) return new PinNotRight();
            return await OpenAsync(tx, need with { Person = found.Person }, new(found.Household, by), stated);
        }, cancel);

    private async Task<Result<Id<Need>>> OpenAsync(Transaction tx, NewNeed need, HouseholdUser by, Consent? consent)
    {
        // The household's row is the lock: two windows of one family follow each other.
        await Households.LockAsync(tx, by.Household);
        if (await FindAsync(tx, need.Id) is { } earlier)
        {
            var same = earlier.HouseholdId == by.Household && earlier.ClassCode == need.ClassCode && earlier.Cap == need.Cap;
            return same ? need.Id : new NeedIdReused(need.Id);
        }

        if (Refuse(need) is { } refusal) return refusal;
        if (!await ServiceClasses.ExistsAsync(tx, need.ClassCode)) return new NeedClassUnknown(need.ClassCode);
        if (!await IsPlaceAsync(tx, need.Near)) return new MeetingPlaceNotFound(need.Near);
        if (!await Bookings.IsInHouseholdAsync(tx, need.Person, by.Household)) return new PersonNotInHousehold(need.Person);
        var open = await tx.FindAsync<long>(
            "select count(*) from marketplace.need where territory_id = @territory and household_id = @Household and status in ('Open', 'Asked', 'Agreed')",
            new { by.Household });
        if (open >= OpenMax) return new TooManyNeeds(OpenMax);

        // From here on the need must be recorded: every refusal is behind us.
        await InsertAsync(tx, need, by, consent);
        return need.Id;
    }

    /// <summary>
    /// Looks no more. Who is in a proposal leaves it, and the others are planned again. Refused once a provider has taken it. Repeatable.
    /// </summary>
    public Task<Result<Done>> WithdrawAsync(TerritoryId territory, Id<Need> id, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not var (need, proposal) || need.HouseholdId != by.Household) return new NeedNotFound(id);
            switch (need.Status)
            {
                case NeedStatus.Withdrawn:
                    return default(Done);
                case NeedStatus.Open:
                    await SetAsync(tx, [id], NeedStatus.Withdrawn);
                    return default(Done);
                case NeedStatus.Asked or NeedStatus.Agreed:
                    await SayAsync(tx, proposal!.Value, id, ProposalAnswer.NotAnyMore, by.User);
                    await DropAsync(tx, proposal.Value, but: id);
                    await SetAsync(tx, [id], NeedStatus.Withdrawn);
                    return default(Done);
                case NeedStatus.Taken or NeedStatus.Expired:
                    return new NeedNotReady(id, need.Status);
                default:
                    throw new InvalidOperationException($"A need cannot stand at {need.Status}.");
            }
        }, cancel);

    /// <summary>One that did not answer in time still looks: it is planned again with the next. Repeatable.</summary>
    public Task<Result<Done>> ResumeAsync(TerritoryId territory, Id<Need> id, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not var (need, _) || need.HouseholdId != by.Household) return new NeedNotFound(id);
            if (need.Status is not NeedStatus.Open) return new NeedNotReady(id, need.Status);
            if (need.PausedAt is not null) await SetAsync(tx, [id], NeedStatus.Open, planAt: clock.Now);
            return default(Done);
        }, cancel);

    private static FieldRefusal? Refuse(NewNeed need)
    {
        if (need.Minutes is < MinutesMin or > MinutesMax) return new NeedLengthOutside(MinutesMin, MinutesMax);
        if (need.SizeMin < 2 || need.SizeMax < need.SizeMin || need.SizeMax > HeadPrices.HeadsMax) return new NeedSizesOutside(2, HeadPrices.HeadsMax);
        if (need.ReachMetres is < 0 or > ReachMax) return new NeedReachOutside(ReachMax);
        if (!need.Cap.IsPositive) return new AmountNotPositive("cap");
        if (need.Languages.Count == 0 || need.Languages.Except(Languages, StringComparer.Ordinal).Any()) return new NeedLanguageUnknown();
        if (need.Windows.Count is 0 or > WindowsMax || need.Windows.Any(w => w.To <= w.From || w.Day is IsoDayOfWeek.None)) return new NeedTimesWrong(WindowsMax);
        if (need.Windows.DistinctBy(w => (w.Day, w.From)).Count() < need.Windows.Count) return new NeedTimesWrong(WindowsMax);
        if (WeekTimes.StartsIn(need.Windows, need.Minutes).IsEmpty) return new NeedTimesTooShort(need.Minutes);
        return null;
    }

    private static async Task<bool> IsPlaceAsync(Transaction tx, Id<MeetingPlace> place) =>
        await tx.FindAsync<int?>(
            "select 1 from marketplace.meeting_place where territory_id = @territory and id = @place and withdrawn_at is null", new { place }) is not null;

    private async Task InsertAsync(Transaction tx, NewNeed need, HouseholdUser by, Consent? consent)
    {
        await tx.ExecuteAsync(
            """
            insert into marketplace.need
                (territory_id, id, household_id, person_id, class_code, minutes, size_min, size_max, near_place_id, reach_metres, languages, cap,
                 status, plan_at, opened_by, consent_kind, consent_reference, opened_at, expires_at)
            values (@territory, @Id, @Household, @Person, @ClassCode, @Minutes, @SizeMin, @SizeMax, @Near, @ReachMetres, @languages, @Cap,
                    'Open', @planAt, @User, @consentKind, @Reference, @now, @expiresAt)
            """,
            new
            {
                need.Id, by.Household, need.Person, need.ClassCode, need.Minutes, need.SizeMin, need.SizeMax, need.Near, need.ReachMetres,
                languages = need.Languages.Distinct(StringComparer.Ordinal).ToArray(), need.Cap, planAt = clock.Now + GatherFor, by.User,
                consentKind = consent?.Kind.ToString(), consent?.Reference, now = clock.Now, expiresAt = clock.Now + OpenFor,
            });
        await tx.ExecuteAsync(
            """
            insert into marketplace.need_window (territory_id, need_id, day, from_time, to_time)
            select @territory, @Id, w.* from unnest(@days, @from, @to) w
            """,
            new
            {
                need.Id, days = need.Windows.Select(w => (short)w.Day).ToArray(), from = need.Windows.Select(w => w.From.ToTimeOnly()).ToArray(),
                to = need.Windows.Select(w => w.To.ToTimeOnly()).ToArray(),
            });
    }

    /// <summary>
    /// A need and the proposal it is in, locked with all the needs of that proposal. A plan may put it into one between the look and the
    /// lock; from the lock on nobody can.
    /// </summary>
    private static async Task<(Stored Need, Id<Proposal>? Proposal)?> LockAsync(Transaction tx, Id<Need> id)
    {
        var seen = await LivingAsync(tx, id);
        for (; ; )
        {
            await tx.ExecuteAsync(
                """
                select id from marketplace.need
                where territory_id = @territory and (id = @id or id in (
                    select need_id from marketplace.proposal_member where territory_id = @territory and proposal_id = @seen))
                order by id for no key update
                """, new { id, seen });
            var now = await LivingAsync(tx, id);
            if (now == seen) return await FindAsync(tx, id) is { } need ? (need, now) : null;
            seen = now;
        }
    }

    private static Task<Id<Proposal>?> LivingAsync(Transaction tx, Id<Need> need) =>
        tx.FindAsync<Id<Proposal>?>(
            """
            select m.proposal_id from marketplace.proposal_member m
            join marketplace.proposal p on p.territory_id = @territory and p.id = m.proposal_id
            where m.territory_id = @territory and m.need_id = @need and m.living and p.status <> 'Taken'
            """, new { need });

    private static Task<Stored?> FindAsync(Transaction tx, Id<Need> id) =>
        tx.FindAsync<Stored>(
            "select id, household_id, class_code, cap, status, paused_at from marketplace.need where territory_id = @territory and id = @id", new { id });

    private static Task<int> SetAsync(
        Transaction tx, IReadOnlyCollection<Id<Need>> needs, NeedStatus status, Instant? planAt = null, Instant? pausedAt = null) =>
        tx.ExecuteAsync(
            """
            update marketplace.need set status = @status, plan_at = @planAt, paused_at = @pausedAt, why_unmatched = null
            where territory_id = @territory and id = any(@ids)
            """, new { ids = needs.Select(n => n.Value).ToArray(), status = status.ToString(), planAt, pausedAt });

    /// <summary>What decides about a need, as it is stored.</summary>
    private sealed record Stored(Id<Need> Id, Id<Household> HouseholdId, string ClassCode, Money Cap, NeedStatus Status, Instant? PausedAt);
}
