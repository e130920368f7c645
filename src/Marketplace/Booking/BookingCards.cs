using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A booking as its two sides read it: what, when, where, for whom, for how much, and what comes next.</summary>
/// <param name="Address">Where it takes place: the household's own for a service at home; empty online.</param>
/// <param name="Attended">How the provider knew that the person was there; null while the service has not taken place.</param>
/// <param name="PackageId">The package of which it is unit <paramref name="PackageUnit"/> of <paramref name="PackageUnits"/>; null for a service of its own.</param>
/// <param name="CopaymentPaidAt">When the provider wrote down that the household has paid its part; null while it has not.</param>
/// <param name="BeganAt">When it really began, as the provider says; null, with the end, where it was as planned.</param>
/// <param name="StaffFirst">Who gives it, for the provider's eyes; empty for nobody. Families read <see cref="Comes"/>.</param>
public sealed record BookingCard(
    Id<Booking> Id, string Reference, BookingStatus Status, Instant StartsAt, Instant EndsAt, Id<Slot> SlotId, Id<Offer> OfferId,
    string TitleIt, string TitleEn, string Provider, string ProviderPhone, string Place, string Address, string Municipality,
    int HouseholdNumber, string FirstName, string LastName, string Phone, Money Price, Money Covered, Money Copayment, Instant RequestedAt,
    Instant AnswerBy, Instant FreeUntil, Money CancelFee, Instant? AcceptBy, Money Settled,
    Instant? CopaymentPaidAt, Attendance? Attended, Id<Package>? PackageId = null, int? PackageUnit = null, int? PackageUnits = null,
    Id<StaffMember>? Staff = null, string StaffFirst = "", string StaffLast = "", Instant? BeganAt = null, Instant? FinishedAt = null)
{
    /// <summary>The first name of who comes, once that is promised; empty where nobody is named.</summary>
    public string Comes => Status is BookingStatus.Confirmed or BookingStatus.Delivered or BookingStatus.Accepted or BookingStatus.Settled
        or BookingStatus.Paid or BookingStatus.Disputed ? StaffFirst : "";

    /// <summary>How many minutes were booked.</summary>
    public int Planned => (int)(EndsAt - StartsAt).TotalMinutes;

    /// <summary>How many minutes it took; null where it was as planned.</summary>
    public int? Took => FinishedAt is { } end && BeganAt is { } begin ? (int)(end - begin).TotalMinutes : null;

    public bool IsShorter => Took < Planned;

    public LocalDate Day => StartsAt.InZone(ClockExtensions.Rome).Date;

    /// <summary>Whether the household's part is still to be paid for a service that took place.</summary>
    public bool AwaitsCopayment => Copayment.IsPositive && CopaymentPaidAt is null
        && Status is BookingStatus.Delivered or BookingStatus.Disputed or BookingStatus.Settled or BookingStatus.Paid;

    /// <summary>What cancelling at an instant takes from the purse.</summary>
    public Money FeeAt(Instant now) => now < FreeUntil ? Money.Zero : FeeFromPurse;

    /// <summary>The most that cancelling late, or not being there, takes from the purse.</summary>
    public Money FeeFromPurse => Money.Min(CancelFee, Covered);
}

/// <summary>What one grant pays of a booking.</summary>
public sealed record BookingPayer(Id<Grant> Grant, string Funder, string ProgrammeIt, string ProgrammeEn, Money Amount);

/// <summary>Something that happened to a booking.</summary>
public sealed record BookingEvent(int Sequence, BookingStatus Status, Instant At, string Actor, string Note);

/// <summary>How easy it was to use the service, from one to five; what was liked or hard; a few words.</summary>
public sealed record Rating(int Stars, string Aspect, string Note);

/// <summary>A booking with all that is known of it.</summary>
/// <param name="Payers">Of a unit of a package: who has paid it; nobody while it is to come.</param>
/// <param name="Rating">Null until the household has said how it was.</param>
public sealed record BookingDetail(
    BookingCard Card, IReadOnlyList<BookingPayer> Payers, IReadOnlyList<BookingEvent> Events, Rating? Rating,
    Id<JournalEntry>? SettlementEntry)
{
    /// <summary>The group whose service it is; null for a booking of one's own.</summary>
    public Id<Pool>? Pool { get; init; }

    /// <summary>What was signed on the provider's telephone, as a line of <see cref="Evidence"/>; empty for nothing.</summary>
    public string Signature { get; init; } = "";

    /// <summary>The booking whose place it took when the household moved it; null for none.</summary>
    public Id<Booking>? MovedFrom { get; init; }

    /// <summary>The booking that took its place; null for none.</summary>
    public Id<Booking>? MovedTo { get; init; }

    /// <summary>When the booking came into a state for the last time; null if it never did.</summary>
    public Instant? At(BookingStatus status) => Events.LastOrDefault(e => e.Status == status)?.At;

    /// <summary>What was said with the last step: a reason, a complaint; empty for nothing.</summary>
    public string LastNote => Events.Count > 0 ? Events[^1].Note : "";
}

/// <summary>Reading bookings, for the household that made them and for the provider that gives them.</summary>
public sealed class BookingCards(Database db)
{
    public const int RowsMax = 200;

