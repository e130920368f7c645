using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What a household asks for. The id is made with the form, so that sending it twice books once.</summary>
/// <param name="Shown">What the household saw; it is charged so or not at all.</param>
public sealed record BookingRequest(Id<Booking> Id, Id<Slot> Slot, Id<Person> Person, AsShown Shown);

/// <summary>
/// Households book places in slots. Asking holds the money on the grants that pay; delivery and the household's
/// agreement pay it to the provider; every other end gives it back to the same grants. Rows are locked in one order
/// everywhere: booking, slot, roster, accounts, holds.
/// </summary>
public sealed partial class Bookings(Database db, GeneralLedger ledger, IClock clock)
{
    /// <summary>Three groups of four: enough that nobody guesses another's, short enough to read on the phone.</summary>
    internal const int ReferenceGroups = 3;

    private readonly Purses purses = new(db, clock);

    /// <summary>
    /// What booking a slot would mean for a household. Refused when it cannot be booked at all; a purse that cannot
    /// pay is shown, with the reason for every grant, and not refused.
    /// </summary>
    public async Task<Result<BookingPreview>> PreviewAsync(
        TerritoryId territory, Id<Household> household, Id<Slot> slotId, CancellationToken cancel = default)
    {
        var slot = (await db.ListByKeyAsync<SlotToBook>(territory, SelectSlot, new { slotId, household }, cancel)).SingleOrDefault();
        if (slot is null) return new SlotNotFound(slotId);
        if (Refuse(slot) is { } refusal) return refusal;
        var grants = await purses.GrantsAsync(territory, household, slot.Day, cancel);
        return Preview(slot, grants, await PeopleAsync(territory, household, cancel));
    }

    private BookingPreview Preview(SlotToBook slot, IReadOnlyList<PurseGrant> grants, IReadOnlyList<FamilyMember> people) =>
        new(
            slot.Id, slot.OfferId, slot.TitleIt, slot.TitleEn, slot.UnitIt, slot.UnitEn, slot.Provider, slot.Place, slot.Address,
            slot.StartsAt, slot.EndsAt, AnswerBy(slot), slot.FreeUntil, slot.CancelFee, Waterfall.Choose(grants, slot.Purchase),
            grants.Where(g => g.Status is GrantStatus.Active).Sum(g => g.Available), people);

