using Borsellino.Ledger;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Marketplace;

/// <summary>Somebody chosen for a time, not yet written.</summary>
/// <param name="IsBound">They were bound to it before: others have places in it.</param>
internal sealed record Chosen(Id<Provider> Provider, StaffTime Time, Id<StaffMember> Staff, Duration Travel, bool IsBound);

/// <summary>
/// Binds people to times, and keeps which times nobody can serve. The provider's roster is locked after slots and before accounts; whoever has it reads
/// what the one before has written. Times that need nobody cost nothing here.
/// </summary>
internal static class Rosters
{
    /// <summary>No service takes longer, so that what meets a time begins no earlier than this before it.</summary>
    private static readonly Duration ServiceMax = Duration.FromMinutes(Offers.MinutesMax);

    /// <summary>More than any travel.</summary>
    private static readonly Duration Around = ServiceMax + Duration.FromDays(1);

    /// <summary>A time <c>s</c> of an offer <c>o</c>, where it is said to be for a household, or for anybody when <c>@household</c> is null.</summary>
    internal const string TimeColumns = $"s.id as slot, s.offer_id as offer, s.starts_at, s.ends_at, {Place} as place";

    /// <summary>Where it is: the same words are the same address.</summary>
    internal const string Place =
        """
        case when s.meeting_place_id is not null then 'meeting:' || s.meeting_place_id
             when o.place = 'Online' then 'online'
             when o.place = 'AtHome' then 'home:' || coalesce(@household::uuid, s.id)
             when o.address = '' then 'offer:' || o.id
             else 'address:' || o.municipality_code || ':' || lower(o.address) end
        """;

    /// <summary>A condition of searches: somebody can serve time <c>s</c>, or nobody has to.</summary>
    internal const string Served = "not exists (select from marketplace.slot_unserved u where u.territory_id = @territory and u.slot_id = s.id)";

    /// <summary>
    /// Who serves a time: who is bound to it already, or whoever the rule of <see cref="Roster.Choose"/> says. Holds the roster. Refused when nobody can.
    /// The caller has locked the slot, and writes it with <see cref="BindAsync"/> once nothing else speaks against it.
    /// </summary>
    public static async Task<Result<Chosen>> ChooseAsync(Transaction tx, Id<Provider> provider, Id<Slot> slot, Id<Household>? household)
    {
        await LockAsync(tx, provider);
        var time = (await tx.ListAsync<StaffTime>(
            $"""
            select {TimeColumns} from marketplace.slot s
            join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
            where s.territory_id = @territory and s.id = @slot
            """, new { slot, household }))[0];
        var bound = await tx.ListAsync<Id<StaffMember>>("select staff_id from marketplace.staff_duty where territory_id = @territory and slot_id = @slot", new { slot });
        if (bound is [var already]) return new Chosen(provider, time, already, Duration.Zero, true);
        var roster = await ReadAsync(tx, provider, time.StartsAt - Around, time.EndsAt + Around);
        var last = household is null ? [] : await tx.ListAsync<Id<StaffMember>>(
            """
            select d.staff_id from marketplace.booking b
            join marketplace.staff_duty d on d.territory_id = @territory and d.slot_id = b.slot_id
            where b.territory_id = @territory and b.household_id = @household and b.provider_id = @provider and b.starts_at < @StartsAt
              and b.status in ('Confirmed', 'Delivered', 'Accepted', 'Settled', 'Paid')
            order by b.starts_at desc, b.id limit 1
            """, new { household, provider, time.StartsAt });
        if (roster.Choose(time, last is [var familiar] ? familiar : null) is not { } member) return new SlotNobodyFree(slot);
        return new Chosen(provider, time, member.Id, roster.Travel, false);
    }

    /// <summary>Writes who was chosen, and which other times nobody can serve any more.</summary>
    public static async Task BindAsync(Transaction tx, Chosen chosen, Instant now)
    {
        if (chosen.IsBound) return;
        var (slot, _, starts, ends, place) = chosen.Time;
        await tx.ExecuteAsync(
            """
            insert into marketplace.staff_duty (territory_id, slot_id, staff_id, starts_at, ends_at, travels_until, place)
            values (@territory, @slot, @Staff, @starts, @ends, @until, @place);
            delete from marketplace.slot_unserved where territory_id = @territory and slot_id = @slot;
            """, new { slot, chosen.Staff, starts, ends, until = ends + chosen.Travel, place });
        await RefreshAsync(tx, chosen.Provider, starts, ends, now);
    }

    /// <summary>Nobody has a place in a time to come any more: who was bound to it is free. The caller has locked the slot.</summary>
    public static async Task ReleaseAsync(Transaction tx, Id<Provider> provider, Id<Slot> slot, Instant now)
    {
        await LockAsync(tx, provider);
        var free = await tx.ListAsync<Duty>(
            """
            delete from marketplace.staff_duty where territory_id = @territory and slot_id = @slot and starts_at > @now
            returning slot_id as slot, staff_id as staff, starts_at, ends_at, travels_until, place
            """, new { slot, now });
        if (free is [var duty]) await RefreshAsync(tx, provider, duty.StartsAt, duty.TravelsUntil, now);
    }

