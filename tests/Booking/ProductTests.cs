using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>Things that are handed over: what is held, what each piece pays, how many are left, how a title ends.</summary>
public sealed class ProductTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Buying_holds_the_price_of_all_pieces_takes_them_from_the_shelf_and_does_so_once()
    {
        var town = await ProductTown.BuildAsync(database, stock: 7);
        var grant = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        var preview = (await town.Packages.PreviewAsync(town.Territory, town.Town.Rossi.Id, town.Offer, 3)).OrThrow();
        Assert.Equal((Money.Euro(30), 7, "via Roma 1, Tradate"), (preview.Coverage.Price, preview.PiecesMax, preview.Where));
        var id = Id<Package>.New();
        var request = new PackageRequest(id, town.Offer, town.Town.Rossi.Child, preview.Shown, 3);
        Assert.Equal(id, (await town.Packages.BuyAsync(town.Territory, request, town.Town.Rossi.User)).OrThrow());
        Assert.Equal(id, (await town.Packages.BuyAsync(town.Territory, request, town.Town.Rossi.User)).OrThrow());

        Assert.Equal((Money.Euro(100), Money.Euro(30)), await town.Town.OnAsync(grant.Account));
        var card = await town.CardAsync(id);
        Assert.Equal((true, 3, 3, Money.Euro(30), new LocalDate(2026, 11, 4)), (card.IsProduct, card.Units, card.Left, card.Held, card.LastDay));
        Assert.Equal(4, await town.StockAsync());
        Assert.IsType<PackageIdReused>(Refused(await town.Packages.BuyAsync(town.Territory, request with { Pieces = 2 }, town.Town.Rossi.User)));
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task Each_hand_over_pays_its_pieces_and_the_last_one_uses_the_title_up()
    {
        var town = await ProductTown.BuildAsync(database, price: new(1001));
        var first = await town.Town.GrantAsync(town.Town.Rossi, new(1500), to: new(2026, 12, 20));
        var second = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(50));
        var id = (await town.BuyAsync(5)).OrThrow();
        var ticket = Id<HandOver>.New();
        (await town.HandAsync(id, 3, ticket)).OrThrow();
        (await town.HandAsync(id, 3, ticket)).OrThrow();

        Assert.Equal((Money.Zero, Money.Zero), await town.Town.OnAsync(first.Account));
        Assert.Equal((new(5000 - 1503), new Money(2002)), await town.Town.OnAsync(second.Account));
        Assert.Equal((new(3003), Money.Zero), await town.Town.OnAsync(town.Town.Gelso.Account));
        var card = await town.CardAsync(id);
        Assert.Equal((PackageStatus.Open, 2, 3, new Money(2002)), (card.Status, card.Left, card.Given, card.Held));
        Assert.Equal(1, Assert.IsType<PiecesLeft>(Refused(await town.HandAsync((await town.BuyAsync(1)).OrThrow(), 2))).Left);
        Assert.IsType<PackageIdReused>(Refused(await town.HandAsync(id, 2, ticket)));
        Assert.Equal((town.Town.Clock.Now, 3, Attendance.List, new Money(3003), Money.Zero), Told(Assert.Single(await town.Cards.HandOversAsync(town.Territory, id))));
        Assert.Empty(await town.AuditAsync());

        town.Town.Clock.Advance(Duration.FromDays(1));
        (await town.HandAsync(id, 2)).OrThrow();
        card = await town.CardAsync(id);
        Assert.Equal((PackageStatus.UsedUp, 0, Money.Zero, new Money(5005)), (card.Status, card.Left, card.Held, card.Paid));
        // The same again, once it is over, is still the same.
        (await town.HandAsync(id, 3, ticket)).OrThrow();
        Assert.Equal(PackageStatus.UsedUp, Assert.IsType<PackageOver>(Refused(await town.HandAsync(id, 1))).Status);
        // Each piece is on its way to the bank, and no booking of anybody's day.
        var credits = await new ProviderCredits(town.Town.Db).OfAsync(town.Territory, town.Town.Gelso.Id);
        Assert.Equal((5, new Money(5005)), (credits.OpenCount, credits.Open));
        Assert.All(credits.Rows, r => Assert.Equal(id, r.Product));
        Assert.Empty(await new BookingCards(town.Town.Db).OfHouseholdAsync(town.Territory, town.Town.Rossi.Id));
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task A_family_reads_first_what_it_can_still_fetch_then_what_ended_last()
    {
        var town = await ProductTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        var bought = new List<Id<Package>>();
        for (var day = 0; day < 4; day++)
        {
            bought.Add((await town.BuyAsync(1)).OrThrow());
            town.Town.Clock.Advance(Duration.FromDays(1));
        }

        // The one bought later ends first.
        foreach (var over in new[] { bought[2], bought[0] })
        {
            (await town.HandAsync(over, 1)).OrThrow();
            town.Town.Clock.Advance(Duration.FromDays(1));
        }

        var read = await town.Cards.OfHouseholdAsync(town.Territory, town.Town.Rossi.Id);
        Assert.Equal([bought[1], bought[3], bought[0], bought[2]], read.Select(p => p.Id));
    }

    /// <summary>Each is refused by its name, and nothing is held.</summary>
    [Fact]
    public async Task What_cannot_be_bought_is_refused_by_its_name()
    {
        (string Sql, int Pieces, Type Refusal)[] table =
        [
            ("select 1", 0, typeof(PiecesOutside)),
            ("select 1", ProductTerms.PiecesMax + 1, typeof(PiecesOutside)),
            ("select 1", 8, typeof(ProductSoldOut)),
            ("update marketplace.offer set stock = 0 where territory_id = @territory and id = @Offer", 1, typeof(ProductSoldOut)),
            ("update marketplace.offer set status = 'Withdrawn' where territory_id = @territory and id = @Offer", 1, typeof(OfferWithdrawn)),
            ("update marketplace.accreditation set valid_to = date '2026-10-04' where territory_id = @territory and provider_id = @provider", 1, typeof(ProviderNotAccredited)),
            ("update marketplace.offer set place = 'AtHome', reach = '{C300}' where territory_id = @territory and id = @Offer", 1, typeof(ServiceOutOfReach)),
            ("update marketplace.programme_class set class_code = 'school' where territory_id = @territory", 1, typeof(NotEnoughInPurse)),
        ];
        foreach (var (sql, pieces, expected) in table)
        {
            var town = await ProductTown.BuildAsync(database, stock: 7);
            var grant = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
            await town.Town.ChangeAsync(sql, new { town.Offer, provider = town.Town.Gelso.Id });
            Assert.Equal(expected, Refused(await town.BuyAsync(pieces)).GetType());
            Assert.Equal((Money.Euro(100), Money.Zero), await town.Town.OnAsync(grant.Account));
        }

        // What is a product is no package, and a service has no pieces.
        var product = await ProductTown.BuildAsync(database);
        Assert.IsType<NoPackageOffered>(Refused(await product.Packages.PreviewAsync(product.Territory, product.Town.Rossi.Id, product.Offer)));
        var package = await PackageTown.BuildAsync(database);
        Assert.IsType<NoPackageOffered>(Refused(await package.Packages.PreviewAsync(package.Territory, package.Town.Rossi.Id, package.Offer, 1)));
        // A part of the price that gives a piece no cent.
        var cheap = await ProductTown.BuildAsync(database);
        await cheap.Town.GrantAsync(cheap.Town.Rossi, new(4), copayment: true);
        Assert.IsType<NotEnoughInPurse>(Refused(await cheap.BuyAsync(5)));
    }

    [Fact]
    public async Task What_was_not_shown_is_not_bought()
    {
        var town = await ProductTown.BuildAsync(database, stock: 7);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        var shown = (await town.Packages.PreviewAsync(town.Territory, town.Town.Rossi.Id, town.Offer, 2)).OrThrow().Shown;
        var request = new PackageRequest(Id<Package>.New(), town.Offer, town.Town.Rossi.Child, shown, 3);
        Assert.IsType<PriceChanged>(Refused(await town.Packages.BuyAsync(town.Territory, request, town.Town.Rossi.User)));
        Assert.IsType<PersonNotInHousehold>(Refused(await town.Packages.BuyAsync(town.Territory, request with { Pieces = 2, Person = town.Town.Bianchi.Child }, town.Town.Rossi.User)));
        await town.Town.ChangeAsync("update marketplace.offer set package_return_days = 3 where territory_id = @territory and id = @Offer", new { town.Offer });
        Assert.IsType<TermsChanged>(Refused(await town.Packages.BuyAsync(town.Territory, request with { Pieces = 2 }, town.Town.Rossi.User)));
        Assert.Equal(7, await town.StockAsync());
    }

    [Fact]
    public async Task What_cannot_be_handed_over_is_refused_by_its_name()
    {
        var town = await ProductTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        var id = (await town.BuyAsync(2)).OrThrow();
        Assert.IsType<PackageNotFound>(Refused(await town.HandAsync(Id<Package>.New(), 1)));
        Assert.IsType<PackageNotFound>(Refused(await town.HandAsync(id, 1, by: town.Town.Quercia)));
        Assert.Equal(2, Assert.IsType<PiecesLeft>(Refused(await town.HandAsync(id, 0))).Left);
        Assert.Equal(2, Assert.IsType<PiecesLeft>(Refused(await town.HandAsync(id, 3))).Left);
        await town.EndAccreditationAsync();
        var gap = Assert.IsType<NotAccredited>(Refused(await town.HandAsync(id, 1)));
        Assert.Equal(("home-care", new LocalDate(2026, 10, 5)), (gap.ClassCode, gap.On));
        town.Town.Clock.Advance(Duration.FromDays(31));
        Assert.Equal(new(2026, 11, 4), Assert.IsType<ProductLapsed>(Refused(await town.HandAsync(id, 1))).LastDay);
        // A package has no pieces to hand over.
        var package = await PackageTown.BuildAsync(database);
        await package.Town.GrantAsync(package.Town.Rossi, Money.Euro(100));
        var lessons = (await package.BuyAsync()).OrThrow();
        Assert.IsType<PackageNotFound>(Refused(await package.Packages.HandOverAsync(
            package.Territory, new(Id<HandOver>.New(), lessons, 1, Attendance.List), package.Town.Gelso.User)));
        Assert.Equal(Money.Zero, (await town.Town.OnAsync(town.Town.Gelso.Account)).Balance);
        Assert.Empty(await town.AuditAsync());
    }

    /// <summary>A provider approved for something else scans it and gets a clear refusal, whatever it knows of number and PIN.</summary>
    [Fact]
    public async Task Who_scans_what_it_may_not_give_is_told_why()
    {
        var town = await ProductTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        var id = (await town.BuyAsync(2)).OrThrow();
        var number = (await town.CardAsync(id)).Reference;
        var pin = town.Pins.Of(town.Territory, id);
        var wrong = pin == "000000" ? "000001" : "000000";
        Assert.IsType<VoucherNotRecognised>(Refused(await town.Vouchers.UseAsync(town.Territory, number, wrong, town.Town.Gelso.User)));
        Assert.IsType<VoucherNotRecognised>(Refused(await town.Vouchers.HandOverAsync(town.Territory, Id<HandOver>.New(), number, wrong, 1, town.Town.Gelso.User)));
        Assert.IsType<VoucherOfAnotherProvider>(Refused(await town.Vouchers.UseAsync(town.Territory, number, pin, town.Town.Quercia.User)));
        Assert.IsType<VoucherOfAnotherProvider>(Refused(await town.Vouchers.HandOverAsync(town.Territory, Id<HandOver>.New(), number, pin, 1, town.Town.Quercia.User)));
        Assert.Equal(id, Assert.IsType<VoucherOfPieces>(Refused(await town.Vouchers.UseAsync(town.Territory, number, pin, town.Town.Gelso.User))).Product);
        await town.EndAccreditationAsync();
        Assert.IsType<NotAccredited>(Refused(await town.Vouchers.HandOverAsync(town.Territory, Id<HandOver>.New(), number, pin, 1, town.Town.Gelso.User)));
        Assert.Equal((2, Money.Zero), ((await town.CardAsync(id)).Left, (await town.CardAsync(id)).Paid));
    }

    [Fact]
    public async Task Number_and_pin_hand_over_as_many_as_are_said_and_nothing_once_it_is_over()
    {
        var town = await ProductTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        var id = (await town.BuyAsync(3)).OrThrow();
        var (number, pin) = ((await town.CardAsync(id)).Reference, town.Pins.Of(town.Territory, id));
        var ticket = Id<HandOver>.New();
        Assert.Equal(id, (await town.Vouchers.HandOverAsync(town.Territory, ticket, number, pin, 2, town.Town.Gelso.User)).OrThrow());
        Assert.Equal(id, (await town.Vouchers.HandOverAsync(town.Territory, ticket, number, pin, 2, town.Town.Gelso.User)).OrThrow());
        Assert.Equal((2, Attendance.Voucher), Assert.Single(await town.Cards.HandOversAsync(town.Territory, id)) is var one ? (one.Pieces, one.How) : default);
        Assert.Equal(1, Assert.IsType<PiecesLeft>(Refused(await town.Vouchers.HandOverAsync(town.Territory, Id<HandOver>.New(), number, pin, 2, town.Town.Gelso.User))).Left);
        (await town.Vouchers.HandOverAsync(town.Territory, Id<HandOver>.New(), number, pin, 1, town.Town.Gelso.User)).OrThrow();
        Assert.IsType<VoucherUsed>(Refused(await town.Vouchers.UseAsync(town.Territory, number, pin, town.Town.Gelso.User)));

        var returned = (await town.BuyAsync(1)).OrThrow();
        (await town.Packages.ReturnAsync(town.Territory, returned, town.Town.Rossi.User)).OrThrow();
        Assert.IsType<VoucherCancelled>(Refused(await UseAsync(town, returned)));
        var late = (await town.BuyAsync(1)).OrThrow();
        town.Town.Clock.Advance(Duration.FromDays(31));
        Assert.IsType<ProductLapsed>(Refused(await UseAsync(town, late)));
        Assert.Equal(1, await town.Packages.LapseDueAsync(town.Territory));
        Assert.IsType<VoucherExpired>(Refused(await UseAsync(town, late)));
        Assert.Empty(await town.AuditAsync());
    }

    private static async Task<Result<Id<Booking>>> UseAsync(ProductTown town, Id<Package> id) =>
        await town.Vouchers.UseAsync(town.Territory, (await town.CardAsync(id)).Reference, town.Pins.Of(town.Territory, id), town.Town.Gelso.User);

    [Fact]
    public async Task What_is_not_fetched_goes_back_to_its_grants_and_on_the_shelf()
    {
        var town = await ProductTown.BuildAsync(database, stock: 5);
        var first = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(15), to: new(2026, 12, 20));
        var second = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(50));
        var id = (await town.BuyAsync(4)).OrThrow();
        (await town.HandAsync(id, 1)).OrThrow();
        // On its last day it can still be fetched.
        town.Town.Clock.MoveTo(new LocalDate(2026, 11, 4).EndOfDayInRome() - Duration.FromMinutes(1));
        Assert.Equal(0, await town.Packages.LapseDueAsync(town.Territory));
        (await town.HandAsync(id, 1)).OrThrow();
        town.Town.Clock.Advance(Duration.FromMinutes(2));
        Assert.Equal(1, await town.Packages.LapseDueAsync(town.Territory));
        Assert.Equal(PackageStatus.Lapsed, (await town.CardAsync(id)).Status);
        Assert.Equal((Money.Zero, Money.Zero), await town.Town.OnAsync(first.Account));
        Assert.Equal((Money.Euro(45), Money.Zero), await town.Town.OnAsync(second.Account));
        Assert.Equal(3, await town.StockAsync());
        Assert.Equal(0, await town.Packages.LapseDueAsync(town.Territory));
        Assert.Empty(await town.AuditAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_called_off_as_the_offer_says(bool returnsRest)
    {
        var town = await ProductTown.BuildAsync(database, stock: 5, returnsRest: returnsRest);
        var grant = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(50));
        var untouched = (await town.BuyAsync(2)).OrThrow();
        Assert.IsType<PackageNotFound>(Refused(await town.Packages.ReturnAsync(town.Territory, untouched, town.Town.Bianchi.User)));
        (await town.Packages.ReturnAsync(town.Territory, untouched, town.Town.Rossi.User)).OrThrow();
        (await town.Packages.ReturnAsync(town.Territory, untouched, town.Town.Rossi.User)).OrThrow();
        Assert.Equal((5, (Money.Euro(50), Money.Zero)), (await town.StockAsync(), await town.Town.OnAsync(grant.Account)));

        var begun = (await town.BuyAsync(3)).OrThrow();
        (await town.HandAsync(begun, 1)).OrThrow();
        var answer = await town.Packages.ReturnAsync(town.Territory, begun, town.Town.Rossi.User);
        if (returnsRest) answer.OrThrow();
        else Assert.IsType<PackageNotReturned>(Refused(answer));
        Assert.Equal(
            returnsRest ? (4, (Money.Euro(40), Money.Zero)) : (2, (Money.Euro(40), Money.Euro(20))), (await town.StockAsync(), await town.Town.OnAsync(grant.Account)));
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task What_is_not_available_any_more_is_free_again_and_the_household_reads_why()
    {
        var town = await ProductTown.BuildAsync(database, stock: 5);
        var grant = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(50));
        var id = (await town.BuyAsync(4)).OrThrow();
        (await town.HandAsync(id, 1)).OrThrow();
        Assert.IsType<PackageNotFound>(Refused(await town.Packages.MakeUnavailableAsync(town.Territory, id, town.Town.Quercia.User, "No.")));
        (await town.Packages.MakeUnavailableAsync(town.Territory, id, town.Town.Gelso.User, " Il fornitore ha chiuso. ")).OrThrow();
        (await town.Packages.MakeUnavailableAsync(town.Territory, id, town.Town.Gelso.User, "Ancora.")).OrThrow();
        var card = await town.CardAsync(id);
        Assert.Equal((PackageStatus.Unavailable, "Il fornitore ha chiuso.", 1, Money.Euro(10), Money.Zero), (card.Status, card.EndNote, card.Given, card.Paid, card.Held));
        Assert.Equal((Money.Euro(40), Money.Zero), await town.Town.OnAsync(grant.Account));
        // What is not there is not sold again.
        Assert.Equal(1, await town.StockAsync());
        var told = (await new Messages(town.Town.Db, town.Town.Clock).OfAsync(town.Territory, town.Town.Rossi.Id)).Where(m => m.Subject == id.Value).ToList();
        Assert.Equal(
            [(MessageKind.ProductHandedOver, Money.Euro(10), "1"), (MessageKind.ProductUnavailable, Money.Euro(30), "Il fornitore ha chiuso.")],
            told.OrderBy(m => m.Kind).Select(m => (m.Kind, m.Amount!.Value, m.Text)));
        Assert.IsType<PackageOver>(Refused(await town.Packages.MakeUnavailableAsync(town.Territory, await UsedUpAsync(town), town.Town.Gelso.User, "No.")));
        Assert.Empty(await town.AuditAsync());
    }

    private static async Task<Id<Package>> UsedUpAsync(ProductTown town)
    {
        var id = (await town.BuyAsync(1)).OrThrow();
        (await town.HandAsync(id, 1)).OrThrow();
        return id;
    }

    [Fact]
    public async Task A_week_before_the_last_day_who_has_not_fetched_all_is_told()
    {
        var town = await ProductTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(50));
        var id = (await town.BuyAsync(2)).OrThrow();
        (await town.HandAsync(id, 1)).OrThrow();
        var all = (await town.BuyAsync(1)).OrThrow();
        (await town.HandAsync(all, 1)).OrThrow();
        town.Town.Clock.MoveTo(new LocalDate(2026, 10, 28).At(new(8, 59)).InZoneStrictly(ClockExtensions.Rome).ToInstant());
        Assert.Empty(await EndingAsync());
        town.Town.Clock.Advance(Duration.FromMinutes(2));
        Assert.Equal((id.Value, "1"), Assert.Single(await EndingAsync()));

        async Task<IEnumerable<(Guid, string)>> EndingAsync() => (await new Messages(town.Town.Db, town.Town.Clock).OfAsync(town.Territory, town.Town.Rossi.Id))
            .Where(m => m.Kind is MessageKind.ProductEnding).Select(m => (m.Subject, m.Text));
    }

    [Fact]
    public async Task A_part_of_the_price_is_divided_among_the_pieces_and_the_rest_is_paid_at_the_counter()
    {
        var town = await ProductTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, new(1001), copayment: true);
        var id = (await town.BuyAsync(3)).OrThrow();
        Assert.Equal(new Money(1999), (await town.CardAsync(id)).Copayment);
        (await town.HandAsync(id, 2)).OrThrow();
        var handed = Assert.Single(await town.Cards.HandOversAsync(town.Territory, id));
        Assert.Equal((new Money(667), new Money(1333)), (handed.Paid, handed.Own));
        (await town.HandAsync(id, 1)).OrThrow();
        Assert.Equal(new(1001), (await town.Town.OnAsync(town.Town.Gelso.Account)).Balance);
        Assert.Empty(await town.AuditAsync());
    }

    [Fact]
    public async Task The_statement_calls_it_a_product()
    {
        var town = await ProductTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(50));
        var id = (await town.BuyAsync(2)).OrThrow();
        (await town.HandAsync(id, 1)).OrThrow();
        var moves = (await new PurseStatements(town.Town.Db).BetweenAsync(
            town.Territory, town.Town.Rossi.Id, BookingTown.Monday - Duration.FromDays(1), BookingTown.Monday + Duration.FromDays(1))).Movements;
        Assert.Equal(
            [(MovementKind.Held, Money.Euro(20)), (MovementKind.Spent, Money.Euro(10))],
            moves.Where(m => m.About is { IsProduct: true, Package: { } package } && package == id).Select(m => (m.Kind, m.Amount)).Order());
    }

    [Fact]
    public async Task The_provider_says_how_many_are_left_and_not_over_a_sale_it_has_not_seen()
    {
        var town = await ProductTown.BuildAsync(database, stock: 5);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(50));
        await town.BuyAsync(2);
        Assert.Equal(3, Assert.IsType<StockChanged>(Refused(await SetAsync(5, 9))).Stock);
        Assert.Equal("stock", Assert.IsType<OfferWrong>(Refused(await SetAsync(3, -1))).Field);
        Assert.Equal("stock", Assert.IsType<OfferWrong>(Refused(await SetAsync(3, ProductTerms.StockMax + 1))).Field);
        Assert.IsType<OfferNotFound>(Refused(await town.Offers.SetStockAsync(town.Territory, town.Offer, 3, 9, town.Town.Quercia.User)));
        (await SetAsync(3, 9)).OrThrow();
        (await SetAsync(3, 9)).OrThrow();
        Assert.Equal(9, await town.StockAsync());
        (await SetAsync(9, null)).OrThrow();
        Assert.Null(await town.StockAsync());
        // Changing what else it says leaves the number alone, and what it is.
        var offer = (await town.Offers.FindAsync(town.Territory, town.Offer))!;
        (await town.Offers.ChangeAsync(town.Territory, offer with { Summary = new("Altro.", "Other."), Product = offer.Product! with { Stock = 4 } }, town.Town.Gelso.User)).OrThrow();
        Assert.Null(await town.StockAsync());
        Assert.Equal("kind", Assert.IsType<OfferFixed>(Refused(await town.Offers.ChangeAsync(town.Territory, offer with { Product = null, Minutes = 60 }, town.Town.Gelso.User))).Field);

        Task<Result<Done>> SetAsync(int? shown, int? stock) => town.Offers.SetStockAsync(town.Territory, town.Offer, shown, stock, town.Town.Gelso.User);
    }

    [Fact]
    public async Task What_is_wrong_with_a_product_is_said_by_its_field_and_it_has_no_times()
    {
        var town = await ProductTown.BuildAsync(database);
        var good = (await town.Offers.FindAsync(town.Territory, town.Offer))!;
        Assert.Empty(Offers.Faults(good));
        (Offer Offer, string Field)[] table =
        [
            (good with { Minutes = 60 }, "minutes"),
            (good with { Place = ServicePlace.Online }, "place"),
            (good with { CancelFee = new(1) }, "cancel_fee"),
            (good with { Address = "" }, "address"),
            (good with { Product = good.Product! with { Stock = -1 } }, "stock"),
            (good with { Product = good.Product! with { Name = new("x", "x") } }, "package_name"),
            (good with { Product = good.Product! with { Name = new("kit", "x") } }, "package_name_en"),
            (good with { Product = good.Product! with { Days = 0 } }, "product_days"),
            (good with { Product = good.Product! with { ReturnDays = 61 } }, "package_return_days"),
        ];
        Assert.All(table, row => Assert.Equal(row.Field, Assert.Single(Offers.Faults(row.Offer)).Field));
        Assert.IsType<ProductHasNoTimes>(Refused(await new Openings(town.Town.Db, town.Town.Clock).AddAsync(
            town.Territory, new(Id<OpeningHours>.New(), town.Offer, 1, new(9, 0), 60, 1, new(2026, 10, 6), null), town.Town.Gelso.User)));
        Assert.IsType<ProductHasNoTimes>(Refused(await new Slots(town.Town.Db, town.Town.Clock).CreateAsync(
            town.Territory, town.Offer, [new(Id<Slot>.New(), BookingTown.Monday + Duration.FromDays(1), BookingTown.Monday + Duration.FromDays(2), 1)])));
    }

    /// <summary>Two families and one kit: one has it, the other is told, and nothing is held for nothing.</summary>
    [Fact]
    public async Task Two_buyers_that_race_for_the_last_piece_get_one()
    {
        for (var round = 0; round < 5; round++)
        {
            var town = await ProductTown.BuildAsync(database, stock: 1);
            var grants = new[] { await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(10)), await town.Town.GrantAsync(town.Town.Bianchi, Money.Euro(10)) };
            var shown = new List<AsShown>();
            foreach (var family in new[] { town.Town.Rossi, town.Town.Bianchi })
                shown.Add((await town.Packages.PreviewAsync(town.Territory, family.Id, town.Offer, 1)).OrThrow().Shown);
            var results = await Task.WhenAll(new[] { town.Town.Rossi, town.Town.Bianchi }.Zip(shown).Select(f => Task.Run(() => town.Packages.BuyAsync(
                town.Territory, new(Id<Package>.New(), town.Offer, f.First.Child, f.Second, 1), f.First.User))));
            Assert.IsType<ProductSoldOut>(Assert.Single(results, r => r.IsRefused(out _)) is var no && no.IsRefused(out var why) ? why : null);
            Assert.Equal(0, await town.StockAsync());
            Assert.Equal(Money.Euro(10), (await town.Town.OnAsync(grants[0].Account)).Held + (await town.Town.OnAsync(grants[1].Account)).Held);
            Assert.Empty(await town.AuditAsync());
        }
    }

    /// <summary>Two telephones at the counter and one kit left: one hands it over, and it is paid once.</summary>
    [Fact]
    public async Task Two_devices_that_hand_over_the_last_piece_do_so_once()
    {
        var town = await ProductTown.BuildAsync(database);
        var grant = await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(100));
        for (var round = 1; round <= 5; round++)
        {
            var id = (await town.BuyAsync(2)).OrThrow();
            (await town.HandAsync(id, 1)).OrThrow();
            var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => town.HandAsync(id, 1))));
            Assert.Single(results, r => !r.IsRefused(out _));
            Assert.All(results.Where(r => r.IsRefused(out _)), r => Assert.True(r.IsRefused(out var why) && why is PackageOver or PiecesLeft { Left: 0 }));
            Assert.Equal((Money.Euro(100 - (20 * round)), Money.Zero), await town.Town.OnAsync(grant.Account));
            Assert.Empty(await town.AuditAsync());
        }
    }

    [Fact]
    public async Task The_tables_themselves_refuse_what_would_be_wrong()
    {
        var town = await ProductTown.BuildAsync(database, stock: 5);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(50));
        var id = (await town.BuyAsync(2)).OrThrow();
        var slot = await town.Town.SlotAsync(Money.Euro(10));
        await FailsAsync("offer_kind_fixed", "update marketplace.offer set kind = 'Service' where territory_id = @territory and id = @Offer");
        await FailsAsync("offer_kind", "update marketplace.offer set minutes = 60 where territory_id = @territory and id = @Offer");
        await FailsAsync("offer_stock_check", "update marketplace.offer set stock = -1 where territory_id = @territory and id = @Offer");
        await FailsAsync("slot_of_a_service",
            "insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity) select territory_id, @Offer, @Offer, starts_at, ends_at, 1 from marketplace.slot where id = @slot");
        await FailsAsync("package_end_note", "update marketplace.package set status = 'Unavailable', ended_at = now() where territory_id = @territory and id = @id");
        // A piece that is not paid, and a unit with a time of its own.
        const string Piece =
            """
            insert into marketplace.booking
                (territory_id, id, reference, slot_id, offer_id, provider_id, household_id, person_id, starts_at, ends_at, price, covered, copayment, package_id, package_unit,
                 status, requested_by, requested_at, answer_by, free_until, cancel_fee, settled, attended)
            select territory_id, @id, 'AAAABBBBCCCC', {0}, offer_id, provider_id, household_id, person_id, bought_at, bought_at, unit_price, unit_price, 0, id, 1,
                   {1}, bought_by, bought_at, bought_at, bought_at, 0, 0, 'List'
            from marketplace.package where territory_id = @territory and id = @id
            """;
        await FailsAsync("booking_piece", string.Format(System.Globalization.CultureInfo.InvariantCulture, Piece, "null", "'Delivered'"));
        await FailsAsync("booking_piece", string.Format(System.Globalization.CultureInfo.InvariantCulture, Piece, "null", "'Settled'"));
        await FailsAsync("unit_of_its_package", string.Format(System.Globalization.CultureInfo.InvariantCulture, Piece, "@slot", "'Requested'"));

        async Task FailsAsync(string constraint, string sql) =>
            Assert.Equal(constraint, (await Assert.ThrowsAsync<PostgresException>(() => town.Town.ChangeAsync(sql, new { town.Offer, id, slot }))).ConstraintName);
    }

    [Fact]
    public async Task The_office_finds_packages_and_products_among_its_vouchers_and_they_foot()
    {
        var town = await ProductTown.BuildAsync(database);
        await town.Town.GrantAsync(town.Town.Rossi, Money.Euro(200));
        var register = new VoucherRegister(town.Town.Db);
        var booking = (await town.Town.BookAsync(town.Town.Rossi, await town.Town.SlotAsync(Money.Euro(7)))).OrThrow();
        var open = (await town.BuyAsync(5)).OrThrow();
        (await town.HandAsync(open, 2)).OrThrow();
        var used = await UsedUpAsync(town);
        var gone = (await town.BuyAsync(2)).OrThrow();
        (await town.Packages.MakeUnavailableAsync(town.Territory, gone, town.Town.Gelso.User, "No.")).OrThrow();

        var sums = await register.SumsAsync(town.Territory);
        Assert.True(sums.Foots);
        Assert.Equal((4, Money.Euro(87), Money.Euro(37), Money.Euro(30), Money.Euro(20)), (sums.Count, sums.Value, sums.Held, sums.Paid, sums.Returned));
        Assert.Equal(open, Assert.Single(await register.PageAsync(town.Territory, VoucherState.Active, 10, 0)).Package);
        Assert.Equal(used, Assert.Single(await register.PageAsync(town.Territory, VoucherState.Used, 10, 0)).Package);
        Assert.Equal(booking, Assert.Single(await register.PageAsync(town.Territory, VoucherState.Issued, 10, 0)).Booking);
        Assert.Equal(4, (await register.PageAsync(town.Territory, null, 10, 0)).Count);
        var found = (await register.FindAsync(town.Territory, (await town.CardAsync(open)).Reference))!;
        Assert.Equal((open, VoucherState.Active, Money.Euro(50), Money.Euro(30), Money.Euro(20), Money.Zero), (found.Package!.Value, found.State, found.Value, found.Held, found.Paid, found.Returned));
        Assert.Equal(Money.Euro(20), (await register.FindAsync(town.Territory, gone))!.Returned);
    }

    private static (Instant, int, Attendance, Money, Money) Told(HandedOver one) => (one.At, one.Pieces, one.How, one.Paid, one.Own);

    private static Refusal Refused<T>(Result<T> result)
        where T : notnull => result.IsRefused(out var refusal) ? refusal : throw new InvalidOperationException("It was not refused.");
}
