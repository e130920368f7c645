using Borsellino.Ledger;
using Borsellino.Tests.Ledger;

namespace Borsellino.Tests.Faults;

/// <summary>A new version brings its migrations while the old one is at work: nobody loses anything, whether they succeed or not.</summary>
[Collection(nameof(Alone))]
public sealed class UpgradeTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("borsellino-upgrade-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Migrations_under_load_are_whole_or_not_at_all_and_payments_go_on()
    {
        foreach (var file in Directory.GetFiles(TestDatabase.Migrations)) File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        var book = await Book.OpenAsync(database);
        await using var payers = await Payers.StartAsync(book);
        await payers.UntilPaidAsync(100);

        // What migrations do: a column with its guard on a table that everybody writes to, an index, a table of its own.
        await WriteAsync("9001_good.sql",
            """
            alter table ledger.account add column colour text not null default 'red', add constraint account_has_colour check (colour <> '');
            create index account_by_colour on ledger.account (territory_id, colour);
            create table marketplace.colour (territory_id integer not null, name text not null, primary key (territory_id, name));
            select marketplace.protect();
            """);
        Assert.Equal(1, await MigrateAsync());
        await payers.UntilPaidAsync(100);

        await WriteAsync("9002_bad.sql", "alter table ledger.account drop column colour; alter table ledger.account add constraint poor check (credits < 0);");
        await Assert.ThrowsAsync<InvalidOperationException>(MigrateAsync);
        await payers.UntilPaidAsync(100);

        await payers.AssertTheBookIsRightAsync();
        Assert.Equal("red", Assert.Single(await book.Db.ListAsync<string>(
            book.Territory, "select distinct colour from ledger.account where territory_id = @territory", cancel: Cancel)));
    }

    private Task WriteAsync(string name, string sql) => File.WriteAllTextAsync(Path.Combine(folder.FullName, name), sql, Cancel);

    private Task<int> MigrateAsync() => Migrator.MigrateAsync(database.OwnerConnection, folder.FullName, Cancel);
}