    /// <summary>The household's bookings, the latest service first, at most 200.</summary>
    public Task<List<BookingCard>> OfHouseholdAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        ListAsync(territory, "b.household_id = @household order by b.starts_at desc, b.id", new { household }, cancel);

    /// <summary>The requests that wait for the provider's answer, the most urgent first.</summary>
    public Task<List<BookingCard>> RequestsAsync(TerritoryId territory, Id<Provider> provider, CancellationToken cancel = default) =>
        ListAsync(territory, "b.provider_id = @provider and b.status = 'Requested' order by b.answer_by, b.id", new { provider }, cancel);

    /// <summary>The provider's appointments of one day, by hour: what is to come and what was done, without what was called off.</summary>
    public Task<List<BookingCard>> DayAsync(TerritoryId territory, Id<Provider> provider, LocalDate day, CancellationToken cancel = default) =>
        ListAsync(
            territory,
            """
            b.provider_id = @provider and b.starts_at >= @from and b.starts_at < @to
            and b.status in ('Confirmed', 'Delivered', 'Accepted', 'Settled', 'Paid', 'NoShow', 'Disputed', 'Reversed')
            order by b.starts_at, b.id
            """, new { provider, from = day.StartOfDayInRome(), to = day.EndOfDayInRome() }, cancel);

    /// <summary>What began before an instant and was never marked, and what households complain about: the oldest first.</summary>
    public Task<List<BookingCard>> OpenBeforeAsync(TerritoryId territory, Id<Provider> provider, Instant before, CancellationToken cancel = default) =>
        ListAsync(
            territory,
            "b.provider_id = @provider and b.starts_at < @before and b.status in ('Confirmed', 'Disputed') order by b.starts_at, b.id",
            new { provider, before }, cancel);

    /// <summary>The provider's first confirmed appointment from an instant on; null when there is none.</summary>
    public async Task<BookingCard?> NextAsync(TerritoryId territory, Id<Provider> provider, Instant from, CancellationToken cancel = default) =>
        (await db.ListByKeyAsync<BookingCard>(
            territory,
            $"{Select} and b.provider_id = @provider and b.starts_at >= @from and b.status = 'Confirmed' order by b.starts_at, b.id limit 1",
            new { provider, from }, cancel)).FirstOrDefault();

    /// <summary>The units of a package that are booked or were, the latest service first.</summary>
    internal Task<List<BookingCard>> OfPackageAsync(TerritoryId territory, Id<Package> package, CancellationToken cancel) =>
        ListAsync(territory, "b.package_id = @package order by b.starts_at desc, b.id", new { package }, cancel);

    /// <summary>One booking of a household, without its payers and its life; null when it has none with this id.</summary>
    public async Task<BookingCard?> CardAsync(TerritoryId territory, Id<Household> household, Id<Booking> id, CancellationToken cancel = default) =>
        (await ListAsync(territory, "b.id = @id and b.household_id = @household", new { id, household }, cancel)).SingleOrDefault();

    /// <summary>One booking of a household; null when it has none with this id.</summary>
    public Task<BookingDetail?> FindAsync(TerritoryId territory, Id<Household> household, Id<Booking> id, CancellationToken cancel = default) =>
        FindAsync(territory, "b.id = @id and b.household_id = @household", new { id, household }, id, cancel);

    /// <summary>One booking of a provider; null when it has none with this id.</summary>
    public Task<BookingDetail?> FindAsync(TerritoryId territory, Id<Provider> provider, Id<Booking> id, CancellationToken cancel = default) =>
        FindAsync(territory, "b.id = @id and b.provider_id = @provider", new { id, provider }, id, cancel);

    /// <summary>One booking for the office, which decides disputes and calls bookings off; null for an unknown id.</summary>
    public Task<BookingDetail?> FindAsync(TerritoryId territory, Id<Booking> id, CancellationToken cancel = default) =>
        FindAsync(territory, "b.id = @id", new { id }, id, cancel);

    private Task<List<BookingCard>> ListAsync(TerritoryId territory, string which, object parameters, CancellationToken cancel) =>
        db.ListByKeyAsync<BookingCard>(territory, $"{Select} and {which} limit {RowsMax}", parameters, cancel);

