using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// A provider says who gives its services and when. Everything is repeatable; what was booked stays with whom it is, until it is handed to somebody else
/// (<see cref="HandAsync"/>), and the times that nobody booked follow at once. Somebody of another provider is, here, not there.
/// </summary>
public sealed partial class StaffLists(Database db, IClock clock)
{
    /// <summary>So many people, and so many hours of one of them.</summary>
    public const int StaffMax = 200, HoursMax = 50;

    public const int TravelMax = 240;

    /// <summary>How long somebody may be said to be away at once, in days.</summary>
    public const int AwayMax = 366;

    /// <summary>What holds where a provider has said nothing.</summary>
    private const int TravelUsual = 15;

    /// <summary>How far ahead times can be, and so what a change of somebody's week reaches.</summary>
    private Instant Horizon => clock.Now + Duration.FromDays(AwayMax);

    /// <summary>One more person. Refused: a name or days that cannot be, too many people.</summary>
    public Task<Result<Id<StaffMember>>> AddAsync(TerritoryId territory, StaffMember member, ProviderUser by, CancellationToken cancel = default) =>
        ChangeAsync<Id<StaffMember>>(territory, by, async tx =>
        {
            if (Wrong(member) is { } wrong) return wrong;
            var known = await tx.ListAsync<Id<StaffMember>>("select id from marketplace.staff where territory_id = @territory and provider_id = @Provider", new { by.Provider });
            if (known.Contains(member.Id)) return member.Id;
            if (known.Count >= StaffMax) return new TooManyStaff(StaffMax);
            await tx.ExecuteAsync(
                """
                insert into marketplace.staff (territory_id, id, provider_id, first_name, last_name, valid_from, valid_to, added_by, added_at)
                values (@territory, @Id, @Provider, @FirstName, @LastName, @ValidFrom, @ValidTo, @User, @now)
                """, new { member.Id, by.Provider, FirstName = member.FirstName.Trim(), LastName = member.LastName.Trim(), member.ValidFrom, member.ValidTo, by.User, now = clock.Now });
            return member.Id;
        }, cancel);

    /// <summary>Another name, other days, other offers. Refused: what adding is refused for, and an offer that is not the provider's.</summary>
    public Task<Result<Done>> ChangeAsync(TerritoryId territory, StaffMember member, ProviderUser by, CancellationToken cancel = default) =>
        OfAsync<Done>(territory, member.Id, by, async tx =>
        {
            if (Wrong(member) is { } wrong) return wrong;
            var offers = member.Offers.Select(o => o.Value).ToArray();
            var foreign = await tx.ListAsync<Guid>(
                """
                select w.id from unnest(@offers) w(id)
                where not exists (select from marketplace.offer o where o.territory_id = @territory and o.id = w.id and o.provider_id = @Provider)
                """, new { offers, by.Provider });
            if (foreign is [var other, ..]) return new OfferNotFound(new(other));
            await tx.ExecuteAsync(
                """
                update marketplace.staff set first_name = @FirstName, last_name = @LastName, valid_from = @ValidFrom, valid_to = @ValidTo
                where territory_id = @territory and id = @Id;
                delete from marketplace.staff_offer where territory_id = @territory and staff_id = @Id and not offer_id = any(@offers);
                insert into marketplace.staff_offer (territory_id, staff_id, offer_id) select @territory, @Id, unnest(@offers) on conflict do nothing;
                """, new { member.Id, FirstName = member.FirstName.Trim(), LastName = member.LastName.Trim(), member.ValidFrom, member.ValidTo, offers });
            return default(Done);
        }, cancel);

