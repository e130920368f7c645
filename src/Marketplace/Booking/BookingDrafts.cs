using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A time that a household chose and has not booked yet. It holds neither the place nor the money.</summary>
/// <param name="IsBookable">Whether it could still be booked: not begun, not withdrawn, a place free.</param>
public sealed record BookingDraft(
    Id<Slot> SlotId, Id<Person> PersonId, string TitleIt, string TitleEn, string Provider, string FirstName, Instant StartsAt, Instant EndsAt,
    Money Price, Instant SavedAt, bool IsBookable)
{
    public LocalDate Day => StartsAt.InZone(ClockExtensions.Rome).Date;
}

/// <summary>What households put aside to go on with later.</summary>
public sealed class BookingDrafts(Database db, IClock clock)
{
    /// <summary>So many a household may keep; the oldest goes when one more comes.</summary>
    public const int DraftsMax = 20;

    /// <summary>Puts a time aside; again for somebody else of the family changes for whom. Refused: a time or a person that is not there.</summary>
    public Task<Result<Done>> SaveAsync(
        TerritoryId territory, Id<Household> household, Id<Slot> slot, Id<Person> person, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await tx.FindAsync<int?>("select 1 from marketplace.slot where territory_id = @territory and id = @slot", new { slot }) is null)
                return new SlotNotFound(slot);
            if (!await Bookings.IsInHouseholdAsync(tx, person, household)) return new PersonNotInHousehold(person);
            await tx.ExecuteAsync(
                """
                insert into marketplace.booking_draft (territory_id, household_id, slot_id, person_id, saved_at)
                values (@territory, @household, @slot, @person, @now)
                on conflict (territory_id, household_id, slot_id) do update set person_id = excluded.person_id, saved_at = excluded.saved_at
                """, new { household, slot, person, now = clock.Now });
            await tx.ExecuteAsync(
                """
                delete from marketplace.booking_draft
                where territory_id = @territory and household_id = @household and slot_id in (
                    select slot_id from marketplace.booking_draft where territory_id = @territory and household_id = @household
                    order by saved_at desc, slot_id offset @DraftsMax)
                """, new { household, DraftsMax });
            return default(Done);
        }, cancel);

    /// <summary>Gives a time up. One that is not there is given up already.</summary>
    public Task DropAsync(TerritoryId territory, Id<Household> household, Id<Slot> slot, CancellationToken cancel = default) =>
        db.ExecuteAsync(territory, Drop, new { household, slot }, cancel);

    /// <summary>What is put aside and lies ahead, the next first.</summary>
    public Task<List<BookingDraft>> OfAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        db.ListAsync<BookingDraft>(
            territory,
            $"""
            select d.slot_id, d.person_id, o.title_it, o.title_en, v.name as provider, p.first_name, s.starts_at, s.ends_at,
                   {Offers.PriceOn("(s.starts_at at time zone 'Europe/Rome')::date")} as price, d.saved_at,
                   s.withdrawn_at is null and s.taken < s.capacity and {Rosters.Served} and o.status = 'Published' as is_bookable
            from marketplace.booking_draft d
            join marketplace.slot s on s.territory_id = @territory and s.id = d.slot_id
            join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
            join marketplace.provider v on v.territory_id = @territory and v.id = o.provider_id
            join marketplace.person p on p.territory_id = @territory and p.id = d.person_id
            where d.territory_id = @territory and d.household_id = @household and s.starts_at > @now
            order by s.starts_at, d.slot_id
            """, new { household, now = clock.Now }, cancel);

    /// <summary>For whom a time was put aside; null when it was not.</summary>
    public Task<Id<Person>?> PersonOfAsync(TerritoryId territory, Id<Household> household, Id<Slot> slot, CancellationToken cancel = default) =>
        db.FindAsync<Id<Person>?>(
            territory,
            "select person_id from marketplace.booking_draft where territory_id = @territory and household_id = @household and slot_id = @slot",
            new { household, slot }, cancel);

    internal const string Drop =
        "delete from marketplace.booking_draft where territory_id = @territory and household_id = @household and slot_id = @slot";
}
