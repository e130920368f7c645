using Borsellino.Ledger;

namespace Borsellino.Tests.Ledger;

/// <summary>Lists of instructions: in order, each for itself, groups all or nothing.</summary>
public sealed class ListTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static Instruction.Post Pay(Id<Account> from, Id<Account> to, long cents, int? group = null) =>
        new(Book.Entry(from, to, cents)) { Group = group };

    [Fact]
    public async Task Each_instruction_sees_what_those_before_it_did()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse, shop) = (await book.AccountAsync("bank"), await book.PurseAsync(0), await book.AccountAsync("shop"));
        var hold = book.Hold(shop, (purse, 60));

        Assert.Equal(
            "insufficient_funds done done insufficient_funds done done hold_not_open done insufficient_funds",
            await book.CodesAsync(
                Pay(purse, shop, 100), Pay(bank, purse, 100), new Instruction.Authorise(hold), Pay(purse, shop, 41),
                Pay(purse, shop, 40), Book.Capture(hold.Id, 50), Book.Void(hold.Id), Pay(purse, shop, 10), Pay(purse, shop, 1)));

        Assert.Equal((0, 100), (await book.BalanceAsync(purse), await book.BalanceAsync(shop)));
        Assert.Equal("50/10", await book.LinesAsync(hold.Id));
    }

    [Fact]
    public async Task An_id_twice_in_one_list_is_done_once()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse, shop) = (await book.AccountAsync("bank"), await book.PurseAsync(0), await book.AccountAsync("shop"));
        var pay = Pay(bank, purse, 100);
        var other = new Instruction.Post(new(pay.Entry.Id, "test", "", Book.Day, "tester", "other", pay.Entry.Transfers));
        var authorise = new Instruction.Authorise(book.Hold(shop, (purse, 100)));
        var capture = Book.Capture(authorise.Hold.Id, 40, RestOfHold.Keep);
        var @void = Book.Void(authorise.Hold.Id);

        Assert.Equal(
            "done done entry_id_reused done done done done entry_id_reused done done event_id_reused",
            await book.CodesAsync(
                pay, pay, other, authorise, authorise, capture, capture, capture with { Amount = new(41) }, @void, @void,
                @void with { Memo = "other" }));

        Assert.Equal((60, 40), (await book.AvailableAsync(purse), await book.BalanceAsync(shop)));
    }

    [Fact]
    public async Task A_list_sent_again_answers_the_same_and_changes_nothing()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse, shop) = (await book.AccountAsync("bank"), await book.PurseAsync(0), await book.AccountAsync("shop"));
        var hold = book.Hold(shop, (purse, 30));
        Instruction[] list = [Pay(bank, purse, 100, 1), new Instruction.Authorise(hold), Book.Capture(hold.Id, 20), Pay(purse, shop, 50, 1)];

        Assert.Equal("done done done done", await book.CodesAsync(list));
        Assert.Equal("done done done done", await book.CodesAsync(list));
        Assert.Equal((30, 70), (await book.BalanceAsync(purse), await book.BalanceAsync(shop)));
    }

    [Fact]
    public async Task A_group_is_all_or_nothing()
    {
        var book = await Book.OpenAsync(database);
        var (a, b, shop) = (await book.PurseAsync(100), await book.PurseAsync(100), await book.AccountAsync("shop"));

        var answers = await book.ListAsync(Pay(a, shop, 60, 1), Pay(b, shop, 101, 1), Pay(a, shop, 50, 2), Pay(b, shop, 50, 2));

        var because = new InsufficientFunds(b, new(100), new(101));
        Assert.Equal<Refusal?>([new GroupRefused(1, because), because, null, null], answers.AsEnumerable());
        Assert.Equal((50, 50, 100), (await book.BalanceAsync(a), await book.BalanceAsync(b), await book.BalanceAsync(shop)));
    }

    [Fact]
    public async Task Interleaved_groups_are_decided_where_they_begin()
    {
        var book = await Book.OpenAsync(database);
        var (a, b, shop) = (await book.PurseAsync(100), await book.PurseAsync(100), await book.AccountAsync("shop"));

        // The first group takes all of a, also with its later member: then the lone one and the second group are refused.
        Assert.Equal(
            "done group_refused insufficient_funds done insufficient_funds done",
            await book.CodesAsync(
                Pay(a, shop, 50, 1), Pay(b, shop, 30, 2), Pay(a, shop, 10), Pay(a, shop, 50, 1), Pay(a, shop, 1, 2), Pay(b, shop, 100)));
        Assert.Equal((0, 0), (await book.BalanceAsync(a), await book.BalanceAsync(b)));
    }

    [Fact]
    public async Task A_refused_group_takes_back_everything_it_did_to_holds()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(1000), await book.AccountAsync("shop"));
        var (captured, voided, made) = (book.Hold(shop, (purse, 100)), book.Hold(shop, (purse, 100)), book.Hold(shop, (purse, 100)));
        Assert.Equal("done done", await book.CodesAsync(new Instruction.Authorise(captured), new Instruction.Authorise(voided)));
        var (capture, @void) = (Book.Capture(captured.Id), Book.Void(voided.Id));
        var refused = Pay(purse, shop, 5000, 1);

        // What stands after the group sees the holds as if it had not been tried, and may use its ids.
        Assert.Equal(
            "group_refused group_refused group_refused group_refused insufficient_funds hold_not_found done done done",
            await book.CodesAsync(
                new Instruction.Authorise(made) { Group = 1 }, Book.Capture(made.Id) with { Group = 1 }, capture with { Group = 1 },
                @void with { Group = 1 }, refused, Book.Capture(made.Id), new Instruction.Authorise(made), capture, @void));

        Assert.Equal((800, 100), (await book.AvailableAsync(purse), await book.BalanceAsync(shop)));
        Assert.Equal(HoldStatus.Open, (await book.HoldOfAsync(made.Id)).Status);
    }

    [Fact]
    public async Task A_void_taken_back_with_its_group_is_not_taken_for_done()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        var hold = book.Hold(shop, (purse, 100));
        Assert.Null(await book.AuthoriseAsync(hold));
        var (first, second) = (Book.Void(hold.Id), Book.Void(hold.Id));

        Assert.Equal(
            "group_refused insufficient_funds done hold_not_open",
            await book.CodesAsync(first with { Group = 7 }, Pay(purse, shop, 101, 7), second, first));
    }

    [Fact]
    public async Task A_hold_authorised_earlier_in_the_list_is_captured_later_in_it_also_across_groups()
    {
        var book = await Book.OpenAsync(database);
        var (a, b, shop) = (await book.PurseAsync(100), await book.PurseAsync(100), await book.AccountAsync("shop"));
        var (first, second) = (book.Hold(shop, (a, 70), (b, 30)), book.Hold(shop, (a, 30), (b, 70)));

        Assert.Equal(
            "done done done done done hold_not_open",
            await book.CodesAsync(
                new Instruction.Authorise(first) { Group = 1 }, new Instruction.Authorise(second) { Group = 2 },
                Book.Capture(first.Id, 80, RestOfHold.Keep) with { Group = 1 }, Book.Capture(first.Id, 20), Book.Void(second.Id),
                Book.Void(first.Id)));

        Assert.Equal("70/0 30/0", await book.LinesAsync(first.Id));
        Assert.Equal("0/30 0/70", await book.LinesAsync(second.Id));
        Assert.Equal((30, 70, 100), (await book.AvailableAsync(a), await book.AvailableAsync(b), await book.BalanceAsync(shop)));
    }

    [Fact]
    public async Task A_hold_is_paid_and_voided_and_expired_within_one_list_in_list_order()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        var hold = book.Hold(shop, (purse, 100));
        Assert.Null(await book.AuthoriseAsync(hold));
        book.Clock.MoveTo(hold.ExpiresAt);

        Assert.Equal("hold_expired done hold_not_open", await book.CodesAsync(Book.Capture(hold.Id), Book.Expire(hold.Id), Book.Void(hold.Id)));
    }

    [Fact]
    public async Task An_empty_list_does_nothing_and_one_beyond_the_limit_is_a_mistake()
    {
        var book = await Book.OpenAsync(database);
        var (a, b) = (await book.PurseAsync(0), await book.PurseAsync(0));

        Assert.Empty(await book.ListAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => book.ListAsync([.. Enumerable.Repeat(Pay(a, b, 1), GeneralLedger.InstructionsMax + 1)]));
    }

    [Fact]
    public async Task Ten_thousand_payments_go_in_one_list()
    {
        var book = await Book.OpenAsync(database);
        var shop = await book.AccountAsync("shop");
        var purse = await book.PurseAsync(GeneralLedger.InstructionsMax - 1);

        var answers = await book.ListAsync([.. Enumerable.Range(0, GeneralLedger.InstructionsMax).Select(_ => Pay(purse, shop, 1))]);

        Assert.Equal(new InsufficientFunds(purse, Money.Zero, new(1)), Assert.Single(answers, a => a is not null));
        Assert.NotNull(answers[^1]);
        Assert.Equal(GeneralLedger.InstructionsMax - 1, await book.BalanceAsync(shop));
    }
}