    private async Task<BookingDetail?> FindAsync(
        TerritoryId territory, string which, object parameters, Id<Booking> id, CancellationToken cancel)
    {
        if ((await ListAsync(territory, which, parameters, cancel)).SingleOrDefault() is not { } card) return null;
        var payers = await db.ListAsync<BookingPayer>(
            territory, card.PackageId is null ? SelectPayers("booking_line", "booking_id") : SelectUnitPayers, new { id }, cancel);
        var events = await db.ListAsync<BookingEvent>(
            territory,
            """
            select sequence::int as sequence, status, at, actor, note
            from marketplace.booking_event where territory_id = @territory and booking_id = @id order by sequence
            """, new { id }, cancel);
        var end = await db.FindAsync<End>(
            territory,
            """
            select coalesce(rating, 0)::int as stars, coalesce(rating_aspect, '') as aspect, coalesce(rating_note, '') as note,
                   settlement_entry_id as settlement_entry, moved_from,
                   (select m.id from marketplace.booking m where m.territory_id = @territory and m.moved_from = @id) as moved_to,
                   coalesce((select f.signature from marketplace.delivery_evidence f where f.territory_id = @territory and f.booking_id = @id), '') as signature,
                   (select s.pool_id from marketplace.slot s where s.territory_id = @territory and s.id = slot_id) as pool_id
            from marketplace.booking where territory_id = @territory and id = @id
            """, new { id }, cancel);
        return new(card, payers, events, end is { Stars: > 0 } ? new(end.Stars, end.Aspect, end.Note) : null, end?.SettlementEntry)
        {
            Pool = end?.PoolId, MovedFrom = end?.MovedFrom, MovedTo = end?.MovedTo, Signature = end?.Signature ?? "",
        };
    }

    /// <summary>Which grants pay what <c>@id</c> is, in order.</summary>
    internal static string SelectPayers(string lines, string column) =>
        $"""
        select l.grant_id as grant, f.name as funder, p.name_it as programme_it, p.name_en as programme_en, l.amount
        from marketplace.{lines} l
        join marketplace.welfare_grant g on g.territory_id = @territory and g.id = l.grant_id
        join marketplace.programme p on p.territory_id = @territory and p.id = g.programme_id
        join marketplace.funder f on f.territory_id = @territory and f.id = p.funder_id
        where l.territory_id = @territory and l.{column} = @id order by l.line
        """;

    // A package's hold is paid line by line: which grants a unit took from is known when it is paid.
    private const string SelectUnitPayers =
        """
        select g.id as grant, f.name as funder, p.name_it as programme_it, p.name_en as programme_en, m.captured as amount
        from marketplace.booking b
        join ledger.hold_event_line m on m.territory_id = @territory and m.event_id = b.settlement_entry_id and m.captured > 0
        join ledger.hold_line l on l.territory_id = @territory and l.hold_id = m.hold_id and l.line = m.line
        join marketplace.welfare_grant g on g.territory_id = @territory and g.account_id = l.account_id
        join marketplace.programme p on p.territory_id = @territory and p.id = g.programme_id
        join marketplace.funder f on f.territory_id = @territory and f.id = p.funder_id
        where b.territory_id = @territory and b.id = @id order by l.line
        """;

    // What has no time, a piece of a product, is no booking to anybody who reads: it stands on its title.
    private const string Select =
        """
        select b.id, b.reference, b.status, b.starts_at, b.ends_at, b.slot_id, b.offer_id, o.title_it, o.title_en, v.name as provider,
               v.phone as provider_phone,
               case when w.id is null then o.place else 'AtProvider' end as place,
               case when w.id is not null then concat_ws(', ', w.name, wm.name)
                    when o.place = 'AtHome' then concat_ws(', ', nullif(home.address, ''), town.name)
                    when o.place = 'AtProvider' then concat_ws(', ', nullif(o.address, ''), there.name) else '' end as address,
               town.name as municipality, h.number as household_number, who.first_name, who.last_name,
               coalesce(nullif(who.phone, ''), home.phone) as phone, b.price, b.covered, b.copayment, b.requested_at, b.answer_by, b.free_until,
               b.cancel_fee, b.accept_by, b.settled, b.copayment_paid_at, b.attended,
               b.package_id, b.package_unit::int as package_unit, k.units::int as package_units,
               d.staff_id as staff, coalesce(p.first_name, '') as staff_first, coalesce(p.last_name, '') as staff_last,
               f.began_at, f.finished_at
        from marketplace.booking b
        join marketplace.offer o on o.territory_id = @territory and o.id = b.offer_id
        join marketplace.provider v on v.territory_id = @territory and v.id = b.provider_id
        join marketplace.municipality there on there.territory_id = @territory and there.code = o.municipality_code
        join marketplace.household h on h.territory_id = @territory and h.id = b.household_id
        join marketplace.person home on home.territory_id = @territory and home.id = h.reference_person_id
        join marketplace.municipality town on town.territory_id = @territory and town.code = home.municipality_code
        join marketplace.person who on who.territory_id = @territory and who.id = b.person_id
        join marketplace.slot s on s.territory_id = @territory and s.id = b.slot_id
        left join marketplace.package k on k.territory_id = @territory and k.id = b.package_id
        left join marketplace.meeting_place w on w.territory_id = @territory and w.id = s.meeting_place_id
        left join marketplace.municipality wm on wm.territory_id = @territory and wm.code = w.municipality_code
        left join marketplace.delivery_evidence f on f.territory_id = @territory and f.booking_id = b.id
        left join marketplace.staff_duty d on d.territory_id = @territory and d.slot_id = b.slot_id
        left join marketplace.staff p on p.territory_id = @territory and p.id = d.staff_id
        where b.territory_id = @territory
        """;

    private sealed record End(int Stars, string Aspect, string Note, Id<JournalEntry>? SettlementEntry, Id<Booking>? MovedFrom, Id<Booking>? MovedTo, string Signature, Id<Pool>? PoolId);
}
