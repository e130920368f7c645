using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A booked time to come as its provider reads it.</summary>
/// <param name="Staff">Who gives it; null while nobody does.</param>
/// <param name="Place">Where it is, as the roster knows it; see <see cref="Duty"/>.</param>
/// <param name="For">The first names of those it is for.</param>
public sealed record Service(
    Id<Slot> Slot, Id<Offer> Offer, string TitleIt, string TitleEn, Instant StartsAt, Instant EndsAt, Id<StaffMember>? Staff, string Place, string[] For)
{
    public LocalDate Day => StartsAt.InZone(ClockExtensions.Rome).Date;

    internal StaffTime Time => new(Slot, Offer, StartsAt, EndsAt, Place);
}

/// <summary>A service that has nobody, or somebody who will not be there, and who is free to take it.</summary>
public sealed record ToHand(Service Service, StaffMember? Now, IReadOnlyList<StaffMember> Free);

/// <summary>A provider's people with all that they are bound to from today on.</summary>
/// <param name="TravelMinutes">Between two services that are not at one address.</param>
public sealed record StaffSheet(int TravelMinutes, IReadOnlyList<StaffMember> Members, IReadOnlyList<Service> Services, Roster Roster)
{
    /// <summary>What has not begun and has nobody who will be there, the soonest first.</summary>
    public IReadOnlyList<ToHand> Waiting(Instant now) => [.. Services.Where(s => s.StartsAt > now && !IsKept(s)).Select(Hand)];

    public StaffMember? Find(Id<StaffMember>? id) => Members.FirstOrDefault(m => m.Id == id);

    /// <summary>What somebody is bound to from one instant to another.</summary>
    public IEnumerable<Service> Of(Id<StaffMember> staff, Instant from, Instant to) => Services.Where(s => s.Staff == staff && s.StartsAt < to && from < s.EndsAt);

    /// <summary>A service with who could take it from whom it is with.</summary>
    public ToHand Hand(Service service) => new(service, Find(service.Staff), [.. Roster.Free(service.Time).Where(m => m.Id != service.Staff)]);

    private bool IsKept(Service service) => Find(service.Staff) is { } member && Roster.Suits(member, service.Time);
}

/// <summary>Reading a provider's people and their weeks.</summary>
public sealed class StaffCards(Database db, IClock clock)
{
    public const int ServicesMax = 2_000;

    /// <summary>The people, also those who have left, and the services to come and of this week.</summary>
    /// <param name="from">From which day on services are read; what has begun is handed to nobody.</param>
    public async Task<StaffSheet> OfAsync(TerritoryId territory, Id<Provider> provider, LocalDate from, CancellationToken cancel = default)
    {
        var first = from.StartOfDayInRome();
        var row = await db.FindAsync<Rosters.Row>(
            territory, Rosters.Select, new { provider, from = first - Duration.FromDays(2), to = clock.Now + Duration.FromDays(StaffLists.AwayMax) }, cancel);
        if (row is null) return new(0, [], [], new([], [], Duration.Zero));
        var services = await db.ListAsync<Service>(
            territory,
            $"""
            select s.id as slot, o.id as offer, o.title_it, o.title_en, s.starts_at, s.ends_at, d.staff_id as staff, coalesce(d.place, {Rosters.Place}) as place,
                   array(select p.first_name from marketplace.booking b
                         join marketplace.person p on p.territory_id = @territory and p.id = b.person_id
                         where b.territory_id = @territory and b.slot_id = s.id and b.status in ('Requested', 'Confirmed', 'Delivered', 'Accepted', 'Settled', 'Paid', 'Disputed')
                         order by b.requested_at, b.id) as "for"
            from marketplace.offer o
            join marketplace.slot s on s.territory_id = @territory and s.offer_id = o.id
            left join marketplace.staff_duty d on d.territory_id = @territory and d.slot_id = s.id
            where o.territory_id = @territory and o.provider_id = @provider and o.needs_staff and s.starts_at >= @first and s.taken > 0
            order by s.starts_at, s.id limit @limit
            """, new { provider, household = (Guid?)null, first, limit = ServicesMax }, cancel);
        var roster = row.ToRoster(provider);
        return new(row.Travel, roster.Members, services, roster);
    }
}
