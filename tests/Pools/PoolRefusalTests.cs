using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>Each reason for which something is refused, and that nothing is held by it; what the tables refuse by themselves.</summary>
public sealed class PoolRefusalTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly HeadPrices Two = HeadPrices.Flat(2, 2, Money.Euro(20));

    [Fact]
    public async Task What_cannot_be_published()
    {
        var t = await PoolTown.BuildAsync(database);
        var slot = await t.Town.SlotAsync(Money.Euro(18), PoolTown.Starts);
        var id = Id<Pool>.New();
        Assert.IsType<SlotNotFound>(await PublishAsync(t, Id<Slot>.New()));
        Assert.IsType<SlotNotFound>(await PublishAsync(t, slot, by: t.Town.Quercia));
        Assert.IsType<FreezeOutsideTime>(await PublishAsync(t, slot, freeze: t.Town.Clock.Now));
        Assert.IsType<FreezeOutsideTime>(await PublishAsync(t, slot, freeze: PoolTown.Starts + Duration.FromSeconds(1)));
        Assert.Null(await PublishAsync(t, slot, id));
        Assert.Null(await PublishAsync(t, slot, id));
        Assert.IsType<SlotIsShared>(await PublishAsync(t, slot));
        Assert.IsType<PoolIdReused>(await PublishAsync(t, await t.Town.SlotAsync(Money.Euro(18), PoolTown.Starts), id));

        var (family, _) = await t.FamilyAsync(Money.Euro(50));
        var booked = await t.Town.SlotAsync(Money.Euro(18), PoolTown.Starts, places: 2);
        (await t.Town.BookAsync(family, booked)).OrThrow();
        Assert.IsType<SlotHasBookings>(await PublishAsync(t, booked));
        Assert.IsType<SlotIsShared>(Refused(await new Slots(t.Town.Db, t.Town.Clock).WithdrawAsync(t.Territory, slot)));
        await t.Town.ChangeAsync("update marketplace.slot set withdrawn_at = now() where territory_id = @territory and id = @booked", new { booked });
        Assert.IsType<SlotWithdrawn>(await PublishAsync(t, booked));
        var old = await t.Town.SlotAsync(Money.Euro(18), BookingTown.Monday);
        Assert.IsType<SlotOver>(await PublishAsync(t, old));
        await t.Town.ChangeAsync("update marketplace.accreditation set status = 'Suspended' where territory_id = @territory", new { });
        Assert.IsType<ProviderNotAccredited>(await PublishAsync(t, await t.Town.SlotAsync(Money.Euro(18), PoolTown.Starts)));
    }

    [Fact]
    public async Task Who_cannot_join()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(HeadPrices.Flat(2, 3, Money.Euro(30)));
        var (anna, grant) = await t.FamilyAsync(Money.Euro(50));
        var (poor, little) = await t.FamilyAsync(Money.Euro(9));
        Assert.IsType<PoolNotFound>(Refused(await t.JoinAsync(anna, Id<Pool>.New())));
        Assert.Equal(new CapTooLow(new(999), Money.Euro(10)), Refused(await t.JoinAsync(anna, pool, new Money(999))));
        Assert.IsType<NotEnoughInPurse>(Refused(await t.JoinAsync(poor, pool)));

        var seen = (await t.Pools.PreviewAsync(t.Territory, anna.Id, pool)).OrThrow();
        var asked = new JoinRequest(Id<Share>.New(), pool, anna.Adult, 1, seen.Cap, seen.Shown);
        Assert.IsType<PersonNotInHousehold>(Refused(await t.Pools.JoinAsync(t.Territory, asked with { Person = poor.Adult }, anna.User)));
        Assert.IsType<PriceChanged>(Refused(await t.Pools.JoinAsync(t.Territory, asked with { Cap = Money.Euro(12) }, anna.User)));
        var sooner = await t.Town.GrantAsync(anna, Money.Euro(5), to: new(2026, 10, 31));
        Assert.IsType<TermsChanged>(Refused(await t.Pools.JoinAsync(t.Territory, asked, anna.User)));
        Assert.Equal(Money.Zero, (await t.Town.OnAsync(grant.Account)).Held + (await t.Town.OnAsync(little.Account)).Held + (await t.Town.OnAsync(sooner.Account)).Held);

        var share = (await t.JoinAsync(anna, pool)).OrThrow();
        Assert.Equal(new AlreadyInPool(share), Refused(await t.JoinAsync(anna, pool)));
        Assert.IsType<ShareIdReused>(Refused(await t.Pools.JoinAsync(t.Territory, asked with { Id = share, Person = anna.Child }, anna.User)));
        t.Town.Clock.MoveTo(PoolTown.Freeze);
        var (late, _) = await t.FamilyAsync(Money.Euro(50));
        Assert.IsType<PoolFrozen>(Refused(await t.JoinAsync(late, pool)));
        Assert.IsType<PoolFrozen>(Refused(await t.Pools.LeaveAsync(t.Territory, share, anna.User)));
        await t.FreezeAsync();
        Assert.IsType<PoolNotReady>(Refused(await t.JoinAsync(late, pool)));
        Assert.IsType<PoolNotReady>(Refused(await t.Pools.CancelAsync(t.Territory, pool, t.Town.Gelso.User, "")));
        Assert.IsType<PoolNotReady>(Refused(await t.Pools.GoOnAsync(t.Territory, pool, t.Town.Gelso.User)));
        Assert.IsType<PoolNotFound>(Refused(await t.Pools.CancelAsync(t.Territory, pool, t.Town.Quercia.User, "")));
        await t.ProveAsync();
    }

    [Fact]
    public async Task Money_that_ends_before_the_service_is_not_held()
    {
        var t = await PoolTown.BuildAsync(database);
        var anna = await t.Town.FamilyAsync();
        await t.Town.GrantAsync(anna, Money.Euro(50), to: new(2026, 10, 6), settlementDays: 0);
        Assert.IsType<NotEnoughInPurse>(Refused(await t.JoinAsync(anna, await t.PublishAsync(Two))));
    }

    [Fact]
    public async Task Without_accreditation_on_the_day_of_the_freeze_nobody_is_charged()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Two);
        var (anna, grant) = await t.FamilyAsync(Money.Euro(50));
        var (bruno, _) = await t.FamilyAsync(Money.Euro(50));
        (await t.JoinAsync(anna, pool)).OrThrow();
        (await t.JoinAsync(bruno, pool)).OrThrow();
        await t.Town.ChangeAsync("update marketplace.accreditation set status = 'Revoked' where territory_id = @territory", new { });
        await t.FreezeAsync();
        Assert.Equal(PoolStatus.Lapsed, await t.StatusAsync(pool));
        Assert.Equal(Money.Zero, (await t.Town.OnAsync(grant.Account)).Held);
        await t.ProveAsync();
    }

    [Fact]
    public async Task A_freeze_that_comes_after_the_holds_have_ended_gives_back_what_is_left()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Two);
        var (anna, grant) = await t.FamilyAsync(Money.Euro(50));
        (await t.JoinAsync(anna, pool)).OrThrow();
        t.Town.Clock.MoveTo(Instant.FromUtc(2027, 3, 1, 8, 0));
        (await t.Town.Db.TransactAsync(t.Territory, tx => t.Town.Ledger.ExpireDueAsync(tx))).OrThrow();
        await t.FreezeAsync();
        Assert.Equal(PoolStatus.Lapsed, await t.StatusAsync(pool));
        Assert.Equal(Money.Zero, (await t.Town.OnAsync(grant.Account)).Held);
        await t.ProveAsync();
    }

    [Theory]
    [InlineData("update marketplace.pool_share set status = 'Committed', price = cap + 1, booking_id = gen_random_uuid() where territory_id = {0}", "share_within_cap")]
    [InlineData("update marketplace.pool_share set weight = 2 where territory_id = {0}", "share_fixed")]
    [InlineData("update marketplace.pool_share set place = 7 where territory_id = {0}", "share_fixed")]
    [InlineData("update marketplace.pool_share set household_id = gen_random_uuid() where territory_id = {0}", "share_fixed")]
    [InlineData("update marketplace.pool_share set cap = cap + 1 where territory_id = {0}", "share_cap_and_hold")]
    [InlineData("update marketplace.pool_share set hold_id = gen_random_uuid() where territory_id = {0}", "share_cap_and_hold")]
    [InlineData("update marketplace.pool_share set hold_id = gen_random_uuid(), cap = cap + 1, status = 'Withdrawn' where territory_id = {0}", "share_cap_and_hold")]
    [InlineData("update marketplace.pool_share set hold_id = gen_random_uuid(), cap = cap + 1 where territory_id = {0}", "share_holds_its_cap")]
    [InlineData("insert into marketplace.pool_share select (s).* from (select jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'cap', 1)) s from marketplace.pool_share s where territory_id = {0}) x", "share_holds_its_cap")]
    [InlineData("update marketplace.pool set prices = '{{1}}' where territory_id = {0}", "pool_fixed")]
    [InlineData("update marketplace.pool set joined = 3 where territory_id = {0}", "pool_full")]
    [InlineData("update marketplace.pool set status = 'Lapsed' where territory_id = {0}", "pool_leaves_nobody")]
    [InlineData("update marketplace.pool set status = 'Confirmed', price = 2000 where territory_id = {0}", "pool_foots")]
    [InlineData("update marketplace.pool set status = 'Dissolved', price = 2000 where territory_id = {0}", "pool_moves_forward")]
    [InlineData("insert into marketplace.pool select (p).* from (select jsonb_populate_record(p, '{{\"id\": \"00000000-0000-0000-0000-00000000000a\", \"heads_max\": 3, \"prices\": [2000, 3001]}}') p from marketplace.pool p where territory_id = {0}) x", "pool_prices_never_raise_a_share")]
    public async Task The_tables_refuse_by_themselves(string sql, string constraint)
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(Two);
        var (anna, _) = await t.FamilyAsync(Money.Euro(50));
        (await t.JoinAsync(anna, pool)).OrThrow();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.AsOwnerAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, t.Territory)));
        Assert.Equal(constraint, refused.ConstraintName);
    }

    private static async Task<Refusal?> PublishAsync(PoolTown t, Id<Slot> slot, Id<Pool>? id = null, BookingTown.Cooperative? by = null, Instant? freeze = null) =>
        (await t.Pools.PublishAsync(t.Territory, new(id ?? Id<Pool>.New(), slot, WeighedBy.Equal, Two, freeze ?? PoolTown.Freeze), (by ?? t.Town.Gelso).User))
            .IsRefused(out var refusal) ? refusal : null;
}