    /// <summary>Finds anew which times to come, near these instants, nobody can serve. Holds the roster.</summary>
    public static async Task RefreshAsync(Transaction tx, Id<Provider> provider, Instant from, Instant to, Instant now)
    {
        await LockAsync(tx, provider);
        var times = await tx.ListAsync<StaffTime>(
            $"""
            select {TimeColumns} from marketplace.offer o
            join marketplace.slot s on s.territory_id = @territory and s.offer_id = o.id
            where o.territory_id = @territory and o.provider_id = @provider and o.needs_staff and s.starts_at > @first and s.starts_at < @last
              and s.starts_at > @now and not exists (select from marketplace.staff_duty d where d.territory_id = @territory and d.slot_id = s.id)
            """, new { provider, household = (Guid?)null, first = from - Around, last = to + Around, now });
        if (times.Count == 0) return;
        var roster = await ReadAsync(tx, provider, times.Min(t => t.StartsAt) - Around, times.Max(t => t.EndsAt) + Around);
        var slots = times.ToLookup(t => roster.Free(t).Any(), t => t.Slot.Value);
        await tx.ExecuteAsync(
            """
            delete from marketplace.slot_unserved where territory_id = @territory and slot_id = any(@served);
            insert into marketplace.slot_unserved (territory_id, slot_id) select @territory, unnest(@unserved) on conflict do nothing;
            """, new { served = slots[true].ToArray(), unserved = slots[false].ToArray() });
    }

    /// <summary>The same for new times of an offer, if it needs somebody.</summary>
    public static async Task RefreshAsync(Transaction tx, Id<Offer> offer, Instant from, Instant to, Instant now)
    {
        var whose = await tx.ListAsync<Id<Provider>>(
            "select provider_id from marketplace.offer where territory_id = @territory and id = @offer and needs_staff", new { offer });
        if (whose is [var provider]) await RefreshAsync(tx, provider, from, to, now);
    }

    /// <summary>Whether somebody can serve a time, or nobody has to.</summary>
    public static Task<bool> IsServedAsync(Transaction tx, Id<Slot> slot) =>
        tx.FindAsync<bool>("select not exists (select from marketplace.slot_unserved where territory_id = @territory and slot_id = @slot)", new { slot });

    /// <summary>Holds what a provider says of its people.</summary>
    public static Task<int> LockAsync(Transaction tx, Id<Provider> provider) =>
        tx.ExecuteAsync("select 1 from marketplace.provider_roster where territory_id = @territory and provider_id = @provider for no key update", new { provider });

    /// <summary>A provider's people, and what they are bound to between two instants.</summary>
    public static async Task<Roster> ReadAsync(Transaction tx, Id<Provider> provider, Instant from, Instant to) =>
        (await tx.FindAsync<Row>(Select, new { provider, from, to }))?.ToRoster(provider) ?? new([], [], Duration.Zero);

    /// <summary>One row: the provider's minutes of travel, its people with their weeks, and their duties.</summary>
    internal const string Select =
        """
        select r.travel_minutes::int as travel,
               (select json_agg(json_build_array(
                           p.id, p.first_name, p.last_name, p.valid_from, p.valid_to,
                           array(select g.offer_id from marketplace.staff_offer g where g.territory_id = @territory and g.staff_id = p.id),
                           (select json_agg(json_build_array(h.id, h.weekday, h.starts, h.ends, h.valid_from, h.valid_to) order by h.weekday, h.starts, h.id)
                            from marketplace.staff_hours h where h.territory_id = @territory and h.staff_id = p.id),
                           (select json_agg(json_build_array(a.id, a.first_day, a.last_day) order by a.first_day, a.id)
                            from marketplace.staff_away a where a.territory_id = @territory and a.staff_id = p.id)) order by p.last_name, p.first_name, p.id)
                from marketplace.staff p where p.territory_id = @territory and p.provider_id = r.provider_id)::text as members,
               (select json_agg(json_build_array(d.slot_id, d.staff_id, extract(epoch from d.starts_at)::bigint, extract(epoch from d.ends_at)::bigint,
                                                 extract(epoch from d.travels_until)::bigint, d.place))
                from marketplace.staff p
                join marketplace.staff_duty d on d.territory_id = @territory and d.staff_id = p.id and d.starts_at >= @from and d.starts_at < @to
                where p.territory_id = @territory and p.provider_id = r.provider_id)::text as duties
        from marketplace.provider_roster r where r.territory_id = @territory and r.provider_id = @provider
        """;

    internal sealed record Row(int Travel, string? Members, string? Duties)
    {
        public Roster ToRoster(Id<Provider> provider) => new(
            RuleRows.Each(Members, m => new StaffMember(
                new(m[0].GetGuid()), provider, RuleRows.Text(m[1]), RuleRows.Text(m[2]), RuleRows.Day(m[3]), RuleRows.DayOrNone(m[4]))
            {
                Offers = [.. m[5].EnumerateArray().Select(o => new Id<Offer>(o.GetGuid()))],
                Hours = RuleRows.Each(m[6], h => new StaffHours(
                    new(h[0].GetGuid()), h[1].GetInt32(), Time(RuleRows.Text(h[2])), Time(RuleRows.Text(h[3])), RuleRows.Day(h[4]), RuleRows.DayOrNone(h[5]))),
                Away = RuleRows.Each(m[7], a => new StaffAway(new(a[0].GetGuid()), RuleRows.Day(a[1]), RuleRows.Day(a[2]))),
            }),
            RuleRows.Each(Duties, d => new Duty(
                new(d[0].GetGuid()), new(d[1].GetGuid()), At(d[2].GetInt64()), At(d[3].GetInt64()), At(d[4].GetInt64()), RuleRows.Text(d[5]))),
            Duration.FromMinutes(Travel));

        private static LocalTime Time(string text) => LocalTimePattern.ExtendedIso.Parse(text).Value;

        private static Instant At(long seconds) => Instant.FromUnixTimeSeconds(seconds);
    }
}
