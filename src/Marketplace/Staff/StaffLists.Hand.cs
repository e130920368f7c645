using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What is booked goes to somebody else of the provider.</summary>
public sealed partial class StaffLists
{
    /// <summary>
    /// Gives a booked time to another person, or to the first one. Families that have it confirmed are told. Refused: a time that is not the provider's,
    /// needs nobody, has begun or is not booked; somebody who is not free then. The same again changes nothing.
    /// </summary>
    public Task<Result<Done>> HandAsync(TerritoryId territory, Id<Slot> slot, Id<StaffMember> to, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            await tx.ExecuteAsync("select 1 from marketplace.slot where territory_id = @territory and id = @slot for no key update", new { slot });
            await LockAsync(tx, by);
            var household = await FamilyAsync(tx, slot);
            var times = await tx.ListAsync<StaffTime>(
                $"""
                select {Rosters.TimeColumns} from marketplace.slot s
                join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
                where s.territory_id = @territory and s.id = @slot and o.provider_id = @Provider and o.needs_staff and s.taken > 0 and s.starts_at > @now
                """, new { slot, household, by.Provider, now = clock.Now });
            if (times is not [var time]) return new SlotNotFound(slot);
            var before = await tx.ListAsync<Id<StaffMember>>("select staff_id from marketplace.staff_duty where territory_id = @territory and slot_id = @slot", new { slot });
            if (before is [var same] && same == to) return default(Done);
            var roster = await Rosters.ReadAsync(tx, by.Provider, time.StartsAt - Duration.FromDays(2), time.EndsAt + Duration.FromDays(2));
            if (roster.Members.FirstOrDefault(m => m.Id == to) is not { } member) return new StaffNotFound(to);
            if (!roster.IsFree(member, time)) return new StaffNotFree(to);

            await tx.ExecuteAsync(
                """
                delete from marketplace.staff_duty where territory_id = @territory and slot_id = @slot;
                insert into marketplace.staff_change (territory_id, id, slot_id, from_staff, to_staff, changed_by, at)
                values (@territory, @id, @slot, nullif(@from, @none), @to, @User, @now);
                """,
                new
                {
                    slot, to, from = before is [var who] ? who.Value : Guid.Empty, none = Guid.Empty, by.User, now = clock.Now,
                    id = Id<StaffMember>.From("change", slot, to, clock.Now),
                });
            await Rosters.BindAsync(tx, new(by.Provider, time, to, roster.Travel, false), clock.Now);
            return default(Done);
        }, cancel);

    /// <summary>Whose home it is at: the family of the first who has a place.</summary>
    private static async Task<Id<Household>?> FamilyAsync(Transaction tx, Id<Slot> slot)
    {
        var families = await tx.ListAsync<Id<Household>>(
            """
            select household_id from marketplace.booking
            where territory_id = @territory and slot_id = @slot and status in ('Requested', 'Confirmed') order by requested_at, id limit 1
            """, new { slot });
        return families is [var family] ? family : null;
    }
}