    /// <summary>Somebody works at one more hour of the week, from a day on. Hours may touch and overlap: they count together.</summary>
    public Task<Result<Id<StaffHours>>> AddHoursAsync(
        TerritoryId territory, Id<StaffMember> staff, StaffHours hours, ProviderUser by, CancellationToken cancel = default) =>
        OfAsync<Id<StaffHours>>(territory, staff, by, async tx =>
        {
            if (hours.Day is < 1 or > 7) return new StaffWrong("day");
            var known = await tx.ListAsync<Id<StaffHours>>("select id from marketplace.staff_hours where territory_id = @territory and staff_id = @staff", new { staff });
            if (known.Contains(hours.Id)) return hours.Id;
            if (hours.ValidFrom < clock.Today() || hours.ValidTo < hours.ValidFrom) return new StaffWrong("hours_from");
            if (known.Count >= HoursMax) return new TooManyStaff(HoursMax);
            await tx.ExecuteAsync(
                """
                insert into marketplace.staff_hours (territory_id, id, staff_id, weekday, starts, ends, valid_from, valid_to, added_by, added_at)
                values (@territory, @Id, @staff, @Day, @Starts, @Ends, @ValidFrom, @ValidTo, @User, @now)
                """, new { hours.Id, staff, hours.Day, hours.Starts, hours.Ends, hours.ValidFrom, hours.ValidTo, by.User, now = clock.Now });
            return hours.Id;
        }, cancel);

    /// <summary>Somebody works at this hour no more after a day; what ended stays ended.</summary>
    public Task<Result<Done>> EndHoursAsync(
        TerritoryId territory, Id<StaffMember> staff, Id<StaffHours> hours, LocalDate last, ProviderUser by, CancellationToken cancel = default) =>
        OfAsync<Done>(territory, staff, by, async tx =>
        {
            await tx.ExecuteAsync(
                """
                update marketplace.staff_hours set valid_to = least(valid_to, greatest(@last, valid_from - 1))
                where territory_id = @territory and id = @hours and staff_id = @staff
                """, new { hours, staff, last });
            return default(Done);
        }, cancel);

    /// <summary>Somebody is away on whole days. Refused: days of the past alone, or more than <see cref="AwayMax"/>.</summary>
    public Task<Result<Id<StaffAway>>> AwayAsync(
        TerritoryId territory, Id<StaffMember> staff, StaffAway away, ProviderUser by, CancellationToken cancel = default) =>
        OfAsync<Id<StaffAway>>(territory, staff, by, async tx =>
        {
            if (away.LastDay < away.FirstDay || away.LastDay < clock.Today() || Period.DaysBetween(away.FirstDay, away.LastDay) >= AwayMax) return new StaffWrong("away");
            var known = await tx.ListAsync<Id<StaffAway>>(
                "select id from marketplace.staff_away where territory_id = @territory and staff_id = @staff and last_day >= @today", new { staff, today = clock.Today() });
            if (known.Contains(away.Id)) return away.Id;
            if (known.Count >= HoursMax) return new TooManyStaff(HoursMax);
            await tx.ExecuteAsync(
                """
                insert into marketplace.staff_away (territory_id, id, staff_id, first_day, last_day, added_by, added_at)
                values (@territory, @Id, @staff, @FirstDay, @LastDay, @User, @now)
                """, new { away.Id, staff, away.FirstDay, away.LastDay, by.User, now = clock.Now });
            return away.Id;
        }, cancel);

    /// <summary>Somebody is not away on these days after all.</summary>
    public Task<Result<Done>> BackAsync(TerritoryId territory, Id<StaffMember> staff, Id<StaffAway> away, ProviderUser by, CancellationToken cancel = default) =>
        OfAsync<Done>(territory, staff, by, async tx =>
        {
            await tx.ExecuteAsync("delete from marketplace.staff_away where territory_id = @territory and id = @away and staff_id = @staff", new { away, staff });
            return default(Done);
        }, cancel);

    /// <summary>How many minutes lie between two services that are not at one address. Who is bound already keeps the minutes of then.</summary>
    public Task<Result<Done>> TravelAsync(TerritoryId territory, int minutes, ProviderUser by, CancellationToken cancel = default) =>
        ChangeAsync<Done>(territory, by, async tx =>
        {
            if (minutes is < 0 or > TravelMax) return new StaffWrong("travel");
            await tx.ExecuteAsync(
                "update marketplace.provider_roster set travel_minutes = @minutes where territory_id = @territory and provider_id = @Provider", new { by.Provider, minutes });
            return default(Done);
        }, cancel);

