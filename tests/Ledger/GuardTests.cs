using Borsellino.Ledger;
using Npgsql;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// What the database refuses when the code is wrong or bypassed: lists brought to the door by the application's role, and
/// raw SQL sent past it.
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
        var theirs = Book.Entry(await other.AccountAsync("bank"), await other.AccountAsync("grant"), 1);
        Assert.Null(await other.PostAsync(theirs));

        var place = (await other.Db.ListAsync<string>(
            other.Territory, "select ctid::text from ledger.account where territory_id = @territory and id = @foreign", new { foreign }))[0];
        return (book, sql => sql
            .Replace("{t}", $"{book.Territory}", StringComparison.Ordinal)
            .Replace("{other}", $"{other.Territory}", StringComparison.Ordinal)
            .Replace("{foreign}", $"'{foreign.Value}'", StringComparison.Ordinal)
            .Replace("{place}", place, StringComparison.Ordinal)
            .Replace("{theirs}", $"'{theirs.Id.Value}'", StringComparison.Ordinal)
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

    /// <summary>
    /// An entry of 50 from the bank to the purse, as it is brought to the door. The purse's life so far: credit 1,000, debit
    /// 100, and 200 held. The bank's: debit 1,000.
    /// </summary>
    private static readonly Dictionary<string, string> Right = new(StringComparer.Ordinal)
    {
        ["instant"] = "'2026-01-15T09:00Z'",
        ["account_ids"] = "array[{bank}, {purse}]::uuid[]",
        ["charts"] = "'{bank, grant}'",
        ["kinds"] = "'{test}'",
        ["account_charts"] = "'{1, 2}'",
        ["account_debits"] = "'{1000, 100}'",
        ["account_credits"] = "'{0, 1000}'",
        ["account_holds"] = "'{0, 200}'",
        ["account_movements"] = "'{1, 2}'",
        ["account_latest"] = "'{2026-01-15, 2026-01-15}'",
        ["account_recorded"] = "'{2026-01-15, 2026-01-15}'",
        ["account_debits_after"] = "'{1050, 100}'",
        ["account_credits_after"] = "'{0, 1050}'",
        ["account_holds_after"] = "'{0, 200}'",
        ["account_movements_after"] = "'{2, 3}'",
        ["account_latest_after"] = "'{2026-01-15, 2026-01-15}'",
        ["entry_ids"] = "array[{fresh}]::uuid[]",
        ["entry_kinds"] = "'{1}'",
        ["entry_references"] = "array['']",
        ["entry_days"] = "'{2026-01-15}'",
        ["entry_actors"] = "'{tester}'",
        ["entry_memos"] = "array['']",
        ["entry_lines"] = "'{2}'",
        ["entry_reverses"] = "array[null]::uuid[]",
        ["entry_digests"] = "array[decode(repeat('00', 32), 'hex')]",
        ["posting_entries"] = "'{1, 1}'",
        ["posting_lines"] = "'{1, 2}'",
        ["posting_accounts"] = "'{1, 2}'",
        ["posting_debits"] = "'{50, 0}'",
        ["posting_credits"] = "'{0, 50}'",
        ["posting_positions"] = "'{2, 3}'",
        ["posting_debits_after"] = "'{1050, 100}'",
        ["posting_credits_after"] = "'{0, 1050}'",
        ["posting_latest_before"] = "'{2026-01-15, 2026-01-15}'",
    };

    /// <summary>What makes two entries of it, of 50 and of 20: each account has two postings.</summary>
    private static readonly (string, string)[] Two =
    [
        ("entry_ids", "array[gen_random_uuid(), gen_random_uuid()]"), ("entry_kinds", "'{1, 1}'"), ("entry_references", "array['', '']"),
        ("entry_days", "'{2026-01-15, 2026-01-15}'"), ("entry_actors", "'{tester, tester}'"), ("entry_memos", "array['', '']"), ("entry_lines", "'{2, 2}'"),
        ("entry_reverses", "array[null, null]::uuid[]"), ("entry_digests", "array[decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex')]"),
        ("posting_entries", "'{1, 2, 1, 2}'"), ("posting_lines", "'{1, 1, 2, 2}'"), ("posting_accounts", "'{1, 1, 2, 2}'"),
        ("posting_debits", "'{50, 20, 0, 0}'"), ("posting_credits", "'{0, 0, 50, 20}'"), ("posting_positions", "'{2, 3, 3, 4}'"),
        ("posting_debits_after", "'{1050, 1070, 100, 100}'"), ("posting_credits_after", "'{0, 0, 1050, 1070}'"),
        ("posting_latest_before", "'{2026-01-15, 2026-01-15, 2026-01-15, 2026-01-15}'"),
        ("account_debits_after", "'{1070, 100}'"), ("account_credits_after", "'{0, 1070}'"), ("account_movements_after", "'{3, 4}'"),
    ];

    /// <summary>What makes a hold of 10 on the purse of it, and nothing else.</summary>
    private static readonly (string, string)[] Held =
    [
        ("account_ids", "array[{purse}]::uuid[]"), ("charts", "'{grant}'"), ("account_charts", "'{1}'"), ("account_debits", "'{100}'"), ("account_credits", "'{1000}'"),
        ("account_holds", "'{200}'"), ("account_movements", "'{2}'"), ("account_latest", "'{2026-01-15}'"), ("account_recorded", "'{2026-01-15}'"),
        ("account_debits_after", "'{100}'"), ("account_credits_after", "'{1000}'"), ("account_holds_after", "'{210}'"), ("account_movements_after", "'{2}'"),
        ("account_latest_after", "'{2026-01-15}'"), ("kinds", "'{}'"), ("entry_ids", "'{}'"), ("entry_kinds", "'{}'"), ("entry_references", "'{}'"), ("entry_days", "'{}'"),
        ("entry_actors", "'{}'"), ("entry_memos", "'{}'"), ("entry_lines", "'{}'"), ("entry_reverses", "'{}'"), ("entry_digests", "'{}'"), ("posting_entries", "'{}'"),
        ("posting_lines", "'{}'"), ("posting_accounts", "'{}'"), ("posting_debits", "'{}'"), ("posting_credits", "'{}'"), ("posting_positions", "'{}'"),
        ("posting_debits_after", "'{}'"), ("posting_credits_after", "'{}'"), ("posting_latest_before", "'{}'"),
        ("hold_ids", "array[{fresh}]::uuid[]"), ("hold_payees", "array[{shop}]::uuid[]"), ("hold_references", "array['']"), ("hold_statuses", "'{Open}'"),
        ("hold_ends", "'{2026-02-10}'"), ("hold_actors", "'{tester}'"), ("hold_memos", "array['']"), ("hold_lines", "'{1}'"),
        ("hold_digests", "array[decode(repeat('00', 32), 'hex')]"),
        ("line_holds", "array[{fresh}]::uuid[]"), ("line_numbers", "'{1}'"), ("line_lines", "'{1}'"), ("line_accounts", "array[{purse}]::uuid[]"), ("line_amounts", "'{10}'"),
        ("line_captured", "'{0}'"), ("line_released", "'{0}'"), ("moved_holds", "'{}'"), ("moved_lines", "'{}'"), ("moved_captured", "'{}'"), ("moved_released", "'{}'"),
        ("closed_holds", "'{}'"), ("closed_statuses", "'{}'"),
        ("event_ids", "array[{fresh}]::uuid[]"), ("event_holds", "array[{fresh}]::uuid[]"), ("event_kinds", "'{Authorised}'"), ("event_actors", "'{tester}'"),
        ("event_memos", "array['']"), ("event_entries", "array[null]::uuid[]"), ("event_line_events", "'{}'"), ("event_line_holds", "'{}'"), ("event_line_lines", "'{}'"),
        ("event_line_captured", "'{}'"), ("event_line_released", "'{}'"),
    ];

    /// <summary>What makes a void of the open hold of it, which has 200 left.</summary>
    private static readonly (string, string)[] Released =
    [
        .. Held, ("account_holds_after", "'{0}'"), ("hold_ids", "'{}'"), ("hold_payees", "'{}'"), ("hold_references", "'{}'"), ("hold_statuses", "'{}'"),
        ("hold_ends", "'{}'"), ("hold_actors", "'{}'"), ("hold_memos", "'{}'"), ("hold_lines", "'{}'"), ("hold_digests", "'{}'"), ("line_holds", "'{}'"),
        ("line_numbers", "'{}'"), ("line_lines", "'{}'"), ("line_accounts", "'{}'"), ("line_amounts", "'{}'"), ("line_captured", "'{}'"), ("line_released", "'{}'"),
        ("moved_holds", "array[{open}]::uuid[]"), ("moved_lines", "'{1}'"), ("moved_captured", "'{0}'"), ("moved_released", "'{200}'"),
        ("closed_holds", "array[{open}]::uuid[]"), ("closed_statuses", "'{Voided}'"), ("event_holds", "array[{open}]::uuid[]"), ("event_kinds", "'{Voided}'"), ("event_line_events", "array[{fresh}]::uuid[]"),
        ("event_line_holds", "array[{open}]::uuid[]"), ("event_line_lines", "'{1}'"), ("event_line_captured", "'{0}'"), ("event_line_released", "'{200}'"),
    ];

    private static (string, string)[] None(params string[] names) => [.. names.Select(name => (name, "'{}'"))];

    private static string Door(params (string Name, string Value)[] changes)
    {
        var call = new Dictionary<string, string>(Right, StringComparer.Ordinal);
        foreach (var (name, value) in changes) call[name] = value;
        // The wall hides another territory's row; where it lies is said nevertheless.
        call["account_places"] =
            $"array(select coalesce((select a.ctid from ledger.account a where a.id = i.id), '{{place}}'::tid) from unnest({call["account_ids"]}) with ordinality i(id, n) order by n)";
        return $"select ledger.record({string.Join(", ", call.Select(c => $"{c.Key} => {c.Value}"))})";
    }

    /// <summary>What is changed of a right list, and the rule that it breaks.</summary>
    private static readonly Dictionary<string, ((string, string)[] Changes, string Constraint)> Lists = new(StringComparer.Ordinal)
    {
        ["an entry that does not balance"] = (
            [("posting_credits", "'{0, 49}'"), ("posting_credits_after", "'{0, 1049}'"), ("account_credits_after", "'{0, 1049}'")], "entry_balances"),
        ["an entry with fewer postings than it says"] = ([("entry_lines", "'{3}'")], "entry_balances"),
        ["an entry whose lines are 1 and 3"] = ([("posting_lines", "'{1, 3}'")], "entry_balances"),
        ["an entry whose lines are 0 and 1"] = ([("posting_lines", "'{0, 1}'")], "entry_balances"),
        ["a line twice"] = ([("posting_lines", "'{1, 1}'")], "entry_balances"),
        ["a posting of an entry that is not in the list"] = ([("posting_entries", "'{1, 2}'")], "entry_balances"),
        ["a posting of an account that is not in the list"] = ([("posting_accounts", "'{1, 3}'")], "posting_continues"),
        ["an entry without postings"] = (
            [("posting_entries", "'{}'"), ("posting_lines", "'{}'"), ("posting_accounts", "'{}'"), ("posting_debits", "'{}'"), ("posting_credits", "'{}'"),
                ("posting_positions", "'{}'"), ("posting_debits_after", "'{}'"), ("posting_credits_after", "'{}'"), ("posting_latest_before", "'{}'")], "entry_balances"),
        ["an entry of a kind that has no rule"] = ([("kinds", "'{unheard_of}'")], "chart_rule"),
        ["an entry of a kind that may not touch a bank"] = ([("kinds", "'{grant_activated}'")], "chart_rule"),
        ["an entry from the wrong side"] = (
            [("kinds", "'{grant_activated}'"), ("account_charts", "'{2, 2}'")], "chart_rule"),
        ["an entry without an actor"] = ([("entry_actors", "array['']")], "journal_entry_is_said"),
        ["an entry with a short digest"] = ([("entry_digests", "array[decode(repeat('00', 31), 'hex')]")], "journal_entry_is_said"),
        ["an entry recorded again"] = ([("entry_ids", "array[{funding}]::uuid[]")], "journal_entry_pkey"),
        ["an entry in a closed period"] = ([("entry_days", "'{2025-12-31}'")], "period_is_open"),
        ["a reversal of nothing"] = ([("entry_reverses", "array[gen_random_uuid()]")], "reverses_an_entry"),
        ["a posting on both sides"] = (
            [("posting_debits", "'{50, 50}'"), ("posting_credits", "'{50, 50}'"), ("posting_debits_after", "'{1050, 150}'"), ("posting_credits_after", "'{50, 1050}'"),
                ("account_debits_after", "'{1050, 150}'"), ("account_credits_after", "'{50, 1050}'")], "posting_one_side"),
        ["a posting of nothing"] = (
            [("posting_debits", "'{0, 0}'"), ("posting_credits", "'{0, 0}'"), ("posting_debits_after", "'{1000, 100}'"), ("posting_credits_after", "'{0, 1000}'"),
                ("account_debits_after", "'{1000, 100}'"), ("account_credits_after", "'{0, 1000}'")], "posting_one_side"),
        ["postings of less than nothing"] = (
            [("posting_debits", "'{-50, 0}'"), ("posting_credits", "'{0, -50}'"), ("posting_debits_after", "'{950, 100}'"), ("posting_credits_after", "'{0, 950}'"),
                ("account_debits_after", "'{950, 100}'"), ("account_credits_after", "'{0, 950}'")], "posting_one_side"),
        ["a posting that takes a place again"] = ([("posting_positions", "'{1, 3}'"), ("account_movements_after", "'{1, 3}'")], "posting_continues"),
        ["a posting that leaves a place out"] = ([("posting_positions", "'{3, 3}'"), ("account_movements_after", "'{3, 3}'")], "posting_continues"),
        ["a posting that does not continue the debits"] = (
            [("posting_debits_after", "'{1051, 100}'"), ("account_debits_after", "'{1051, 100}'")], "posting_continues"),
        ["a posting that does not continue the credits"] = (
            [("posting_credits_after", "'{0, 1051}'"), ("account_credits_after", "'{0, 1051}'")], "posting_continues"),
        ["a posting that forgets the latest day before it"] = ([("posting_latest_before", "'{2026-01-15, -infinity}'")], "posting_continues"),
        ["a latest day that goes back"] = ([("account_latest_after", "'{2026-01-15, 2026-01-14}'")], "posting_continues"),
        ["totals that are not those of the last posting"] = ([("account_debits_after", "'{1050, 101}'")], "posting_continues"),
        ["an account that moves without a posting"] = (
            [("account_ids", "array[{bank}, {purse}, {shop}]::uuid[]"), ("charts", "'{bank, grant, shop}'"), ("account_charts", "'{1, 2, 3}'"), ("account_debits", "'{1000, 100, 0}'"),
                ("account_credits", "'{0, 1000, 100}'"), ("account_holds", "'{0, 200, 0}'"), ("account_movements", "'{1, 2, 1}'"), ("account_latest", "'{2026-01-15, 2026-01-15, 2026-01-15}'"),
                ("account_recorded", "'{2026-01-15, 2026-01-15, 2026-01-15}'"), ("account_debits_after", "'{1050, 100, 0}'"), ("account_credits_after", "'{0, 1050, 101}'"),
                ("account_holds_after", "'{0, 200, 0}'"), ("account_movements_after", "'{2, 3, 1}'"), ("account_latest_after", "'{2026-01-15, 2026-01-15, 2026-01-15}'")], "account_matches_postings"),
        ["held money that changes alone"] = ([("account_holds_after", "'{0, 100}'")], "account_matches_holds"),
        ["totals that were read before somebody else's posting"] = (
            [("account_debits", "'{900, 100}'"), ("posting_debits_after", "'{950, 100}'"), ("account_debits_after", "'{950, 100}'")], "account_as_seen"),
        ["held money that was read before somebody else's hold"] = ([("account_holds", "'{0, 0}'"), ("account_holds_after", "'{0, 0}'")], "account_as_seen"),
        ["another territory's account"] = (
            [("account_ids", "array[{bank}, {foreign}]::uuid[]"), ("account_debits", "'{1000, 0}'"), ("account_credits", "'{0, 0}'"), ("account_holds", "'{0, 0}'"),
                ("account_movements", "'{1, 0}'"), ("account_latest", "'{2026-01-15, -infinity}'"), ("account_recorded", "'{2026-01-15, -infinity}'"), ("account_debits_after", "'{1050, 0}'"),
                ("account_credits_after", "'{0, 50}'"), ("account_holds_after", "'{0, 0}'"), ("account_movements_after", "'{2, 1}'"), ("posting_positions", "'{2, 1}'"),
                ("posting_debits_after", "'{1050, 0}'"), ("posting_credits_after", "'{0, 50}'"), ("posting_latest_before", "'{2026-01-15, -infinity}'")], "account_as_seen"),
        ["a closed account"] = (
            [("account_ids", "array[{bank}, {closed}]::uuid[]"), ("charts", "'{bank, shop}'"), ("account_debits", "'{1000, 0}'"), ("account_credits", "'{0, 0}'"),
                ("account_holds", "'{0, 0}'"), ("account_movements", "'{1, 0}'"), ("account_latest", "'{2026-01-15, -infinity}'"), ("account_recorded", "'{2026-01-15, -infinity}'"),
                ("account_debits_after", "'{1050, 0}'"), ("account_credits_after", "'{0, 50}'"), ("account_holds_after", "'{0, 0}'"), ("account_movements_after", "'{2, 1}'"),
                ("posting_positions", "'{2, 1}'"), ("posting_debits_after", "'{1050, 0}'"), ("posting_credits_after", "'{0, 50}'"), ("posting_latest_before", "'{2026-01-15, -infinity}'")], "account_as_seen"),
        ["an account said to be of another place of the chart"] = ([("charts", "'{bank, shop}'")], "account_as_seen"),
        ["a purse overdrawn"] = (
            [("posting_debits", "'{0, 701}'"), ("posting_credits", "'{701, 0}'"), ("posting_debits_after", "'{1000, 801}'"), ("posting_credits_after", "'{701, 1000}'"),
                ("account_debits_after", "'{1000, 801}'"), ("account_credits_after", "'{701, 1000}'")], "account_not_overdrawn"),
        ["a bank account overdrawn"] = (
            [("posting_debits", "'{0, 1001}'"), ("posting_credits", "'{1001, 0}'"), ("posting_debits_after", "'{1000, 1101}'"), ("posting_credits_after", "'{1001, 1000}'"),
                ("account_debits_after", "'{1000, 1101}'"), ("account_credits_after", "'{1001, 1000}'")], "account_not_overdrawn"),
        ["places that were read before somebody took one"] = (
            [("account_movements", "'{2, 2}'"), ("posting_positions", "'{3, 3}'"), ("account_movements_after", "'{3, 3}'")], "account_as_seen"),
        ["credits that were read before somebody else's posting"] = (
            [("account_credits", "'{0, 999}'"), ("posting_credits_after", "'{0, 1049}'"), ("account_credits_after", "'{0, 1049}'")], "account_as_seen"),
        ["a latest day that was read before somebody else's posting"] = (
            [("account_latest", "'{2026-01-16, 2026-01-15}'"), ("posting_latest_before", "'{2026-01-16, 2026-01-15}'"), ("account_latest_after", "'{2026-01-16, 2026-01-15}'")], "account_as_seen"),
        ["a day of recording that was read before somebody else's posting"] = ([("account_recorded", "'{2026-01-14, 2026-01-15}'")], "account_as_seen"),
        ["an account with another number of postings than its last one says"] = ([("account_movements_after", "'{3, 3}'")], "posting_continues"),
        ["credits that are not those of the last posting"] = ([("account_credits_after", "'{1, 1050}'")], "posting_continues"),
        ["a second posting that leaves a place out"] = (
            [.. Two, ("posting_positions", "'{2, 4, 3, 4}'"), ("account_movements_after", "'{4, 4}'")], "posting_continues"),
        ["a second posting that does not continue the debits"] = (
            [.. Two, ("posting_debits_after", "'{1050, 1071, 100, 100}'"), ("account_debits_after", "'{1071, 100}'")], "posting_continues"),
        ["a second posting that does not continue the credits"] = (
            [.. Two, ("posting_credits_after", "'{0, 0, 1050, 1071}'"), ("account_credits_after", "'{0, 1071}'")], "posting_continues"),
        ["a second posting that forgets the latest day before it"] = (
            [.. Two, ("posting_latest_before", "'{2026-01-15, -infinity, 2026-01-15, 2026-01-15}'")], "posting_continues"),
        ["a reversal of another territory's entry"] = ([("entry_reverses", "array[{theirs}]::uuid[]")], "reverses_an_entry"),
        ["a list of holds that moves an account"] = ([.. Held, ("account_debits_after", "'{101}'")], "account_matches_postings"),
        ["a list of holds that says it is yesterday"] = ([.. Held, ("instant", "'2026-01-14T09:00Z'")], "recorded_in_order"),
        ["a hold for nobody, at the door"] = ([.. Held, ("hold_payees", "array[gen_random_uuid()]")], "hold_of_payee"),
        ["a hold without lines, at the door"] = (
            [.. Held, ("account_holds_after", "'{200}'"),
                .. None("line_holds", "line_numbers", "line_lines", "line_accounts", "line_amounts", "line_captured", "line_released")], "hold_has_lines"),
        ["a hold with fewer lines than it says"] = ([.. Held, ("hold_lines", "'{2}'"), ("line_lines", "'{2}'")], "hold_has_lines"),
        ["a line that says there are more"] = ([.. Held, ("line_lines", "'{2}'")], "hold_line_of_hold"),
        ["a line of no hold, at the door"] = (
            [.. Held, .. None("hold_ids", "hold_payees", "hold_references", "hold_statuses", "hold_ends", "hold_actors", "hold_memos", "hold_lines", "hold_digests")],
            "hold_line_of_hold"),
        ["a line on no account, at the door"] = ([.. Held, ("line_accounts", "array[gen_random_uuid()]")], "hold_line_of_account"),
        ["a hold that outlives its account, at the door"] = ([.. Held, ("hold_ends", "'{2026-03-10}'")], "hold_within_account"),
        ["a hold that holds more than its lines"] = ([.. Held, ("account_holds_after", "'{211}'")], "account_matches_holds"),
        ["a hold that holds nothing"] = ([.. Held, ("account_holds_after", "'{200}'")], "account_matches_holds"),
        ["a line that begins captured"] = ([.. Held, ("account_holds_after", "'{205}'"), ("line_captured", "'{5}'")], "hold_line_matches_events"),
        ["an event of no hold, at the door"] = (
            [.. Held, ("event_ids", "array[gen_random_uuid()]"), ("event_holds", "array[gen_random_uuid()]")], "hold_event_of_hold"),
        ["a line that gives back untold"] = (
            [.. Released, .. None("event_line_events", "event_line_holds", "event_line_lines", "event_line_captured", "event_line_released")], "hold_line_matches_events"),
        ["a line that gives back more than is told"] = ([.. Released, ("event_line_released", "'{190}'")], "hold_line_matches_events"),
        ["an event's line that is of no event"] = ([.. Released, ("event_line_events", "array[gen_random_uuid()]")], "hold_event_line_of_event"),
        ["an event's line that is of another hold's event"] = ([.. Released, ("event_holds", "array[{voided}]::uuid[]")], "hold_event_line_of_event"),
        ["an event's line of a line that is not there"] = (
            [.. Released, ("event_line_lines", "'{2}'"), ("event_line_released", "'{0}'"), ("account_holds_after", "'{200}'"),
                .. None("moved_holds", "moved_lines", "moved_captured", "moved_released", "closed_holds", "closed_statuses")], "hold_line_matches_events"),
        ["a hold closed with something left"] = (
            [.. Released, ("moved_released", "'{10}'"), ("event_line_released", "'{10}'"), ("account_holds_after", "'{190}'")], "hold_has_rest"),
        ["a hold left open with nothing"] = ([.. Released, .. None("closed_holds", "closed_statuses")], "hold_has_rest"),
        ["a capture that another entry pays"] = (
            [.. Released, ("event_kinds", "'{Captured}'"), ("event_entries", "array[{capture}]::uuid[]"), ("moved_captured", "'{200}'"), ("moved_released", "'{0}'"),
                ("event_line_captured", "'{200}'"), ("event_line_released", "'{0}'"), ("closed_statuses", "'{Captured}'")], "capture_is_entry"),
        ["a capture that no entry pays"] = (
            [.. Released, ("event_kinds", "'{Captured}'"), ("event_entries", "array[gen_random_uuid()]"), ("account_holds_after", "'{200}'"),
                .. None("moved_holds", "moved_lines", "moved_captured", "moved_released", "closed_holds", "closed_statuses", "event_line_events", "event_line_holds", "event_line_lines",
                    "event_line_captured", "event_line_released")],
            "capture_is_entry"),
        ["a list that says it is yesterday"] = ([("instant", "'2026-01-14T09:00Z'")], "recorded_in_order"),
    };

    public static TheoryData<string> Brought => new(Lists.Keys);

    [Theory, MemberData(nameof(Brought))]
    public async Task The_door_refuses(string what)
    {
        var (book, fill) = await GroundAsync();
        var (changes, constraint) = Lists[what];

        var error = await Assert.ThrowsAsync<PostgresException>(() => book.AsApplicationAsync(fill(Door(changes))));

        Assert.Equal(constraint, error.ConstraintName);
    }

    [Fact]
    public async Task A_sealed_day_takes_nothing_more()
    {
        var (book, fill) = await MakeGroundAsync();
        await book.AsApplicationAsync(fill("update ledger.book set sealed_through = '2026-01-15' where territory_id = {t}"));

        var error = await Assert.ThrowsAsync<PostgresException>(() => book.AsApplicationAsync(fill(Door())));

        Assert.Equal("day_is_open", error.ConstraintName);
    }

    [Fact]
    public async Task A_list_that_is_right_is_written()
    {
        var (book, fill) = await MakeGroundAsync();
        await book.AsApplicationAsync(fill(Door(Two)).Replace("'2026-01-15T09:00Z'", "'2026-01-15T09:01Z'", StringComparison.Ordinal));
        await book.AsApplicationAsync(fill("update ledger.account set holds_until = '2027-01-01' where territory_id = {t} and id = {purse}"));
        Assert.Empty(await book.AuditAsync());
    }

    [Fact]
    public async Task Holds_that_are_right_are_written()
    {
        var (book, fill) = await MakeGroundAsync();
        await book.AsApplicationAsync(fill(Door(Held)));
        Assert.Empty(await book.AuditAsync());
        var (other, fillOther) = await MakeGroundAsync();
        await other.AsApplicationAsync(fillOther(Door(Released)));
        Assert.Empty(await other.AuditAsync());
    }

    /// <summary>To lock a hold the application may update its status. That alone is never right, whatever it says of itself.</summary>
    [Fact]
    public async Task The_application_cannot_say_that_it_is_the_door()
    {
        var (book, fill) = await GroundAsync();

        var error = await Assert.ThrowsAsync<PostgresException>(() => book.AsApplicationAsync(fill(
            LetPast + "set local ledger.judges_holds = 'yes'; update ledger.hold set status = 'Captured' where territory_id = {t} and id = {open};")));

        Assert.Equal("hold_closed", error.ConstraintName);
    }

    [Fact]
    public async Task A_book_that_is_not_there_takes_nothing()
    {
        var (book, fill) = await GroundAsync();

        var error = await Assert.ThrowsAsync<PostgresException>(
            () => book.AsApplicationAsync(fill("select set_config('app.territory', '999999', true);" + Door())));

        Assert.Equal("entry_of_book", error.ConstraintName);
    }

    [Fact]
    public async Task The_door_shuts_behind_each_list()
    {
        var (book, fill) = await GroundAsync();

        var error = await Assert.ThrowsAsync<PostgresException>(
            () => book.AsOwnerAsync(fill(Door() + "; update ledger.journal_entry set memo = memo where territory_id = {t}")));

        Assert.Equal("at_the_door", error.ConstraintName);
    }

    [Fact]
    public async Task The_door_waits_while_a_period_is_being_closed()
    {
        var (book, fill) = await MakeGroundAsync();
        (await book.DoAsync<Done>(async tx =>
        {
            await tx.ExecuteAsync("select pg_advisory_xact_lock(1, @territory)");
            var error = await Assert.ThrowsAsync<PostgresException>(() => book.AsApplicationAsync(fill("set local lock_timeout = '100ms';" + Door())));
            Assert.Equal(PostgresErrorCodes.LockNotAvailable, error.SqlState);
            return default(Done);
        })).OrThrow();
    }

    [Fact]
    public async Task The_door_opens_to_nobody_but_the_application() => Assert.Empty(await database.Db.ListSharedAsync<string>(
        "select 'everybody' from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where p.oid = 'ledger.record'::regproc and a.grantee = 0",
        cancel: TestContext.Current.CancellationToken));

    public static TheoryData<string> PastTheDoor => new(
        from table in (string[])["journal_entry", "posting", "hold", "hold_line", "hold_event", "hold_event_line"]
        from sql in (string[])[$"insert into ledger.{table} select * from ledger.{table} limit 1", $"update ledger.{table} set territory_id = territory_id"]
        select sql)
    {
        "update ledger.account set debits = debits", "update ledger.account set credits = credits", "update ledger.account set debits_held = debits_held",
        "update ledger.account set movements = movements", "update ledger.account set latest_on = latest_on", "update ledger.account set recorded_on = recorded_on",
    };

    [Theory, MemberData(nameof(PastTheDoor))]
    public async Task Nothing_is_written_past_the_door(string sql)
    {
        var (book, fill) = await GroundAsync();

        Assert.Equal("at_the_door", (await Assert.ThrowsAsync<PostgresException>(() => book.AsOwnerAsync(fill(sql)))).ConstraintName);
        Assert.Equal(NotAllowed, (await Assert.ThrowsAsync<PostgresException>(() => book.AsApplicationAsync(fill(sql)))).SqlState);
    }

    /// <summary>What the owner says to be let past the door: the guards behind it still judge.</summary>
    private const string LetPast = "set local ledger.at_the_door = 'yes';";

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

    private static string NewPosting(string entry = "{funding}", int line = 7, int position = 7, int debit = 1, int credit = 0) =>
        "insert into ledger.posting (territory_id, entry_id, line, account_id, debit, credit, position, debits_after, credits_after, effective_on,"
        + $" latest_before, recorded_on, recorded_before) values ({{t}}, {entry}, {line}, {{purse}}, {debit}, {credit}, {position}, 0, 0, '2026-01-15',"
        + " '2026-01-15', '2026-01-15', '2026-01-15');";

    private static string NewEvent(string kind, string id = "{fresh}", string hold = "{open}", string memo = "''", string entry = "null") =>
        "insert into ledger.hold_event (territory_id, id, hold_id, kind, recorded_at, actor, memo, entry_id)"
        + $" values ({{t}}, {id}, {hold}, '{kind}', now(), 'x', {memo}, {entry});";

    private static string NewEventLine(string @event, int line, int captured, int released) =>
        "insert into ledger.hold_event_line (territory_id, event_id, hold_id, line, captured, released)"
        + $" values ({{t}}, {@event}, {{open}}, {line}, {captured}, {released});";

    private static string OfAccount(string account, string change) => $"update ledger.account set {change} where territory_id = {{t}} and id = {{{account}}};";
    private static string OfHold(string hold, string change) => $"update ledger.hold set {change} where territory_id = {{t}} and id = {{{hold}}};";
    private static string OfLine(string hold, string change) => $"update ledger.hold_line set {change} where territory_id = {{t}} and hold_id = {{{hold}}};";
    private static string With(string sql, string what, string other) => sql.Replace(what, other, StringComparison.Ordinal);

    /// <summary>The statements as parts of one, which is what the guards judge.</summary>
    private static string Together(string statements) =>
        string.Join(", ", statements.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select((part, i) => $"{(i == 0 ? "with " : "")}w{i} as ({part})")) + " select";

    private static readonly Dictionary<string, (string Sql, string Constraint)> Cases = new(StringComparer.Ordinal)
    {
        ["an account of a kind that its place does not have"] = (
            "insert into ledger.account (territory_id, id, chart, kind, name, opened_at) values ({t}, {fresh}, 'grant', 'Asset', 'x', now());",
            "account_chart_kind_fkey"),
        ["a closed account opened again"] = (
            "update ledger.account set closed_at = null where territory_id = {t} and id = {closed};", "account_stays_closed"),
        ["an account moved in the chart"] = (
            "update ledger.account set chart = 'provider' where territory_id = {t} and id = {shop};", "account_keeps_its_place"),
        ["an account that begins with money"] = (
            "insert into ledger.account (territory_id, id, chart, kind, name, credits, opened_at) values ({t}, {fresh}, 'grant', 'Liability', 'x', 5, now());",
            "account_begins_empty"),
        ["an account in a territory that has no book"] = (
            "insert into ledger.account (territory_id, id, chart, kind, name, opened_at) values (999999, {fresh}, 'grant', 'Liability', 'x', now());",
            "account_of_book"),
        ["an account closed with money on it"] = (
            "update ledger.account set closed_at = now() where territory_id = {t} and id = {purse};", "account_closed_empty"),
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
        ["a bank account below nothing"] = (OfAccount("bank", "credits = 1001"), "account_not_overdrawn"),
        ["a bank account that holds"] = (OfAccount("bank", "debits_held = 1"), "account_not_overdrawn"),
        ["an income that holds"] = (
            "insert into ledger.account (territory_id, id, chart, kind, name, debits_held, opened_at)"
            + " select {t}, {fresh}, code, kind, 'x', 1, now() from ledger.chart where kind in ('Income', 'Expense') limit 1;", "account_not_overdrawn"),
        ["an account that loses its name"] = (OfAccount("shop", "name = ''"), "account_in_range"),
        ["debits below nothing"] = (OfAccount("shop", "debits = -1"), "account_in_range"),
        ["credits below nothing"] = (OfAccount("bank", "credits = -1"), "account_in_range"),
        ["held money below nothing"] = (OfAccount("shop", "debits_held = -1"), "account_in_range"),
        ["movements below nothing"] = (OfAccount("shop", "movements = -1"), "account_in_range"),
        ["an entry of one line"] = (
            "insert into ledger.journal_entry (territory_id, id, kind, reference, effective_on, recorded_at, actor, memo, lines, digest)"
            + " values ({t}, {fresh}, 'test', '', '2026-01-15', now(), 'x', '', 1, decode(repeat('00', 32), 'hex'));", "journal_entry_is_said"),
        ["a place in an account's life twice"] = (NewPosting(position: 2), "posting_position"),
        ["an entry's line twice"] = (NewPosting(line: 1), "posting_pkey"),
        ["an entry's line 0"] = (NewPosting(line: 0), "posting_one_side"),
        ["a place 0 in an account's life"] = (NewPosting(position: 0), "posting_one_side"),
        ["a debit below nothing"] = (NewPosting(debit: -1), "posting_one_side"),
        ["a credit below nothing"] = (NewPosting(debit: 0, credit: -1), "posting_one_side"),
        ["a hold of an unheard status"] = (OfHold("open", "status = 'Lost', closed_at = now()"), "hold_status_check"),
        ["a hold with a long reference"] = (With(NewHold, "{shop}, ''", "{shop}, repeat('r', 101)"), "hold_reference_check"),
        ["a hold nobody made"] = (With(NewHold, "'tester'", "''"), "hold_actor_check"),
        ["a hold with a long memo"] = (With(NewHold, "'tester', ''", "'tester', repeat('m', 301)"), "hold_memo_check"),
        ["a hold of 101 lines"] = (With(NewHold, ", 1, ", ", 101, "), "hold_lines_check"),
        ["a hold with a short digest"] = (With(NewHold, "32", "31"), "hold_digest_check"),
        ["a hold's id twice"] = (With(NewHold, "{fresh}", "{open}"), "hold_pkey"),
        ["a hold for nobody"] = (With(NewHold, "{shop}", "gen_random_uuid()") + NewLine, "hold_of_payee"),
        ["a hold with more lines than it was made with"] = (OfHold("open", "lines = 2"), "hold_closes_once"),
        ["a hold with another digest"] = (OfHold("open", "digest = decode(repeat('11', 32), 'hex')"), "hold_closes_once"),
        ["a hold with another id"] = (OfHold("open", "id = {fresh}"), "hold_closes_once"),
        ["a hold taken to another territory"] = (OfHold("open", "territory_id = {other}"), "hold_closes_once"),
        ["a hold line of no hold"] = (NewLine, "hold_line_of_hold"),
        ["a hold line on no account"] = (NewHold + With(NewLine, "{purse}, 10", "gen_random_uuid(), 10"), "hold_line_of_account"),
        ["a hold line that begins captured below nothing"] = (
            NewHold + "insert into ledger.hold_line (territory_id, hold_id, line, lines, account_id, amount, captured) values ({t}, {fresh}, 1, 1, {purse}, 10, -1);",
            "hold_line_captured_check"),
        ["a hold line that begins released below nothing"] = (
            NewHold + "insert into ledger.hold_line (territory_id, hold_id, line, lines, account_id, amount, released) values ({t}, {fresh}, 1, 1, {purse}, 10, -1);",
            "hold_line_released_check"),
        ["two lines of a hold on one account"] = (
            "insert into ledger.hold_line (territory_id, hold_id, line, lines, account_id, amount) values ({t}, {open}, 2, 2, {purse}, 10);", "hold_line_account"),
        ["a hold line's number twice"] = (
            "insert into ledger.hold_line (territory_id, hold_id, line, lines, account_id, amount) values ({t}, {open}, 1, 1, {shop}, 10);", "hold_line_pkey"),
        ["a hold line released without an event"] = (
            OfLine("open", "released = released + 10") + OfAccount("purse", "debits_held = debits_held - 10"), "hold_line_matches_events"),
        ["a hold line that takes back what it has released"] = (
            OfLine("voided", "released = released - 10") + OfAccount("purse", "debits_held = debits_held + 10"), "hold_line_only_grows"),
        ["a hold line that says there are more"] = (OfLine("open", "lines = 2"), "hold_line_only_grows"),
        ["a hold line on another account"] = (OfLine("open", "account_id = {shop}"), "hold_line_only_grows"),
        ["a hold line of another hold"] = (OfLine("open", "hold_id = {fresh}"), "hold_line_only_grows"),
        ["a hold line of another number"] = (OfLine("open", "line = 0"), "hold_line_only_grows"),
        ["a hold line taken to another territory"] = (OfLine("open", "territory_id = {other}"), "hold_line_only_grows"),
        ["an event of an unheard kind"] = (NewEvent("Lost"), "hold_event_kind_check"),
        ["an event with a long memo"] = (NewEvent("Voided", memo: "repeat('m', 301)"), "hold_event_memo_check"),
        ["an event's id twice"] = (NewEvent("Voided", id: "{open}"), "hold_event_pkey"),
        ["an event of no hold"] = (NewEvent("Voided", hold: "gen_random_uuid()"), "hold_event_of_hold"),
        ["a capture of nothing by no entry"] = (NewEvent("Captured", entry: "gen_random_uuid()"), "capture_is_entry"),
        ["an event line that captures below nothing"] = (NewEventLine("{open}", 1, -1, 0), "hold_event_line_captured_check"),
        ["an event line that releases below nothing"] = (NewEventLine("{open}", 1, 0, -1), "hold_event_line_released_check"),
        ["an event's line twice"] = (NewEventLine("{capture}", 1, 0, 0), "hold_event_line_pkey"),
        ["an event line of no event"] = (CaptureOfTen, "hold_event_line_of_event"),
        ["an event line of no hold line"] = (NewEvent("Voided") + NewEventLine("{fresh}", 2, 0, 0), "hold_line_matches_events"),
        ["an event that captures what its line did not"] = (NewEventLine("{open}", 1, 10, 0), "hold_line_matches_events"),
        ["a book of territory 0"] = ("insert into ledger.book (territory_id) values (0);", "book_territory_id_check"),
        ["a book in another currency"] = ("update ledger.book set currency = 'CHF' where territory_id = {t};", "book_currency_check"),
    };

    public static TheoryData<string> Sent => new(Cases.Keys);

    [Theory, MemberData(nameof(Sent))]
    public async Task Behind_the_door_the_guards_still_judge(string what)
    {
        var (book, fill) = await GroundAsync();
        var (sql, constraint) = Cases[what];

        var error = await Assert.ThrowsAsync<PostgresException>(() => book.AsOwnerAsync(fill(LetPast + Together(sql))));
        Assert.Equal(constraint, error.ConstraintName);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => book.AsApplicationAsync(fill(Together(sql))));
        if (refused.SqlState != NotAllowed) Assert.Contains(refused.ConstraintName, (string[])[constraint, "at_the_door"]);
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

        Assert.Equal("append_only", (await Assert.ThrowsAsync<PostgresException>(() => book.AsOwnerAsync(fill(LetPast + sql)))).ConstraintName);
        Assert.Equal(NotAllowed, (await Assert.ThrowsAsync<PostgresException>(() => book.AsApplicationAsync(fill(sql)))).SqlState);
    }
}
