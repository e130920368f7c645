using System.Diagnostics;
using System.Globalization;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>The exported journal, read by hledger, which knows nothing of us: it must come to the same figures.</summary>
public sealed class JournalExportTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly LocalDate NewYear = new(2026, 1, 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_independent_program_comes_to_the_same_balances(bool fromNewYear)
    {
        var book = await LivedInAsync();
        var journal = await WriteAsync(w => new JournalExport(book.Db).WriteHledgerAsync(book.Territory, w, fromNewYear ? NewYear : null));

        await HledgerAsync(journal, "check", "--strict", "ordereddates");
        var balances = (await HledgerAsync(journal, "balance", "--flat", "--empty", "--no-total", "-O", "csv"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Trim().Trim('"').Split("\",\""))
            .ToDictionary(cells => cells[0][(cells[0].LastIndexOf(':') + 1)..], cells => decimal.Parse(cells[1].Split(' ')[0], CultureInfo.InvariantCulture));

        var ours = await book.Db.ListAsync<Total>(book.Territory, "select id, debits - credits as cents from ledger.account where territory_id = @territory");
        Assert.All(ours, a => Assert.Equal(a.Cents / 100m, balances.GetValueOrDefault(a.Id.ToString())));
        Assert.Contains(ours, a => a.Cents > 0);
    }

    [Fact]
    public async Task A_journal_that_was_changed_does_not_pass()
    {
        var book = await LivedInAsync();
        var journal = await WriteAsync(w => new JournalExport(book.Db).WriteHledgerAsync(book.Territory, w));
        var changed = journal.Replace("  0.42 EUR", "  0.43 EUR", StringComparison.Ordinal);

        Assert.NotEqual(journal, changed);
        await Assert.ThrowsAsync<InvalidOperationException>(() => HledgerAsync(changed, "check"));
    }

    [Fact]
    public async Task A_range_of_days_has_its_entries_and_no_other()
    {
        var book = await LivedInAsync();
        var export = new JournalExport(book.Db);
        var all = 0L;
        await WriteAsync(async w => all = await export.WriteHledgerAsync(book.Territory, w));
        var (before, within) = (0L, 0L);
        await WriteAsync(async w => before = await export.WriteCsvAsync(book.Territory, w, through: NewYear.PlusDays(-1)));
        var csv = await WriteAsync(async w => within = await export.WriteCsvAsync(book.Territory, w, from: NewYear));

        Assert.Equal(await book.CountAsync("journal_entry"), all);
        Assert.Equal((2, all - 2), (before, within));
        Assert.Equal(await book.CountAsync("posting") - 4, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length - 1);
    }

    [Fact]
    public async Task What_is_recorded_while_a_book_is_written_is_not_in_it()
    {
        var book = await LivedInAsync();
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        var seen = await book.Db.ReadFrozenAsync(book.Territory, async tx =>
        {
            var before = await tx.FindAsync<long>("select count(*) from ledger.journal_entry where territory_id = @territory");
            Assert.Null(await book.PostAsync(purse, shop, 1));
            return (before, After: await tx.FindAsync<long>("select count(*) from ledger.journal_entry where territory_id = @territory"));
        });

        Assert.Equal(seen.before, seen.After);
        Assert.Equal(seen.before + 1, await book.CountAsync("journal_entry"));
    }

    private sealed record Total(Id<Account> Id, long Cents);

    /// <summary>A book with two years in it, more entries than a page of the export, and texts that a journal might trip over.</summary>
    private async Task<Book> LivedInAsync()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse, shop, fees) = (
            await book.AccountAsync("bank"), await book.AccountAsync("grant"), await book.AccountAsync("shop"), await book.AccountAsync("fees"));
        Assert.Null(await book.PostAsync(Book.Entry(NewYear.PlusDays(-10), new Transfer(bank, purse, new(10_000_000)))));
        Assert.Null(await book.PostAsync(new(
            Id<JournalEntry>.New(), "odd", "a;b, c:d", NewYear.PlusDays(-1), "quote\"d", "", [new(purse, shop, new(42))])));
        var hold = book.Hold(shop, (purse, 500));
        Assert.All(
            await book.ListAsync(
            [
                new Instruction.Authorise(hold), Book.Capture(hold.Id, 123),
                .. Enumerable.Range(1, 2100).Select(i => new Instruction.Post(Book.Entry(purse, shop, i))),
                new Instruction.Post(Book.Entry(fees, bank, 77)),
            ]), Assert.Null);
        return book;
    }

    private static async Task<string> WriteAsync(Func<TextWriter, Task<long>> write)
    {
        await using var text = new StringWriter(CultureInfo.InvariantCulture);
        await write(text);
        return text.ToString();
    }

    private static async Task<string> HledgerAsync(string journal, params string[] words)
    {
        var start = new ProcessStartInfo("hledger")
        {
            ArgumentList = { "-f", "-" },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        };
        foreach (var word in words) start.ArgumentList.Add(word);
        using var hledger = Process.Start(start)!;
        var (said, complained) = (hledger.StandardOutput.ReadToEndAsync(), hledger.StandardError.ReadToEndAsync());
        await hledger.StandardInput.WriteAsync(journal);
        hledger.StandardInput.Close();
        await hledger.WaitForExitAsync();
        return hledger.ExitCode == 0 ? await said : throw new InvalidOperationException(await complained);
    }
}
