using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>A booking moves to another time or stays where it is: never two places, never none, and not a cent goes missing between them.</summary>
public sealed class MoveTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_confirmed_booking_moves_with_its_money_and_is_asked_for_again()
    {
        var town = await OpenAsync(Money.Euro(15));
        var (slots, id) = (town.Slots, await town.Town.ConfirmedAsync(town.Rossi, town.Slots[0]));
        // The purse has 15 and holds 10: the move is possible only with what it gives back.
        var preview = (await town.Bookings.PreviewMoveAsync(town.Territory, town.Rossi.Id, id, slots[1])).OrThrow();
        Assert.True(preview.Coverage.IsPossible);
        Assert.Equal(Money.Euro(5), preview.AvailableAfter);
        var moved = (await town.MoveAsync(id, slots[1])).OrThrow();

        var (old, card) = (await town.DetailAsync(id), await town.DetailAsync(moved));
        Assert.Equal((BookingStatus.CancelledByHousehold, (Id<Booking>?)moved), (old.Card.Status, old.MovedTo));
        Assert.Equal((BookingStatus.Requested, (Id<Booking>?)id, slots[1]), (card.Card.Status, card.MovedFrom, card.Card.SlotId));
        Assert.Equal((old.Card.FirstName, Money.Zero), (card.Card.FirstName, old.Card.Settled));
        var taken = await Task.WhenAll(slots.Take(2).Select(async s => (int)(await town.SlotAsync(s)).Taken));
        Assert.Equal([0, 1], taken);
        Assert.Equal((Money.Euro(5), Money.Euro(10)), await town.PurseAsync());
        Assert.Empty(await new Audit(town.Town.Db).RunAsync(town.Territory));
        // The provider confirms the new one, and it goes on like any other.
        (await town.Bookings.ConfirmAsync(town.Territory, moved, town.Town.Gelso.User)).OrThrow();
    }

    [Fact]
    public async Task A_request_moves_at_any_hour_and_sent_twice_it_moves_once()
    {
        var town = await OpenAsync(Money.Euro(10), fee: Money.Euro(4));
        var id = (await town.Town.BookAsync(town.Rossi, town.Slots[0])).OrThrow();
        var to = await town.WishAsync(id, town.Slots[1]);
        var first = (await town.Bookings.MoveAsync(town.Territory, id, to, town.Rossi.User)).OrThrow();
        Assert.Equal(first, (await town.Bookings.MoveAsync(town.Territory, id, to, town.Rossi.User)).OrThrow());
        Assert.Equal(BookingStatus.Withdrawn, (await town.DetailAsync(id)).Card.Status);
        Assert.Equal((Money.Zero, Money.Euro(10)), await town.PurseAsync());
        Assert.IsType<BookingIdReused>(Refused(await town.Bookings.MoveAsync(town.Territory, id, to with { Slot = town.Slots[2] }, town.Rossi.User)));
        // And on again, and back.
        var second = (await town.MoveAsync(first, town.Slots[2])).OrThrow();
        var third = (await town.MoveAsync(second, town.Slots[0])).OrThrow();
        var taken = await Task.WhenAll(town.Slots.Take(3).Select(async s => (int)(await town.SlotAsync(s)).Taken));
        Assert.Equal([1, 0, 0], taken);
        Assert.Equal((Id<Booking>?)second, (await town.DetailAsync(third)).MovedFrom);
    }

    [Fact]
    public async Task What_cannot_move_stays_as_it_was()
    {
        var town = await OpenAsync(Money.Euro(10), fee: Money.Euro(4));
        var id = await town.Town.ConfirmedAsync(town.Rossi, town.Slots[0]);
        var elsewhere = await town.Town.SlotAsync(Money.Euro(10), town.At(80));
        var dear = (await town.Town.BookAsync(town.Bianchi, town.Slots[2])).OrThrow();
        var good = await town.WishAsync(id, town.Slots[1]);
        (Func<Task<Result<Id<Booking>>>> Try, Type Why)[] table =
        [
            (() => Move(good with { Slot = elsewhere }), typeof(MoveElsewhere)),
            (() => Move(good with { Slot = town.Slots[0] }), typeof(AlreadyBooked)),
            (() => Move(good with { Slot = town.Slots[2] }), typeof(SlotFull)),
            (() => Move(good with { Slot = Id<Slot>.New() }), typeof(SlotNotFound)),
            (() => Move(good with { Shown = default }), typeof(PriceChanged)),
            (() => Move(good, Id<Booking>.New()), typeof(BookingNotFound)),
            (() => town.Bookings.MoveAsync(town.Territory, id, good, town.Bianchi.User), typeof(BookingNotFound)),
            (() => Move(good, dear), typeof(BookingNotFound)),
        ];
        foreach (var (act, why) in table)
        {
            Assert.Equal(why, Refused(await act())?.GetType());
            Assert.Equal(BookingStatus.Confirmed, (await town.DetailAsync(id)).Card.Status);
            Assert.Equal((Money.Zero, Money.Euro(10)), await town.PurseAsync());
        }

        // A taken-back time, and one whose provider may not any more.
        (await new Slots(town.Town.Db, town.Town.Clock).WithdrawAsync(town.Territory, town.Slots[1])).OrThrow();
        Assert.IsType<SlotWithdrawn>(Refused(await Move(good)));
        Assert.IsType<SlotWithdrawn>(Refused(await town.Bookings.PreviewMoveAsync(town.Territory, town.Rossi.Id, id, town.Slots[1])));

        // After the limit it is cancelling that costs; moving is not a way around it.
        town.Town.Clock.MoveTo(town.At(0) - Duration.FromHours(24));
        Assert.IsType<MoveTooLate>(Refused(await Move(good with { Slot = town.Slots[3] })));
        Assert.IsType<MoveTooLate>(Refused(await town.Bookings.PreviewMoveAsync(town.Territory, town.Rossi.Id, id, town.Slots[3])));
        town.Town.Clock.MoveTo(town.At(0));
        Assert.IsType<ServiceStarted>(Refused(await Move(good with { Slot = town.Slots[3] })));
        (await town.Bookings.DeliverAsync(town.Territory, id, town.Town.Gelso.User)).OrThrow();
        Assert.IsType<BookingNotReady>(Refused(await Move(good with { Slot = town.Slots[3] })));
        Assert.Empty(await new Audit(town.Town.Db).RunAsync(town.Territory));

        Task<Result<Id<Booking>>> Move(BookingRequest to, Id<Booking>? from = null) => town.Bookings.MoveAsync(town.Territory, from ?? id, to, town.Rossi.User);
    }

    [Fact]
    public async Task A_place_in_a_group_does_not_move_alone()
    {
        var pools = await PoolTown.BuildAsync(database);
        var pool = await pools.PublishAsync(HeadPrices.Flat(2, 3, Money.Euro(20)));
        var families = new List<BookingTown.Family>();
        for (var i = 0; i < 2; i++)
        {
            families.Add((await pools.FamilyAsync(Money.Euro(50))).Item1);
            (await pools.JoinAsync(families[i], pool)).OrThrow();
        }

        await pools.FreezeAsync();
        var mine = (await pools.SharesAsync(pool))[0];
        var family = families.Single(f => f.Id == mine.HouseholdId);
        var elsewhere = await pools.Town.SlotAsync(Money.Euro(10));
        Assert.IsType<SlotIsShared>(Refused(await pools.Town.Bookings.PreviewMoveAsync(pools.Territory, family.Id, mine.BookingId!.Value, elsewhere)));
        Assert.IsType<SlotIsShared>(Refused(await pools.Town.Bookings.MoveAsync(
            pools.Territory, mine.BookingId.Value, new(Id<Booking>.New(), elsewhere, default, default), family.User)));
        Assert.Equal(BookingStatus.Confirmed, (await new BookingCards(pools.Town.Db).FindAsync(pools.Territory, mine.BookingId.Value))!.Card.Status);
    }

    [Fact]
    public async Task A_months_limit_counts_what_moves_once()
    {
        var town = await OpenAsync(Money.Euro(100), monthMax: Money.Euro(10));
        var id = (await town.Town.BookAsync(town.Rossi, town.Slots[0])).OrThrow();
        Assert.IsType<NotEnoughInPurse>(Refused(await town.Town.BookAsync(town.Rossi, town.Slots[1])));
        var moved = (await town.MoveAsync(id, town.Slots[1])).OrThrow();
        // Into the next month, where something else has used its limit up.
        (await town.Town.BookAsync(town.Rossi, town.Slots[4])).OrThrow();
        var preview = (await town.Bookings.PreviewMoveAsync(town.Territory, town.Rossi.Id, moved, town.Slots[5])).OrThrow();
        Assert.False(preview.Coverage.IsPossible);
        Assert.IsType<NotEnoughInPurse>(Refused(await town.Bookings.MoveAsync(
            town.Territory, moved, new(Id<Booking>.New(), town.Slots[5], default, preview.Shown), town.Rossi.User)));
        Assert.Equal(BookingStatus.Requested, (await town.DetailAsync(moved)).Card.Status);
    }

    [Fact]
    public async Task Many_who_change_places_at_once_each_have_one()
    {
        var town = await OpenAsync(Money.Euro(10));
        var families = new List<(BookingTown.Family Family, Id<Booking> Booking, Id<Slot> Slot)>();
        for (var i = 0; i < 6; i++)
        {
            var family = await town.Town.FamilyAsync();
            await town.Town.GrantAsync(family, Money.Euro(10));
            families.Add((family, (await town.Town.BookAsync(family, town.Wide[i])).OrThrow(), town.Wide[i]));
        }

        // Everybody wants the next one's time, and all but one want the same besides; wide slots have two places, the last slot one.
        var wishes = families.SelectMany((f, i) => new[] { town.Wide[(i + 1) % 6], town.Slots[0] }.Select(slot => (f.Family, f.Booking, Slot: slot))).ToList();
        var tried = await Task.WhenAll(wishes.Select(w => Task.Run(async () =>
        {
            var preview = await town.Bookings.PreviewMoveAsync(town.Territory, w.Family.Id, w.Booking, w.Slot);
            return preview.IsRefused(out var refusal, out var shown)
                ? refusal
                : Refused(await town.Bookings.MoveAsync(town.Territory, w.Booking, new(Id<Booking>.New(), w.Slot, default, shown.Shown), w.Family.User));
        })));
        Assert.All(tried.OfType<Refusal>(), r => Assert.True(r is SlotFull or BookingNotReady, r.ToString()));
        var cards = new BookingCards(town.Town.Db);
        foreach (var (family, _, _) in families)
        {
            var living = (await cards.OfHouseholdAsync(town.Territory, family.Id)).Where(c => c.Status is BookingStatus.Requested).ToList();
            Assert.Single(living);
        }

        var taken = await Task.WhenAll(town.Wide.Append(town.Slots[0]).Select(async s => (int)(await town.SlotAsync(s)).Taken));
        Assert.Equal(6, taken.Sum());
        Assert.Empty(await new Audit(town.Town.Db).RunAsync(town.Territory));
    }

    private static Refusal? Refused<T>(Result<T> result)
        where T : notnull => result.IsRefused(out var refusal) ? refusal : null;

    /// <summary>One offer with times a day apart (the last two in the next month), and six of two places each.</summary>
    private async Task<Course> OpenAsync(Money purse, Money? fee = null, Money? monthMax = null)
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, purse, monthMax: monthMax);
        await town.GrantAsync(town.Bianchi, purse);
        var course = new Course(town);
        course.Slots.Add(await town.SlotAsync(Money.Euro(10), course.At(0), cancelFee: fee));
        var offer = (await course.SlotAsync(course.Slots[0])).OfferId;
        int[] hours = [24, 48, 72, 24 * 30, 24 * 31];
        var more = hours.Select(h => new NewSlot(Id<Slot>.New(), course.At(h), course.At(h + 1), 1)).ToList();
        var wide = Enumerable.Range(0, 6).Select(i => new NewSlot(Id<Slot>.New(), course.At(100 + i), course.At(101 + i), 2)).ToList();
        (await new Slots(town.Db, town.Clock).CreateAsync(town.Territory, offer, [.. more, .. wide])).OrThrow();
        course.Slots.AddRange(more.Select(s => s.Id));
        course.Wide.AddRange(wide.Select(s => s.Id));
        return course;
    }

    private sealed class Course(BookingTown town)
    {
        public BookingTown Town => town;
        public TerritoryId Territory => town.Territory;
        public BookingTown.Family Rossi => town.Rossi;
        public BookingTown.Family Bianchi => town.Bianchi;
        public Bookings Bookings => town.Bookings;
        public List<Id<Slot>> Slots { get; } = [];
        public List<Id<Slot>> Wide { get; } = [];

        private Instant Start { get; } = town.Clock.Now + Duration.FromHours(47);

        public Instant At(int hours) => Start + Duration.FromHours(hours);

        public async Task<BookingRequest> WishAsync(Id<Booking> from, Id<Slot> to) =>
            new(Id<Booking>.New(), to, default, (await Bookings.PreviewMoveAsync(Territory, Rossi.Id, from, to)).OrThrow().Shown);

        public async Task<Result<Id<Booking>>> MoveAsync(Id<Booking> from, Id<Slot> to) =>
            await Bookings.MoveAsync(Territory, from, await WishAsync(from, to), Rossi.User);

        public async Task<BookingDetail> DetailAsync(Id<Booking> id) => (await new BookingCards(town.Db).FindAsync(Territory, id))!;

        public async Task<Slot> SlotAsync(Id<Slot> id) => (await new Slots(town.Db, town.Clock).FindAsync(Territory, id))!;

        public async Task<(Money Available, Money Held)> PurseAsync()
        {
            var grants = await new Purses(town.Db, town.Clock).GrantsAsync(Territory, Rossi.Id, town.Clock.Today());
            return (grants.Sum(g => g.Available), grants.Sum(g => g.Held));
        }
    }
}
