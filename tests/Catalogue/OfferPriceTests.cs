using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>What an offer costs on which day: planned, carried over when its day comes, and never changed for what is booked.</summary>
public sealed class OfferPriceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>A Thursday, three days after the town begins.</summary>
    private static readonly LocalDate From = new(2026, 10, 8);

    [Fact]
    public async Task A_service_costs_what_is_in_force_on_its_day_and_what_is_booked_keeps_its_price()
    {
        var (town, offers) = await BuildAsync();
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        var early = (await BookAsync(town, 2)).OrThrow();
        var before = (await BookAsync(town, 4)).OrThrow();
        (await offers.PlanPriceAsync(town.Territory, town.Offer, new(From, Money.Euro(12)), town.Town.Gelso.User)).OrThrow();
        (await offers.PlanPriceAsync(town.Territory, town.Offer, new(From.PlusDays(5), Money.Euro(15)), town.Town.Gelso.User)).OrThrow();

        var prices = new List<Money>();
        foreach (var days in new[] { 2.2, 2.6, 7.5, 8 }) prices.Add(await PriceAsync(town, (await BookAsync(town, days)).OrThrow()));
        Assert.Equal([Money.Euro(10), Money.Euro(12), Money.Euro(12), Money.Euro(15)], prices);
        Assert.Equal((Money.Euro(10), Money.Euro(10)), (await PriceAsync(town, early), await PriceAsync(town, before)));

        var offer = (await offers.FindAsync(town.Territory, town.Offer))!;
        Assert.Equal([new(From, Money.Euro(12)), new(From.PlusDays(5), Money.Euro(15))], offer.Coming);
        Assert.Equal((Money.Euro(10), Money.Euro(12), Money.Euro(15)), (offer.PriceOn(From.PlusDays(-1)), offer.PriceOn(From), offer.PriceOn(From.PlusDays(30))));
        Assert.Empty(await town.AuditAsync());

        // The day comes: the list carries over, once, and nothing else changes, also for who asks before it was.
        town.Town.Clock.MoveTo(From.StartOfDayInRome());
        Assert.Equal(Money.Euro(12), await PriceAsync(town, (await BookAsync(town, 1)).OrThrow()));
        Assert.Equal((1, 0), (await offers.CarryPricesAsync(town.Territory), await offers.CarryPricesAsync(town.Territory)));
        offer = (await offers.FindAsync(town.Territory, town.Offer))!;
        Assert.Equal((Money.Euro(12), From.PlusDays(5)), (offer.Price, Assert.Single(offer.Coming).From));
        Assert.Equal(Money.Euro(10), await PriceAsync(town, before));
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task Who_saw_another_price_is_not_charged_the_new_one()
    {
        var (town, offers) = await BuildAsync();
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        var slot = await town.SlotAsync(town.Town.Clock.Now + Duration.FromDays(4));
        var seen = (await town.Town.Bookings.PreviewAsync(town.Territory, town.Town.Rossi.Id, slot)).OrThrow().Shown;
        (await offers.PlanPriceAsync(town.Territory, town.Offer, new(From, Money.Euro(12)), town.Town.Gelso.User)).OrThrow();
        var asked = await town.Town.Bookings.RequestAsync(town.Territory, new(Id<Booking>.New(), slot, town.Town.Rossi.Adult, seen), town.Town.Rossi.User);
        Assert.True(asked.IsRefused(out var why));
        Assert.Equal(new PriceChanged(Money.Euro(10), Money.Euro(12)), why);
    }

    [Fact]
    public async Task What_is_planned_is_changed_and_taken_back_until_its_day()
    {
        var (town, offers) = await BuildAsync();
        var by = town.Town.Gelso.User;
        (await offers.PlanPriceAsync(town.Territory, town.Offer, new(From, Money.Euro(12)), by)).OrThrow();
        (await offers.PlanPriceAsync(town.Territory, town.Offer, new(From, Money.Euro(13)), by)).OrThrow();
        Assert.Equal(new(From, Money.Euro(13)), Assert.Single((await offers.FindAsync(town.Territory, town.Offer))!.Coming));
        Assert.True((await offers.PlanPriceAsync(town.Territory, town.Offer, new(From, Money.Euro(9)), town.Town.Quercia.User)).IsRefused(out var foreign));
        Assert.IsType<OfferNotFound>(foreign);
        Assert.True((await offers.UnplanPriceAsync(town.Territory, town.Offer, From, town.Town.Quercia.User)).IsRefused(out _));
        (await offers.UnplanPriceAsync(town.Territory, town.Offer, From, by)).OrThrow();
        (await offers.UnplanPriceAsync(town.Territory, town.Offer, From, by)).OrThrow();
        Assert.Empty((await offers.FindAsync(town.Territory, town.Offer))!.Coming);

        (await offers.PlanPriceAsync(town.Territory, town.Offer, new(From, Money.Euro(12)), by)).OrThrow();
        town.Town.Clock.MoveTo(From.StartOfDayInRome());
        Assert.True((await offers.UnplanPriceAsync(town.Territory, town.Offer, From, by)).IsRefused(out _));
        Assert.Empty(await town.AuditAsync());
    }

    [Theory]
    [InlineData(0, 1200, "planned_from")]
    [InlineData(-1, 1200, "planned_from")]
    [InlineData(732, 1200, "planned_from")]
    [InlineData(1, 0, "planned_price")]
    [InlineData(1, 399, "planned_price")]
    [InlineData(1, 1_000_001, "planned_price")]
    public async Task A_day_or_a_price_that_does_not_fit_is_refused_by_its_field(int days, long cents, string field)
    {
        var (town, offers) = await BuildAsync(Money.Euro(4));
        var planned = new DatedPrice(town.Town.Clock.Today().PlusDays(days), new(cents));
        Assert.True((await offers.PlanPriceAsync(town.Territory, town.Offer, planned, town.Town.Gelso.User)).IsRefused(out var why));
        Assert.Equal(field, Assert.IsType<OfferWrong>(why).Field);
    }

    [Fact]
    public async Task So_many_changes_lie_ahead_and_no_more()
    {
        var (town, offers) = await BuildAsync();
        for (var n = 0; n < Offers.PlannedMax; n++) (await offers.PlanPriceAsync(town.Territory, town.Offer, new(From.PlusDays(n), Money.Euro(11)), town.Town.Gelso.User)).OrThrow();
        Assert.True((await offers.PlanPriceAsync(town.Territory, town.Offer, new(From.PlusDays(40), Money.Euro(11)), town.Town.Gelso.User)).IsRefused(out var why));
        Assert.IsType<TooManyPrices>(why);
        (await offers.PlanPriceAsync(town.Territory, town.Offer, new(From, Money.Euro(12)), town.Town.Gelso.User)).OrThrow();
    }

    [Fact]
    public async Task What_is_booked_every_week_shows_each_date_at_its_price_and_agrees_to_the_dearest()
    {
        var (town, offers) = await BuildAsync();
        var grant = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        var (recurring, starts) = (new RecurringBookings(town.Town.Db, town.Town.Bookings, town.Town.Clock), town.Town.Clock.Now + Duration.FromDays(1));
        var slots = new List<Id<Slot>>();
        for (var week = 0; week < 3; week++) slots.Add(await town.SlotAsync(starts + Duration.FromDays(7 * week)));
        (await offers.PlanPriceAsync(town.Territory, town.Offer, new(From, Money.Euro(12)), town.Town.Gelso.User)).OrThrow();
        (await offers.PlanPriceAsync(town.Territory, town.Offer, new(From.PlusDays(7), Money.Euro(11)), town.Town.Gelso.User)).OrThrow();

        var preview = (await recurring.PreviewAsync(town.Territory, town.Town.Rossi.Id, slots[0], 3, [])).OrThrow();
        Assert.Equal([Money.Euro(10), Money.Euro(12), Money.Euro(11)], preview.Dates.Select(d => d.Coverage!.Price));
        Assert.Equal(Money.Euro(12), preview.Terms.Price);
        var cheap = preview.Terms with { Price = Money.Euro(10) };
        Assert.True((await recurring.StartAsync(town.Territory, new(Id<RecurringBooking>.New(), slots[0], town.Town.Rossi.Adult, 3, [], cheap), town.Town.Rossi.User)).IsRefused(out var why));
        Assert.Equal(new PriceChanged(Money.Euro(10), Money.Euro(12)), why);
        (await recurring.StartAsync(town.Territory, new(Id<RecurringBooking>.New(), slots[0], town.Town.Rossi.Adult, 3, [], preview.Terms), town.Town.Rossi.User)).OrThrow();
        // The first two are near; the third is booked when it comes near.
        Assert.Equal(Money.Euro(22), (await town.Town.OnAsync(grant.Account)).Held);
        town.Town.Clock.Advance(Duration.FromDays(2));
        await recurring.TakeDueAsync(town.Territory);
        Assert.Equal(Money.Euro(33), (await town.Town.OnAsync(grant.Account)).Held);
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task A_package_follows_the_price_of_the_day_it_is_bought_and_keeps_it()
    {
        var (town, offers) = await BuildAsync();
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        var bought = (await town.BuyAsync()).OrThrow();
        (await offers.PlanPriceAsync(town.Territory, town.Offer, new(From, Money.Euro(12)), town.Town.Gelso.User)).OrThrow();
        var unit = await town.ConfirmedAsync(bought, town.Town.Clock.Now + Duration.FromDays(5));
        Assert.Equal(Money.Euro(10), await PriceAsync(town, unit));
        town.Town.Clock.MoveTo(From.StartOfDayInRome());
        Assert.Equal(Money.Euro(36), (await town.CardAsync((await town.BuyAsync()).OrThrow())).Price);
        Assert.Empty(await town.AuditAsync());
    }

    private async Task<(PackageTown Town, Offers Offers)> BuildAsync(Money? fee = null)
    {
        var town = await PackageTown.BuildAsync(database, cancelFee: fee);
        await town.Town.ChangeAsync(
            "insert into marketplace.offer_price (territory_id, offer_id, valid_from, price, set_at) values (@territory, @Offer, date '2026-10-01', 1000, @now)",
            new { town.Offer, now = town.Town.Clock.Now });
        return (town, new(town.Town.Db, town.Town.Clock));
    }

    private static async Task<Result<Id<Booking>>> BookAsync(PackageTown town, double days) =>
        await town.Town.BookAsync(town.Town.Rossi, await town.SlotAsync(town.Town.Clock.Now + Duration.FromDays(days)));

    private static async Task<Money> PriceAsync(PackageTown town, Id<Booking> id) => (await town.Town.FindAsync(id)).Card.Price;
}
