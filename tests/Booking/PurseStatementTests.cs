using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>What a household reads of its money is what the ledger has, to the cent, at every line.</summary>
public sealed class PurseStatementTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Money Price = Money.Euro(30);

    [Fact]
    public async Task A_life_of_bookings_is_told_movement_by_movement()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(100));
        var slot = await town.SlotAsync(Price, cancelFee: Money.Euro(8));
        var lateCancel = await town.ConfirmedAsync(town.Rossi, slot);
        town.Clock.Advance(Duration.FromMinutes(1));
        var accepted = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Money.Euro(12)));
        town.Clock.MoveTo((await town.FindAsync(lateCancel)).Card.FreeUntil);
        (await town.Bookings.CancelByHouseholdAsync(town.Territory, lateCancel, town.Rossi.User, Money.Euro(8))).OrThrow();
        town.Clock.MoveTo((await town.FindAsync(accepted)).Card.EndsAt);
        (await town.Bookings.DeliverAsync(town.Territory, accepted, town.Gelso.User)).OrThrow();
        (await town.Bookings.AcceptAsync(town.Territory, accepted, town.Rossi.User)).OrThrow();

        var october = await new PurseStatements(town.Db).MonthAsync(town.Territory, town.Rossi.Id, new(2026, 10));

        Assert.Equal(
            [
                (MovementKind.Received, 100, 100, 100), (MovementKind.Held, 30, 70, 100), (MovementKind.Held, 12, 58, 100),
                (MovementKind.Spent, 8, 58, 92), (MovementKind.Returned, 22, 80, 92), (MovementKind.Spent, 12, 80, 80),
            ],
            october.Movements.Select(m => (m.Kind, m.Amount.Cents / 100, m.AvailableAfter.Cents / 100, m.BalanceAfter.Cents / 100)));
        Assert.Equal(lateCancel, october.Movements[3].About!.Booking);
        Assert.Equal((Money.Zero, Money.Euro(80), Money.Zero), (october.OpeningBalance, october.ClosingBalance, october.ClosingHeld));
        Assert.Equal((Money.Euro(100), Money.Euro(20)), (october.Received, october.Spent));
    }

    [Fact]
    public async Task Two_grants_that_pay_together_are_one_movement()
    {
        var town = await BookingTown.BuildAsync(database);
        var later = await town.GrantAsync(town.Rossi, Money.Euro(20));
        var sooner = await town.GrantAsync(town.Rossi, Money.Euro(20), to: new(2026, 10, 31));
        (await town.BookAsync(town.Rossi, await town.SlotAsync(Price))).OrThrow();

        var statement = await new PurseStatements(town.Db).MonthAsync(town.Territory, town.Rossi.Id, new(2026, 10));

        var held = Assert.Single(statement.Movements, m => m.Kind is MovementKind.Held);
        Assert.Equal(Price, held.Amount);
        Assert.Equal([(sooner.Id, Money.Euro(20)), (later.Id, Money.Euro(10))], held.Funders.Select(f => (f.Grant, f.Amount)));
        Assert.Equal((Money.Euro(40), Price), (statement.ClosingBalance, statement.ClosingHeld));
    }

    [Fact]
    public async Task Each_month_opens_with_what_the_one_before_closed_with()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(500));
        for (var i = 0; i < 12; i++)
        {
            var id = (await town.BookAsync(town.Rossi, await town.SlotAsync(new(1000 + i), town.Clock.Now + Duration.FromHours(30)))).OrThrow();
            if (i % 3 == 0) (await town.Bookings.WithdrawAsync(town.Territory, id, town.Rossi.User)).OrThrow();
            if (i % 3 == 1)
            {
                (await town.Bookings.ConfirmAsync(town.Territory, id, town.Gelso.User)).OrThrow();
                town.Clock.Advance(Duration.FromHours(31));
                (await town.Bookings.DeliverAsync(town.Territory, id, town.Gelso.User)).OrThrow();
                (await town.Bookings.AcceptAsync(town.Territory, id, town.Rossi.User)).OrThrow();
            }

            town.Clock.Advance(Duration.FromDays(6));
        }

        var statements = new PurseStatements(town.Db);
        var months = await statements.MonthsAsync(town.Territory, town.Rossi.Id, town.Clock.Today());
        Assert.Equal([new(2026, 12), new(2026, 11), new YearMonth(2026, 10)], months);
        PurseStatement? before = null;
        foreach (var month in months.Reverse())
        {
            var told = await statements.MonthAsync(town.Territory, town.Rossi.Id, month);
            Assert.Equal(before?.ClosingBalance ?? Money.Zero, told.OpeningBalance);
            Assert.Equal(before?.ClosingAvailable ?? Money.Zero, told.OpeningAvailable);
            Assert.Equal(told.ClosingBalance, told.OpeningBalance + told.Received - told.Spent - told.TakenBack);
            Assert.Equal(told.ClosingBalance, told.Grants.Sum(g => g.Closing));
            Assert.All(told.Grants, g => Assert.Equal(g.Closing, g.Opening + g.Received - g.Spent - g.TakenBack));
            Assert.All(told.Movements, m => Assert.True(m.AvailableAfter >= Money.Zero && m.BalanceAfter >= m.AvailableAfter));
            before = told;
        }

        Assert.Equal((before!.ClosingBalance, before.ClosingHeld), await town.OnAsync(grant.Account));
        var ledger = await new Statements(town.Db).OfAsync(town.Territory, grant.Account, new(2026, 10, 1), new(2026, 12, 31));
        Assert.Equal(ledger!.Closing, before.ClosingBalance);
    }

    [Fact]
    public async Task The_provider_is_owed_what_its_account_says()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(100));
        var first = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price));
        var second = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Price, town.Clock.Now + Duration.FromHours(2), cancelFee: Money.Euro(8)));
        (await town.Bookings.AcceptAsync(town.Territory, first, town.Rossi.User)).OrThrow();
        (await town.Bookings.CancelByHouseholdAsync(town.Territory, second, town.Rossi.User, Money.Euro(8))).OrThrow();

        var sheet = await new ProviderCredits(town.Db).OfAsync(town.Territory, town.Gelso.Id);

        Assert.Equal((Money.Euro(38), Money.Zero), await town.OnAsync(town.Gelso.Account));
        Assert.Equal((Money.Euro(38), Money.Euro(38), Money.Zero, Money.Zero), (sheet.Earned, sheet.Open, sheet.InPayout, sheet.Paid));
        Assert.Equal(sheet.Earned, sheet.Rows.Sum(r => r.Amount));
        Assert.Equal([BookingStatus.Settled, BookingStatus.CancelledByHousehold], sheet.Rows.Select(r => r.Status).Order());
    }
}
