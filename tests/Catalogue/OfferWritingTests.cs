using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Tests.Catalogue;

/// <summary>What providers write themselves: nothing is seen before it is published, and nothing that was booked changes afterwards.</summary>
public sealed class OfferWritingTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_draft_is_written_changed_published_and_seen()
    {
        var (town, offers) = await OpenAsync();
        var offer = Draft(town);
        Assert.Equal(offer.Id, (await offers.DraftAsync(town.Territory, offer, town.Gelso.User)).OrThrow());
        Assert.Equal(offer.Id, (await offers.DraftAsync(town.Territory, offer, town.Gelso.User)).OrThrow());
        var changed = offer with
        {
            Title = new("Compiti insieme", "Homework together"),
            Minutes = 90,
            Place = ServicePlace.AtHome,
            Reach = ["C300"],
            Price = Money.Euro(15),
            Languages = ["it", "ar"],
            Access = [OfferAccess.StepFree, OfferAccess.SignLanguage],
            NoticeHours = 24
        };
        (await offers.ChangeAsync(town.Territory, changed, town.Gelso.User)).OrThrow();
        (await offers.PublishAsync(town.Territory, offer.Id, town.Gelso.Id)).OrThrow();
        var seen = (await offers.FindAsync(town.Territory, offer.Id))!;
        Assert.Equal(OfferStatus.Published, seen.Status);
        Assert.Equal(("it ar", "StepFree SignLanguage", 24), (string.Join(' ', seen.Languages), string.Join(' ', seen.Access), seen.NoticeHours));
        Assert.Equal(("Compiti insieme", 90, ServicePlace.AtHome, Money.Euro(15), "C300"), (seen.Title.It, seen.Minutes, seen.Place, seen.Price, string.Join(' ', seen.Reach)));
    }

    /// <summary>To the second: what must be asked for a day before is offered and booked until then, and not after.</summary>
    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public async Task What_wants_notice_is_had_until_then(int seconds, bool isHad)
    {
        var (town, _) = await OpenAsync();
        await town.GrantAsync(town.Rossi, Money.Euro(50));
        var slot = await town.SlotAsync(Money.Euro(10));
        var slots = new Slots(town.Db, town.Clock);
        var offer = (await slots.FindAsync(town.Territory, slot))!;
        await town.ChangeAsync("update marketplace.offer set notice_hours = 24 where territory_id = @territory and id = @OfferId", new { offer.OfferId });
        town.Clock.MoveTo(offer.StartsAt - NodaTime.Duration.FromHours(24) + NodaTime.Duration.FromSeconds(seconds));
        Assert.Equal(isHad, (await slots.UpcomingAsync(town.Territory, offer.OfferId)).Exists(s => s.Id == slot));
        var answer = await town.BookAsync(town.Rossi, slot);
        if (isHad) answer.OrThrow();
        else Assert.IsType<SlotTooNear>(Refused(answer));
    }

    [Fact]
    public async Task What_is_wrong_is_said_by_its_field()
    {
        var (town, offers) = await OpenAsync();
        var good = Draft(town);
        (Offer Offer, string Field)[] table =
        [
            (good with { Title = new("Ab", "Abc") }, "title"),
            (good with { Title = new("Abc", new('x', 121)) }, "title_en"),
            (good with { Summary = new("", "Abc") }, "summary"),
            (good with { Addressed = new(new('x', 1_001), "Abc") }, "addressed"),
            (good with { Needed = new("  ", "Abc") }, "needed"),
            (good with { Achieved = new("Abc", "") }, "achieved_en"),
            (good with { Unit = new(new('x', 81), "Abc") }, "unit"),
            (good with { Price = Money.Zero }, "price"),
            (good with { Price = new(-1) }, "price"),
            (good with { Price = Offers.PriceMax + new Money(1) }, "price"),
            (good with { Minutes = 14 }, "minutes"),
            (good with { Minutes = 1_441 }, "minutes"),
            (good with { CancelHours = -1 }, "cancel_hours"),
            (good with { CancelHours = 721 }, "cancel_hours"),
            (good with { CancelFee = good.Price + new Money(1) }, "cancel_fee"),
            (good with { CancelFee = new(-1) }, "cancel_fee"),
            (good with { AnswerHours = 0 }, "answer_hours"),
            (good with { AnswerHours = 241 }, "answer_hours"),
            (good with { NoticeHours = -1 }, "notice_hours"),
            (good with { NoticeHours = 721 }, "notice_hours"),
            (good with { Languages = [] }, "languages"),
            (good with { Languages = ["it", "xx"] }, "languages"),
            (good with { Address = "" }, "address"),
            (good with { Address = new('x', 201) }, "address"),
        ];
        (await offers.DraftAsync(town.Territory, good, town.Gelso.User)).OrThrow();
        foreach (var (offer, field) in table)
        {
            Assert.Equal(new OfferWrong(field), Refused(await offers.DraftAsync(town.Territory, offer with { Id = Id<Offer>.New() }, town.Gelso.User)));
            Assert.Equal(new OfferWrong(field), Refused(await offers.ChangeAsync(town.Territory, offer, town.Gelso.User)));
        }

        Assert.IsType<ServiceClassNotFound>(Refused(await offers.ChangeAsync(town.Territory, good with { ClassCode = "niente" }, town.Gelso.User)));
        Assert.IsType<MunicipalityNotFound>(Refused(await offers.ChangeAsync(town.Territory, good with { Reach = ["Z999"] }, town.Gelso.User)));
        Assert.Equal(good.Title, (await offers.FindAsync(town.Territory, good.Id))!.Title);
        Assert.Single(await offers.OfProviderAsync(town.Territory, town.Gelso.Id));
    }

    [Fact]
    public async Task Nobody_changes_what_is_another_providers()
    {
        var (town, offers) = await OpenAsync();
        var other = await town.CooperativeAsync();
        var mine = Draft(town);
        (await offers.DraftAsync(town.Territory, mine, town.Gelso.User)).OrThrow();
        Assert.IsType<OfferIdReused>(Refused(await offers.DraftAsync(town.Territory, mine with { Title = new("Preso", "Taken") }, other.User)));
        Assert.IsType<OfferNotFound>(Refused(await offers.ChangeAsync(town.Territory, mine, other.User)));
        Assert.IsType<OfferNotFound>(Refused(await offers.PublishAsync(town.Territory, mine.Id, other.Id)));
        (await offers.PublishAsync(town.Territory, mine.Id, town.Gelso.Id)).OrThrow();
        Assert.IsType<OfferNotFound>(Refused(await offers.WithdrawAsync(town.Territory, mine.Id, other.Id)));
        // Whoever writes is whose it is, whatever the form says.
        (await offers.DraftAsync(town.Territory, Draft(town) with { ProviderId = town.Gelso.Id }, other.User)).OrThrow();
        Assert.Single(await offers.OfProviderAsync(town.Territory, other.Id));
    }

    [Fact]
    public async Task What_families_have_seen_keeps_its_name_and_what_they_booked_its_price()
    {
        var (town, offers) = await OpenAsync();
        await town.GrantAsync(town.Rossi, Money.Euro(100));
        var slot = await town.SlotAsync(Money.Euro(10), places: 2);
        var id = (await new Slots(town.Db, town.Clock).FindAsync(town.Territory, slot))!.OfferId;
        var seen = (await offers.FindAsync(town.Territory, id))! with
        {
            Summary = new("Una", "One!"),
            Addressed = new("A chi", "Whom"),
            Needed = new("Niente", "Nothing"),
            Achieved = new("Tutto", "All of it"),
        };
        var booking = (await town.BookAsync(town.Rossi, slot)).OrThrow();
        foreach (var (offer, field) in new[]
        {
            (seen with { Title = new("Altro nome", seen.Title.En) }, "title"), (seen with { ClassCode = "school" }, "class"),
            (seen with { Minutes = 61 }, "minutes"), (seen with { Place = ServicePlace.Online }, "place"),
        })
        {
            Assert.Equal(new OfferFixed(field), Refused(await offers.ChangeAsync(town.Territory, offer, town.Gelso.User)));
        }

        (await offers.ChangeAsync(town.Territory, seen with { Price = Money.Euro(12), CancelFee = Money.Euro(5), CancelHours = 48 }, town.Gelso.User)).OrThrow();
        Assert.Equal(Money.Euro(12), (await town.Bookings.PreviewAsync(town.Territory, town.Bianchi.Id, slot)).OrThrow().Coverage.Price);
        (await town.Bookings.ConfirmAsync(town.Territory, booking, town.Gelso.User)).OrThrow();
        var card = (await new BookingCards(town.Db).FindAsync(town.Territory, town.Rossi.Id, booking))!.Card;
        Assert.Equal((Money.Euro(10), Money.Zero), (card.Price, card.CancelFee));
    }

    private static Refusal? Refused<T>(Result<T> result)
        where T : notnull => result.IsRefused(out var refusal) ? refusal : null;

    private async Task<(BookingTown Town, Offers Offers)> OpenAsync()
    {
        var town = await BookingTown.BuildAsync(database);
        return (town, new(town.Db, town.Clock));
    }

    private static Offer Draft(BookingTown town) => new(
        Id<Offer>.New(), town.Gelso.Id, "home-care", OfferStatus.Draft, new("Compiti", "Homework"), new("In breve", "In short"), new("A chi", "Whom"),
        new("Niente", "Nothing"), new("Tutto", "All of it"), new("a incontro", "per meeting"), Money.Euro(10), 60, ServicePlace.AtProvider, "via Roma 1", "L319",
        45.7, 8.9, 24, Money.Zero, 24, [], []);
}
