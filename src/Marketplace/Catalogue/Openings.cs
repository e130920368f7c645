using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// The week of an offer and the days on which its provider is closed. Slots are made from them <see cref="WeeksAhead"/> weeks ahead, and
/// follow what changes; a time that somebody has booked is never taken back here. The provider's row is the lock.
/// </summary>
public sealed class Openings(Database db, IClock clock)
{
    /// <summary>How far ahead times are offered.</summary>
    public const int WeeksAhead = 8;

    /// <summary>So many hours of one offer that still hold.</summary>
    public const int HoursMax = 100;

    public const int CapacityMax = 500;

    /// <summary>A sweep makes the times of so many hours in one transaction.</summary>
    private const int Together = 50;

    private const string Select =
        """
        select h.id, h.offer_id, h.weekday::int as day, h.starts, h.minutes::int as minutes, h.capacity::int as capacity, h.valid_from, h.valid_to
        from marketplace.opening_hours h where h.territory_id = @territory
        """;

    private LocalDate Horizon => clock.Today().PlusWeeks(WeeksAhead);

    /// <summary>The hours of an offer that hold today or later, in the order of the week.</summary>
    public Task<List<OpeningHours>> OfOfferAsync(TerritoryId territory, Id<Offer> offer, CancellationToken cancel = default) =>
        db.ListAsync<OpeningHours>(
            territory, $"{Select} and h.offer_id = @offer and (h.valid_to is null or h.valid_to >= @today) order by h.weekday, h.starts, h.valid_from, h.id",
            new { offer, today = clock.Today() }, cancel);

    /// <summary>The next times of an offer, those without a place free among them; at most as many as asked for.</summary>
    public Task<List<OfferTime>> TimesAsync(TerritoryId territory, Id<Offer> offer, int count, CancellationToken cancel = default) =>
        db.ListAsync<OfferTime>(
            territory,
            """
            select id, starts_at, ends_at, capacity::int as capacity, taken::int as taken, pool_id is not null as is_shared from marketplace.slot
            where territory_id = @territory and offer_id = @offer and withdrawn_at is null and starts_at > @now order by starts_at limit @count
            """, new { offer, now = clock.Now, count }, cancel);

    /// <summary>The days from today on at which a provider is closed, and how many bookings it has on them all the same.</summary>
    public Task<List<ProviderClosing>> ClosingsAsync(TerritoryId territory, Id<Provider> provider, CancellationToken cancel = default) =>
        db.ListAsync<ProviderClosing>(
            territory,
            """
            select c.day, (select count(*)::int from marketplace.booking b
                           where b.territory_id = @territory and b.provider_id = @provider and b.status in ('Requested', 'Confirmed')
                             and (b.starts_at at time zone 'Europe/Rome')::date = c.day) as booked
            from marketplace.provider_closing c
            where c.territory_id = @territory and c.provider_id = @provider and c.day >= @today order by c.day
            """, new { provider, today = clock.Today() }, cancel);

