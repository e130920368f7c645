using Borsellino.Ledger;
using Npgsql;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// What the database refuses when the code is wrong or bypassed: raw SQL, sent by the owner of the tables and by the
/// application's role. The owner meets the rule itself; the application meets it or has no right to begin with.
/// </summary>
public sealed class GuardTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string NotAllowed = "42501";

    /// <summary>
    /// Made once, because what is refused leaves nothing. A book with 1,000 on a purse and two holds of 300 on it, one captured with 100 and open, one voided; the words in
    /// braces stand for its ids. <c>{fresh}</c> is an id that nothing has.
    /// </summary>
    private Task<(Book Book, Func<string, string> Fill)> GroundAsync() => shared ??= MakeGroundAsync();

    private static Task<(Book Book, Func<string, string> Fill)>? shared;

    private async Task<(Book Book, Func<string, string> Fill)> MakeGroundAsync()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse, shop, empty) = (
            await book.AccountAsync("bank"), await book.AccountAsync("grant", Book.Morning + NodaTime.Duration.FromDays(40)),
            await book.AccountAsync("shop"), await book.AccountAsync("shop"));
        var funding = Book.Entry(bank, purse, 1000);
        Assert.Null(await book.PostAsync(funding));
        var (open, voided) = (book.Hold(shop, (purse, 300)), book.Hold(shop, (purse, 300)));
        Assert.Null(await book.AuthoriseAsync(open));
        Assert.Null(await book.AuthoriseAsync(voided));
        var capture = Book.Capture(open.Id, 100, RestOfHold.Keep);
        Assert.Null(await book.CaptureAsync(capture));
        Assert.Null(await book.VoidAsync(Book.Void(voided.Id)));
        Assert.Null(await book.CloseAsync(empty));
        await book.ClosePeriodAsync(new(2025, 12, 31));
        var other = await Book.OpenAsync(database);
        var foreign = await other.AccountAsync("grant");

        return (book, sql => sql
            .Replace("{t}", $"{book.Territory}", StringComparison.Ordinal)
            .Replace("{other}", $"{other.Territory}", StringComparison.Ordinal)
            .Replace("{foreign}", $"'{foreign.Value}'", StringComparison.Ordinal)
            .Replace("{bank}", $"'{bank.Value}'", StringComparison.Ordinal)
            .Replace("{purse}", $"'{purse.Value}'", StringComparison.Ordinal)
            .Replace("{shop}", $"'{shop.Value}'", StringComparison.Ordinal)
            .Replace("{closed}", $"'{empty.Value}'", StringComparison.Ordinal)
            .Replace("{funding}", $"'{funding.Id.Value}'", StringComparison.Ordinal)
            .Replace("{capture}", $"'{capture.EntryId.Value}'", StringComparison.Ordinal)
            .Replace("{open}", $"'{open.Id.Value}'", StringComparison.Ordinal)
            .Replace("{voided}", $"'{voided.Id.Value}'", StringComparison.Ordinal)
            .Replace("{fresh}", $"'{Guid.CreateVersion7()}'", StringComparison.Ordinal));
    }

    private static string Entry(int lines = 2, string on = "2026-01-15") =>
        "insert into ledger.journal_entry (territory_id, id, kind, reference, effective_on, recorded_at, actor, memo, lines, digest)"
        + $" values ({{t}}, {{fresh}}, 'test', '', '{on}', now(), 'tester', '', {lines}, decode(repeat('00', 32), 'hex'));";

    private static string Posting(
        int line, string account, long debit, long credit, int position, long debitsAfter, long creditsAfter, int lines = 2,
        string entry = "{fresh}", string on = "2026-01-15") =>
        "insert into ledger.posting (territory_id, entry_id, line, lines, account_id, debit, credit, effective_on, position, debits_after, credits_after)"
        + $" values ({{t}}, {entry}, {line}, {lines}, {account}, {debit}, {credit}, '{on}', {position}, {debitsAfter}, {creditsAfter});";

    private static string Move(string account, long debits, long credits, int movements = 1) =>
        $"update ledger.account set debits = debits + {debits}, credits = credits + {credits}, movements = movements + {movements}"
        + $" where territory_id = {{t}} and id = {account};";

    // The purse's life so far: credit 1,000, debit 100. The bank's: debit 1,000.
    private static readonly string Right =
        Entry() + Posting(1, "{bank}", 50, 0, 2, 1050, 0) + Posting(2, "{purse}", 0, 50, 3, 100, 1050) + Move("{bank}", 50, 0) + Move("{purse}", 0, 50);

    private const string NewHold =
        "insert into ledger.hold (territory_id, id, payee_id, reference, status, authorised_at, expires_at, actor, memo, lines, digest)"
        + " values ({t}, {fresh}, {shop}, '', 'Open', '2026-01-15', '2026-02-10', 'tester', '', 1, decode(repeat('00', 32), 'hex'));";

    private const string NewLine =
        "insert into ledger.hold_line (territory_id, hold_id, line, lines, account_id, amount) values ({t}, {fresh}, 1, 1, {purse}, 10);"
        + "update ledger.account set debits_held = debits_held + 10 where territory_id = {t} and id = {purse};";

    private const string CaptureOfTen =
        "update ledger.hold_line set captured = captured + 10 where territory_id = {t} and hold_id = {open};"
        + "update ledger.account set debits_held = debits_held - 10 where territory_id = {t} and id = {purse};"
        + "insert into ledger.hold_event_line (territory_id, event_id, hold_id, line, captured, released) values ({t}, {fresh}, {open}, 1, 10, 0);";

    /// <summary>The statements as parts of one, which is what the guards judge.</summary>
    private static string Together(string statements) =>
        string.Join(", ", statements.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select((part, i) => $"{(i == 0 ? "with " : "")}w{i} as ({part})")) + " select";

    private static readonly Dictionary<string, (string Sql, string Constraint)> Cases = new(StringComparer.Ordinal)
    {
        ["an entry that does not balance"] = (
            Entry() + Posting(1, "{bank}", 50, 0, 2, 1050, 0) + Posting(2, "{purse}", 0, 49, 3, 100, 1049) + Move("{bank}", 50, 0) + Move("{purse}", 0, 49),
            "entry_balances"),
        ["an entry with fewer postings than it says"] = (
            Entry(3) + Posting(1, "{bank}", 50, 0, 2, 1050, 0, 3) + Posting(2, "{purse}", 0, 50, 3, 100, 1050, 3) + Move("{bank}", 50, 0) + Move("{purse}", 0, 50),
            "entry_balances"),
        ["an entry without postings"] = (Entry(), "entry_balances"),
        ["an entry of one line"] = (Entry(1), "journal_entry_lines_check"),
        ["an entry with a kind in capitals"] = (Entry().Replace("'test'", "'Test'", StringComparison.Ordinal), "journal_entry_kind_check"),
        ["an entry without an actor"] = (Entry().Replace("'tester'", "''", StringComparison.Ordinal), "journal_entry_actor_check"),
        ["an entry with a short digest"] = (Entry().Replace("'00', 32", "'00', 31", StringComparison.Ordinal), "journal_entry_digest_check"),
        ["an entry recorded again"] = (Entry().Replace("{fresh}", "{funding}", StringComparison.Ordinal), "journal_entry_pkey"),
        ["an entry recorded again with its postings"] = (Right.Replace("{fresh}", "{funding}", StringComparison.Ordinal), "posting_pkey"),
        ["an entry in a closed period"] = (Entry(on: "2025-12-31"), "period_is_open"),
        ["a posting on another day than its entry"] = (
            Entry() + Posting(1, "{bank}", 50, 0, 2, 1050, 0, on: "2025-12-31"), "posting_of_entry"),
        ["a third posting, later"] = (
            Posting(3, "{purse}", 0, 50, 3, 100, 1050, entry: "{funding}") + Move("{purse}", 0, 50), "posting_line_in_entry"),
        ["a third posting, later, that says there are three"] = (
            Posting(3, "{purse}", 0, 50, 3, 100, 1050, 3, "{funding}") + Move("{purse}", 0, 50), "posting_of_entry"),
        ["a posting without an entry"] = (Posting(1, "{purse}", 0, 50, 3, 100, 1050), "posting_of_entry"),
        ["a posting of another territory's account"] = (
            Entry() + Posting(1, "{foreign}", 0, 50, 1, 0, 50), "posting_of_account"),
        ["a posting on both sides"] = (Entry() + Posting(1, "{bank}", 50, 50, 2, 1050, 50), "posting_one_side"),
        ["a posting of nothing"] = (Entry() + Posting(1, "{bank}", 0, 0, 2, 1000, 0), "posting_one_side"),
        ["a posting of less than nothing"] = (Entry() + Posting(1, "{bank}", -50, 0, 2, 950, 0), "posting_debit_check"),
        ["a posting that takes a place again"] = (Entry() + Posting(1, "{bank}", 50, 0, 1, 1050, 0), "posting_position"),
        ["a posting that leaves a place out"] = (
            Entry() + Posting(1, "{bank}", 50, 0, 3, 1050, 0) + Posting(2, "{purse}", 0, 50, 3, 100, 1050) + Move("{bank}", 50, 0, 2) + Move("{purse}", 0, 50),
            "posting_continues"),
        ["a posting that does not continue the debits"] = (
            Entry() + Posting(1, "{bank}", 50, 0, 2, 1051, 0) + Posting(2, "{purse}", 0, 50, 3, 100, 1050) + Move("{bank}", 51, 0) + Move("{purse}", 0, 50),
            "posting_continues"),
        ["a posting that does not continue the credits"] = (
            Entry() + Posting(1, "{bank}", 50, 0, 2, 1050, 0) + Posting(2, "{purse}", 0, 50, 3, 100, 1049) + Move("{bank}", 50, 0) + Move("{purse}", 0, 49),
            "posting_continues"),
        ["postings without totals"] = (
            Entry() + Posting(1, "{bank}", 50, 0, 2, 1050, 0) + Posting(2, "{purse}", 0, 50, 3, 100, 1050), "posting_continues"),
        ["totals that grow alone"] = (Move("{purse}", 0, 50, 0), "account_matches_postings"),
        ["totals that grow with a movement that is not there"] = (Move("{purse}", 0, 50), "account_matches_postings"),
        ["totals that are smaller than before"] = (Move("{purse}", 0, -50, 0), "account_only_grows"),
        ["movements that are fewer than before"] = (Move("{purse}", 0, 0, -1), "account_only_grows"),
        ["a purse overdrawn"] = (
            Entry() + Posting(1, "{purse}", 701, 0, 3, 801, 1000) + Posting(2, "{shop}", 0, 701, 2, 0, 801) + Move("{purse}", 701, 0) + Move("{shop}", 0, 701),
            "account_not_overdrawn"),
        ["a bank account overdrawn"] = (
            Entry() + Posting(1, "{purse}", 1, 0, 3, 101, 1000) + Posting(2, "{bank}", 0, 1001, 2, 1000, 1001) + Move("{bank}", 0, 1001),
            "account_not_overdrawn"),
        ["money held on a bank account"] = (
            "update ledger.account set debits_held = 1 where territory_id = {t} and id = {bank};", "account_not_overdrawn"),
        ["an account of a kind that its place does not have"] = (
            "insert into ledger.account (territory_id, id, chart, kind, name, opened_at) values ({t}, {fresh}, 'grant', 'Asset', 'x', now());",
            "account_chart_kind_fkey"),
        ["a closed account opened again"] = (
            "update ledger.account set closed_at = null where territory_id = {t} and id = {closed};", "account_only_grows"),
        ["a closed account that moves"] = (
            Entry() + Posting(1, "{bank}", 50, 0, 2, 1050, 0) + Posting(2, "{closed}", 0, 50, 1, 0, 50) + Move("{bank}", 50, 0) + Move("{closed}", 0, 50),
            "account_only_grows"),
        ["an account closed with money on it"] = (
            "update ledger.account set closed_at = now() where territory_id = {t} and id = {purse};", "account_closed_empty"),
        ["held money that changes alone"] = (
            "update ledger.account set debits_held = 0 where territory_id = {t} and id = {purse};", "account_matches_holds"),
        ["a hold without lines"] = (NewHold, "hold_has_lines"),
        ["a hold whose line holds nothing on the account"] = (
            NewHold + NewLine[..(NewLine.IndexOf(';', StringComparison.Ordinal) + 1)], "account_matches_holds"),
        ["a hold that is over before it begins"] = (NewHold.Replace("2026-02-10", "2026-01-15", StringComparison.Ordinal), "hold_check"),
        ["a hold that outlives its account"] = (
            NewHold.Replace("2026-02-10", "2026-03-10", StringComparison.Ordinal) + NewLine, "hold_within_account"),
        ["an account's limit moved before a hold's end"] = (
            "update ledger.account set holds_until = '2026-02-01' where territory_id = {t} and id = {purse};", "hold_within_account"),
        ["a hold made closed"] = (NewHold.Replace("'Open'", "'Voided'", StringComparison.Ordinal) + NewLine, "hold_closed"),
        ["a hold line of more than is available"] = (
            NewHold + NewLine.Replace("10", "701", StringComparison.Ordinal), "account_not_overdrawn"),
        ["a hold line of nothing"] = (NewHold + NewLine.Replace("10)", "0)", StringComparison.Ordinal), "hold_line_amount_check"),
        ["a second hold line, later"] = (
            "insert into ledger.hold_line (territory_id, hold_id, line, lines, account_id, amount) values ({t}, {open}, 2, 1, {shop}, 10);",
            "hold_line_in_hold"),
        ["a second hold line, later, that says there are two"] = (
            "insert into ledger.hold_line (territory_id, hold_id, line, lines, account_id, amount) values ({t}, {open}, 2, 2, {shop}, 10);",
            "hold_line_of_hold"),
        ["a hold line captured past its amount"] = (
            "update ledger.hold_line set captured = 301 where territory_id = {t} and hold_id = {open};", "hold_line_not_exceeded"),
        ["a hold line captured without an event"] = (
            CaptureOfTen[..CaptureOfTen.IndexOf("insert", StringComparison.Ordinal)], "hold_line_matches_events"),
        ["an event of a hold line that did not move"] = (
            "insert into ledger.hold_event_line (territory_id, event_id, hold_id, line, captured, released) values ({t}, {open}, {open}, 1, 0, 10);",
            "hold_line_matches_events"),
        ["a hold line that gives back what it has captured"] = (
            "update ledger.hold_line set captured = captured - 10 where territory_id = {t} and hold_id = {open};"
            + "update ledger.account set debits_held = debits_held + 10 where territory_id = {t} and id = {purse};",
            "hold_line_only_grows"),
        ["a hold line with another amount"] = (
            "update ledger.hold_line set amount = 200 where territory_id = {t} and hold_id = {open};"
            + "update ledger.account set debits_held = debits_held - 100 where territory_id = {t} and id = {purse};",
            "hold_line_only_grows"),
        ["a capture without an entry"] = (
            "insert into ledger.hold_event (territory_id, id, hold_id, kind, recorded_at, actor, memo) values ({t}, {fresh}, {open}, 'Captured', now(), 'x', '');"
            + CaptureOfTen, "hold_event_entry"),
        ["a capture by an entry that pays something else"] = (
            "insert into ledger.hold_event (territory_id, id, hold_id, kind, recorded_at, actor, memo, entry_id)"
            + " values ({t}, {fresh}, {open}, 'Captured', now(), 'x', '', {capture});" + CaptureOfTen, "capture_is_entry"),
        ["a void with an entry"] = (
            "insert into ledger.hold_event (territory_id, id, hold_id, kind, recorded_at, actor, memo, entry_id)"
            + " values ({t}, {fresh}, {open}, 'Voided', now(), 'x', '', {capture});", "hold_event_entry"),
        ["a closed hold opened again"] = (
            "update ledger.hold set status = 'Open', closed_at = null where territory_id = {t} and id = {voided};", "hold_closes_once"),
        ["a closed hold closed otherwise"] = (
            "update ledger.hold set status = 'Expired' where territory_id = {t} and id = {voided};", "hold_closes_once"),
        ["a hold closed with money on it"] = (
            "update ledger.hold set status = 'Voided', closed_at = now() where territory_id = {t} and id = {open};", "hold_has_rest"),
        ["a hold closed without an instant"] = (
            "update ledger.hold set status = 'Voided' where territory_id = {t} and id = {open};", "hold_closed"),
        ["a hold with another payee"] = (
            "update ledger.hold set payee_id = {bank} where territory_id = {t} and id = {open};", "hold_closes_once"),
        ["a hold that lasts longer than it was made"] = (
            "update ledger.hold set expires_at = '2027-01-01' where territory_id = {t} and id = {open};", "hold_closes_once"),
        ["a book in another currency"] = ("update ledger.book set currency = 'CHF' where territory_id = {t};", "book_currency_check"),
    };

    public static TheoryData<string, bool> Sent => new(Cases.Keys.SelectMany(c => new[] { (c, true), (c, false) }));

    [Theory, MemberData(nameof(Sent))]
    public async Task The_database_refuses(string what, bool asOwner)
    {
        var (book, fill) = await GroundAsync();
        var (sql, constraint) = Cases[what];

        var error = await Assert.ThrowsAsync<PostgresException>(
            () => asOwner ? book.AsOwnerAsync(fill(Together(sql))) : book.AsApplicationAsync(fill(Together(sql))));

        if (asOwner || error.SqlState != NotAllowed) Assert.Equal(constraint, error.ConstraintName);
    }

    [Fact]
    public async Task What_is_right_is_accepted_also_in_raw_sql()
    {
        var (book, fill) = await MakeGroundAsync();
        await book.AsApplicationAsync(fill(Together(Right)));
        await book.AsOwnerAsync(fill("update ledger.account set holds_until = '2027-01-01' where territory_id = {t} and id = {purse}"));
    }

    public static TheoryData<string> AppendOnly =>
    [
        "update ledger.journal_entry set memo = 'x' where id = {funding}", "delete from ledger.journal_entry where id = {funding}",
        "truncate ledger.journal_entry cascade", "update ledger.posting set debit = debit where entry_id = {funding}",
        "delete from ledger.posting where entry_id = {funding}", "truncate ledger.posting",
        "update ledger.hold_event set memo = 'x' where hold_id = {open}", "delete from ledger.hold_event where hold_id = {open}",
        "truncate ledger.hold_event cascade", "update ledger.hold_event_line set captured = 0 where hold_id = {open}",
        "delete from ledger.hold_event_line where hold_id = {open}", "truncate ledger.hold_event_line",
        "delete from ledger.account where id = {closed}", "truncate ledger.account cascade", "delete from ledger.hold where id = {open}",
        "truncate ledger.hold cascade", "delete from ledger.hold_line where hold_id = {open}", "truncate ledger.hold_line cascade",
    ];

    [Theory, MemberData(nameof(AppendOnly))]
    public async Task What_is_recorded_is_neither_changed_nor_removed(string sql)
    {
        var (book, fill) = await GroundAsync();

        Assert.Equal("append_only", (await Assert.ThrowsAsync<PostgresException>(() => book.AsOwnerAsync(fill(sql)))).ConstraintName);
        Assert.Equal(NotAllowed, (await Assert.ThrowsAsync<PostgresException>(() => book.AsApplicationAsync(fill(sql)))).SqlState);
    }
}
