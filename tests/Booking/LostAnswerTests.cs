using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.Hosting;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>
/// The connection breaks between a commit and its answer, so that nobody knows whether it was done. The work asks again
/// by its ids: it is done once, never twice, and said to be done exactly when it is.
/// </summary>
public sealed class LostAnswerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Rounds = 12;

    private static readonly Money Price = Money.Euro(30);

    [Fact]
    public async Task Every_step_of_a_booking_is_done_once_wherever_the_wire_breaks()
    {
        await using var wire = new CuttingProxy(database.ApplicationConnection);
        await using var db = new Database(wire.Connection);
        var town = await BookingTown.BuildAsync(database, db);
        var grant = await town.GrantAsync(town.Rossi, Price * Rounds);

        for (var round = 0; round < Rounds; round++)
        {
            var cut = round % 2 == 0 ? Cut.AfterCommit : Cut.BeforeCommit;
            var own = await town.SlotAsync(Price, BookingTown.Monday + Duration.FromDays(1 + (7 * round)));
            var id = Id<Booking>.New();
            var shown = (await town.Bookings.PreviewAsync(town.Territory, town.Rossi.Id, own)).OrThrow().Shown;

            wire.Arm(cut);
            Assert.Equal(id, (await town.Bookings.RequestAsync(town.Territory, new(id, own, town.Rossi.Adult, shown), town.Rossi.User)).OrThrow());
            Assert.Equal(Price, (await town.OnAsync(grant.Account)).Held);

            wire.Arm(cut);
            (await town.Bookings.ConfirmAsync(town.Territory, id, town.Gelso.User)).OrThrow();
            town.Clock.MoveTo((await town.FindAsync(id)).Card.EndsAt);
            wire.Arm(cut);
            (await town.Bookings.DeliverAsync(town.Territory, id, town.Gelso.User)).OrThrow();
            wire.Arm(cut);
            (await town.Bookings.AcceptAsync(town.Territory, id, town.Rossi.User)).OrThrow();

            Assert.Equal((Price * (Rounds - round - 1), Money.Zero), await town.OnAsync(grant.Account));
            Assert.Equal(Price * (round + 1), (await town.OnAsync(town.Gelso.Account)).Balance);
            Assert.Equal(
                [BookingStatus.Requested, BookingStatus.Confirmed, BookingStatus.Delivered, BookingStatus.Accepted, BookingStatus.Settled],
                (await town.FindAsync(id)).Events.Select(e => e.Status));
        }

        Assert.Equal(4 * Rounds, wire.Cuts);
    }

    [Fact]
    public async Task What_was_done_though_every_answer_was_lost_is_found_when_the_wire_holds_again()
    {
        await using var wire = new CuttingProxy(database.ApplicationConnection);
        await using var db = new Database(wire.Connection);
        var town = await BookingTown.BuildAsync(database, db);
        var grant = await town.GrantAsync(town.Rossi, Price);
        var slot = await town.SlotAsync(Price);
        var request = new BookingRequest(
            Id<Booking>.New(), slot, town.Rossi.Adult, (await town.Bookings.PreviewAsync(town.Territory, town.Rossi.Id, slot)).OrThrow().Shown);

        wire.Arm(Cut.AfterEveryCommit);
        // Nobody may say that it failed, nor that it went well: it is not known, and that is no refusal.
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => town.Bookings.RequestAsync(town.Territory, request, town.Rossi.User));
        Assert.True(wire.Cuts > 1, "it was not tried again");

        wire.Arm(Cut.None);
        Assert.Equal(request.Id, (await town.Bookings.RequestAsync(town.Territory, request, town.Rossi.User)).OrThrow());
        Assert.Equal((Price, Price), await town.OnAsync(grant.Account));
        Assert.Equal(1, await town.TakenAsync(slot));
    }

    [Fact]
    public async Task A_hundred_postings_through_a_breaking_wire_are_a_hundred_postings()
    {
        await using var wire = new CuttingProxy(database.ApplicationConnection);
        await using var db = new Database(wire.Connection);
        var town = await BookingTown.BuildAsync(database, db);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(100));
        for (var i = 0; i < 100; i++)
        {
            var entry = new JournalEntry(
                Id<JournalEntry>.New(), "delivered", "", town.Clock.Today(), "test", "", [new(grant.Account, town.Gelso.Account, Money.Euro(1))]);
            wire.Arm(i % 3 == 0 ? Cut.BeforeCommit : Cut.AfterCommit);
            (await db.TransactAsync(town.Territory, tx => town.Ledger.PostAsync(tx, entry))).OrThrow();
            Assert.Equal(Money.Euro(i + 1), (await town.OnAsync(town.Gelso.Account)).Balance);
        }

        Assert.Equal(100, wire.Cuts);
        Assert.Equal(Money.Zero, (await town.OnAsync(grant.Account)).Balance);
    }
}