    /// <summary>
    /// The offer can be had at one more hour of the week, from a day on, and its next times are there at once. The same again changes nothing.
    /// Refused: an offer that is not the provider's or withdrawn, a day of the past, a number outside its range, minutes at which it can be
    /// had already. The offer's own minutes count.
    /// </summary>
    public Task<Result<Id<OpeningHours>>> AddAsync(TerritoryId territory, OpeningHours hours, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<OpeningHours>>(territory, async tx =>
        {
            if (hours.Day is < 1 or > 7) return new OpeningHoursWrong("day");
            if (hours.Capacity is < 1 or > CapacityMax) return new OpeningHoursWrong("capacity");
            if (await LockAsync(tx, by.Provider, hours.OfferId) is not { } offer) return new OfferNotFound(hours.OfferId);
            if (offer.IsProduct) return new ProductHasNoTimes(offer.Id);
            if (offer.Status is OfferStatus.Withdrawn) return new OfferIs(offer.Id, offer.Status);
            var known = await tx.ListAsync<OpeningHours>($"{Select} and h.offer_id = @Id and (h.valid_to is null or h.valid_to >= @today)", new { offer.Id, today = clock.Today() });
            if (known.Exists(k => k.Id == hours.Id)) return hours.Id;
            if (hours.ValidFrom < clock.Today() || hours.ValidTo < hours.ValidFrom) return new OpeningHoursWrong("from");
            var added = hours with { Minutes = offer.Minutes };
            if (known.Find(added.Meets) is { } other) return new OpeningHoursMeet(other.Weekday, other.Starts, other.Ends);
            if (known.Count >= HoursMax) return new TooManyOpeningHours(HoursMax);
            await tx.ExecuteAsync(
                """
                insert into marketplace.opening_hours (
                    territory_id, id, offer_id, weekday, starts, minutes, capacity, valid_from, valid_to, made_through, added_by, added_at)
                values (@territory, @Id, @OfferId, @Day, @Starts, @Minutes, @Capacity, @ValidFrom, @ValidTo, @through, @User, @now)
                """,
                new
                {
                    added.Id, added.OfferId, added.Day, added.Starts, added.Minutes, added.Capacity, added.ValidFrom, added.ValidTo,
                    through = added.ValidFrom.PlusDays(-1), by.User, now = clock.Now,
                });
            await MakeAsync(tx, [(added, added.ValidFrom.PlusDays(-1), by.Provider)]);
            return hours.Id;
        }, cancel);

    /// <summary>It cannot be had at this hour after a day: times that nobody booked are taken back, and the answer says how many stay. Repeatable.</summary>
    public Task<Result<Stopped>> EndAsync(TerritoryId territory, Id<OpeningHours> id, LocalDate last, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Stopped>(territory, async tx =>
        {
            if (await tx.FindAsync<OpeningHours>($"{Select} and h.id = @id", new { id }) is not { } hours
                || await LockAsync(tx, by.Provider, hours.OfferId) is null) return new OpeningHoursNotFound(id);
            // Hours that never began end before their first day; what ended stays ended.
            var end = LocalDate.Min(LocalDate.Max(last, hours.ValidFrom.PlusDays(-1)), hours.ValidTo ?? LocalDate.MaxIsoValue);
            await tx.ExecuteAsync("update marketplace.opening_hours set valid_to = @end where territory_id = @territory and id = @id", new { id, end });
            var after = LocalDate.Max(end, clock.Today().PlusDays(-1)).EndOfDayInRome();
            return await TakeBackAsync(
                tx,
                """
                s.offer_id = @OfferId and s.starts_at >= @after
                  and extract(isodow from s.starts_at at time zone 'Europe/Rome') = @Day and (s.starts_at at time zone 'Europe/Rome')::time = @Starts
                """, new { hours.OfferId, after, hours.Day, hours.Starts, at = clock.Now });
        }, cancel);

    /// <summary>
    /// The provider is closed on a day, with all its offers: times that nobody booked are taken back, and the answer says how many stay booked:
    /// those the provider calls off one by one, or keeps. Refused for a day of the past. Repeatable.
    /// </summary>
    public Task<Result<Stopped>> CloseAsync(TerritoryId territory, LocalDate day, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Stopped>(territory, async tx =>
        {
            if (day < clock.Today()) return new OpeningHoursWrong("closed");
            await LockAsync(tx, by.Provider, null);
            await tx.ExecuteAsync(
                """
                insert into marketplace.provider_closing (territory_id, provider_id, day, closed_by, closed_at)
                values (@territory, @Provider, @day, @User, @now) on conflict do nothing
                """, new { by.Provider, day, by.User, now = clock.Now });
            var at = await tx.FindAsync<Instant>(
                "select closed_at from marketplace.provider_closing where territory_id = @territory and provider_id = @Provider and day = @day", new { by.Provider, day });
            return await TakeBackAsync(
                tx,
                """
                s.starts_at >= @from and s.starts_at < @to and s.starts_at > @now
                  and exists (select from marketplace.offer o where o.territory_id = @territory and o.id = s.offer_id and o.provider_id = @Provider)
                """, new { by.Provider, from = day.StartOfDayInRome(), to = day.EndOfDayInRome(), now = clock.Now, at });
        }, cancel);

    /// <summary>It is not closed on that day after all: what the closing took back can be had again, and what came later is made. Repeatable.</summary>
    public Task<Result<Done>> ReopenAsync(TerritoryId territory, LocalDate day, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            await LockAsync(tx, by.Provider, null);
            var closed = await tx.ListAsync<Instant>(
                "delete from marketplace.provider_closing where territory_id = @territory and provider_id = @Provider and day = @day returning closed_at",
                new { by.Provider, day });
            if (closed is not [var at]) return default(Done);
            await tx.ExecuteAsync(
                """
                update marketplace.slot s set withdrawn_at = null
                from marketplace.offer o
                where s.territory_id = @territory and s.withdrawn_at = @at and s.starts_at >= @from and s.starts_at < @to
                  and o.territory_id = @territory and o.id = s.offer_id and o.provider_id = @Provider
                """, new { by.Provider, at, from = day.StartOfDayInRome(), to = day.EndOfDayInRome() });
            var hours = await tx.ListAsync<OpeningHours>(
                $"""
                {Select} and h.weekday = @weekday and h.valid_from <= @day and (h.valid_to is null or h.valid_to >= @day) and h.made_through >= @day
                  and exists (select from marketplace.offer o where o.territory_id = @territory and o.id = h.offer_id and o.provider_id = @Provider)
                """, new { by.Provider, day, weekday = (int)day.DayOfWeek });
            foreach (var one in hours) await InsertAsync(tx, one, day, day, []);
            await Rosters.RefreshAsync(tx, by.Provider, day.StartOfDayInRome(), day.EndOfDayInRome(), clock.Now);
            return default(Done);
        }, cancel);

    /// <summary>Takes one time back. Refused: one that is not the provider's, is booked, or shared by a group. Repeatable.</summary>
    public Task<Result<Done>> WithdrawAsync(TerritoryId territory, Id<Slot> id, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            var mine = await tx.ListAsync<int>(
                """
                select 1 from marketplace.slot s join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
                where s.territory_id = @territory and s.id = @id and o.provider_id = @Provider
                """, new { id, by.Provider });
            return mine.Count == 0 ? new SlotNotFound(id) : await Slots.WithdrawAsync(tx, id, clock.Now);
        }, cancel);

    /// <summary>
    /// Makes the times of all hours up to the horizon, and answers how many were made. Several processes may do this at once; a provider that
    /// is closing a day just now has its turn the next time.
    /// </summary>
    public async Task<int> MakeDueAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var made = 0;
        while (true)
        {
            var (hours, slots) = (await db.TransactAsync<(int, int)>(territory, async tx =>
            {
                var due = await tx.ListAsync<Due>(
                    $"""
                    select h.id, h.offer_id, h.weekday::int as day, h.starts, h.minutes::int as minutes, h.capacity::int as capacity, h.valid_from, h.valid_to,
                           h.made_through, o.provider_id
                    from marketplace.opening_hours h
                    join marketplace.offer o on o.territory_id = @territory and o.id = h.offer_id
                    join marketplace.provider p on p.territory_id = @territory and p.id = o.provider_id
                    where h.territory_id = @territory and h.made_through < @horizon and (h.valid_to is null or h.valid_to > h.made_through)
                      and o.status <> 'Withdrawn'
                    order by h.made_through, h.id limit {Together} for no key update of h skip locked for share of p skip locked
                    """, new { horizon = Horizon });
                return (due.Count, await MakeAsync(tx, [.. due.Select(d => (d.Hours, d.MadeThrough, d.ProviderId))]));
            }, cancel)).OrThrow();
            made += slots;
            if (hours < Together) return made;
        }
    }