    /// <summary>
    /// An offer's times need somebody, or no longer do. What is booked is given to whoever is free, the soonest first; what nobody can take waits to be
    /// handed to somebody.
    /// </summary>
    public Task<Result<Done>> NeedAsync(TerritoryId territory, Id<Offer> offer, bool needs, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await Offers.FindAsync(tx, offer) is not { } known || known.ProviderId != by.Provider) return new OfferNotFound(offer);
            if (known.IsProduct) return new ProductHasNoTimes(offer);
            // Whoever books one of its times waits, and then reads what is said here.
            var booked = await tx.ListAsync<Booked>(
                """
                select s.id as slot, s.starts_at, s.taken > 0 as is_taken from marketplace.slot s
                where s.territory_id = @territory and s.offer_id = @offer and s.starts_at > @now order by s.id for no key update
                """, new { offer, now = clock.Now });
            await LockAsync(tx, by);
            await tx.ExecuteAsync("update marketplace.offer set needs_staff = @needs where territory_id = @territory and id = @offer", new { offer, needs });
            if (!needs) await ForgetAsync(tx, [.. booked.Select(b => b.Slot.Value)]);
            foreach (var time in booked.Where(b => needs && b.IsTaken).OrderBy(b => b.StartsAt).ThenBy(b => b.Slot.Value))
            {
                if (!(await Rosters.ChooseAsync(tx, by.Provider, time.Slot, await FamilyAsync(tx, time.Slot))).IsRefused(out _, out var who))
                    await Rosters.BindAsync(tx, who, clock.Now);
            }

            await Rosters.RefreshAsync(tx, by.Provider, clock.Now, Horizon, clock.Now);
            return default(Done);
        }, cancel);

    private static Task<int> ForgetAsync(Transaction tx, Guid[] slots) =>
        tx.ExecuteAsync(
            """
            delete from marketplace.staff_duty where territory_id = @territory and slot_id = any(@slots);
            delete from marketplace.slot_unserved where territory_id = @territory and slot_id = any(@slots);
            """, new { slots });

    /// <summary>Does something under the roster's lock, and finds anew which times nobody can serve.</summary>
    private Task<Result<T>> ChangeAsync<T>(TerritoryId territory, ProviderUser by, Func<Transaction, Task<Result<T>>> work, CancellationToken cancel)
        where T : notnull =>
        db.TransactAsync<T>(territory, async tx =>
        {
            await LockAsync(tx, by);
            var done = await work(tx);
            if (!done.IsRefused(out _)) await Rosters.RefreshAsync(tx, by.Provider, clock.Now, Horizon, clock.Now);
            return done;
        }, cancel);

    /// <summary>The same to one person of the provider's.</summary>
    private Task<Result<T>> OfAsync<T>(
        TerritoryId territory, Id<StaffMember> staff, ProviderUser by, Func<Transaction, Task<Result<T>>> work, CancellationToken cancel)
        where T : notnull =>
        ChangeAsync(territory, by, async tx => await IsMineAsync(tx, staff, by) ? await work(tx) : new StaffNotFound(staff), cancel);

    /// <summary>A provider's roster begins with the first word on its people.</summary>
    private static async Task LockAsync(Transaction tx, ProviderUser by)
    {
        await tx.ExecuteAsync(
            "insert into marketplace.provider_roster (territory_id, provider_id, travel_minutes) values (@territory, @Provider, @TravelUsual) on conflict do nothing",
            new { by.Provider, TravelUsual });
        await Rosters.LockAsync(tx, by.Provider);
    }

    private static Task<bool> IsMineAsync(Transaction tx, Id<StaffMember> staff, ProviderUser by) =>
        tx.FindAsync<bool>(
            "select exists (select from marketplace.staff where territory_id = @territory and id = @staff and provider_id = @Provider)", new { staff, by.Provider });

    private static StaffWrong? Wrong(StaffMember member)
    {
        if (member.FirstName.Trim().Length is < 1 or > StaffMember.NameMax) return new("first_name");
        if (member.LastName.Trim().Length is < 1 or > StaffMember.NameMax) return new("last_name");
        return member.ValidTo < member.ValidFrom ? new("to") : null;
    }

    private sealed record Booked(Id<Slot> Slot, Instant StartsAt, bool IsTaken);
}
