using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>What time does by itself, to the second.</summary>
public sealed class SweepTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Money Price = Money.Euro(30);

    [Fact]
    public async Task A_delivered_booking_accepts_itself_after_two_days()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(100));
        var id = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price));
        var delivered = town.Clock.Now;

        town.Clock.MoveTo(delivered + Duration.FromDays(2) - Duration.FromSeconds(1));
        Assert.Equal(0, (await town.Bookings.AcceptDueAsync(town.Territory)).Moved);
        town.Clock.Advance(Duration.FromSeconds(1));
        Assert.Equal(1, (await town.Bookings.AcceptDueAsync(town.Territory)).Moved);
        Assert.Equal(0, (await town.Bookings.AcceptDueAsync(town.Territory)).Moved);

        Assert.Equal(BookingStatus.Settled, await town.StatusAsync(id));
        Assert.Equal("system", (await town.FindAsync(id)).Events[^1].Actor);
        Assert.Equal((Price, Money.Zero), await town.OnAsync(town.Gelso.Account));
    }

    [Fact]
    public async Task A_disputed_booking_does_not_accept_itself()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(100));
        var id = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price));
        (await town.Bookings.DisputeAsync(town.Territory, id, town.Rossi.User, "È durato mezz’ora.")).OrThrow();

        town.Clock.Advance(Duration.FromDays(9));
        Assert.Equal(new Swept(0, []).Moved, (await town.Bookings.AcceptDueAsync(town.Territory)).Moved);

        Assert.Equal(BookingStatus.Disputed, await town.StatusAsync(id));
    }

    [Fact]
    public async Task A_request_without_answer_lapses_and_gives_back_money_and_place()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(100));
        var slot = await town.SlotAsync(Price);
        var id = (await town.BookAsync(town.Rossi, slot)).OrThrow();
        var confirmed = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Price));

        town.Clock.Advance(Duration.FromHours(24) - Duration.FromSeconds(1));
        Assert.Equal(0, (await town.Bookings.LapseDueAsync(town.Territory)).Moved);
        town.Clock.Advance(Duration.FromSeconds(1));
        Assert.Equal(1, (await town.Bookings.LapseDueAsync(town.Territory)).Moved);

        Assert.Equal(BookingStatus.Expired, await town.StatusAsync(id));
        Assert.Equal(BookingStatus.Confirmed, await town.StatusAsync(confirmed));
        Assert.Equal((Money.Euro(100), Price), await town.OnAsync(grant.Account));
        Assert.Equal(0, await town.TakenAsync(slot));
    }

    [Fact]
    public async Task Four_days_without_delivery_change_nothing_but_the_end_of_the_hold_does()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(100), to: new(2026, 10, 31), settlementDays: 0);
        var never = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Price));
        var disputed = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price));
        (await town.Bookings.DisputeAsync(town.Territory, disputed, town.Rossi.User, "No.")).OrThrow();

        town.Clock.Advance(Duration.FromDays(4));
        Assert.Equal(0, (await town.Bookings.RunOutDueAsync(town.Territory)).Moved);
        Assert.Equal((Money.Euro(100), Money.Euro(60)), await town.OnAsync(grant.Account));

        town.Clock.MoveTo(new LocalDate(2026, 10, 31).EndOfDayInRome());
        // The ledger's own sweep may come first: it closes the same holds by the same events.
        (await town.Db.TransactAsync(town.Territory, tx => town.Ledger.ExpireDueAsync(tx, 1))).OrThrow();
        Assert.Equal(2, (await town.Bookings.RunOutDueAsync(town.Territory)).Moved);

        Assert.Equal(BookingStatus.Expired, await town.StatusAsync(never));
        Assert.Equal(BookingStatus.Reversed, await town.StatusAsync(disputed));
        Assert.Empty(await new MarketplaceAudit(town.Db).RunAsync(town.Territory));
        Assert.Equal((Money.Euro(100), Money.Zero), await town.OnAsync(grant.Account));
        Assert.Empty(await new MarketplaceAudit(town.Db).RunAsync(town.Territory));
    }

    [Fact]
    public async Task Near_the_end_of_the_money_there_is_less_time_to_answer_but_the_provider_is_paid()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(100), to: new(2026, 10, 7), settlementDays: 0);
        var id = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price));
        var end = new LocalDate(2026, 10, 7).EndOfDayInRome();
        Assert.Equal(end - Duration.FromHours(6), (await town.FindAsync(id)).Card.AcceptBy);

        town.Clock.MoveTo(end - Duration.FromHours(6));
        Assert.Equal(1, (await town.Bookings.AcceptDueAsync(town.Territory)).Moved);
        Assert.Equal((Price, Money.Zero), await town.OnAsync(town.Gelso.Account));
    }

    [Fact]
    public async Task One_that_cannot_be_accepted_stops_no_other()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(30), to: new(2026, 10, 10), settlementDays: 0);
        await town.GrantAsync(town.Rossi, Money.Euro(30));
        var stuck = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price));
        var fine = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price, town.Clock.Now + Duration.FromHours(1)));

        // Nobody swept for two weeks.
        town.Clock.Advance(Duration.FromDays(14));
        var swept = await town.Bookings.AcceptDueAsync(town.Territory);

        Assert.Equal(1, swept.Moved);
        Assert.Equal(stuck, Assert.Single(swept.Stuck).Booking);
        Assert.IsType<HoldExpired>(swept.Stuck[0].Because);
        Assert.Equal(BookingStatus.Settled, await town.StatusAsync(fine));
    }
}
