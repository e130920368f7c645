using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>Asking for a place: what is held, what is refused and why, and that asking twice books once.</summary>
public sealed class RequestTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Money Price = Money.Euro(30);

    [Fact]
    public async Task A_request_holds_the_price_and_takes_a_place()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(50));
        var slot = await town.SlotAsync(Price, places: 3);

        var id = (await town.BookAsync(town.Rossi, slot)).OrThrow();

        Assert.Equal((Money.Euro(50), Price), await town.OnAsync(grant.Account));
        Assert.Equal(1, await town.TakenAsync(slot));
        var booking = await town.FindAsync(id);
        Assert.Equal(BookingStatus.Requested, booking.Card.Status);
        Assert.Equal(12, booking.Card.Reference.Length);
        Assert.Equal(town.Clock.Now + Duration.FromHours(24), booking.Card.AnswerBy);
        Assert.Equal(BookingTown.Monday + Duration.FromHours(23), booking.Card.FreeUntil);
        Assert.Equal([(grant.Id, Price)], booking.Payers.Select(p => (p.Grant, p.Amount)));
    }

    [Fact]
    public async Task Twenty_and_twenty_for_a_price_of_thirty_draw_twenty_and_ten()
    {
        var town = await BookingTown.BuildAsync(database);
        var later = await town.GrantAsync(town.Rossi, Money.Euro(20), to: new(2026, 12, 31));
        var sooner = await town.GrantAsync(town.Rossi, Money.Euro(20), to: new(2026, 10, 31));

        var id = (await town.BookAsync(town.Rossi, await town.SlotAsync(Price))).OrThrow();

        Assert.Equal([(sooner.Id, Money.Euro(20)), (later.Id, Money.Euro(10))], (await town.FindAsync(id)).Payers.Select(p => (p.Grant, p.Amount)));
        Assert.Equal(Money.Euro(20), (await town.OnAsync(sooner.Account)).Held);
        Assert.Equal(Money.Euro(10), (await town.OnAsync(later.Account)).Held);
    }

    [Fact]
    public async Task The_household_pays_the_rest_itself_where_the_programme_allows_it()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(20), copayment: true);

        var id = (await town.BookAsync(town.Rossi, await town.SlotAsync(Price))).OrThrow();

        var card = (await town.FindAsync(id)).Card;
        Assert.Equal((Money.Euro(20), Money.Euro(10)), (card.Covered, card.Copayment));
        Assert.Equal(Money.Euro(20), (await town.OnAsync(grant.Account)).Held);
    }

    [Fact]
    public async Task The_same_request_again_changes_nothing()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(100));
        var slot = await town.SlotAsync(Price, places: 5);
        var request = new BookingRequest(Id<Booking>.New(), slot, town.Rossi.Adult, await ShownAsync(town, slot));

        var first = await town.Bookings.RequestAsync(town.Territory, request, town.Rossi.User);
        // The answer was lost, and meanwhile the purse has changed: what it says now does not matter any more.
        await town.GrantAsync(town.Rossi, Money.Euro(5), to: new(2026, 10, 20));
        town.Clock.Advance(Duration.FromMinutes(5));
        var second = await town.Bookings.RequestAsync(town.Territory, request, town.Rossi.User);

        Assert.Equal(first.OrThrow(), second.OrThrow());
        Assert.Equal(Price, (await town.OnAsync(grant.Account)).Held);
        Assert.Equal(1, await town.TakenAsync(slot));
    }

    [Fact]
    public async Task The_same_request_64_times_at_once_books_once()
    {
        await using var pool = database.OpenPool(64);
        var town = await BookingTown.BuildAsync(database, pool);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(1000));
        var slot = await town.SlotAsync(Price, places: 100);
        var request = new BookingRequest(Id<Booking>.New(), slot, town.Rossi.Adult, await ShownAsync(town, slot));

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => town.Bookings.RequestAsync(town.Territory, request, town.Rossi.User)));

        Assert.All(answers, a => Assert.Equal(request.Id, a.OrThrow()));
        Assert.Equal(Price, (await town.OnAsync(grant.Account)).Held);
        Assert.Equal(1, await town.TakenAsync(slot));
    }

    [Fact]
    public async Task The_last_euro_is_spent_once()
    {
        await using var pool = database.OpenPool(16);
        var town = await BookingTown.BuildAsync(database, pool);
        var grant = await town.GrantAsync(town.Rossi, Price);
        var slots = new List<Id<Slot>>();
        for (var i = 0; i < 16; i++) slots.Add(await town.SlotAsync(Price));
        var shown = await ShownAsync(town, slots[0]);

        var answers = await Task.WhenAll(slots.Select(slot => town.Bookings.RequestAsync(
            town.Territory, new(Id<Booking>.New(), slot, town.Rossi.Adult, shown), town.Rossi.User)));

        Assert.Single(answers, a => !a.IsRefused(out _));
        Assert.All(Refusals(answers), r => Assert.Equal(new NotEnoughInPurse(Money.Zero, Price), r));
        Assert.Equal((Price, Price), await town.OnAsync(grant.Account));
    }

    [Fact]
    public async Task The_last_place_is_taken_once_by_64()
    {
        await using var pool = database.OpenPool(64);
        var town = await BookingTown.BuildAsync(database, pool);
        await town.GrantAsync(town.Rossi, Money.Euro(10_000));
        await town.GrantAsync(town.Bianchi, Money.Euro(10_000));
        var slot = await town.SlotAsync(Price, places: 1);
        var shown = new[] { await ShownAsync(town, slot), await ShownAsync(town, slot, town.Bianchi) };

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i =>
        {
            var family = i % 2 == 0 ? town.Rossi : town.Bianchi;
            return town.Bookings.RequestAsync(town.Territory, new(Id<Booking>.New(), slot, family.Adult, shown[i % 2]), family.User);
        }));

        Assert.Single(answers, a => !a.IsRefused(out _));
        Assert.All(Refusals(answers), r => Assert.IsType<SlotFull>(r));
        Assert.Equal(1, await town.TakenAsync(slot));
    }

    [Fact]
    public async Task Another_booking_with_a_known_id_is_refused()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(100));
        var id = (await town.BookAsync(town.Rossi, await town.SlotAsync(Price))).OrThrow();

        Assert.Equal(new BookingIdReused(id), Refusal(await town.BookAsync(town.Rossi, await town.SlotAsync(Price), id)));
    }

    [Fact]
    public async Task A_child_may_sit_beside_its_parent_but_nobody_twice()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(100));
        var slot = await town.SlotAsync(Price, places: 5);
        var id = (await town.BookAsync(town.Rossi, slot)).OrThrow();

        (await town.BookAsync(town.Rossi, slot, person: town.Rossi.Child)).OrThrow();
        Assert.Equal(id, Assert.IsType<AlreadyBooked>(Refusal(await town.BookAsync(town.Rossi, slot))).Earlier);

        (await town.Bookings.WithdrawAsync(town.Territory, id, town.Rossi.User)).OrThrow();
        (await town.BookAsync(town.Rossi, slot)).OrThrow();
    }

    [Fact]
    public async Task What_cannot_be_booked_is_refused_with_its_reason()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(1000));
        var unknown = Id<Slot>.New();
        Assert.Equal(new SlotNotFound(unknown), Refusal(await town.BookAsync(town.Rossi, unknown)));

        var past = await town.SlotAsync(Price, starts: BookingTown.Monday);
        Assert.Equal(new SlotOver(past, BookingTown.Monday), Refusal(await town.BookAsync(town.Rossi, past)));

        var withdrawn = await town.SlotAsync(Price);
        await town.ChangeAsync(
            "update marketplace.slot set withdrawn_at = @now where territory_id = @territory and id = @withdrawn", new { withdrawn, now = town.Clock.Now });
        Assert.Equal(new SlotWithdrawn(withdrawn), Refusal(await town.BookAsync(town.Rossi, withdrawn)));

        var gone = await town.SlotAsync(Price);
        await town.ChangeAsync(
            """
            update marketplace.offer set status = 'Withdrawn'
            where territory_id = @territory and id = (select offer_id from marketplace.slot where territory_id = @territory and id = @gone)
            """, new { gone });
        Assert.IsType<OfferWithdrawn>(Refusal(await town.BookAsync(town.Rossi, gone)));

        var late = await town.SlotAsync(Price, starts: Instant.FromUtc(2028, 1, 10, 8, 0));
        Assert.Equal(new ProviderNotAccredited(town.Gelso.Id, new(2028, 1, 10)), Refusal(await town.BookAsync(town.Rossi, late)));

        var slot = await town.SlotAsync(Price, places: 2);
        Assert.Equal(
            new PersonNotInHousehold(town.Bianchi.Child), Refusal(await town.BookAsync(town.Rossi, slot, person: town.Bianchi.Child)));

        var far = await town.SlotAsync(Price, place: "AtHome");
        await town.ChangeAsync(
            """
            update marketplace.offer set reach = array['C300']
            where territory_id = @territory and id = (select offer_id from marketplace.slot where territory_id = @territory and id = @far)
            """, new { far });
        Assert.Equal(new ServiceOutOfReach("Tradate"), Refusal(await town.BookAsync(town.Rossi, far)));
    }

    [Fact]
    public async Task Too_little_money_is_said_with_the_figures()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(12));
        await town.GrantAsync(town.Rossi, Money.Euro(500), classCode: "school");
        var slot = await town.SlotAsync(Price);

        var preview = (await town.Bookings.PreviewAsync(town.Territory, town.Rossi.Id, slot)).OrThrow();

        Assert.False(preview.Coverage.IsPossible);
        Assert.Equal([WhyNot.OtherServices, WhyNot.NoCopayment], preview.Coverage.NotPaying.Select(n => n.Reason));
        Assert.Equal(new NotEnoughInPurse(Money.Euro(12), Price), Refusal(await town.BookAsync(town.Rossi, slot)));
    }

    [Fact]
    public async Task Nobody_is_charged_otherwise_than_shown()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(100));
        var slot = await town.SlotAsync(Price, cancelFee: Money.Euro(5));
        var shown = await ShownAsync(town, slot);
        BookingRequest Request() => new(Id<Booking>.New(), slot, town.Rossi.Adult, shown);

        await SetOfferAsync("price", Money.Euro(31));
        Assert.Equal(
            new PriceChanged(Price, Money.Euro(31)), Refusal(await town.Bookings.RequestAsync(town.Territory, Request(), town.Rossi.User)));
        await SetOfferAsync("price", Price);

        await SetOfferAsync("cancel_fee", Money.Euro(6));
        Assert.Equal(new TermsChanged(), Refusal(await town.Bookings.RequestAsync(town.Territory, Request(), town.Rossi.User)));
        await SetOfferAsync("cancel_fee", Money.Euro(5));

        await town.GrantAsync(town.Rossi, Money.Euro(4), to: new(2026, 10, 20));
        Assert.Equal(new TermsChanged(), Refusal(await town.Bookings.RequestAsync(town.Territory, Request(), town.Rossi.User)));
        Assert.Equal(0, await town.TakenAsync(slot));

        Task SetOfferAsync(string column, Money to) => town.ChangeAsync(
            $"""
            update marketplace.offer set {column} = @to
            where territory_id = @territory and id = (select offer_id from marketplace.slot where territory_id = @territory and id = @slot)
            """, new { slot, to });
    }

    [Fact]
    public async Task No_booking_outlives_the_grant_that_pays_it()
    {
        var town = await BookingTown.BuildAsync(database);
        // It ends on Tuesday: the slot is on Wednesday.
        await town.GrantAsync(town.Rossi, Money.Euro(100), to: new(2026, 10, 6));
        var slot = await town.SlotAsync(Price);
        var preview = (await town.Bookings.PreviewAsync(town.Territory, town.Rossi.Id, slot)).OrThrow();
        Assert.Equal([WhyNot.EndsBefore], preview.Coverage.NotPaying.Select(n => n.Reason));
        Assert.IsType<NotEnoughInPurse>(Refusal(await town.BookAsync(town.Rossi, slot)));

        // A night from Wednesday to Thursday, money until Wednesday at midnight and no days to settle.
        await town.GrantAsync(town.Rossi, Money.Euro(100), to: new(2026, 10, 7), settlementDays: 0);
        var night = await town.SlotAsync(Price, starts: Instant.FromUtc(2026, 10, 7, 21, 30));
        Assert.IsType<GrantEndsTooSoon>(Refusal(await town.BookAsync(town.Rossi, night)));

        // The hold ends with the grant that ends first.
        await town.GrantAsync(town.Bianchi, Money.Euro(20), to: new(2026, 10, 7), settlementDays: 10);
        await town.GrantAsync(town.Bianchi, Money.Euro(20), to: new(2026, 12, 31));
        var id = (await town.BookAsync(town.Bianchi, slot)).OrThrow();
        var hold = await new Holds(town.Db).FindAsync(town.Territory, Id<Hold>.From("booking", id));
        Assert.Equal(new LocalDate(2026, 10, 17).EndOfDayInRome(), hold!.ExpiresAt);
        Assert.Equal(town.Gelso.Account, hold.Payee);
        Assert.Equal(id.ToString(), hold.Reference);
    }

    private static async Task<AsShown> ShownAsync(BookingTown town, Id<Slot> slot, BookingTown.Family? family = null) =>
        (await town.Bookings.PreviewAsync(town.Territory, (family ?? town.Rossi).Id, slot)).OrThrow().Shown;

    private static Refusal Refusal<T>(Result<T> result) where T : notnull =>
        result.IsRefused(out var refusal, out var value) ? refusal : throw new InvalidOperationException($"Not refused: {value}");

    private static IEnumerable<Refusal> Refusals<T>(IEnumerable<Result<T>> results) where T : notnull =>
        results.Select(r => r.IsRefused(out var refusal) ? refusal : null).OfType<Refusal>();
}
