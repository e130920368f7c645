using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>Pools of a small town, so that a test says only what it is about: a slot on Wednesday at nine, frozen on Tuesday at ten.</summary>
public sealed class PoolTown(BookingTown town)
{
    public static readonly Instant Freeze = BookingTown.Monday + Duration.FromHours(24);
    public static readonly Instant Starts = BookingTown.Monday + Duration.FromHours(47);

    public BookingTown Town => town;
    public Pools Pools => town.Pools;
    public TerritoryId Territory => town.Territory;

    public static async Task<PoolTown> BuildAsync(TestDatabase database, Database? pool = null) => new(await BookingTown.BuildAsync(database, pool));

    /// <summary>A family with money of a funder, in one grant.</summary>
    public async Task<(BookingTown.Family Family, BookingTown.Funded Grant)> FamilyAsync(Money money)
    {
        var family = await town.FamilyAsync();
        return (family, await town.GrantAsync(family, money));
    }

    public async Task<Id<Pool>> PublishAsync(HeadPrices prices, WeighedBy by = WeighedBy.Equal, Money? fee = null, Instant? freeze = null)
    {
        var slot = await town.SlotAsync(Money.Euro(18), Starts, cancelFee: fee);
        return (await Pools.PublishAsync(Territory, new(Id<Pool>.New(), slot, by, prices, freeze ?? Freeze), town.Gelso.User)).OrThrow();
    }

    /// <summary>Looks at the summary and joins as it was shown.</summary>
    public async Task<Result<Id<Share>>> JoinAsync(BookingTown.Family family, Id<Pool> pool, Money? cap = null, int weight = 1, Id<Share>? id = null)
    {
        if ((await Pools.PreviewAsync(Territory, family.Id, pool, weight, cap)).IsRefused(out var refusal, out var seen)) return refusal;
        return await Pools.JoinAsync(Territory, new(id ?? Id<Share>.New(), pool, family.Adult, seen.Weight, seen.Cap, seen.Shown), family.User);
    }

    /// <summary>The freeze comes, and everything that is due by then happens.</summary>
    public async Task FreezeAsync(Instant? at = null)
    {
        town.Clock.MoveTo(Instant.Max(town.Clock.Now, at ?? Freeze));
        Assert.Empty((await Pools.FreezeDueAsync(Territory)).Stuck);
    }

    public async Task SweepAsync()
    {
        Assert.Empty((await Pools.FreezeDueAsync(Territory)).Stuck);
        Assert.Empty((await Pools.QuorumDueAsync(Territory)).Stuck);
        Assert.Empty((await Pools.FinishDueAsync(Territory)).Stuck);
        Assert.Empty((await town.Bookings.AcceptDueAsync(Territory)).Stuck);
    }

    public async Task<PoolStatus> StatusAsync(Id<Pool> pool) =>
        Enum.Parse<PoolStatus>((await town.Db.ListAsync<string>(Territory, "select status from marketplace.pool where territory_id = @territory and id = @pool", new { pool }))[0]);

    public Task<List<Share>> SharesAsync(Id<Pool> pool) =>
        town.Db.ListAsync<Share>(Territory, $"{Share.Select} and s.pool_id = @pool order by s.place", new { pool });

    public async Task<IReadOnlyList<string>> EventsAsync(Id<Pool> pool) => await town.Db.ListAsync<string>(
        Territory, "select what from marketplace.pool_event where territory_id = @territory and pool_id = @pool order by sequence", new { pool });

    public async Task<Id<Slot>> SlotOfAsync(Id<Pool> pool) => (await town.Db.ListAsync<Id<Slot>>(
        Territory, "select slot_id from marketplace.pool where territory_id = @territory and id = @pool", new { pool }))[0];

    /// <summary>The books, the vouchers and the pools must tell one story.</summary>
    public async Task ProveAsync()
    {
        Assert.Empty(await new Audit(town.Db).RunAsync(Territory));
        Assert.Empty(await new MarketplaceAudit(town.Db).RunAsync(Territory));
    }
}
