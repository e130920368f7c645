using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Tests;

/// <summary>What members, strangers and the provider read of each other: counts before a pool is confirmed, first names after it, and only its members.</summary>
public sealed class PoolPrivacyTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Members_read_counts_before_and_first_names_after_and_nothing_else_of_each_other()
    {
        var (t, pool, families) = await JoinedAsync();
        var before = await ReadAsync(t, families[0], pool);
        Assert.Equal((2, 0), (before.Card.Living, before.Members.Count));
        Assert.All(before.Events, e => Assert.Equal("", e.Note));

        await t.FreezeAsync();
        var after = await ReadAsync(t, families[0], pool);
        Assert.Equal([("Lucia", "", "", 0, true), ("Lucia", "", "", 0, false)], after.Members.Select(m => (m.FirstName, m.LastName, m.Phone, m.HouseholdNumber, m.IsMine)));
    }

    [Fact]
    public async Task Who_is_not_in_it_or_has_left_reads_nobodys_name()
    {
        var (t, pool, families) = await JoinedAsync();
        await t.FreezeAsync();
        Assert.Empty((await ReadAsync(t, t.Town.Rossi, pool)).Members);

        var booking = (await t.SharesAsync(pool))[1].BookingId!.Value;
        (await t.Town.Bookings.CancelByHouseholdAsync(t.Territory, booking, families[1].User, Money.Zero)).OrThrow();
        Assert.Empty((await ReadAsync(t, families[1], pool)).Members);
    }

    [Fact]
    public async Task When_it_lapsed_nobody_reads_who_else_had_waited()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(HeadPrices.Flat(2, 3, Money.Euro(20)));
        var (anna, _) = await t.FamilyAsync(Money.Euro(50));
        (await t.JoinAsync(anna, pool)).OrThrow();
        await t.FreezeAsync();
        Assert.Empty((await ReadAsync(t, anna, pool)).Members);
    }

    [Fact]
    public async Task The_provider_reads_whom_to_expect_once_it_is_decided_and_no_other_provider_anything()
    {
        var (t, pool, _) = await JoinedAsync();
        var cards = new PoolCards(t.Town.Db, t.Town.Clock);
        Assert.Empty((await cards.FindAsync(t.Territory, t.Town.Gelso.Id, pool))!.Members);
        await t.FreezeAsync();
        Assert.Equal(["Bernasconi", "Bernasconi"], (await cards.FindAsync(t.Territory, t.Town.Gelso.Id, pool))!.Members.Select(m => m.LastName));
        Assert.Null(await cards.FindAsync(t.Territory, t.Town.Quercia.Id, pool));
    }

    private async Task<(PoolTown Town, Id<Pool> Pool, IReadOnlyList<BookingTown.Family> Families)> JoinedAsync()
    {
        var t = await PoolTown.BuildAsync(database);
        var pool = await t.PublishAsync(HeadPrices.Flat(2, 3, Money.Euro(20)));
        var families = new List<BookingTown.Family>();
        for (var i = 0; i < 2; i++)
        {
            var (family, _) = await t.FamilyAsync(Money.Euro(50));
            (await t.JoinAsync(family, pool)).OrThrow();
            families.Add(family);
        }

        return (t, pool, families);
    }

    private static async Task<PoolDetail> ReadAsync(PoolTown t, BookingTown.Family family, Id<Pool> pool) =>
        (await new PoolCards(t.Town.Db, t.Town.Clock).FindAsync(t.Territory, family.Id, pool))!;
}
