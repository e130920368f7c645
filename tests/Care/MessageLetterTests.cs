using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests.Care;

/// <summary>Letters: once each, only of what is new, only to who is of the family, and again when the server took none.</summary>
public sealed class MessageLetterTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task What_happened_since_is_written_once_and_in_one_letter()
    {
        var (town, letters, sent) = await OpenAsync();
        await town.GrantAsync(town.Rossi, Money.Euro(50));
        await RoundAsync(town, letters, sent);
        Assert.Empty(sent);

        var id = (await town.BookAsync(town.Rossi, await town.SlotAsync(Money.Euro(30)))).OrThrow();
        (await town.Bookings.ConfirmAsync(town.Territory, id, town.Gelso.User)).OrThrow();
        await town.GrantAsync(town.Rossi, Money.Euro(20));
        Assert.Equal(1, await RoundAsync(town, letters, sent));

        var letter = Assert.Single(sent);
        Assert.Equal((town.Rossi.User.User, town.Rossi.Id), (letter.User, letter.Household));
        Assert.Equal([MessageKind.Booking, MessageKind.Grant], letter.Messages.Select(m => m.Kind).Order());
        Assert.Equal(BookingStatus.Confirmed, letter.Messages.Single(m => m.Kind is MessageKind.Booking).Status);

        Assert.Equal(0, await RoundAsync(town, letters, sent));
        Assert.Single(sent);
    }

    [Fact]
    public async Task What_is_tomorrow_is_written_the_day_before_and_once()
    {
        var (town, letters, sent) = await OpenAsync();
        await town.GrantAsync(town.Rossi, Money.Euro(50));
        var id = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Money.Euro(30)));
        await RoundAsync(town, letters, sent);
        sent.Clear();

        // The service is on Wednesday at nine; on Tuesday at nine there is something to say.
        town.Clock.MoveTo(BookingTown.Monday + Duration.FromHours(23) - Duration.FromMinutes(2));
        Assert.Equal(0, await RoundAsync(town, letters, sent));
        Assert.Equal(1, await RoundAsync(town, letters, sent));
        var message = Assert.Single(Assert.Single(sent).Messages);
        Assert.Equal((MessageKind.Reminder, id.Value), (message.Kind, message.Subject));
        Assert.Equal(0, await RoundAsync(town, letters, sent));
    }

    [Fact]
    public async Task What_the_server_did_not_take_is_due_again()
    {
        var (town, letters, sent) = await OpenAsync();
        await RoundAsync(town, letters, sent);
        await town.GrantAsync(town.Rossi, Money.Euro(20));
        town.Clock.Advance(Duration.FromMinutes(2));
        await Assert.ThrowsAsync<IOException>(() => letters.SendDueAsync(town.Territory, _ => throw new IOException("The server is away.")));

        Assert.Equal(1, await RoundAsync(town, letters, sent));
        Assert.Equal(Money.Euro(20), Assert.Single(Assert.Single(sent).Messages).Amount);
    }

    [Fact]
    public async Task Two_processes_write_one_letter()
    {
        var (town, letters, _) = await OpenAsync();
        await RoundAsync(town, letters, []);
        await town.GrantAsync(town.Rossi, Money.Euro(20));
        town.Clock.Advance(Duration.FromMinutes(2));
        var (written, go) = (0, new TaskCompletionSource());
        var slow = letters.SendDueAsync(town.Territory, async _ =>
        {
            Interlocked.Increment(ref written);
            await go.Task;
        });
        var other = await letters.SendDueAsync(town.Territory, _ =>
        {
            Interlocked.Increment(ref written);
            return Task.CompletedTask;
        });
        go.SetResult();

        Assert.Equal(1, other + await slow);
        Assert.Equal(1, written);
    }

    [Fact]
    public async Task Who_may_no_longer_enter_is_not_written_to()
    {
        var (town, letters, sent) = await OpenAsync();
        await RoundAsync(town, letters, sent);
        Assert.True(await new Users(town.Db, town.Clock).DisableAsync(town.Territory, town.Rossi.User.User));
        await town.GrantAsync(town.Rossi, Money.Euro(20));
        Assert.Equal(0, await RoundAsync(town, letters, sent));
        Assert.Empty(sent);
    }

    private async Task<(BookingTown Town, MessageLetters Letters, List<MessageLetter> Sent)> OpenAsync()
    {
        var town = await BookingTown.BuildAsync(database);
        (await town.Db.TransactAsync<Done>(town.Territory, async tx =>
        {
            await Users.GrantAsync(tx, town.Rossi.User.User, new(Role.Household, Household: town.Rossi.Id));
            return default(Done);
        })).OrThrow();
        return (town, new(town.Db, town.Clock), []);
    }

    /// <summary>Lets two minutes pass, so that what was done is old enough to be read.</summary>
    private static Task<int> RoundAsync(BookingTown town, MessageLetters letters, List<MessageLetter> sent)
    {
        town.Clock.Advance(Duration.FromMinutes(2));
        return letters.SendDueAsync(town.Territory, letter =>
        {
            sent.Add(letter);
            return Task.CompletedTask;
        });
    }
}
