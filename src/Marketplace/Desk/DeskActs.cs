using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// An operator acts for a household with its consent to just that: who, what and by which consent is written with the deed, in one
/// transaction, and the household reads it. What may be refused to the household is refused to the operator.
/// </summary>
public sealed class DeskActs(
    Database db, Needs needs, NeedCards needCards, Pools pools, PoolCards poolCards, Bookings bookings, BookingCards bookingCards, Packages packages,
    Delegations delegations, Explanations explanations, IClock clock)
{
    private const int RowsMax = 100;

    /// <summary>Reads what waits for the household's answer. That it was read is written, like everything else here.</summary>
    public async Task<Result<DeskView>> LookAsync(TerritoryId territory, Id<DeskAct> id, DeskFor who, CancellationToken cancel = default)
    {
        var looked = await LookedAsync(territory, id, who, DeskDeed.Looked, cancel);
        return looked.IsRefused(out var refusal, out var household) ? refusal : await ViewAsync(territory, household, cancel);
    }

    /// <summary>What booking a time would mean for the household, to be read aloud. That it was read is written too.</summary>
    public async Task<Result<BookingPreview>> LookAtSlotAsync(
        TerritoryId territory, Id<DeskAct> id, DeskFor who, Id<Slot> slot, CancellationToken cancel = default)
    {
        var looked = await LookedAsync(territory, id, who, DeskDeed.Looked, cancel);
        return looked.IsRefused(out var refusal, out var household) ? refusal : await bookings.PreviewAsync(territory, household, slot, cancel);
    }

    private async Task<Result<Id<Household>>> LookedAsync(TerritoryId territory, Id<DeskAct> id, DeskFor who, DeskDeed deed, CancellationToken cancel)
    {
        Id<Household> household = default;
        var looked = await DoAsync(territory, id, who, deed, null, (_, found, _) =>
        {
            household = found.Household;
            return Task.FromResult<Refusal?>(null);
        }, cancel);
        return looked.IsRefused(out var refusal) ? refusal : household;
    }

    /// <summary>Books a time for somebody of the household, as it heard it. Repeatable.</summary>
    public Task<Result<Done>> BookAsync(
        TerritoryId territory, Id<DeskAct> id, DeskFor who, Id<Slot> slot, Id<Person> person, AsShown shown, CancellationToken cancel = default)
    {
        var booking = Id<Booking>.From("desk", id);
        return DoAsync(territory, id, who, DeskDeed.Booked, booking.Value, async (tx, _, by) =>
            (await bookings.RequestAsync(tx, new(booking, slot, person, shown), by)).IsRefused(out var refusal) ? refusal : null, cancel);
    }

    /// <summary>What buying a package, or so many pieces of a product, would mean for the household, to be read aloud. That it was read is written too.</summary>
    public async Task<Result<PackagePreview>> LookAtOfferAsync(
        TerritoryId territory, Id<DeskAct> id, DeskFor who, Id<Offer> offer, int? pieces, CancellationToken cancel = default)
    {
        var looked = await LookedAsync(territory, id, who, DeskDeed.Looked, cancel);
        return looked.IsRefused(out var refusal, out var household) ? refusal : await packages.PreviewAsync(territory, household, offer, pieces, cancel);
    }

    /// <summary>Buys a package, or so many pieces of a product, for somebody of the household, as it heard it. Repeatable.</summary>
    public Task<Result<Done>> BuyAsync(
        TerritoryId territory, Id<DeskAct> id, DeskFor who, Id<Offer> offer, int? pieces, Id<Person> person, AsShown shown, CancellationToken cancel = default)
    {
        var package = Id<Package>.From("desk", id);
        return DoAsync(territory, id, who, DeskDeed.Bought, package.Value, async (tx, _, by) =>
            (await packages.BuyAsync(tx, new(package, offer, person, shown, pieces), by)).IsRefused(out var refusal) ? refusal : null, cancel);
    }

    /// <summary>
    /// Gives a delegation for the household, and answers its code to hand over. The same again answers a new code, and the one before is
    /// worth nothing.
    /// </summary>
    public async Task<Result<ReadableCode>> DelegateAsync(
        TerritoryId territory, Id<DeskAct> id, DeskFor who, string label, LocalDate until, CancellationToken cancel = default)
    {
        var delegation = Id<Delegation>.From("desk", id);
        ReadableCode code = default;
        var done = await DoAsync(territory, id, who, DeskDeed.Delegated, delegation.Value, async (tx, _, by) =>
            (await delegations.GiveAsync(tx, delegation, label, until, by)).IsRefused(out var refusal, out code) ? refusal : null, cancel);
        return done.IsRefused(out var why) ? why : code;
    }

    /// <summary>Takes a request back or cancels a booking before the service begins, for at most the fee the household heard. Repeatable.</summary>
    public Task<Result<Done>> CallOffAsync(
        TerritoryId territory, Id<DeskAct> id, DeskFor who, Id<Booking> booking, Money feeShown, CancellationToken cancel = default) =>
        DoAsync(territory, id, who, DeskDeed.CalledOff, booking.Value, async (tx, _, by) =>
            (await bookings.GiveUpAsync(tx, booking, by, feeShown)).IsRefused(out var refusal) ? refusal : null, cancel);

    /// <summary>Reads why the household's money pays for something or does not. That it was read is written.</summary>
    public async Task<Result<Coverage>> ExplainAsync(
        TerritoryId territory, Id<DeskAct> id, DeskFor who, Purchase purchase, CancellationToken cancel = default)
    {
        var asked = await LookedAsync(territory, id, who, DeskDeed.Explained, cancel);
        return asked.IsRefused(out var refusal, out var household) ? refusal : await explanations.OfAsync(territory, household, purchase, cancel);
    }

    /// <summary>Answers what the household was proposed, as it says. Repeatable.</summary>
    public Task<Result<Done>> AnswerAsync(
        TerritoryId territory, Id<DeskAct> id, DeskFor who, Id<Proposal> proposal, Id<Need> need, ProposalAnswer answer, CancellationToken cancel = default) =>
        DoAsync(territory, id, who, answer is ProposalAnswer.Yes ? DeskDeed.SaidYes : DeskDeed.SaidNo, need.Value, async (tx, _, by) =>
            (await needs.AnswerAsync(tx, proposal, need, answer, by)).IsRefused(out var refusal) ? refusal : null, cancel);

    /// <summary>Takes part in a pool, as the household heard it. Repeatable.</summary>
    /// <param name="cap">The most it agreed to pay.</param>
    public Task<Result<Done>> JoinAsync(
        TerritoryId territory, Id<DeskAct> id, DeskFor who, Id<Pool> pool, Money cap, AsShown shown, CancellationToken cancel = default)
    {
        var share = Id<Share>.From("desk", id);
        return DoAsync(territory, id, who, DeskDeed.Joined, share.Value, async (tx, found, by) =>
            (await pools.JoinAsync(tx, new(share, pool, found.Person, 1, cap, shown), by)).IsRefused(out var refusal) ? refusal : null, cancel);
    }

    /// <summary>Takes part in all dates of a weekly group, at most at this price each. Repeatable.</summary>
    public Task<Result<Done>> JoinWeeklyAsync(
        TerritoryId territory, Id<DeskAct> id, DeskFor who, Id<PoolSeries> series, Money cap, CancellationToken cancel = default) =>
        DoAsync(territory, id, who, DeskDeed.JoinedWeekly, series.Value, async (tx, found, by) =>
            (await pools.JoinSeriesAsync(tx, new(Id<SeriesMember>.From("desk", id), series, found.Person, 1, cap), by)).IsRefused(out var refusal) ? refusal : null,
            cancel);

    /// <summary>Leaves a pool before it is decided. Repeatable.</summary>
    public Task<Result<Done>> LeaveAsync(TerritoryId territory, Id<DeskAct> id, DeskFor who, Id<Share> share, CancellationToken cancel = default) =>
        DoAsync(territory, id, who, DeskDeed.Left, share.Value, async (tx, _, by) =>
            (await pools.LeaveAsync(tx, share, by)).IsRefused(out var refusal) ? refusal : null, cancel);

    /// <summary>What was done for a household about one need, pool, weekly group, booking, package or product, the latest first.</summary>
    public Task<List<DoneForYou>> OfHouseholdAsync(TerritoryId territory, Id<Household> household, Guid about, CancellationToken cancel = default) =>
        db.ListByKeyAsync<DoneForYou>(
            territory,
            $"""
            select a.deed, a.acted_at as at, u.display_name as operator, a.consent_kind as consent, a.consent_reference as reference
            from marketplace.desk_act a
            join marketplace.app_user u on u.territory_id = @territory and u.id = a.acted_by
            left join marketplace.pool_share s on s.territory_id = @territory and s.id = a.subject
            where a.territory_id = @territory and a.household_id = @household and coalesce(s.pool_id, a.subject) = @about
            order by a.acted_at desc, a.id limit {RowsMax}
            """, new { household, about }, cancel);

    /// <summary>What an operator opened and did for families, the latest first, and how it stands: nobody else's deeds, and no names.</summary>
    public Task<List<DeskRow>> OfOperatorAsync(TerritoryId territory, Id<User> by, CancellationToken cancel = default) =>
        db.ListAsync<DeskRow>(
            territory,
            $"""
            select a.deed, a.acted_at as at, h.number as household_number, coalesce(o.title_it, c.name_it, '') as name_it,
                   coalesce(o.title_en, c.name_en, '') as name_en, n.status as need, p.status as pool, k.status as booking,
                   g.status as package, coalesce(g.id is not null and o.kind = 'Product', false) as is_product,
                   coalesce(s.status = 'Joined' or s.status = 'Committed' and {Pools.IsLiving}, m.id is not null) as is_in, a.consent_reference as reference
            from marketplace.desk_act a
            join marketplace.household h on h.territory_id = @territory and h.id = a.household_id
            left join marketplace.need n on n.territory_id = @territory and n.id = a.subject
            left join marketplace.service_class c on c.territory_id = @territory and c.code = n.class_code
            left join marketplace.pool_share s on s.territory_id = @territory and s.id = a.subject
            left join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
            left join marketplace.pool p on p.territory_id = @territory and p.id = s.pool_id
            left join marketplace.pool_series e on e.territory_id = @territory and e.id = a.subject
            left join marketplace.series_member m on m.territory_id = @territory and m.series_id = e.id and m.household_id = a.household_id and m.left_at is null
            left join marketplace.booking k on k.territory_id = @territory and k.id = a.subject
            left join marketplace.package g on g.territory_id = @territory and g.id = a.subject
            left join marketplace.offer o on o.territory_id = @territory and o.id = any(array[p.offer_id, e.offer_id, k.offer_id, g.offer_id])
            where a.territory_id = @territory and a.acted_by = @by
            union all
            select null, n.opened_at, h.number, c.name_it, c.name_en, n.status, null, null, null, false, false, n.consent_reference
            from marketplace.need n
            join marketplace.household h on h.territory_id = @territory and h.id = n.household_id
            join marketplace.service_class c on c.territory_id = @territory and c.code = n.class_code
            where n.territory_id = @territory and n.opened_by = @by and n.consent_kind is not null
            order by at desc, household_number limit {RowsMax}
            """, new { by }, cancel);

    private async Task<DeskView> ViewAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel)
    {
        var (asked, joinable, weekly) = (new List<NeedDetail>(), new List<JoinPreview>(), new List<SeriesPreview>());
        foreach (var need in await needCards.OfHouseholdAsync(territory, household, cancel))
        {
            if (need.Status is not (NeedStatus.Asked or NeedStatus.Agreed or NeedStatus.Taken)) continue;
            var detail = (await needCards.FindAsync(territory, household, need.Id, cancel))!;
            // A yes may still become a no; a group that a provider has taken waits for the household to join.
            if (detail.Proposal is { Status: ProposalStatus.Asking or ProposalStatus.Agreed }) asked.Add(detail);
            else if (detail.Proposal?.SeriesId is { } series) Add(weekly, await pools.PreviewSeriesAsync(territory, household, series, cancel: cancel));
            else if (detail.Proposal?.PoolId is { } pool) Add(joinable, await pools.PreviewAsync(territory, household, pool, cancel: cancel));
        }

        var mine = (await poolCards.OfHouseholdAsync(territory, household, cancel))
            .Where(c => c.Mine?.Status is ShareStatus.Joined && c.Pool.Status is PoolStatus.Collecting && clock.Now < c.Pool.FreezeAt);
        var booked = (await bookingCards.OfHouseholdAsync(territory, household, cancel))
            .Where(c => c.Status is BookingStatus.Requested or BookingStatus.Confirmed && clock.Now < c.StartsAt);
        return new(household, asked, joinable, weekly, [.. mine], [.. booked.OrderBy(c => c.StartsAt)]);
    }

    private static void Add<T>(List<T> to, Result<T> result) where T : notnull
    {
        if (!result.IsRefused(out _, out var value)) to.Add(value);
    }

    /// <summary>Finds the household, does it, and writes who did it and by which consent, all or nothing.</summary>
    private Task<Result<Done>> DoAsync(
        TerritoryId territory, Id<DeskAct> id, DeskFor who, DeskDeed deed, Guid? subject,
        Func<Transaction, HouseholdOfPerson, HouseholdUser, Task<Refusal?>> act, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if ((await FindAsync(tx, who)).IsRefused(out var nobody, out var found)) return nobody;
            var (now, done) = (clock.Now, new DeskAct(id, found.Household, deed, subject));
            var earlier = await tx.FindAsync<DeskAct>(
                "select id, household_id, deed, subject from marketplace.desk_act where territory_id = @territory and id = @id", new { id });
            if (earlier is not null && earlier != done) return new DeskActIdReused(id);
            if (await act(tx, found, new(found.Household, who.Operator)) is { } refusal) return refusal;
            await WriteAsync(tx, done, found.Person, who.Consent.Trimmed()!, who.Operator, now);
            return default(Done);
        }, cancel);

    /// <summary>The household for which an operator acts, and who of it told its tax code; refused without a consent that is its own.</summary>
    internal static async Task<Result<HouseholdOfPerson>> FindAsync(Transaction tx, DeskFor who)
    {
        if (who.Consent.Trimmed() is not { } consent) return new ConsentMissing(Consent.ReferenceMin, Consent.ReferenceMax);
        if ((await Households.OfAsync(tx, [who.TaxCode])).SingleOrDefault() is not { } found) return new NobodyOfTaxCode();
        return consent.IsOf(found.Household) ? found : new PinNotRight();
    }

    /// <summary>Writes what was done for a household, by whom and by which consent.</summary>
    /// <param name="toldBy">Whose tax code was told.</param>
    /// <param name="request">What the household replied to, where it consented so.</param>
    internal static Task WriteAsync(
        Transaction tx, DeskAct act, Id<Person> toldBy, Consent consent, Id<User> by, Instant now, Id<ConsentRequest>? request = null) =>
        tx.ExecuteAsync(
            """
            insert into marketplace.desk_act
                (territory_id, id, household_id, person_id, deed, subject, consent_kind, consent_reference, acted_by, acted_at, request_id)
            values (@territory, @Id, @HouseholdId, @toldBy, @deed, @Subject, @kind, @Reference, @by, @now, @request)
            on conflict (territory_id, id) do nothing
            """,
            new { act.Id, act.HouseholdId, toldBy, deed = act.Deed.ToString(), act.Subject, kind = consent.Kind.ToString(), consent.Reference, by, now, request });
}
