using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>The household's own part: due when the service took place, written down once, by its provider alone.</summary>
public sealed class CopaymentTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Money Price = Money.Euro(30);

    [Fact]
    public async Task The_provider_writes_down_once_that_the_family_has_paid_its_part()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(22), copayment: true);
        var id = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price));
        var card = (await town.FindAsync(id)).Card;
        Assert.Equal((Money.Euro(8), (Instant?)null, true), (card.Copayment, card.CopaymentPaidAt, card.AwaitsCopayment));

        var paidAt = town.Clock.Now;
        (await town.Bookings.ReceiveCopaymentAsync(town.Territory, id, town.Gelso.User)).OrThrow();
        town.Clock.Advance(Duration.FromHours(3));
        (await town.Bookings.ReceiveCopaymentAsync(town.Territory, id, town.Gelso.User)).OrThrow();

        card = (await town.FindAsync(id)).Card;
        Assert.Equal((paidAt, false), (card.CopaymentPaidAt, card.AwaitsCopayment));
        // It is not the book's money: the purse still pays its part, no more, and the family may still answer.
        (await town.Bookings.AcceptAsync(town.Territory, id, town.Rossi.User)).OrThrow();
        Assert.Equal((Money.Zero, Money.Zero), await town.OnAsync(grant.Account));
        Assert.Equal((Money.Euro(22), Money.Zero), await town.OnAsync(town.Gelso.Account));
        Assert.Equal(paidAt, (await town.FindAsync(id)).Card.CopaymentPaidAt);
    }

    [Fact]
    public async Task It_can_also_be_written_down_after_the_family_has_agreed()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(22), copayment: true);
        var id = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price));
        (await town.Bookings.AcceptAsync(town.Territory, id, town.Rossi.User)).OrThrow();
        Assert.True((await town.FindAsync(id)).Card.AwaitsCopayment);
        (await town.Bookings.ReceiveCopaymentAsync(town.Territory, id, town.Gelso.User)).OrThrow();
        Assert.Equal(town.Clock.Now, (await town.FindAsync(id)).Card.CopaymentPaidAt);
    }

    [Fact]
    public async Task Nothing_is_written_down_where_nothing_is_due()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(52), copayment: true);
        var covered = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Price));
        var part = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Price));
        var card = (await town.FindAsync(part)).Card;
        Assert.True(card.Copayment.IsPositive);

        Assert.Equal(new BookingNotFound(part), await RefusalAsync(part, town.Quercia));
        Assert.Equal(new ServiceNotStarted(part, card.StartsAt), await RefusalAsync(part, town.Gelso));
        town.Clock.MoveTo(card.StartsAt);
        Assert.Equal(new CopaymentNotDue(covered, BookingStatus.Confirmed), await RefusalAsync(covered, town.Gelso));
        (await town.Bookings.ReportNoShowAsync(town.Territory, part, town.Gelso.User)).OrThrow();
        Assert.Equal(new CopaymentNotDue(part, BookingStatus.NoShow), await RefusalAsync(part, town.Gelso));
        Assert.Null((await town.FindAsync(part)).Card.CopaymentPaidAt);

        async Task<Refusal?> RefusalAsync(Id<Booking> id, BookingTown.Cooperative provider) =>
            (await town.Bookings.ReceiveCopaymentAsync(town.Territory, id, provider.User)).IsRefused(out var refusal) ? refusal : null;
    }

    [Fact]
    public async Task A_payment_written_down_by_mistake_is_taken_back_within_a_day_by_the_provider_alone()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(22), copayment: true);
        var id = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price));
        Assert.Null(await RefusalAsync(town.Gelso));
        (await town.Bookings.ReceiveCopaymentAsync(town.Territory, id, town.Gelso.User)).OrThrow();
        var paidAt = town.Clock.Now;
        Assert.Equal(new BookingNotFound(id), await RefusalAsync(town.Quercia));
        Assert.Equal(paidAt, (await town.FindAsync(id)).Card.CopaymentPaidAt);

        town.Clock.Advance(Bookings.CopaymentUndo);
        Assert.Null(await RefusalAsync(town.Gelso));
        Assert.True((await town.FindAsync(id)).Card.AwaitsCopayment);

        // Written down anew, it counts from then.
        (await town.Bookings.ReceiveCopaymentAsync(town.Territory, id, town.Gelso.User)).OrThrow();
        var again = town.Clock.Now;
        town.Clock.Advance(Bookings.CopaymentUndo + Duration.FromSeconds(1));
        Assert.Equal(new CopaymentUndoOver(id, again + Bookings.CopaymentUndo), await RefusalAsync(town.Gelso));
        Assert.Equal(again, (await town.FindAsync(id)).Card.CopaymentPaidAt);

        async Task<Refusal?> RefusalAsync(BookingTown.Cooperative provider) =>
            (await town.Bookings.TakeCopaymentBackAsync(town.Territory, id, provider.User)).IsRefused(out var refusal) ? refusal : null;
    }

    [Fact]
    public async Task The_database_keeps_no_payment_of_a_part_that_does_not_exist()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(30));
        var id = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price));
        var error = await Assert.ThrowsAsync<PostgresException>(() => town.ChangeAsync(
            "update marketplace.booking set copayment_paid_at = now() where territory_id = @territory and id = @id", new { id }));
        Assert.Equal("booking_copayment_paid", error.ConstraintName);
    }
}