    private async Task<int> MakeAsync(Transaction tx, IReadOnlyList<(OpeningHours Hours, LocalDate MadeThrough, Id<Provider> Provider)> due)
    {
        if (due.Count == 0) return 0;
        var closed = (await tx.ListAsync<Closed>(
            "select provider_id, day from marketplace.provider_closing where territory_id = @territory and provider_id = any(@providers) and day >= @today",
            new { providers = due.Select(d => d.Provider.Value).Distinct().ToArray(), today = clock.Today() })).ToLookup(c => c.ProviderId, c => c.Day);
        var made = 0;
        foreach (var (hours, through, provider) in due)
        {
            var (from, to) = (LocalDate.Max(LocalDate.Max(hours.ValidFrom, through.PlusDays(1)), clock.Today()), LocalDate.Min(Horizon, hours.ValidTo ?? Horizon));
            if (from <= to) made += await InsertAsync(tx, hours, from, to, [.. closed[provider]]);
            await tx.ExecuteAsync(
                "update marketplace.opening_hours set made_through = @Horizon where territory_id = @territory and id = @Id and made_through < @Horizon", new { hours.Id, Horizon });
        }

        return made;
    }

    private async Task<int> InsertAsync(Transaction tx, OpeningHours hours, LocalDate from, LocalDate to, HashSet<LocalDate> closed)
    {
        var slots = WeeklyPattern.Slots(hours.OfferId, [new(hours.Weekday, hours.Starts, hours.Minutes, (short)hours.Capacity)], from, to)
            .Where(s => s.StartsAt > clock.Now && !closed.Contains(s.StartsAt.InZone(ClockExtensions.Rome).Date)).ToList();
        return slots.Count == 0 ? 0 : await Slots.InsertAsync(tx, hours.OfferId, slots, clock.Now);
    }

