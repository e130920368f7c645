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
        ["an amount wherever it stands, in equal parts"] = ("seals", "2026-01-15", Everywhere),
        ["a memo"] = ("seals", "2026-01-15", "update ledger.journal_entry set memo = 'another' where id = '{payment}'"),
        ["who did it"] = ("seals", "2026-01-15", "update ledger.journal_entry set actor = 'another' where id = '{payment}'"),
        ["when it was recorded, to another sealed day"] = ("seals", "2026-01-16", "update ledger.journal_entry set recorded_at = recorded_at + interval '1 day' where id = '{payment}'"),
        ["when it was recorded, to before the first seal"] = ("seals", "2025-12-31", "update ledger.journal_entry set recorded_at = '2025-12-31 10:00+01' where id = '{payment}'"),
        ["a seal made new"] = ("seals", "2026-01-15", "update ledger.seal set root = sha256('x') where territory_id = {t} and day = '2026-01-15'"),
        ["a seal's count"] = ("seals", "2026-01-15", "update ledger.seal set entries = entries + 1 where territory_id = {t} and day = '2026-01-15'"),
        ["a seal and its chain made new"] = ("seals", "2026-01-16", "update ledger.seal set root = sha256('x'), chain = ledger.chain(decode(repeat('00', 32), 'hex'), territory_id, day, entries, sha256('x')) where territory_id = {t} and day = '2026-01-15'"),
        ["a seal removed"] = ("seals", "2026-01-16", "delete from ledger.seal where territory_id = {t} and day = '2026-01-15'"),
        ["a posting's amount"] = ("entry_balances", "{payment}", "update ledger.posting set debit = debit + 1, debits_after = debits_after + 1 where entry_id = '{payment}' and debit > 0"),
        ["a posting removed"] = ("entry_balances", "{payment}", "delete from ledger.posting where entry_id = '{payment}' and debit > 0"),
        ["both postings removed"] = ("account_totals", "{purse}", "delete from ledger.posting where entry_id = '{payment}'"),
        ["both postings of an entry raised"] = ("account_totals", "{purse}", "update ledger.posting set debit = debit * 2, credit = credit * 2 where entry_id = '{payment}'"),
        ["a posting moved to another account"] = ("account_totals", "{purse}", "update ledger.posting set account_id = '{other}', position = 1 where entry_id = '{payment}' and debit > 0"),
        ["a posting moved to another day"] = ("posting_has_entry", "{payment}", "update ledger.posting set effective_on = '2025-01-01' where entry_id = '{payment}'"),
        ["a posting's day of recording"] = ("posting_has_entry", "{payment}", "update ledger.posting set recorded_on = '2025-01-01' where entry_id = '{payment}'"),
        ["an entry's instant of recording"] = ("posting_has_entry", "{payment}", "update ledger.journal_entry set recorded_at = recorded_at - interval '2 days' where id = '{payment}'"),
        ["the latest day before a posting"] = ("running_days", "{purse}", "update ledger.posting set latest_before = '2025-01-01' where entry_id = '{payment}' and account_id = '{purse}'"),
        ["the day of recording before a posting"] = ("running_days", "{purse}", "update ledger.posting set recorded_before = '2025-01-01' where entry_id = '{payment}' and account_id = '{purse}'"),
        ["an account's latest day"] = ("account_totals", "{purse}", "update ledger.account set latest_on = '2026-02-01' where id = '{purse}'"),
        ["an account's day of recording"] = ("account_totals", "{purse}", "update ledger.account set recorded_on = '2026-02-01' where id = '{purse}'"),
        ["an entry's kind"] = ("chart_rules", "{payment}", "update ledger.journal_entry set kind = 'grant_activated' where id = '{payment}'"),
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
        ["a period opened in silence"] = ("period_is_its_events", "2026-01-02", "update ledger.book set closed_through = '2026-01-02' where territory_id = {t}"),
        ["the traces of the periods"] = ("period_is_its_events", "2026-01-03", "delete from ledger.period_event where territory_id = {t}"),
        ["an account removed"] = ("book_balances", "the book", "delete from ledger.account where id = '{bank}'"),
    };

    /// <summary>Raises a payment from a purse to a shop by a cent in every row that knows of it: only the seal remembers.</summary>
    private const string Everywhere =
        """
        update ledger.posting set debit = debit + sign(debit)::int, credit = credit + sign(credit)::int where entry_id = '{payment}';
        update ledger.posting p set debits_after = a.debits, credits_after = a.credits
        from (select territory_id, entry_id, line, sum(debit) over life as debits, sum(credit) over life as credits
              from ledger.posting where territory_id = {t}
              window life as (partition by account_id order by position)) a
        where (p.territory_id, p.entry_id, p.line) = (a.territory_id, a.entry_id, a.line);
        update ledger.account a set debits = p.debits, credits = p.credits
        from (select account_id, sum(debit) as debits, sum(credit) as credits from ledger.posting where territory_id = {t} group by account_id) p
        where a.territory_id = {t} and p.account_id = a.id
        """;

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
        await book.ClosePeriodAsync(new(2026, 1, 3));
        book.Clock.Advance(NodaTime.Duration.FromDays(2));
        Assert.Equal(2, await new Seals(book.Db, book.Clock).SealDueAsync(book.Territory, TestContext.Current.CancellationToken));
        Assert.Empty(await book.AuditAsync());
        var (check, row, sql) = Deeds[deed];

        await book.AsOwnerAsync($"set local session_replication_role = replica; {Fill(sql)}");
        database.Spoil(book.Territory);

        var found = await book.AuditAsync();
        Assert.Contains(found, d => d.Check == check && d.What.Contains(Fill(row), StringComparison.Ordinal));

        string Fill(string text) => text
            .Replace("{t}", $"{book.Territory}", StringComparison.Ordinal).Replace("{bank}", $"{bank.Value}", StringComparison.Ordinal).Replace("{purse}", $"{purse.Value}", StringComparison.Ordinal)
            .Replace("{other}", $"{other.Value}", StringComparison.Ordinal).Replace("{payment}", $"{payment.Id.Value}", StringComparison.Ordinal)
            .Replace("{open}", $"{open.Id.Value}", StringComparison.Ordinal).Replace("{voided}", $"{voided.Id.Value}", StringComparison.Ordinal)
            .Replace("{capture}", $"{capture.EntryId.Value}", StringComparison.Ordinal);
    }

    [Fact]
    public void Every_check_of_the_audit_is_seen_to_find_something() =>
        Assert.Equal(Audit.CheckNames.Order(), Deeds.Values.Select(d => d.Check).Distinct().Order());
}
