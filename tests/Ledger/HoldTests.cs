using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>Setting money aside, paying it in whole or in part, giving it back, letting it expire.</summary>
public sealed class HoldTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Duration OneDay = Duration.FromDays(1);

    [Fact]
    public async Task Held_money_is_still_there_but_not_available()
    {
        var book = await Book.OpenAsync(database);
        var (purse, provider) = (await book.PurseAsync(1000), await book.AccountAsync("provider"));

        Assert.Null(await book.AuthoriseAsync(book.Hold(provider, (purse, 700))));

        Assert.Equal((1000, 300), (await book.BalanceAsync(purse), await book.AvailableAsync(purse)));
        Assert.Equal(new InsufficientFunds(purse, new(300), new(301)), await book.PostAsync(purse, provider, 301));
        Assert.Equal(new InsufficientFunds(purse, new(300), new(301)), await book.AuthoriseAsync(book.Hold(provider, (purse, 301))));
        Assert.Null(await book.PostAsync(purse, provider, 300));
    }

    [Fact]
    public async Task One_line_that_cannot_be_held_leaves_the_others_free()
    {
        var book = await Book.OpenAsync(database);
        var (a, b, provider) = (await book.PurseAsync(100), await book.PurseAsync(50), await book.AccountAsync("provider"));

        Assert.Equal(new InsufficientFunds(b, new(50), new(51)), await book.AuthoriseAsync(book.Hold(provider, (a, 100), (b, 51))));
        Assert.Equal((100, 50), (await book.AvailableAsync(a), await book.AvailableAsync(b)));
        Assert.Equal(0, await book.CountAsync("hold"));
    }

    [Fact]
    public async Task Authorising_refuses_what_the_book_does_not_allow()
    {
        var book = await Book.OpenAsync(database);
        var (purse, provider, bank) = (await book.PurseAsync(1000), await book.AccountAsync("provider"), await book.AccountAsync("bank"));
        var (closed, nowhere) = (await book.AccountAsync("provider"), Id<Account>.New());
        Assert.Null(await book.CloseAsync(closed));
        var until = book.Clock.Now + OneDay;
        var limited = await book.PurseAsync(1000, until);
        var over = Book.Hold(provider, book.Clock.Now, (purse, 1));
        var outliving = Book.Hold(provider, until + Duration.FromMilliseconds(1), (limited, 1));

        Assert.Equal(new AccountNotFound(nowhere), await book.AuthoriseAsync(book.Hold(nowhere, (purse, 1))));
        Assert.Equal(new AccountNotFound(nowhere), await book.AuthoriseAsync(book.Hold(provider, (nowhere, 1))));
        Assert.Equal(new AccountClosed(closed), await book.AuthoriseAsync(book.Hold(closed, (purse, 1))));
        Assert.Equal(new AccountClosed(closed), await book.AuthoriseAsync(book.Hold(provider, (closed, 1))));
        Assert.Equal(
            new AccountHoldsNothing(bank, AccountKind.Asset), await book.AuthoriseAsync(book.Hold(provider, (bank, 1))));
        Assert.Equal(new HoldAlreadyOver(over.Id, book.Clock.Now), await book.AuthoriseAsync(over));
        Assert.Equal(new HoldOutlivesAccount(limited, outliving.ExpiresAt, until), await book.AuthoriseAsync(outliving));
        Assert.Null(await book.AuthoriseAsync(Book.Hold(provider, until, (limited, 1))));
    }

    [Fact]
    public async Task The_same_hold_again_changes_nothing_and_another_content_is_refused()
    {
        var book = await Book.OpenAsync(database);
        var (purse, provider) = (await book.PurseAsync(1000), await book.AccountAsync("provider"));
        var hold = book.Hold(provider, (purse, 600));
        Assert.Null(await book.AuthoriseAsync(hold));
        Assert.Null(await book.AuthoriseAsync(hold));
        Assert.Equal(400, await book.AvailableAsync(purse));

        Hold[] others =
        [
            new(hold.Id, await book.AccountAsync("provider"), hold.Lines, hold.ExpiresAt, "", "tester", ""),
            new(hold.Id, provider, [new(purse, new(601))], hold.ExpiresAt, "", "tester", ""),
            new(hold.Id, provider, [new(await book.PurseAsync(600), new(600))], hold.ExpiresAt, "", "tester", ""),
            new(hold.Id, provider, hold.Lines, hold.ExpiresAt + OneDay, "", "tester", ""),
            new(hold.Id, provider, hold.Lines, hold.ExpiresAt, "other", "tester", ""),
            new(hold.Id, provider, hold.Lines, hold.ExpiresAt, "", "other", ""),
            new(hold.Id, provider, hold.Lines, hold.ExpiresAt, "", "tester", "other"),
        ];
        foreach (var other in others) Assert.Equal(new HoldIdReused(hold.Id), await book.AuthoriseAsync(other));

        // Recognised also when it is long over.
        Assert.Null(await book.CaptureAsync(Book.Capture(hold.Id)));
        book.Clock.Advance(Duration.FromDays(60));
        Assert.Null(await book.AuthoriseAsync(hold));
        Assert.Equal(400, await book.AvailableAsync(purse));
    }

    [Fact]
    public async Task A_whole_capture_pays_the_payee_and_closes_the_hold()
    {
        var book = await Book.OpenAsync(database);
        var (a, b, provider) = (await book.PurseAsync(2000), await book.PurseAsync(2000), await book.AccountAsync("provider"));
        var hold = book.Hold(provider, (a, 2000), (b, 1000));
        Assert.Null(await book.AuthoriseAsync(hold));

        Assert.Null(await book.CaptureAsync(Book.Capture(hold.Id)));

        Assert.Equal(3000, await book.BalanceAsync(provider));
        Assert.Equal((0, 1000), (await book.AvailableAsync(a), await book.AvailableAsync(b)));
        Assert.Equal(HoldStatus.Captured, (await book.HoldOfAsync(hold.Id)).Status);
        Assert.Equal("2000/0 1000/0", await book.LinesAsync(hold.Id));
    }

    [Theory]
    [InlineData(50L, RestOfHold.Keep, "50/0 0/0 0/0", HoldStatus.Open)]
    [InlineData(50L, RestOfHold.Release, "50/50 0/200 0/300", HoldStatus.Captured)]
    [InlineData(100L, RestOfHold.Keep, "100/0 0/0 0/0", HoldStatus.Open)]
    [InlineData(100L, RestOfHold.Release, "100/0 0/200 0/300", HoldStatus.Captured)]
    [InlineData(250L, RestOfHold.Keep, "100/0 150/0 0/0", HoldStatus.Open)]
    [InlineData(250L, RestOfHold.Release, "100/0 150/50 0/300", HoldStatus.Captured)]
    [InlineData(600L, RestOfHold.Keep, "100/0 200/0 300/0", HoldStatus.Captured)]
    [InlineData(600L, RestOfHold.Release, "100/0 200/0 300/0", HoldStatus.Captured)]
    [InlineData(null, RestOfHold.Keep, "100/0 200/0 300/0", HoldStatus.Captured)]
    public async Task A_capture_takes_from_the_lines_in_their_order(long? cents, RestOfHold rest, string lines, HoldStatus status)
    {
        var book = await Book.OpenAsync(database);
        var provider = await book.AccountAsync("provider");
        var hold = book.Hold(
            provider, (await book.PurseAsync(1000), 100), (await book.PurseAsync(1000), 200), (await book.PurseAsync(1000), 300));
        Assert.Null(await book.AuthoriseAsync(hold));

        Assert.Null(await book.CaptureAsync(Book.Capture(hold.Id, cents, rest)));

        Assert.Equal(cents ?? 600, await book.BalanceAsync(provider));
        Assert.Equal(lines, await book.LinesAsync(hold.Id));
        Assert.Equal(status, (await book.HoldOfAsync(hold.Id)).Status);
        foreach (var line in (await book.HoldOfAsync(hold.Id)).Lines)
        {
            Assert.Equal(1000 - line.Captured.Cents - line.Remaining.Cents, await book.AvailableAsync(line.Account));
        }
    }

    [Fact]
    public async Task A_hold_is_captured_in_parts_until_nothing_is_left()
    {
        var book = await Book.OpenAsync(database);
        var provider = await book.AccountAsync("provider");
        var hold = book.Hold(provider, (await book.PurseAsync(100), 100), (await book.PurseAsync(200), 200));
        Assert.Null(await book.AuthoriseAsync(hold));

        Assert.Null(await book.CaptureAsync(Book.Capture(hold.Id, 60, RestOfHold.Keep)));
        Assert.Null(await book.CaptureAsync(Book.Capture(hold.Id, 60, RestOfHold.Keep)));
        Assert.Equal("100/0 20/0", await book.LinesAsync(hold.Id));
        Assert.Equal(new ExceedsHold(hold.Id, new(180), new(181)), await book.CaptureAsync(Book.Capture(hold.Id, 181)));
        Assert.Null(await book.CaptureAsync(Book.Capture(hold.Id)));
        Assert.Equal("100/0 200/0", await book.LinesAsync(hold.Id));
        Assert.Equal(
            new HoldNotOpen(hold.Id, HoldStatus.Captured), await book.CaptureAsync(Book.Capture(hold.Id, 1)));
        Assert.Equal(3, await book.CountAsync("hold_event") - 1);
    }

    [Fact]
    public async Task The_same_capture_again_changes_nothing_and_another_content_is_refused()
    {
        var book = await Book.OpenAsync(database);
        var (purse, provider) = (await book.PurseAsync(1000), await book.AccountAsync("provider"));
        var (hold, second) = (book.Hold(provider, (purse, 300)), book.Hold(provider, (purse, 300)));
        Assert.Null(await book.AuthoriseAsync(hold));
        Assert.Null(await book.AuthoriseAsync(second));
        var capture = Book.Capture(hold.Id, 100, RestOfHold.Keep);
        Assert.Null(await book.CaptureAsync(capture));
        Assert.Null(await book.CaptureAsync(capture));
        Assert.Equal(100, await book.BalanceAsync(provider));

        Instruction.Capture[] others =
        [
            capture with { HoldId = second.Id }, capture with { Amount = new(101) }, capture with { Amount = null },
            capture with { Rest = RestOfHold.Release }, capture with { Kind = "other" }, capture with { Memo = "other" },
            capture with { EffectiveOn = Book.Day.PlusDays(1) }, capture with { Reference = "other" }, capture with { Actor = "other" },
        ];
        foreach (var other in others) Assert.Equal(new EntryIdReused(capture.EntryId), await book.CaptureAsync(other));
        var entry = new JournalEntry(
            capture.EntryId, capture.Kind, "", Book.Day, "tester", "", [new(purse, provider, new(100))]);
        Assert.Equal(new EntryIdReused(capture.EntryId), await book.PostAsync(entry));

        // Recognised also when the hold is closed and over.
        Assert.Null(await book.VoidAsync(Book.Void(hold.Id)));
        book.Clock.Advance(Duration.FromDays(60));
        Assert.Null(await book.CaptureAsync(capture));
        Assert.Equal(100, await book.BalanceAsync(provider));
    }

    [Fact]
    public async Task Capturing_refuses_what_the_book_does_not_allow()
    {
        var book = await Book.OpenAsync(database);
        var (purse, provider, leaving) = (await book.PurseAsync(1000), await book.AccountAsync("provider"), await book.AccountAsync("provider"));
        var (nowhere, late, unpayable) = (Id<Hold>.New(), book.Hold(provider, (purse, 100)), book.Hold(leaving, (purse, 100)));
        Assert.Null(await book.AuthoriseAsync(late));
        Assert.Null(await book.AuthoriseAsync(unpayable));
        Assert.Null(await book.CloseAsync(leaving));

        Assert.Equal(new HoldNotFound(nowhere), await book.CaptureAsync(Book.Capture(nowhere)));
        Assert.Equal(new AccountClosed(leaving), await book.CaptureAsync(Book.Capture(unpayable.Id)));
        Assert.Equal("0/0", await book.LinesAsync(unpayable.Id));
        Assert.Null(await book.VoidAsync(Book.Void(unpayable.Id)));

        book.Clock.MoveTo(late.ExpiresAt);
        Assert.Equal(new HoldExpired(late.Id, late.ExpiresAt), await book.CaptureAsync(Book.Capture(late.Id)));
        await book.ClosePeriodAsync(Book.Day);
        Assert.Equal(900, await book.AvailableAsync(purse));
    }

    [Fact]
    public async Task A_capture_into_a_closed_period_is_refused_and_the_hold_stays()
    {
        var book = await Book.OpenAsync(database);
        var (purse, provider) = (await book.PurseAsync(100), await book.AccountAsync("provider"));
        var hold = book.Hold(provider, (purse, 100));
        Assert.Null(await book.AuthoriseAsync(hold));
        book.Clock.Advance(OneDay);
        await book.ClosePeriodAsync(Book.Day);

        Assert.Equal(new PeriodClosed(Book.Day, Book.Day), await book.CaptureAsync(Book.Capture(hold.Id)));
        Assert.Null(await book.CaptureAsync(Book.Capture(hold.Id) with { EffectiveOn = Book.Day.PlusDays(1) }));
    }

    [Fact]
    public async Task A_void_gives_back_what_is_left_even_after_the_hold_should_have_expired()
    {
        var book = await Book.OpenAsync(database);
        var (a, b, provider) = (await book.PurseAsync(100), await book.PurseAsync(200), await book.AccountAsync("provider"));
        var hold = book.Hold(provider, (a, 100), (b, 200));
        Assert.Null(await book.AuthoriseAsync(hold));
        Assert.Null(await book.CaptureAsync(Book.Capture(hold.Id, 120, RestOfHold.Keep)));
        book.Clock.MoveTo(hold.ExpiresAt + OneDay);

        Assert.Null(await book.VoidAsync(Book.Void(hold.Id)));

        Assert.Equal("100/0 20/180", await book.LinesAsync(hold.Id));
        Assert.Equal((0, 180, 120), (await book.AvailableAsync(a), await book.AvailableAsync(b), await book.BalanceAsync(provider)));
        Assert.Equal(HoldStatus.Voided, (await book.HoldOfAsync(hold.Id)).Status);
    }

    [Fact]
    public async Task A_void_repeats_by_its_id_and_anything_else_on_a_closed_hold_is_refused()
    {
        var book = await Book.OpenAsync(database);
        var (purse, provider) = (await book.PurseAsync(1000), await book.AccountAsync("provider"));
        var (hold, other) = (book.Hold(provider, (purse, 100)), book.Hold(provider, (purse, 100)));
        Assert.Null(await book.AuthoriseAsync(hold));
        Assert.Null(await book.AuthoriseAsync(other));
        var first = Book.Void(hold.Id);
        Assert.Null(await book.VoidAsync(first));

        Assert.Null(await book.VoidAsync(first));
        Assert.Equal(new HoldNotOpen(hold.Id, HoldStatus.Voided), await book.VoidAsync(Book.Void(hold.Id)));
        Assert.Equal(new HoldNotOpen(hold.Id, HoldStatus.Voided), await book.CaptureAsync(Book.Capture(hold.Id)));
        Assert.Equal(new EventIdReused(first.EventId), await book.VoidAsync(first with { HoldId = other.Id }));
        Assert.Equal(new EventIdReused(first.EventId), await book.VoidAsync(first with { Memo = "other" }));
        Assert.Equal(new EventIdReused(first.EventId), await book.VoidAsync(first with { Actor = "other" }));
        Assert.Equal(new EventIdReused(first.EventId), await book.ExpireAsync(new(first.EventId, hold.Id)));
        Assert.Equal(new HoldNotFound(new(first.EventId.Value)), await book.VoidAsync(Book.Void(new(first.EventId.Value))));
        Assert.Equal(HoldStatus.Open, (await book.HoldOfAsync(other.Id)).Status);
    }

    [Fact]
    public async Task An_id_that_stands_for_another_event_of_a_hold_is_refused()
    {
        var book = await Book.OpenAsync(database);
        var (purse, provider) = (await book.PurseAsync(1000), await book.AccountAsync("provider"));
        var (hold, voided) = (book.Hold(provider, (purse, 100)), book.Hold(provider, (purse, 100)));
        Assert.Null(await book.AuthoriseAsync(hold));
        Assert.Null(await book.AuthoriseAsync(voided));
        var used = Book.Void(voided.Id);
        Assert.Null(await book.VoidAsync(used));

        Assert.Equal(new EventIdReused(new(hold.Id.Value)), await book.VoidAsync(new(new(hold.Id.Value), hold.Id, "tester", "")));
        var capture = Book.Capture(hold.Id) with { EntryId = new(used.EventId.Value) };
        Assert.Equal(new EntryIdReused(capture.EntryId), await book.CaptureAsync(capture));
        var again = new Hold(new(used.EventId.Value), provider, hold.Lines, hold.ExpiresAt, "", "tester", "");
        Assert.Equal(new HoldIdReused(again.Id), await book.AuthoriseAsync(again));
    }

    [Fact]
    public async Task An_expiry_waits_for_its_time_and_repeats()
    {
        var book = await Book.OpenAsync(database);
        var (purse, provider) = (await book.PurseAsync(100), await book.AccountAsync("provider"));
        var hold = book.Hold(provider, (purse, 100));
        Assert.Null(await book.AuthoriseAsync(hold));
        var expire = Book.Expire(hold.Id);
        book.Clock.MoveTo(hold.ExpiresAt - Duration.FromMilliseconds(1));
        Assert.Equal(new HoldNotExpired(hold.Id, hold.ExpiresAt), await book.ExpireAsync(expire));
        Assert.Empty(await book.ExpireDueAsync());

        book.Clock.MoveTo(hold.ExpiresAt);
        Assert.Null(await book.ExpireAsync(expire));
        Assert.Null(await book.ExpireAsync(expire));
        Assert.Equal(new HoldNotOpen(hold.Id, HoldStatus.Expired), await book.ExpireAsync(Book.Expire(hold.Id)));
        Assert.Equal(new HoldNotOpen(hold.Id, HoldStatus.Expired), await book.VoidAsync(Book.Void(hold.Id)));
        Assert.Equal(100, await book.AvailableAsync(purse));
        Assert.Equal(new HoldNotFound(new(expire.EventId.Value)), await book.ExpireAsync(Book.Expire(new(expire.EventId.Value))));
    }

    [Fact]
    public async Task Due_holds_expire_all_at_once_and_once()
    {
        var book = await Book.OpenAsync(database);
        var (purse, provider) = (await book.PurseAsync(1000), await book.AccountAsync("provider"));
        Hold[] holds = [.. Enumerable.Range(1, 4).Select(day => Book.Hold(provider, Book.Morning + Duration.FromDays(day), (purse, 100)))];
        foreach (var hold in holds) Assert.Null(await book.AuthoriseAsync(hold));
        Assert.Null(await book.VoidAsync(Book.Void(holds[0].Id)));
        book.Clock.MoveTo(holds[2].ExpiresAt);

        Assert.Equal([holds[1].Id, holds[2].Id], await book.ExpireDueAsync());
        Assert.Empty(await book.ExpireDueAsync());
        Assert.Equal(900, await book.AvailableAsync(purse));
    }

    [Fact]
    public async Task A_hold_is_told_as_it_was_at_any_instant()
    {
        var book = await Book.OpenAsync(database);
        var (purse, provider) = (await book.PurseAsync(1000), await book.AccountAsync("provider"));
        var hold = book.Hold(provider, (purse, 500));
        book.Clock.Advance(OneDay);
        Assert.Null(await book.AuthoriseAsync(hold));
        book.Clock.Advance(OneDay);
        Assert.Null(await book.CaptureAsync(Book.Capture(hold.Id, 200, RestOfHold.Keep)));
        book.Clock.Advance(OneDay);
        Assert.Null(await book.VoidAsync(Book.Void(hold.Id)));

        var told = new List<string>();
        for (var day = 0; day < 5; day++)
        {
            var state = await new Holds(book.Db).AtAsync(
                book.Territory, hold.Id, Book.Morning + Duration.FromDays(day), TestContext.Current.CancellationToken);
            told.Add(state is null ? "none" : $"{state.Status} {state.Remaining.Cents} {state.Lines[0].Captured.Cents}/{state.Lines[0].Released.Cents}");
        }

        Assert.Equal(["none", "Open 500 0/0", "Open 300 200/0", "Voided 0 200/300", "Voided 0 200/300"], told);
        Assert.Null(await new Holds(book.Db).FindAsync(book.Territory, Id<Hold>.New(), TestContext.Current.CancellationToken));
        var now = await book.HoldOfAsync(hold.Id);
        Assert.Equal((hold.Id, provider, Book.Morning + OneDay, hold.ExpiresAt), (now.Id, now.Payee, now.AuthorisedAt, now.ExpiresAt));
    }

    [Fact]
    public async Task A_limit_with_parts_of_a_microsecond_does_not_refuse_a_hold_up_to_it()
    {
        var book = await Book.OpenAsync(database);
        var until = Book.Morning + OneDay + Duration.FromNanoseconds(1900);
        var (purse, provider) = (await book.PurseAsync(10, until), await book.AccountAsync("provider"));
        var hold = Book.Hold(provider, until, (purse, 10));

        Assert.Null(await book.AuthoriseAsync(hold));
        Assert.Null(await book.AuthoriseAsync(hold));
    }
}