    /// <summary>
    /// Takes back the times that nobody booked and that no group shares; answers how many those are, and how many others stay. All are held
    /// first, in the order of their ids, as a move holds its two: whoever is booking one of them is waited for.
    /// </summary>
    private static async Task<Stopped> TakeBackAsync(Transaction tx, string which, object parameters)
    {
        await tx.ExecuteAsync(
            $"select 1 from marketplace.slot s where s.territory_id = @territory and s.withdrawn_at is null and {which} order by s.id for no key update", parameters);
        var taken = await tx.ExecuteAsync(
            $"update marketplace.slot s set withdrawn_at = @at where s.territory_id = @territory and s.withdrawn_at is null and s.taken = 0 and s.pool_id is null and {which}", parameters);
        var stay = await tx.FindAsync<long>($"select count(*) from marketplace.slot s where s.territory_id = @territory and s.withdrawn_at is null and {which}", parameters);
        return new(taken, (int)stay);
    }

    /// <summary>Holds the provider's row. With an offer: that one, or null when it is not the provider's.</summary>
    private static async Task<Offer?> LockAsync(Transaction tx, Id<Provider> provider, Id<Offer>? offer)
    {
        await Providers.LockAsync(tx, provider);
        return offer is { } id && await Offers.FindAsync(tx, id) is { } found && found.ProviderId == provider ? found : null;
    }

    private sealed record Closed(Id<Provider> ProviderId, LocalDate Day);

    private sealed record Due(
        Id<OpeningHours> Id, Id<Offer> OfferId, int Day, LocalTime Starts, int Minutes, int Capacity, LocalDate ValidFrom, LocalDate? ValidTo,
        LocalDate MadeThrough, Id<Provider> ProviderId)
    {
        public OpeningHours Hours => new(Id, OfferId, Day, Starts, Minutes, Capacity, ValidFrom, ValidTo);
    }
}
