using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests.Catalogue;

/// <summary>What families mark and save, and what they are told when something new is published: what matches, once, and not every hour.</summary>
public sealed class SavedSearchTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Words AName = new("Aiuto in casa", "Help at home");

    /// <summary>A town with a catalogue, in which offers are published as providers do.</summary>
    private sealed class Scene(BookingTown town)
    {
        private int made;

        public BookingTown Town => town;
        public Offers Offers { get; } = new(town.Db, town.Clock);
        public CatalogueSearch Search { get; } = new(town.Db, town.Clock, new(town.Db), new(town.Db, town.Ledger));
        public SavedSearches Searches => new(town.Db, Search, town.Clock);
        public Favourites Favourites => new(town.Db, Search, town.Clock);

        public async Task<Id<Offer>> PublishAsync(
            string title, long euro = 20, string classCode = "home-care", int? from = null, int? to = null, BookingTown.Cooperative? by = null, bool publish = true,
            string[]? languages = null, OfferAccess[]? access = null, params string[] reach)
        {
            var offer = new Offer(
                Id<Offer>.From("test", town.Territory, title, ++made), (by ?? town.Gelso).Id, classCode, OfferStatus.Draft, new(title, title), new("Breve.", "Short."),
                new("A tutti.", "All."), new("Niente", "Nothing"), new("Serve.", "Useful."), new("a visita", "a visit"), Money.Euro(euro), 60,
                ServicePlace.AtHome, "", "L319", 45.7, 8.9, 24, Money.Zero, 24, reach, [])
            { AgeMin = from, AgeMax = to, Languages = languages ?? ["it"], Access = access ?? [] };
            town.Clock.Advance(Duration.FromSeconds(1));
            (await Offers.CreateAsync(town.Territory, offer)).OrThrow();
            if (publish) (await Offers.PublishAsync(town.Territory, offer.Id)).OrThrow();
            return offer.Id;
        }

        public async Task<Id<SavedSearch>> SaveAsync(SearchCriteria asked, BookingTown.Family? family = null) =>
            (await Searches.SaveAsync(town.Territory, Id<SavedSearch>.New(), AName, asked, (family ?? town.Rossi).User)).OrThrow();

        /// <summary>Lets so much time pass and whatever is due happen.</summary>
        public Task<int> LookAsync(Duration? after = null)
        {
            town.Clock.Advance(after ?? Duration.FromMinutes(2));
            return Searches.TellDueAsync(town.Territory);
        }

        public async Task<IReadOnlyList<string>> FoundAsync(Id<SavedSearch> id) => [.. (await Searches.FoundAsync(town.Territory, id)).Select(c => c.Title.It).Order(StringComparer.Ordinal)];

        public async Task<IReadOnlyList<Message>> ToldAsync(BookingTown.Family family) =>
            [.. (await new Messages(town.Db, town.Clock).OfAsync(town.Territory, family.Id)).Where(m => m.Kind is MessageKind.SearchFound)];
    }

    private async Task<Scene> OpenAsync() => new(await BookingTown.BuildAsync(database));

    [Fact]
    public async Task What_is_published_afterwards_and_matches_is_told_once()
    {
        var s = await OpenAsync();
        await s.PublishAsync("Pasto caldo di prima");
        s.Town.Clock.Advance(Duration.FromMinutes(5));
        var (pasto, all) = (await s.SaveAsync(new("pasto")), await s.SaveAsync(new(ClassCode: "care"), s.Town.Bianchi));
        Assert.Equal(0, await s.LookAsync());

        await s.PublishAsync("Pasto della sera");
        await s.PublishAsync("Compagnia il pomeriggio");
        // What has just been published may still be on its way to the others.
        Assert.Equal(0, await s.LookAsync(Duration.FromSeconds(30)));
        Assert.Equal(2, await s.LookAsync());

        Assert.Equal(["Pasto della sera"], await s.FoundAsync(pasto));
        Assert.Equal(["Compagnia il pomeriggio", "Pasto della sera"], await s.FoundAsync(all));
        var message = Assert.Single(await s.ToldAsync(s.Town.Rossi));
        Assert.Equal((pasto.Value, AName.It, AName.En, s.Town.Clock.Now), (message.Subject, message.NameIt, message.NameEn, message.At));
        Assert.Single(await s.ToldAsync(s.Town.Bianchi));
        Assert.Equal(s.Town.Clock.Now, (await s.Searches.FindAsync(s.Town.Territory, s.Town.Rossi.Id, pasto))!.ToldAt);

        Assert.Equal(0, await s.LookAsync(Duration.FromDays(2)));
        Assert.Single(await s.ToldAsync(s.Town.Rossi));
    }

    [Fact]
    public async Task A_notice_goes_by_letter_too()
    {
        var s = await OpenAsync();
        (await s.Town.Db.TransactAsync<Done>(s.Town.Territory, async tx =>
        {
            await Users.GrantAsync(tx, s.Town.Rossi.User.User, new(Role.Household, Household: s.Town.Rossi.Id));
            return default(Done);
        })).OrThrow();
        var (letters, sent) = (new MessageLetters(s.Town.Db, s.Town.Clock), new List<MessageLetter>());
        await SendAsync();
        await s.SaveAsync(new("pasto"));
        await s.PublishAsync("Pasto");
        Assert.Equal(1, await s.LookAsync());
        s.Town.Clock.Advance(Duration.FromMinutes(2));
        await SendAsync();
        Assert.Equal(MessageKind.SearchFound, Assert.Single(Assert.Single(sent).Messages).Kind);

        Task<int> SendAsync() => letters.SendDueAsync(s.Town.Territory, letter =>
        {
            sent.Add(letter);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task There_is_one_notice_a_day_and_what_came_meanwhile_is_in_the_next()
    {
        var s = await OpenAsync();
        var id = await s.SaveAsync(new("pasto"));
        await s.PublishAsync("Pasto uno");
        Assert.Equal(1, await s.LookAsync());
        await s.PublishAsync("Pasto due");
        Assert.Equal(0, await s.LookAsync(Duration.FromHours(23)));
        await s.PublishAsync("Pasto tre");
        Assert.Equal(0, await s.LookAsync(Duration.FromMinutes(58)));
        Assert.Equal(1, await s.LookAsync(Duration.FromMinutes(2)));

        Assert.Equal(["Pasto due", "Pasto tre", "Pasto uno"], await s.FoundAsync(id));
        Assert.Equal(2, (await s.ToldAsync(s.Town.Rossi)).Count);
    }

    [Fact]
    public async Task An_offer_that_comes_back_is_not_told_twice_and_one_that_was_there_before_is_news()
    {
        var s = await OpenAsync();
        var before = await s.PublishAsync("Pasto di prima");
        (await s.Offers.WithdrawAsync(s.Town.Territory, before)).OrThrow();
        s.Town.Clock.Advance(Duration.FromMinutes(5));
        var id = await s.SaveAsync(new("pasto"));
        var after = await s.PublishAsync("Pasto di dopo");
        Assert.Equal(1, await s.LookAsync());

        foreach (var offer in new[] { after, before })
        {
            await s.Offers.WithdrawAsync(s.Town.Territory, offer);
            s.Town.Clock.Advance(Duration.FromMinutes(5));
            (await s.Offers.PublishAsync(s.Town.Territory, offer)).OrThrow();
        }

        Assert.Equal(1, await s.LookAsync(Duration.FromDays(1)));
        Assert.Equal(["Pasto di dopo", "Pasto di prima"], await s.FoundAsync(id));
        var finds = await s.Town.Db.ListAsync<Guid>(s.Town.Territory, "select offer_id from marketplace.saved_search_find where territory_id = @territory");
        Assert.Equal(2, finds.Count);
    }

    [Fact]
    public async Task Each_thing_that_is_asked_counts_and_a_slip_of_the_finger_does_not()
    {
        var s = await OpenAsync();
        (Id<SavedSearch> Id, string[] Titles)[] expected =
        [
            (await s.SaveAsync(new("pasto")), ["Pasto caro", "Pasto economico"]),
            (await s.SaveAsync(new("pasto", PriceMax: Money.Euro(10))), ["Pasto economico"]),
            (await s.SaveAsync(new(Age: 7)), ["Gioco", "Pasto caro", "Pasto economico"]),
            (await s.SaveAsync(new(Age: 70)), ["Pasto caro", "Pasto economico"]),
            (await s.SaveAsync(new(ClassCode: "care", Age: 8)), ["Gioco", "Pasto caro", "Pasto economico"]),
            (await s.SaveAsync(new("pasto", Sharing: Sharing.Shared)), []),
            (await s.SaveAsync(new("pasto", Sharing: Sharing.Alone)), ["Pasto caro", "Pasto economico"]),
            (await s.SaveAsync(new(Language: "ar"), s.Town.Bianchi), ["Gioco"]),
            (await s.SaveAsync(new(Language: "uk"), s.Town.Bianchi), []),
            (await s.SaveAsync(new("pasto", Language: "it"), s.Town.Bianchi), ["Pasto caro", "Pasto economico"]),
            (await s.SaveAsync(new(Access: new([OfferAccess.Lift])), s.Town.Bianchi), ["Gioco", "Pasto caro"]),
            (await s.SaveAsync(new(Access: new([OfferAccess.EasyToRead, OfferAccess.Lift])), s.Town.Bianchi), ["Gioco"]),
            (await s.SaveAsync(new(Access: new([OfferAccess.HearingLoop])), s.Town.Bianchi), []),
            (await s.SaveAsync(new("pesto")), []),
            (await s.SaveAsync(new("pasto pianoforte")), []),
            (await s.SaveAsync(new(From: new(2026, 10, 6))), []),
        ];
        await s.PublishAsync("Pasto economico", 8);
        await s.PublishAsync("Pasto caro", 30, access: [OfferAccess.Lift]);
        await s.PublishAsync("Gioco", 15, from: 6, to: 8, languages: ["it", "ar"], access: [OfferAccess.StepFree, OfferAccess.Lift, OfferAccess.EasyToRead]);
        await s.LookAsync();
        foreach (var (id, titles) in expected) Assert.Equal(titles, await s.FoundAsync(id));
    }

    [Fact]
    public async Task What_comes_only_to_another_municipality_is_no_news_here()
    {
        var s = await OpenAsync();
        var (here, there) = (await s.SaveAsync(new(MunicipalityCode: "L319")), await s.SaveAsync(new(MunicipalityCode: "C300")));
        await s.PublishAsync("Pasto a Castiglione", reach: "C300");
        await s.PublishAsync("Pasto per tutti");
        await s.LookAsync();
        Assert.Equal(["Pasto per tutti"], await s.FoundAsync(here));
        Assert.Equal(["Pasto a Castiglione", "Pasto per tutti"], await s.FoundAsync(there));
    }

    [Fact]
    public async Task The_price_after_the_purse_is_what_the_family_would_pay()
    {
        var s = await OpenAsync();
        await s.Town.GrantAsync(s.Town.Rossi, Money.Euro(12), copayment: true);
        await s.Town.GrantAsync(s.Town.Bianchi, Money.Euro(12));
        var asked = new SearchCriteria("pasto", PriceMax: Money.Euro(5), AfterPurse: true);
        var (rossi, bianchi) = (await s.SaveAsync(asked), await s.SaveAsync(asked, s.Town.Bianchi));
        foreach (var euro in new[] { 5, 12, 17, 18 }) await s.PublishAsync($"Pasto {euro:00}", euro);
        await s.LookAsync();

        Assert.Equal(["Pasto 05", "Pasto 12", "Pasto 17"], await s.FoundAsync(rossi));
        // Her money wants nobody's beside it.
        Assert.Equal(["Pasto 05", "Pasto 12"], await s.FoundAsync(bianchi));

        var purse = await new Purses(s.Town.Db, s.Town.Clock).GrantsAsync(s.Town.Territory, s.Town.Rossi.Id, s.Town.Clock.Today());
        var page = await s.Search.FindAsync(s.Town.Territory, new(Order: SearchOrder.Price, AfterPurse: true), purse);
        Assert.Equal([0, 0, 5, 6], page.Cards.Select(c => c.Left!.Value.Cents / 100));
        Assert.Equal(4, (await s.Search.FindAsync(s.Town.Territory, new(PriceMax: Money.Euro(18), AfterPurse: true))).Total);
        Assert.Equal(["Pasto 05"], (await s.Search.FindAsync(s.Town.Territory, asked)).Cards.Select(c => c.Title.It));
    }

    [Fact]
    public async Task Shared_means_that_a_group_still_takes_families_in()
    {
        var t = await PoolTown.BuildAsync(database);
        var s = new Scene(t.Town);
        await s.PublishAsync("Da soli");
        var pool = await t.PublishAsync(HeadPrices.Flat(2, 2, Money.Euro(20)));
        Assert.Equal((1, 1, 2), await CountAsync());
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var (family, _) = await t.FamilyAsync(Money.Euro(50));
            (await t.JoinAsync(family, pool)).OrThrow();
        }

        // Full.
        Assert.Equal((0, 2, 2), await CountAsync());

        async Task<(int Shared, int Alone, int Either)> CountAsync() => (
            (await s.Search.FindAsync(t.Territory, new(Sharing: Sharing.Shared))).Total, (await s.Search.FindAsync(t.Territory, new(Sharing: Sharing.Alone))).Total,
            (await s.Search.FindAsync(t.Territory, new())).Total);
    }

    [Fact]
    public async Task What_cannot_be_saved_is_refused_with_its_own_reason_and_the_same_again_changes_nothing()
    {
        var s = await OpenAsync();
        var id = Id<SavedSearch>.New();
        var by = s.Town.Rossi.User;
        Assert.Equal(id, (await s.Searches.SaveAsync(s.Town.Territory, id, AName, new("pasto", Page: 3, Order: SearchOrder.Price), by)).OrThrow());
        Assert.Equal(id, (await s.Searches.SaveAsync(s.Town.Territory, id, AName, new("pasto"), by)).OrThrow());
        // The same wish from another page is the same search.
        Assert.Equal(id, await s.SaveAsync(new("pasto ", WithinKm: 5, AfterPurse: true)));
        // So is what is needed, in whatever order it was said.
        var needing = await s.SaveAsync(new(Language: "ar", Access: new([OfferAccess.Lift, OfferAccess.StepFree])), s.Town.Bianchi);
        Assert.Equal(needing, await s.SaveAsync(new(Language: "ar", Access: new([OfferAccess.StepFree, OfferAccess.Lift])), s.Town.Bianchi));
        Assert.NotEqual(needing, await s.SaveAsync(new(Language: "ar", Access: new([OfferAccess.Lift])), s.Town.Bianchi));
        Assert.NotEqual(needing, await s.SaveAsync(new(Access: new([OfferAccess.StepFree, OfferAccess.Lift])), s.Town.Bianchi));
        await RefusedAsync<SavedSearchIdReused>(id, new("pane"), by);
        await RefusedAsync<SavedSearchIdReused>(id, new("pasto"), s.Town.Bianchi.User);
        await RefusedAsync<SearchAsksNothing>(Id<SavedSearch>.New(), new(" ", Order: SearchOrder.Distance, Page: 2, AfterPurse: true), by);
        await RefusedAsync<ServiceClassNotFound>(Id<SavedSearch>.New(), new(ClassCode: "boh"), by);
        await RefusedAsync<MunicipalityNotFound>(Id<SavedSearch>.New(), new(MunicipalityCode: "Z999"), by);
        for (var i = 1; i < SavedSearches.Max; i++) await s.SaveAsync(new($"parola{i}"));
        await RefusedAsync<TooManySavedSearches>(Id<SavedSearch>.New(), new("una di troppo"), by);
        Assert.Equal(id, await s.SaveAsync(new("pasto")));
        Assert.Equal(SavedSearches.Max, (await s.Searches.OfAsync(s.Town.Territory, s.Town.Rossi.Id)).Count);

        async Task RefusedAsync<T>(Id<SavedSearch> id, SearchCriteria asked, HouseholdUser by)
            where T : Refusal
        {
            Assert.True((await s.Searches.SaveAsync(s.Town.Territory, id, AName, asked, by)).IsRefused(out var refusal));
            Assert.IsType<T>(refusal);
        }
    }

    [Fact]
    public async Task Two_windows_save_no_more_than_may_be_saved_and_two_processes_tell_once()
    {
        var s = await OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() =>
            s.Searches.SaveAsync(s.Town.Territory, Id<SavedSearch>.New(), AName, new($"pasto{i}"), s.Town.Rossi.User))));
        Assert.Equal(SavedSearches.Max, answers.Count(a => !a.IsRefused(out _)));
        await s.SaveAsync(new("pasto"), s.Town.Bianchi);
        await s.PublishAsync("Pasto");
        s.Town.Clock.Advance(Duration.FromMinutes(2));
        var told = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => s.Searches.TellDueAsync(s.Town.Territory))));
        Assert.Equal(1, told.Sum());
    }

    [Fact]
    public async Task Only_the_family_sees_and_deletes_its_search_and_nothing_of_it_stays()
    {
        var s = await OpenAsync();
        var id = await s.SaveAsync(new("pasto"));
        await s.PublishAsync("Pasto");
        await s.LookAsync();
        Assert.Null(await s.Searches.FindAsync(s.Town.Territory, s.Town.Bianchi.Id, id));
        Assert.True((await s.Searches.ForgetAsync(s.Town.Territory, id, s.Town.Bianchi.User)).IsRefused(out var refusal));
        Assert.IsType<SavedSearchNotFound>(refusal);
        Assert.Single(await s.ToldAsync(s.Town.Rossi));

        (await s.Searches.ForgetAsync(s.Town.Territory, id, s.Town.Rossi.User)).OrThrow();
        Assert.Empty(await s.Searches.OfAsync(s.Town.Territory, s.Town.Rossi.Id));
        Assert.Empty(await s.ToldAsync(s.Town.Rossi));
        Assert.Empty(await s.Town.Db.ListAsync<Guid>(s.Town.Territory, "select search_id from marketplace.saved_search_find where territory_id = @territory"));
    }

    [Fact]
    public async Task More_than_fits_in_a_notice_waits_for_the_next()
    {
        var s = await OpenAsync();
        var id = await s.SaveAsync(new("pasto"));
        for (var i = 0; i <= SavedSearches.FindsMax; i++) await s.PublishAsync($"Pasto {i}");
        Assert.Equal(1, await s.LookAsync());
        Assert.Equal(SavedSearches.FindsMax, (await s.FoundAsync(id)).Count);
        Assert.Equal(0, await s.LookAsync());
        Assert.Equal(1, await s.LookAsync(Duration.FromDays(1)));
        Assert.Equal(2, (await s.ToldAsync(s.Town.Rossi)).Count);
        Assert.Equal(0, await s.LookAsync(Duration.FromDays(1)));
    }

    [Fact]
    public async Task Who_is_not_accredited_today_is_not_told_of_and_is_once_it_is_again()
    {
        var s = await OpenAsync();
        var id = await s.SaveAsync(new("pasto"));
        await s.PublishAsync("Pasto della Quercia", by: s.Town.Quercia);
        await SuspendAsync("Suspended");
        Assert.Equal(0, await s.LookAsync());
        await SuspendAsync("Granted");
        await s.PublishAsync("Pasto del Gelso");
        Assert.Equal(1, await s.LookAsync());
        Assert.Equal(["Pasto del Gelso", "Pasto della Quercia"], await s.FoundAsync(id));

        Task SuspendAsync(string status) => s.Town.ChangeAsync(
            "update marketplace.accreditation set status = @status where territory_id = @territory and provider_id = @Id", new { status, s.Town.Quercia.Id });
    }

    [Fact]
    public async Task A_family_marks_offers_up_to_a_limit_and_sees_those_that_were_withdrawn()
    {
        var s = await OpenAsync();
        var (one, two, draft) = (await s.PublishAsync("Uno"), await s.PublishAsync("Due"), await s.PublishAsync("Bozza", publish: false));
        var by = s.Town.Rossi.User;
        (await s.Favourites.MarkAsync(s.Town.Territory, one, by)).OrThrow();
        (await s.Favourites.MarkAsync(s.Town.Territory, one, by)).OrThrow();
        s.Town.Clock.Advance(Duration.FromMinutes(1));
        (await s.Favourites.MarkAsync(s.Town.Territory, two, by)).OrThrow();
        await RefusedAsync<OfferNotFound>(draft);
        await RefusedAsync<OfferNotFound>(Id<Offer>.New());
        (await s.Offers.WithdrawAsync(s.Town.Territory, one)).OrThrow();
        Assert.Equal([("Due", true), ("Uno", false)], (await s.Favourites.OfAsync(s.Town.Territory, s.Town.Rossi.Id)).Select(f => (f.Card.Title.It, f.IsPublished)));
        Assert.True(await s.Favourites.IsMarkedAsync(s.Town.Territory, s.Town.Rossi.Id, one));
        Assert.False(await s.Favourites.IsMarkedAsync(s.Town.Territory, s.Town.Bianchi.Id, one));
        Assert.Empty(await s.Favourites.OfAsync(s.Town.Territory, s.Town.Bianchi.Id));

        (await s.Favourites.UnmarkAsync(s.Town.Territory, one, s.Town.Bianchi.User)).OrThrow();
        Assert.True(await s.Favourites.IsMarkedAsync(s.Town.Territory, s.Town.Rossi.Id, one));
        (await s.Favourites.UnmarkAsync(s.Town.Territory, one, by)).OrThrow();
        (await s.Favourites.UnmarkAsync(s.Town.Territory, one, by)).OrThrow();
        Assert.True((await s.Favourites.UnmarkAsync(s.Town.Territory, Id<Offer>.New(), by)).IsRefused(out var none));
        Assert.IsType<OfferNotFound>(none);
        Assert.False(await s.Favourites.IsMarkedAsync(s.Town.Territory, s.Town.Rossi.Id, one));

        for (var i = 1; i < Favourites.Max; i++) (await s.Favourites.MarkAsync(s.Town.Territory, await s.PublishAsync($"Altro {i}"), by)).OrThrow();
        await RefusedAsync<TooManyFavourites>(one);
        (await s.Favourites.MarkAsync(s.Town.Territory, two, by)).OrThrow();

        async Task RefusedAsync<T>(Id<Offer> offer)
            where T : Refusal
        {
            Assert.True((await s.Favourites.MarkAsync(s.Town.Territory, offer, by)).IsRefused(out var refusal));
            Assert.IsType<T>(refusal);
        }
    }
}
