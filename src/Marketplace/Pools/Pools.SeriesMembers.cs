using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>Households that take part every week: how they come in, leave a date out, and go.</summary>
public sealed partial class Pools
{
    /// <summary>
    /// What taking part every week would mean for a household: what each date costs at most, for how many the money of today would do, who
    /// pays. Refused when it cannot take part at all.
    /// </summary>
    /// <param name="cap">Null for what a date costs at the minimum.</param>
    public async Task<Result<SeriesPreview>> PreviewSeriesAsync(
        TerritoryId territory, Id<Household> household, Id<PoolSeries> id, int weight = 1, Money? cap = null, CancellationToken cancel = default)
    {
        var read = await db.TransactAsync<(PoolSeries Series, List<Pool> Dates, Bookings.SlotToBook Slot)>(territory, async tx =>
        {
            if (await FindSeriesAsync(tx, id) is not { } series) return new SeriesNotFound(id);
            var members = await tx.ListAsync<SeriesMember>($"{SeriesMember.Select} and m.series_id = @id and m.left_at is null", new { id });
            if (members.Find(m => m.HouseholdId == household) is { } mine) return new AlreadyInSeries(mine.Id);
            if (members.Count >= series.HeadsMax) return new SeriesFull(id, series.HeadsMax);
            if (weight < 1 || weight > series.WeightMax) return new WeightNotAllowed(weight, series.WeightMax);
            List<Pool> dates = [.. (await tx.ListAsync<Pool.Row>(
                $"""
                select {Pool.Columns} from marketplace.pool p
                where p.territory_id = @territory and p.series_id = @id and p.status = 'Collecting' and p.freeze_at > @now and not exists (
                    select from marketplace.pool_share s
                    where s.territory_id = @territory and s.pool_id = p.id and s.household_id = @household and s.status = 'Joined')
                order by p.starts_at
                """, new { id, household, now = clock.Now })).Select(r => r.ToPool())];
            if (series.EndedAt is not null || dates.Count == 0) return new SeriesEnded(id);
            if (await ForOthersAsync(tx, dates[0], household) is { } kept) return kept;
            var slot = await tx.FindAsync<Bookings.SlotToBook>(Bookings.SelectSlot, new { slotId = dates[0].SlotId, household });
            if (slot is null) return new SlotNotFound(dates[0].SlotId);
            if (!slot.IsReached) return new ServiceOutOfReach(slot.Municipality);
            return (series, dates, slot);
        }, cancel);
        if (read.IsRefused(out var refusal, out var terms)) return refusal;
        var (found, coming, where) = terms;
        var prices = coming[0].Prices;
        var (least, dearest) = (prices.LeastFor(weight, []), prices.ShareAt(prices.Min, weight, []));
        if (cap is { } few && few < least) return new CapTooLow(few, least);
        var most = Money.Min(cap ?? dearest, dearest);
        var grants = await purses.GrantsAsync(territory, household, coming[0].Day, cancel);
        var people = await bookings.PeopleAsync(territory, household, cancel);
        return new SeriesPreview(
            found, coming, where.TitleIt, where.TitleEn, where.Provider, where.Place, where.Address, weight, most,
            [.. Enumerable.Range(prices.Min, prices.Max - prices.Min + 1).Select(n => new LadderStep(n, prices[n], prices.ShareAt(n, weight, [])))],
            coming.Count(d => d.FreezeAt <= clock.Now + TakenInBefore), EnoughFor(grants, coming, where, most),
            Waterfall.Choose(grants, where.Purchase with { Price = most }),
            grants.Where(g => g.Status is GrantStatus.Active).Sum(g => g.Available), people);
    }

    /// <summary>How many dates, one after the other, the money of today pays at the cap; limits by week, month and year count anew in each.</summary>
    private static int EnoughFor(IReadOnlyList<PurseGrant> grants, List<Pool> dates, Bookings.SlotToBook where, Money cap) =>
        PurseOutlook.Of(grants, dates.Select(d => (where.Purchase with { On = d.Day, Price = cap }, d.EndsAt))).TakeWhile(c => c.IsPossible).Count();

    /// <summary>
    /// Takes part in all dates of a series, those near at once and the others when they come near. Refused when as many take part as a
    /// date has places. The same request again changes nothing.
    /// </summary>
    public async Task<Result<Id<SeriesMember>>> JoinSeriesAsync(
        TerritoryId territory, SeriesRequest request, HouseholdUser by, CancellationToken cancel = default)
    {
        var joined = await db.TransactAsync<Id<SeriesMember>>(territory, tx => JoinSeriesAsync(tx, request, by), cancel);
        if (!joined.IsRefused(out _)) await TakeInAsync(territory, request.Series, cancel);
        return joined;
    }