    /// <summary>For whom a household can book, the reference person first.</summary>
    public Task<List<FamilyMember>> PeopleAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel) =>
        db.ListAsync<FamilyMember>(
            territory,
            """
            select p.id, p.first_name, p.last_name
            from marketplace.household h
            cross join lateral (
                select h.reference_person_id as id
                union
                select m.person_id from marketplace.household_member m where m.territory_id = @territory and m.household_id = h.id) who
            join marketplace.person p on p.territory_id = @territory and p.id = who.id
            where h.territory_id = @territory and h.id = @household
            order by p.id <> h.reference_person_id, p.first_name
            """, new { household }, cancel);

    /// <summary>
    /// Takes a place and holds the money on the grants the waterfall chooses, all or nothing. The same request again
    /// answers the same booking and changes nothing.
    /// </summary>
    public Task<Result<Id<Booking>>> RequestAsync(
        TerritoryId territory, BookingRequest request, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactByKeyAsync<Id<Booking>>(territory, tx => RequestAsync(tx, request, by), cancel);

    /// <summary>The same, within a transaction.</summary>
    /// <param name="upTo">What was agreed to at most, where the household saw no exact terms.</param>
    internal async Task<Result<Id<Booking>>> RequestAsync(Transaction tx, BookingRequest request, HouseholdUser by, RecurringTerms? upTo = null)
    {
        var (known, slot, isOfHousehold, twin) = await LockAsync(tx, request, by.Household);
        if (known is not null)
        {
            var same = known.SlotId == request.Slot && known.HouseholdId == by.Household && known.PersonId == request.Person;
            return same ? known.Id : new BookingIdReused(request.Id);
        }

        if (slot is null) return new SlotNotFound(request.Slot);
        if (Refuse(slot) is { } refusal) return refusal;
        if (!isOfHousehold) return new PersonNotInHousehold(request.Person);
        if (twin is not null) return twin;
        Chosen? who = null;
        if (slot.NeedsStaff && (await Rosters.ChooseAsync(tx, slot.ProviderId, slot.Id, by.Household)).IsRefused(out var nobody, out who)) return nobody;

        var grants = await purses.LockAsync(tx, by.Household, slot.Day);
        var coverage = Waterfall.Choose(grants, slot.Purchase);
        if (Refuse(slot, coverage, request.Shown, upTo) is { } disagreed) return disagreed;
        var heldUntil = coverage.Lines.Min(l => l.Grant.HoldsUntil);
        if (heldUntil <= slot.EndsAt) return new GrantEndsTooSoon(heldUntil, slot.EndsAt);

        var reference = ReadableCode.New(ReferenceGroups).Value;
        var hold = new Hold(
            Id<Hold>.From("booking", request.Id), slot.PayeeId, [.. coverage.Lines.Select(l => new HoldLine(l.Grant.AccountId, l.Amount))],
            heldUntil, request.Id.ToString(), by.User.ToString(), $"booking {reference}");
        if ((await ledger.AuthoriseAsync(tx, hold)).IsRefused(out var unheld)) return unheld;

        // From here on the booking must be recorded: every refusal is behind us.
        await InsertAsync(tx, request, by, slot, new(coverage.Covered, coverage.Lines, hold.Id), reference);
        if (who is not null) await Rosters.BindAsync(tx, who, clock.Now);
        return request.Id;
    }

    /// <summary>
    /// The slot first, in a statement of its own: whoever waited for it reads what the one before has written. All that a request is judged by comes
    /// in the same round trip.
    /// </summary>
    private static async Task<(Booking? Known, SlotToBook? Slot, bool IsOfHousehold, AlreadyBooked? Twin)> LockAsync(
        Transaction tx, BookingRequest request, Id<Household> household)
    {
        await using var asked = await tx.AskAsync(
            $"{LockSlot};\n{SelectBooking};\n{SelectSlot};\n{SelectMember};\n{SelectEarlier}",
            new { slotId = request.Slot, id = request.Id, household, person = request.Person });
        await asked.ListAsync<Guid>();
        return (
            await asked.FindAsync<Booking>(), await asked.FindAsync<SlotToBook>(), await asked.FindAsync<int?>() is not null,
            (await asked.ListAsync<AlreadyBooked>()).FirstOrDefault());
    }

    /// <summary>Whether it is what the household agreed to: exactly what it saw, or nothing above its limits.</summary>
    private static Refusal? Refuse(SlotToBook slot, Coverage coverage, AsShown shown, RecurringTerms? upTo)
    {
        var agreed = upTo?.Price ?? shown.Price;
        if (upTo is null ? slot.Price != agreed : slot.Price > agreed) return new PriceChanged(agreed, slot.Price);
        if (!coverage.IsPossible) return new NotEnoughInPurse(coverage.Payable, slot.Price);
        var isAgreed = upTo is { } terms
            ? coverage.Copayment <= terms.Own && slot.CancelFee <= terms.Fee
            : shown == AsShown.Of(coverage, slot.CancelFee, slot.FreeUntil);
        return isAgreed ? null : new TermsChanged();
    }

    /// <summary>All that speaks against booking a slot, whoever pays.</summary>
    internal Refusal? Refuse(SlotToBook slot)
    {
        if (slot.OfferStatus != "Published") return new OfferWithdrawn(slot.OfferId);
        if (slot.IsWithdrawn) return new SlotWithdrawn(slot.Id);
        if (slot.StartsAt <= clock.Now) return new SlotOver(slot.Id, slot.StartsAt);
        if (slot.StartsAt - Duration.FromHours(slot.NoticeHours) is var by && by <= clock.Now) return new SlotTooNear(slot.Id, by);
        if (slot.PoolId is { } pool) return new SlotIsShared(slot.Id, pool);
        if (slot.Taken >= slot.Capacity) return new SlotFull(slot.Id);
        if (slot.IsUnserved) return new SlotNobodyFree(slot.Id);
        if (!slot.IsAccredited) return new ProviderNotAccredited(slot.ProviderId, slot.Day);
        if (!slot.IsReached) return new ServiceOutOfReach(slot.Municipality);
        return null;
    }

    /// <summary>The provider answers within its hours, and in any case before the service starts.</summary>
    private Instant AnswerBy(SlotToBook slot) => Instant.Min(clock.Now + Duration.FromHours(slot.AnswerHours), slot.StartsAt);

    internal static async Task<bool> IsInHouseholdAsync(Transaction tx, Id<Person> person, Id<Household> household) =>
        await tx.FindAsync<int?>(SelectMember, new { person, household }) is not null;

    private const string LockSlot = "select id from marketplace.slot where territory_id = @territory and id = @slotId for no key update";

    private const string SelectMember =
        """
        select 1 from marketplace.household h
        where h.territory_id = @territory and h.id = @household
          and (h.reference_person_id = @person or exists (
              select from marketplace.household_member m
              where m.territory_id = @territory and m.household_id = h.id and m.person_id = @person))
        """;

    /// <summary>A booking that the person has in the slot already.</summary>
    private const string SelectEarlier =
        $"""
        select b.id as earlier, b.reference from marketplace.booking b
        where b.territory_id = @territory and b.slot_id = @slotId and b.person_id = @person and {Lifecycle.HasPlaceSql}
        """;

    private async Task InsertAsync(
        Transaction tx, BookingRequest request, HouseholdUser by, SlotToBook slot, Payment paid, string reference)
    {
        var now = clock.Now;
        await tx.WriteAsync(
            $"""
            insert into marketplace.booking
                (territory_id, id, reference, slot_id, offer_id, provider_id, household_id, person_id, starts_at, ends_at, price, covered,
                 copayment, hold_id, package_id, package_unit, status, requested_by, requested_at, answer_by, free_until, cancel_fee)
            values (@territory, @Id, @reference, @slotId, @OfferId, @ProviderId, @Household, @Person, @StartsAt, @EndsAt, @Price, @Covered,
                    @copayment, @Hold, @Package, @Unit, 'Requested', @User, @now, @answerBy, @FreeUntil, @CancelFee);
            insert into marketplace.booking_line (territory_id, booking_id, line, grant_id, amount, own_cents, own_percent)
            select @territory, @Id, l.line, l.grant_id, l.amount, l.own_cents, l.own_percent
            from unnest(@grants, @amounts, @ownCents, @ownPercents) with ordinality l(grant_id, amount, own_cents, own_percent, line);
            update marketplace.slot set taken = taken + 1 where territory_id = @territory and id = @slotId;
            {Recording("'Requested'")};
            {BookingDrafts.Drop}
            """,
            new
            {
                request.Id, reference, slotId = slot.Id, slot = slot.Id, slot.OfferId, slot.ProviderId, by.Household, request.Person, slot.StartsAt, slot.EndsAt,
                slot.Price, paid.Covered, copayment = slot.Price - paid.Covered, paid.Hold, paid.Package, paid.Unit, by.User, now, answerBy = AnswerBy(slot),
                slot.FreeUntil, slot.CancelFee, grants = paid.Lines.Select(l => l.Grant.Id.Value).ToArray(),
                amounts = paid.Lines.Select(l => l.Amount.Cents).ToArray(), ownCents = paid.Lines.Select(l => l.Own.Amount.Cents).ToArray(),
                ownPercents = paid.Lines.Select(l => l.Own.Percent).ToArray(), actor = by.User.ToString(), note = "",
            });
    }

    internal static readonly string SelectSlot =
        $$"""
        with recursive place as (
            select p.municipality_code, m.name as municipality, p.address
            from marketplace.household h
            join marketplace.person p on p.territory_id = @territory and p.id = h.reference_person_id
            join marketplace.municipality m on m.territory_id = @territory and m.code = p.municipality_code
            where h.territory_id = @territory and h.id = @household
        ), {{Accreditations.ClassesAbove(
            """
            select c.code, c.parent_code from marketplace.slot s
            join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
            join marketplace.service_class c on c.territory_id = @territory and c.code = o.class_code
            where s.territory_id = @territory and s.id = @slotId
            """)}}
        select s.id, s.offer_id, o.provider_id, p.account_id as payee_id, o.status as offer_status, s.withdrawn_at is not null as is_withdrawn,
               s.starts_at, s.ends_at, s.capacity::int as capacity, s.taken::int as taken, o.class_code,
               {{Offers.PriceOn("(s.starts_at at time zone 'Europe/Rome')::date")}} as price,
               o.cancel_hours::int as cancel_hours, o.cancel_fee, o.answer_hours::int as answer_hours, o.notice_hours::int as notice_hours, o.title_it, o.title_en, o.unit_it,
               o.unit_en, p.name as provider, case when w.id is null then o.place else 'AtProvider' end as place,
               case when w.id is not null then concat_ws(', ', w.name, wm.name)
                    when o.place = 'AtHome' then concat_ws(', ', nullif(place.address, ''), place.municipality)
                    when o.place = 'AtProvider' then concat_ws(', ', nullif(o.address, ''), m.name) else '' end as address,
               place.municipality,
               case when w.id is not null then w.municipality_code when o.place = 'AtHome' then place.municipality_code
                    when o.place = 'AtProvider' then o.municipality_code end as given_in,
               {{Accreditations.IsInForce("o.provider_id", "(s.starts_at at time zone 'Europe/Rome')::date")}} as is_accredited,
               o.place <> 'AtHome' or w.id is not null or o.reach = '{}' or place.municipality_code = any(o.reach) as is_reached,
               s.pool_id, o.needs_staff,
               not {{Rosters.Served}} as is_unserved
        from marketplace.slot s
        join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
        join marketplace.provider p on p.territory_id = @territory and p.id = o.provider_id
        join marketplace.municipality m on m.territory_id = @territory and m.code = o.municipality_code
        left join marketplace.meeting_place w on w.territory_id = @territory and w.id = s.meeting_place_id
        left join marketplace.municipality wm on wm.territory_id = @territory and wm.code = w.municipality_code
        cross join place
        where s.territory_id = @territory and s.id = @slotId
        """;

    /// <summary>Where the money of a booking is: in a hold of its own, or in that of the package of which it is a unit.</summary>
    private sealed record Payment(Money Covered, IReadOnlyList<CoverageLine> Lines, Id<Hold>? Hold, Id<Package>? Package = null, int? Unit = null);

    internal sealed record SlotToBook(
        Id<Slot> Id, Id<Offer> OfferId, Id<Provider> ProviderId, Id<Account> PayeeId, string OfferStatus, bool IsWithdrawn,
        Instant StartsAt, Instant EndsAt, int Capacity, int Taken, string ClassCode, Money Price, int CancelHours, Money CancelFee,
        int AnswerHours, int NoticeHours, string TitleIt, string TitleEn, string UnitIt, string UnitEn, string Provider, string Place, string Address,
        string Municipality, string? GivenIn, bool IsAccredited, bool IsReached, Id<Pool>? PoolId, bool NeedsStaff,
        bool IsUnserved)
    {
        public LocalDate Day => StartsAt.InZone(ClockExtensions.Rome).Date;
        public Instant FreeUntil => StartsAt - Duration.FromHours(CancelHours);
        public int Minutes => (int)(EndsAt - StartsAt).TotalMinutes;
        public Purchase Purchase => new(ClassCode, Day, Price, Minutes, ProviderId, GivenIn);
    }
}
