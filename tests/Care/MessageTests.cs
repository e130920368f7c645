using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests.Care;

/// <summary>A family reads what others did, not what it did itself; each of its people for themselves.</summary>
public sealed class MessageTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task What_others_did_is_told_the_latest_first()
    {
        var town = await BookingTown.BuildAsync(database);
        await OwnAsync(town, town.Rossi);
        await town.GrantAsync(town.Rossi, Money.Euro(50));
        var id = (await town.BookAsync(town.Rossi, await town.SlotAsync(Money.Euro(30)))).OrThrow();
        town.Clock.Advance(Duration.FromHours(1));
        (await town.Bookings.CancelByOperatorAsync(town.Territory, id, town.Quercia.User.User, "La sala è chiusa")).OrThrow();

        var all = await new Messages(town.Db, town.Clock).OfAsync(town.Territory, town.Rossi.Id);

        Assert.Equal([(MessageKind.Booking, BookingStatus.CancelledByOperator), (MessageKind.Grant, null)], all.Select(m => (m.Kind, m.Status)));
        Assert.Equal((id.Value, "La sala è chiusa"), (all[0].Subject, all[0].Text));
        Assert.Equal(Money.Euro(50), all[1].Amount);
        Assert.Empty(await new Messages(town.Db, town.Clock).OfAsync(town.Territory, town.Bianchi.Id));
    }

    [Fact]
    public async Task A_booking_is_remembered_at_nine_on_the_day_before_unless_it_was_confirmed_after_that_or_is_off()
    {
        var town = await BookingTown.BuildAsync(database);
        var messages = new Messages(town.Db, town.Clock);
        await town.GrantAsync(town.Rossi, Money.Euro(200));
        // Sunday 25 October is when the clocks go back: nine in the morning is eight o'clock UTC again.
        var (thursday, sunday) = (Instant.FromUtc(2026, 10, 8, 14, 0), Instant.FromUtc(2026, 10, 26, 9, 0));
        var seen = await ConfirmedAsync(thursday);
        var afterTheChange = await ConfirmedAsync(sunday);
        var off = await ConfirmedAsync(thursday + Duration.FromHours(2));
        (await town.Bookings.CancelByHouseholdAsync(town.Territory, off, town.Rossi.User, Money.Zero)).OrThrow();

        town.Clock.MoveTo(Instant.FromUtc(2026, 10, 7, 7, 0) - Duration.FromSeconds(1));
        Assert.Empty(await RemindersAsync());
        town.Clock.Advance(Duration.FromSeconds(1));
        var reminder = Assert.Single(await RemindersAsync());
        Assert.Equal((seen.Value, town.Clock.Now, (Instant?)thursday), (reminder.Subject, reminder.At, reminder.On));
        Assert.NotEmpty(reminder.Reference);

        // Confirmed at half past nine of the day before: there is nothing to remember.
        town.Clock.Advance(Duration.FromMinutes(30));
        await ConfirmedAsync(thursday + Duration.FromHours(4));
        Assert.Equal(seen.Value, Assert.Single(await RemindersAsync()).Subject);

        town.Clock.MoveTo(thursday + Duration.FromHours(1));
        (await town.Bookings.DeliverAsync(town.Territory, seen, town.Gelso.User)).OrThrow();
        Assert.Empty(await RemindersAsync());

        town.Clock.MoveTo(Instant.FromUtc(2026, 10, 25, 8, 0) - Duration.FromSeconds(1));
        Assert.DoesNotContain(await RemindersAsync(), r => r.Subject == afterTheChange.Value);
        town.Clock.Advance(Duration.FromSeconds(1));
        Assert.Contains(await RemindersAsync(), r => r.Subject == afterTheChange.Value);

        async Task<Id<Booking>> ConfirmedAsync(Instant starts)
        {
            var id = (await town.BookAsync(town.Rossi, await town.SlotAsync(Money.Euro(20), starts: starts))).OrThrow();
            (await town.Bookings.ConfirmAsync(town.Territory, id, town.Gelso.User)).OrThrow();
            return id;
        }

        async Task<List<Message>> RemindersAsync() =>
            [.. (await messages.OfAsync(town.Territory, town.Rossi.Id)).Where(m => m.Kind is MessageKind.Reminder)];
    }

    [Fact]
    public async Task An_answer_of_the_office_is_a_message()
    {
        var town = await BookingTown.BuildAsync(database);
        var requests = new HelpRequests(town.Db, town.Clock);
        var asked = (await requests.AskAsync(town.Territory, new(Id<HelpRequest>.New(), "", "", "0331 555 123", "Posso?"), town.Rossi.User)).OrThrow();
        Assert.Empty(await new Messages(town.Db, town.Clock).OfAsync(town.Territory, town.Rossi.Id));
        (await requests.AnswerAsync(town.Territory, asked, town.Gelso.User.User, "Sì, da lunedì")).OrThrow();

        var message = Assert.Single(await new Messages(town.Db, town.Clock).OfAsync(town.Territory, town.Rossi.Id));
        Assert.Equal((MessageKind.Help, "Sì, da lunedì"), (message.Kind, message.Text));
    }

    [Fact]
    public async Task A_group_that_lapses_is_called_off_or_starts_without_somebody_is_told_with_what_is_free_again()
    {
        var t = await PoolTown.BuildAsync(database);
        var (family, _) = await t.FamilyAsync(Money.Euro(50));
        var messages = new Messages(t.Town.Db, t.Town.Clock);
        var prices = HeadPrices.Flat(2, 4, Money.Euro(18));
        var (lapses, off, without) = (await t.PublishAsync(prices), await t.PublishAsync(prices), await t.PublishAsync(prices));
        (await t.JoinAsync(family, lapses)).OrThrow();
        (await t.JoinAsync(family, off)).OrThrow();
        // Five euro are enough for four, and only three come: the two who pay up to nine go without it.
        (await t.JoinAsync(family, without, Money.Euro(5))).OrThrow();
        var (first, _) = await t.FamilyAsync(Money.Euro(50));
        var (second, _) = await t.FamilyAsync(Money.Euro(50));
        (await t.JoinAsync(first, without, Money.Euro(9))).OrThrow();
        (await t.JoinAsync(second, without, Money.Euro(9))).OrThrow();
        (await t.Pools.CancelAsync(t.Territory, off, t.Town.Gelso.User, "L’educatrice è malata")).OrThrow();
        await t.FreezeAsync();

        var told = (await messages.OfAsync(t.Territory, family.Id)).Where(m => m.Kind is not MessageKind.Grant).ToDictionary(m => m.Kind);

        Assert.Equal(3, told.Count);
        Assert.Equal((lapses.Value, Money.Euro(9), ""), (told[MessageKind.PoolLapsed].Subject, told[MessageKind.PoolLapsed].Amount!.Value, told[MessageKind.PoolLapsed].Text));
        Assert.Equal((off.Value, "L’educatrice è malata"), (told[MessageKind.PoolCancelled].Subject, told[MessageKind.PoolCancelled].Text));
        Assert.Equal((without.Value, Money.Euro(5)), (told[MessageKind.PoolWithoutYou].Subject, told[MessageKind.PoolWithoutYou].Amount!.Value));
        Assert.DoesNotContain(await messages.OfAsync(t.Territory, first.Id), m => m.Kind is not (MessageKind.Grant or MessageKind.Booking));
    }

    [Fact]
    public async Task Each_person_reads_for_themselves_and_only_what_comes_after_is_new()
    {
        var town = await BookingTown.BuildAsync(database);
        var messages = new Messages(town.Db, town.Clock);
        await town.GrantAsync(town.Rossi, Money.Euro(50));
        var other = new HouseholdUser(town.Rossi.Id, town.Bianchi.User.User);
        Assert.Equal(1, await messages.UnreadAsync(town.Territory, town.Rossi.User));

        town.Clock.Advance(Duration.FromMinutes(1));
        await messages.MarkReadAsync(town.Territory, town.Rossi.User);
        Assert.Equal((0, 1), (await messages.UnreadAsync(town.Territory, town.Rossi.User), await messages.UnreadAsync(town.Territory, other)));

        town.Clock.Advance(Duration.FromMinutes(1));
        await town.GrantAsync(town.Rossi, Money.Euro(20));
        Assert.Equal(1, await messages.UnreadAsync(town.Territory, town.Rossi.User));

        // A clock that was set back does not make read messages new.
        await new Messages(town.Db, new HandClock(town.Clock.Now - Duration.FromHours(2))).MarkReadAsync(town.Territory, town.Rossi.User);
        Assert.Equal(1, await messages.UnreadAsync(town.Territory, town.Rossi.User));
    }

    private static async Task OwnAsync(BookingTown town, BookingTown.Family family) =>
        (await town.Db.TransactAsync<Done>(town.Territory, async tx =>
        {
            await Users.GrantAsync(tx, family.User.User, new(Role.Household, Household: family.Id));
            return default(Done);
        })).OrThrow();
}