    /// <summary>The same, for an operator who writes down in the same transaction that it did so; the dates that are near follow with the next sweep.</summary>
    internal async Task<Result<Id<SeriesMember>>> JoinSeriesAsync(Transaction tx, SeriesRequest request, HouseholdUser by)
    {
        if (await LockSeriesAsync(tx, request.Series) is not { } series) return new SeriesNotFound(request.Series);
        if (await FindMemberAsync(tx, request.Id) is { } earlier)
        {
            return earlier.SeriesId == series.Id && earlier.HouseholdId == by.Household ? earlier.Id : new MemberIdReused(request.Id);
        }

        var members = await tx.ListAsync<SeriesMember>(
            $"{SeriesMember.Select} and m.series_id = @Id and m.left_at is null", new { series.Id });
        if (members.Find(m => m.HouseholdId == by.Household) is { } mine) return new AlreadyInSeries(mine.Id);
        if (series.EndedAt is not null || series.LastDay < clock.Today()) return new SeriesEnded(series.Id);
        if (members.Count >= series.HeadsMax) return new SeriesFull(series.Id, series.HeadsMax);
        if (request.Weight < 1 || request.Weight > series.WeightMax) return new WeightNotAllowed(request.Weight, series.WeightMax);
        if (!await Bookings.IsInHouseholdAsync(tx, request.Person, by.Household)) return new PersonNotInHousehold(request.Person);
        if (await NextAsync(tx, series.Id) is not { } next) return new SeriesEnded(series.Id);
        if (await ForOthersAsync(tx, next, by.Household) is { } kept) return kept;
        var prices = next.Prices;
        var least = prices.LeastFor(request.Weight, []);
        if (request.Cap < least) return new CapTooLow(request.Cap, least);

        await tx.ExecuteAsync(
            """
            insert into marketplace.series_member
                (territory_id, id, series_id, household_id, person_id, weight, cap, joined_by, joined_at)
            values (@territory, @Id, @Series, @Household, @Person, @Weight, @cap, @User, @now)
            """,
            new
            {
                request.Id, request.Series, by.Household, request.Person, request.Weight, by.User, now = clock.Now,
                cap = Money.Min(request.Cap, prices.ShareAt(prices.Min, request.Weight, [])),
            });
        return request.Id;
    }

    /// <summary>
    /// Leaves one date out and stays in the series: what is held for it is free again. Refused once it is decided, and when as many have
    /// been left out as the series allows. Repeatable.
    /// </summary>
    public Task<Result<Done>> SkipAsync(
        TerritoryId territory, Id<SeriesMember> id, Id<Pool> date, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            var pool = await LockAsync(tx, date);
            if (await LockMemberAsync(tx, id) is not { LeftAt: null } member || member.HouseholdId != by.Household) return new MemberNotFound(id);
            if (pool is null || pool.SeriesId != member.SeriesId) return new PoolNotFound(date);
            var turns = await tx.ListAsync<Turn>($"{Turn.Select} and t.member_id = @id", new { id });
            var turn = turns.Find(t => t.PoolId == date);
            if (turn?.Outcome is TurnOutcome.Skipped) return default(Done);
            if (pool.Status is not PoolStatus.Collecting) return new PoolNotReady(date, pool.Status);
            if (clock.Now >= pool.FreezeAt) return new PoolFrozen(date, pool.FreezeAt);
            var series = (await FindSeriesAsync(tx, member.SeriesId))!;
            if (turns.Count(t => t.Outcome is TurnOutcome.Skipped) >= series.SkipsMax) return new NoSkipLeft(series.SkipsMax);
            if (turn?.ShareId is { } share && await FindShareAsync(tx, share) is { Status: ShareStatus.Joined } joined
                && (await LeaveAsync(tx, pool, joined, by)).IsRefused(out var refusal)) return refusal;

            await DecideAsync(tx, id, date, TurnOutcome.Skipped, turn?.ShareId);
            return default(Done);
        }, cancel);

    /// <summary>Leaves a series: what is held for dates not decided yet is free again; those decided stay booked. Repeatable.</summary>
    public Task<Result<Done>> LeaveSeriesAsync(TerritoryId territory, Id<SeriesMember> id, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await FindMemberAsync(tx, id) is not { } member || member.HouseholdId != by.Household) return new MemberNotFound(id);
            // Pools before their members, as everywhere: each that it may still leave, in the order of their ids.
            var pools = await tx.ListAsync<Id<Pool>>(
                """
                select p.id from marketplace.pool p
                where p.territory_id = @territory and p.series_id = @SeriesId and p.status = 'Collecting' order by p.id for no key update
                """, new { member.SeriesId });
            if ((await LockMemberAsync(tx, id))!.LeftAt is not null) return default(Done);
            await tx.ExecuteAsync("update marketplace.series_member set left_at = @now where territory_id = @territory and id = @id", new { id, now = clock.Now });
            var shares = await tx.ListAsync<Share>(
                $"{Share.Select} and s.pool_id = any(@pools) and s.household_id = @HouseholdId and s.status = 'Joined' order by s.pool_id",
                new { pools = pools.Select(p => p.Value).ToArray(), member.HouseholdId });
            foreach (var share in shares)
            {
                var pool = (await FindAsync(tx, share.PoolId))!;
                if (clock.Now < pool.FreezeAt && (await LeaveAsync(tx, pool, share, by)).IsRefused(out var refusal)) return refusal;
            }

            return default(Done);
        }, cancel);

    /// <summary>The date of the series that is decided next, whose prices are those of each; null when none is open any more.</summary>
    private async Task<Pool?> NextAsync(Transaction tx, Id<PoolSeries> series) =>
        (await tx.FindAsync<Pool.Row>(
            $"""
            select {Pool.Columns} from marketplace.pool p
            where p.territory_id = @territory and p.series_id = @series and p.status = 'Collecting' and p.freeze_at > @now
            order by p.starts_at limit 1
            """, new { series, now = clock.Now }))?.ToPool();

    private static Task<SeriesMember?> FindMemberAsync(Transaction tx, Id<SeriesMember> id) =>
        tx.FindAsync<SeriesMember>($"{SeriesMember.Select} and m.id = @id", new { id });

    private static async Task<SeriesMember?> LockMemberAsync(Transaction tx, Id<SeriesMember> id)
    {
        await tx.ExecuteAsync("select id from marketplace.series_member where territory_id = @territory and id = @id for no key update", new { id });
        return await FindMemberAsync(tx, id);
    }
}
