using Borsellino.Ledger;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// A superuser with the triggers switched off can change anything. The audit names the row, whatever was done: each of
/// its checks is seen to find something here.
/// </summary>
public sealed class TamperTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Dictionary<string, (string Check, string Row, string Sql)> Deeds = new(StringComparer.Ordinal)
    {
        ["a posting's amount"] = ("entry_balances", "{payment}", "update ledger.posting set debit = debit + 1, debits_after = debits_after + 1 where entry_id = '{payment}' and debit > 0"),
        ["a posting removed"] = ("entry_balances", "{payment}", "delete from ledger.posting where entry_id = '{payment}' and debit > 0"),
        ["both postings removed"] = ("account_totals", "{purse}", "delete from ledger.posting where entry_id = '{payment}'"),
        ["both postings of an entry raised"] = ("account_totals", "{purse}", "update ledger.posting set debit = debit * 2, credit = credit * 2 where entry_id = '{payment}'"),
        ["a posting moved to another account"] = ("account_totals", "{purse}", "update ledger.posting set account_id = '{other}', position = 1 where entry_id = '{payment}' and debit > 0"),
        ["a posting moved to another day"] = ("posting_has_entry", "{payment}", "update ledger.posting set effective_on = '2025-01-01' where entry_id = '{payment}'"),
        ["an entry removed"] = ("posting_has_entry", "{payment}", "delete from ledger.journal_entry where id = '{payment}'"),
        ["an account's credits"] = ("account_totals", "{purse}", "update ledger.account set credits = credits + 500 where id = '{purse}'"),
        ["an account's totals on both sides"] = ("account_totals", "{bank}", "update ledger.account set credits = credits + 5, debits = debits + 5 where id = '{bank}'"),
        ["the totals after a posting"] = ("running_totals", "{purse}", "update ledger.posting set credits_after = credits_after + 1 where entry_id = '{payment}' and account_id = '{purse}'"),
        ["the order of postings"] = ("running_totals", "{purse}", "update ledger.posting set position = position + 10 where entry_id = '{payment}' and account_id = '{purse}'"),
        ["an overdrawn purse"] = ("account_not_overdrawn", "{purse}", "alter table ledger.account drop constraint account_not_overdrawn; update ledger.account set debits = 5000 where id = '{purse}'"),
        ["what is held on an account"] = ("account_holds", "{purse}", "update ledger.account set debits_held = 0 where id = '{purse}'"),
        ["a hold line's amount"] = ("account_holds", "{purse}", "update ledger.hold_line set amount = amount + 1 where hold_id = '{open}'"),
        ["what a hold line has captured"] = ("hold_lines_from_events", "{open}", "update ledger.hold_line set captured = captured + 1 where hold_id = '{open}'"),
        ["what an event of a hold captured"] = ("hold_lines_from_events", "{open}", "update ledger.hold_event_line set captured = captured - 1 where hold_id = '{open}'"),
        ["a hold's status"] = ("hold_status", "{open}", "update ledger.hold set status = 'Captured', closed_at = now() where id = '{open}'"),
        ["a voided hold called captured"] = ("hold_status", "{voided}", "update ledger.hold set status = 'Captured' where id = '{voided}'"),
        ["a voided hold opened again"] = ("hold_status", "{voided}", "update ledger.hold set status = 'Open', closed_at = null where id = '{voided}'"),
        ["a hold line removed"] = ("hold_status", "{voided}", "delete from ledger.hold_line where hold_id = '{voided}'"),
        ["an authorisation removed"] = ("hold_status", "{open}", "delete from ledger.hold_event where id = '{open}'"),
        ["a capture that names another entry"] = ("captures_are_entries", "{capture}", "update ledger.hold_event set entry_id = '{payment}' where id = '{capture}'"),
        ["an account removed"] = ("book_balances", "the book", "delete from ledger.account where id = '{bank}'"),
    };

    public static TheoryData<string> Names => new(Deeds.Keys);

    [Theory, MemberData(nameof(Names))]
    public async Task The_audit_names_the_row(string deed)
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse, shop, other) = (
            await book.AccountAsync("bank"), await book.AccountAsync("grant"), await book.AccountAsync("shop"), await book.AccountAsync("grant"));
        var payment = Book.Entry(purse, shop, 70);
        var (open, voided) = (book.Hold(shop, (purse, 300)), book.Hold(shop, (purse, 200)));
        var capture = Book.Capture(open.Id, 100, RestOfHold.Keep);
        Assert.Equal(
            "done done done done done done done",
            await book.CodesAsync(
                new Instruction.Post(Book.Entry(bank, purse, 1000)), new Instruction.Post(payment), new Instruction.Authorise(open),
                new Instruction.Authorise(voided), capture, Book.Void(voided.Id), new Instruction.Post(Book.Entry(purse, shop, 1))));
        Assert.Empty(await book.AuditAsync());
        var (check, row, sql) = Deeds[deed];

        await book.AsOwnerAsync($"set local session_replication_role = replica; {Fill(sql)}");
        database.Spoil(book.Territory);

        var found = await book.AuditAsync();
        Assert.Contains(found, d => d.Check == check && d.What.Contains(Fill(row), StringComparison.Ordinal));

        string Fill(string text) => text
            .Replace("{bank}", $"{bank.Value}", StringComparison.Ordinal).Replace("{purse}", $"{purse.Value}", StringComparison.Ordinal)
            .Replace("{other}", $"{other.Value}", StringComparison.Ordinal).Replace("{payment}", $"{payment.Id.Value}", StringComparison.Ordinal)
            .Replace("{open}", $"{open.Id.Value}", StringComparison.Ordinal).Replace("{voided}", $"{voided.Id.Value}", StringComparison.Ordinal)
            .Replace("{capture}", $"{capture.EntryId.Value}", StringComparison.Ordinal);
    }

    [Fact]
    public void Every_check_of_the_audit_is_seen_to_find_something() =>
        Assert.Equal(Audit.CheckNames.Order(), Deeds.Values.Select(d => d.Check).Distinct().Order());
}
