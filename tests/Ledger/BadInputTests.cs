using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// What a caller may get wrong, in one table: each is answered by a refusal's code, or throws and names the argument, and
/// in both cases leaves nothing.
/// </summary>
public sealed class BadInputTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>A purse of 100, a shop, an account that is closed and one of another territory; 2025 is closed.</summary>
    private sealed record Ground(Book Book, Id<Account> Purse, Id<Account> Shop, Id<Account> Closed, Id<Account> Foreign, Id<Hold> Over)
    {
        public Task<string> PostAsync(Id<Account> debit, Id<Account> credit, long cents, LocalDate? on = null, string kind = "test", string memo = "") =>
            Book.CodesAsync(new Instruction.Post(
                new(Id<JournalEntry>.New(), kind, "", on ?? Book.Clock.Today(), "tester", memo, [new(debit, credit, new(cents))])));

        public Task<string> AuthoriseAsync(Id<Account> account, long cents, Instant? until = null) =>
            Book.CodesAsync(new Instruction.Authorise(Book.Hold(Shop, until ?? Book.Clock.Now + Duration.FromHours(1), (account, cents))));

        public Task<string> ListAsync(int count) =>
            Book.CodesAsync([.. Enumerable.Repeat(new Instruction.Post(Book.Entry(Purse, Shop, 1)), count)]);
    }

    private static readonly Dictionary<string, (string Answer, Func<Ground, Task<string>> Ask)> Table = new(StringComparer.Ordinal)
    {
        ["an amount below nothing"] = ("amount", g => g.PostAsync(g.Purse, g.Shop, -1)),
        ["an amount of nothing"] = ("amount", g => g.PostAsync(g.Purse, g.Shop, 0)),
        ["the largest number there is"] = ("amount", g => g.PostAsync(g.Purse, g.Shop, long.MaxValue)),
        ["a cent more than the largest amount"] = ("amount", g => g.PostAsync(g.Purse, g.Shop, 10_000_000_000_001)),
        ["a hold of nothing"] = ("amount", g => g.AuthoriseAsync(g.Purse, 0)),
        ["a hold below nothing"] = ("amount", g => g.AuthoriseAsync(g.Purse, -1)),
        ["more than there is"] = ("insufficient_funds", g => g.PostAsync(g.Purse, g.Shop, 101)),
        ["a hold of more than there is"] = ("insufficient_funds", g => g.AuthoriseAsync(g.Purse, 101)),
        ["an account that does not exist"] = ("account_not_found", g => g.PostAsync(Id<Account>.New(), g.Shop, 1)),
        ["another territory's account"] = ("account_not_found", g => g.PostAsync(g.Purse, g.Foreign, 1)),
        ["a hold on another territory's account"] = ("account_not_found", g => g.AuthoriseAsync(g.Foreign, 1)),
        ["a closed account"] = ("account_closed", g => g.PostAsync(g.Purse, g.Closed, 1)),
        ["an account that pays itself"] = ("transfers", g => g.PostAsync(g.Purse, g.Purse, 1)),
        ["a hold that is over already"] = ("hold_already_over", g => g.AuthoriseAsync(g.Purse, 1, g.Book.Clock.Now)),
        ["a capture of a hold that is over"] = ("hold_expired", g => g.Book.CodesAsync(Book.Capture(g.Over, 1))),
        ["a hold nobody knows"] = ("hold_not_found", g => g.Book.CodesAsync(Book.Void(Id<Hold>.New()))),
        ["a day of a closed period"] = ("period_closed", g => g.PostAsync(g.Purse, g.Shop, 1, new(2025, 12, 31))),
        ["an entry outside the chart"] = ("entry_outside_chart", g => g.PostAsync(g.Purse, g.Shop, 1, kind: "budget_committed")),
        ["a kind nobody has heard of"] = ("entry_outside_chart", g => g.PostAsync(g.Purse, g.Shop, 1, kind: "unheard_of")),
        ["a kind with capitals"] = ("kind", g => g.PostAsync(g.Purse, g.Shop, 1, kind: "Test")),
        ["a memo that is too long"] = ("memo", g => g.PostAsync(g.Purse, g.Shop, 1, memo: new('m', 301))),
        ["one instruction too many"] = ("instructions.Count", g => g.ListAsync(GeneralLedger.InstructionsMax + 1)),
        ["a hundred thousand and one"] = ("instructions.Count", g => g.ListAsync(100_001)),
        ["one instruction too many for the queue"] = ("instructions.Count", async g =>
        {
            await using var queue = new PostingQueue(g.Book.Db, g.Book.Ledger);
            return $"{(await queue.DoAsync(g.Book.Territory, [.. Enumerable.Repeat(Book.Void(g.Over), GeneralLedger.InstructionsMax + 1)]))[0]}";
        }
        ),
        ["one account too many"] = ("accounts.Count", async g =>
            $"{await g.Book.OpenAsync([.. Enumerable.Repeat(new NewAccount(g.Shop, "shop", "shop"), GeneralLedger.InstructionsMax + 1)])}"),
        ["an entry of too many transfers"] = ("transfers.Count", g => g.Book.CodesAsync(new Instruction.Post(
            Book.Entry(Book.Day, [.. Enumerable.Repeat(new Transfer(g.Purse, g.Shop, new(1)), 1001)])))),
    };

    public static TheoryData<string> Names => new(Table.Keys);

    [Theory, MemberData(nameof(Names))]
    public async Task Each_has_its_own_answer_and_leaves_nothing(string what)
    {
        var ground = await MakeGroundAsync();
        var (expected, ask) = Table[what];

        Assert.Equal(expected, await AnswerAsync(() => ask(ground)));

        Assert.Equal((1, 1), (await ground.Book.CountAsync("journal_entry"), await ground.Book.CountAsync("hold")));
        Assert.Equal((100, 100), (await ground.Book.BalanceAsync(ground.Purse), await ground.Book.AvailableAsync(ground.Purse) + 1));
    }

    private static async Task<string> AnswerAsync(Func<Task<string>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ArgumentException e)
        {
            return e.ParamName!;
        }
    }

    private async Task<Ground> MakeGroundAsync()
    {
        var (book, other) = (await Book.OpenAsync(database), await Book.OpenAsync(database));
        var (purse, shop, closed) = (await book.PurseAsync(100), await book.AccountAsync("shop"), await book.AccountAsync("shop"));
        var over = Book.Hold(shop, book.Clock.Now + Duration.FromMinutes(1), (purse, 1));
        Assert.Null(await book.AuthoriseAsync(over));
        Assert.Null(await book.CloseAsync(closed));
        await book.ClosePeriodAsync(new(2025, 12, 31));
        book.Clock.Advance(Duration.FromMinutes(2));
        return new(book, purse, shop, closed, await other.AccountAsync("grant"), over.Id);
    }
}
