using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Tests;

/// <summary>A funder covers what is missing below quorum: the list is what each misses, to the cent, and nobody's money moves by making it.</summary>
public sealed class PoolCoverTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task The_list_is_what_each_family_misses()
    {
        var s = await PoolRaiseTests.ShortAsync(database);
        var covers = Covers(s);
        var programme = s.Families[1].Grant.Programme;
        var list = (await covers.CoverAsync(s.T.Territory, Id<GrantImport>.New(), s.Pool, programme, s.T.Town.Officer)).OrThrow();
        var rows = await RowsAsync(s, list.Id);
        Assert.Equal(["5,00", "5,00"], rows.Select(r => r[5]));
        Assert.All(rows, r => Assert.Equal(("Bernasconi", "Tradate", "", s.Pool.ToString()), (r[2], r[3], r[4], r[6])));
        Assert.Equal(2, rows.Select(r => r[0]).Distinct(StringComparer.Ordinal).Count());
        // Nothing moves by a list, and the same once more is the one that is there.
        Assert.Equal([Money.Zero, Money.Euro(10), Money.Euro(10)], await s.HeldAsync());
        var again = (await covers.CoverAsync(s.T.Territory, Id<GrantImport>.New(), s.Pool, programme, s.T.Town.Officer)).OrThrow();
        Assert.Equal((list.Id, true), (again.Id, again.WasThere));

        // Who said no is asked for nothing: the other would pay it all alone.
        await s.RefuseAsync(2);
        var alone = (await covers.CoverAsync(s.T.Territory, Id<GrantImport>.New(), s.Pool, programme, s.T.Town.Officer)).OrThrow();
        Assert.Equal(["20,00"], (await RowsAsync(s, alone.Id)).Select(r => r[5]));
        await s.RefuseAsync(1);
        Assert.IsType<NothingToCover>(Refused(await covers.CoverAsync(s.T.Territory, Id<GrantImport>.New(), s.Pool, programme, s.T.Town.Officer)));
        await s.T.ProveAsync();
    }

    [Fact]
    public async Task What_those_who_left_paid_need_not_be_covered_and_what_is_whole_neither()
    {
        var s = await PoolRaiseTests.ShortAsync(database, fee: Money.Euro(4));
        var covers = Covers(s);
        var programme = s.Families[1].Grant.Programme;
        var list = (await covers.CoverAsync(s.T.Territory, Id<GrantImport>.New(), s.Pool, programme, s.T.Town.Officer)).OrThrow();
        Assert.Equal(["3,00", "3,00"], (await RowsAsync(s, list.Id)).Select(r => r[5]));

        Assert.IsType<PoolNotFound>(Refused(await covers.CoverAsync(s.T.Territory, Id<GrantImport>.New(), Id<Pool>.New(), programme, s.T.Town.Officer)));
        Assert.IsType<ProgrammeNotFound>(Refused(await covers.CoverAsync(s.T.Territory, Id<GrantImport>.New(), s.Pool, Id<Programme>.New(), s.T.Town.Officer)));
        var cards = new PoolCards(s.T.Town.Db, s.T.Town.Clock);
        Assert.Equal([s.Pool], (await cards.ShortAsync(s.T.Territory)).Select(c => c.Pool.Id));
        await s.AgreeAsync(1);
        await s.AgreeAsync(2);
        Assert.IsType<NothingToCover>(Refused(await covers.CoverAsync(s.T.Territory, Id<GrantImport>.New(), s.Pool, programme, s.T.Town.Officer)));
        Assert.Empty(await cards.ShortAsync(s.T.Territory));
    }

    [Fact]
    public async Task The_office_reads_numbers_and_no_names()
    {
        var s = await PoolRaiseTests.ShortAsync(database);
        var detail = (await new PoolCards(s.T.Town.Db, s.T.Town.Clock).FindAsync(s.T.Territory, s.Pool))!;
        Assert.All(detail.Members, m => Assert.Equal(("", "", ""), (m.FirstName, m.LastName, m.Phone)));
        Assert.All(detail.Short!.ToCover, m => Assert.Contains(detail.Members, x => x.Share == m.Who.Share && x.HouseholdNumber > 0));
        var elsewhere = await BookingTown.BuildAsync(database);
        Assert.Null(await new PoolCards(elsewhere.Db, elsewhere.Clock).FindAsync(elsewhere.Territory, s.Pool));
        Assert.Empty(await new PoolCards(elsewhere.Db, elsewhere.Clock).ShortAsync(elsewhere.Territory));
    }

    private static PoolCovers Covers(PoolRaiseTests.ShortPool s) => new(s.T.Town.Db, new GrantImports(s.T.Town.Db, s.T.Town.Ledger, s.T.Town.Clock));

    private static async Task<List<string[]>> RowsAsync(PoolRaiseTests.ShortPool s, Id<GrantImport> id)
    {
        var content = (await s.T.Town.Db.FindAsync<byte[]>(s.T.Territory, "select content from marketplace.grant_import where territory_id = @territory and id = @id", new { id }))!;
        return [.. Encoding.UTF8.GetString(content).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(';'))];
    }

    private static Refusal? Refused<T>(Result<T> result)
        where T : notnull => result.IsRefused(out var refusal) ? refusal : null;
}
