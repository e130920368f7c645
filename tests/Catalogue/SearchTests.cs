using System.Diagnostics;
using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests.Catalogue;

/// <summary>Searching the catalogue: words, slips of the finger, filters and their counts, and how long it takes.</summary>
public sealed class SearchTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static async Task<Town> SmallTownAsync(TestDatabase database)
    {
        var town = await Town.BuildAsync(database);
        var salice = await town.CooperativeAsync("Il Salice", "casa", "educazione");
        await town.OfferAsync(salice, "assistenza", "Aiuto in casa per persone anziane", 19, ServicePlace.AtHome, titleEn: "Help at home for older people");
        await town.OfferAsync(salice, "pasti", "Il pasto caldo delle dodici", 8, ServicePlace.AtHome, reach: ["L319"], titleEn: "A hot lunch");
        await town.OfferAsync(salice, "doposcuola", "Pomeriggi alla casetta", 12, ServicePlace.AtProvider, "L703", titleEn: "Afternoons at the cabin");
        await town.OfferAsync(salice, "doposcuola", "Matematica e fisioterapia della lavagna", 30, ServicePlace.Online, titleEn: "Blackboard");
        return town;
    }

    [Theory]
    [InlineData("badante", "Aiuto in casa per persone anziane")]
    [InlineData("badanti", "Aiuto in casa per persone anziane")]
    [InlineData("cerco una badante per mia mamma", "Aiuto in casa per persone anziane")]
    [InlineData("persona anziana", "Aiuto in casa per persone anziane")]
    [InlineData("older", "Aiuto in casa per persone anziane")]
    [InlineData("pasti caldi", "Il pasto caldo delle dodici")]
    [InlineData("lunches", "Il pasto caldo delle dodici")]
    [InlineData("casette", "Pomeriggi alla casetta")]
    [InlineData("matem", "Matematica e fisioterapia della lavagna")]
    public async Task Words_find_what_people_mean(string text, string title)
    {
        var town = await SmallTownAsync(database);
        var page = await town.Search.FindAsync(town.Id, new(text));
        Assert.Equal(SearchReading.AsTyped, page.Reading);
        Assert.Equal([title], page.Cards.Select(c => c.Title.It));
    }

    [Theory]
    [InlineData("doposcuola")]
    [InlineData("dopo scuola")]
    [InlineData("aiuto compiti")]
    public async Task After_school_is_found_by_each_of_its_names(string text)
    {
        var town = await SmallTownAsync(database);
        Assert.Equal(["doposcuola", "doposcuola"], (await town.Search.FindAsync(town.Id, new(text))).Cards.Select(c => c.ClassCode));
    }

    [Theory]
    [InlineData("badnate", "badante", "assistenza")]
    [InlineData("dopsocuola", "doposcuola", "doposcuola")]
    [InlineData("fisioterpia", "fisioterapia", "doposcuola")]
    [InlineData("matematca", "matematica", "doposcuola")]
    [InlineData("Sailce", "salice", null)]
    public async Task A_slip_of_the_finger_is_corrected_and_said(string text, string meant, string? code)
    {
        var town = await SmallTownAsync(database);
        var page = await town.Search.FindAsync(town.Id, new(text));
        Assert.Equal(SearchReading.Corrected, page.Reading);
        Assert.Equal(meant, page.Searched);
        Assert.NotEmpty(page.Cards);
        if (code is not null) Assert.All(page.Cards, c => Assert.Equal(code, c.ClassCode));
    }

    [Fact]
    public async Task When_no_offer_has_all_words_those_with_some_are_shown()
    {
        var town = await SmallTownAsync(database);
        var page = await town.Search.FindAsync(town.Id, new("badante matematica"));
        Assert.Equal(SearchReading.SomeWords, page.Reading);
        Assert.Equal(2, page.Total);
    }

    [Theory]
    [InlineData("elicottero")]
    [InlineData("'; drop table marketplace.offer; --")]
    [InlineData("& | ! ( ) :* <->")]
    [InlineData("%_\\")]
    public async Task Nothing_found_suggests_classes_and_strange_texts_do_no_harm(string text)
    {
        var town = await SmallTownAsync(database);
        var page = await town.Search.FindAsync(town.Id, new(text));
        if (SearchWords.Of(text).Count == 0) Assert.Equal(4, page.Total);
        else Assert.Equal(["casa", "educazione"], page.Related.Select(c => c.Code));
    }

    [Fact]
    public async Task Classes_count_what_is_below_them_and_filters_leave_their_own_counts_alone()
    {
        var town = await SmallTownAsync(database);
        var page = await town.Search.FindAsync(town.Id, new(ClassCode: "casa"));
        Assert.Equal(2, page.Total);
        Assert.Equal(4, page.TotalOfAllClasses);
        Assert.Equal(2, page.ByClass["casa"]);
        Assert.Equal(1, page.ByClass["pasti"]);
        Assert.Equal(2, page.ByClass["educazione"]);
        // Of the two at home, one comes only to Tradate.
        Assert.Equal(2, page.ByMunicipality["L319"]);
        Assert.Equal(1, page.ByMunicipality["L703"]);
    }

    [Fact]
    public async Task A_municipality_finds_what_is_there_what_comes_home_and_what_is_online()
    {
        var town = await SmallTownAsync(database);
        Assert.Equal(3, (await town.Search.FindAsync(town.Id, new(MunicipalityCode: "L703"))).Total);
        Assert.Equal(3, (await town.Search.FindAsync(town.Id, new(MunicipalityCode: "L319"))).Total);
        // Vedano is seven kilometres from Tradate.
        Assert.Equal(4, (await town.Search.FindAsync(town.Id, new(MunicipalityCode: "L319", WithinKm: 10))).Total);
        Assert.Equal(3, (await town.Search.FindAsync(town.Id, new(MunicipalityCode: "L319", WithinKm: 5))).Total);
        Assert.Equal(0, (await town.Search.FindAsync(town.Id, new(MunicipalityCode: "Z999"))).Total);
        Assert.Equal("Pomeriggi alla casetta", (await town.TitlesAsync(new(MunicipalityCode: "L319", WithinKm: 10, Order: SearchOrder.Distance)))[^1]);
    }

    [Fact]
    public async Task Price_order_pages_and_dates_are_kept()
    {
        var town = await SmallTownAsync(database);
        var all = await town.TitlesAsync(new(Order: SearchOrder.Price));
        Assert.Equal(4, all.Count);
        Assert.Equal("Il pasto caldo delle dodici", all[0]);
        Assert.Equal(all.Take(2), await town.TitlesAsync(new(PriceMax: Money.Euro(12), Order: SearchOrder.Price)));
        Assert.Equal(all.Skip(2), await town.TitlesAsync(new(Order: SearchOrder.Price, Page: 2, PageSize: 2)));

        var meal = (await town.Search.FindAsync(town.Id, new("pasto"))).Cards.Single();
        Assert.Null(meal.NextFree);
        var starts = Town.Morning + Duration.FromDays(3);
        (await town.Slots.CreateAsync(town.Id, meal.Id, [new(Id<Slot>.New(), starts, starts + Duration.FromHours(1), 2)])).OrThrow();
        Assert.Equal([meal.Title.It], await town.TitlesAsync(new(From: Town.Day)));
        Assert.Equal(starts, (await town.Search.FindAsync(town.Id, new(From: Town.Day.PlusDays(3)))).Cards.Single().NextFree);
        Assert.Empty(await town.TitlesAsync(new(From: Town.Day.PlusDays(4))));

        // Far beyond the days that are read in a row; and one that is full is none.
        var far = Town.Morning + Duration.FromDays(40);
        var slot = Id<Slot>.New();
        (await town.Slots.CreateAsync(town.Id, meal.Id, [new(slot, far, far + Duration.FromHours(1), 2)])).OrThrow();
        Assert.Equal([meal.Title.It], await town.TitlesAsync(new(From: Town.Day.PlusDays(4))));
        Assert.Equal([meal.Title.It], await town.TitlesAsync(new(From: Town.Day.PlusDays(39))));
        Assert.Empty(await town.TitlesAsync(new(From: Town.Day.PlusDays(41))));
        await town.Db.ExecuteAsync(town.Id, "update marketplace.slot set taken = capacity where territory_id = @territory and id = @slot", new { slot });
        Assert.Empty(await town.TitlesAsync(new(From: Town.Day.PlusDays(4))));
    }

    [Theory]
    [InlineData("ar", "", "Pomeriggi per tutti")]
    [InlineData("it", "", "Compiti, Pomeriggi per tutti, Spesa")]
    [InlineData("uk", "", "")]
    [InlineData(null, "StepFree", "Compiti, Pomeriggi per tutti")]
    [InlineData(null, "SignLanguage StepFree", "Pomeriggi per tutti")]
    [InlineData("it", "StepFree", "Compiti, Pomeriggi per tutti")]
    [InlineData("ar", "Lift", "")]
    [InlineData(null, "HearingLoop", "")]
    public async Task A_language_is_one_of_those_that_are_said_and_of_what_is_needed_all_must_be_there(string? language, string needed, string titles)
    {
        var town = await Town.BuildAsync(database);
        var salice = await town.CooperativeAsync("Il Salice", "casa", "educazione");
        await OfferAsync("Spesa", ["it"]);
        await OfferAsync("Compiti", ["it", "en"], OfferAccess.StepFree, OfferAccess.Lift);
        await OfferAsync("Pomeriggi per tutti", ["it", "ar"], OfferAccess.StepFree, OfferAccess.SignLanguage);
        var access = new AccessNeeds(needed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<OfferAccess>));
        var page = await town.Search.FindAsync(town.Id, new(Language: language, Access: access));
        Assert.Equal(titles, string.Join(", ", page.Cards.Select(c => c.Title.It).Order(StringComparer.Ordinal)));
        Assert.Equal(page.Cards.Count, page.ByMunicipality.GetValueOrDefault("L319"));
        Assert.Equal(access, new(access.Each.Reverse()));

        async Task OfferAsync(string title, string[] languages, params OfferAccess[] access)
        {
            var draft = town.Draft(salice, "doposcuola", title) with { Languages = languages, Access = access };
            (await town.Offers.CreateAsync(town.Id, draft)).OrThrow();
            (await town.Offers.PublishAsync(town.Id, draft.Id)).OrThrow();
        }
    }

    /// <summary>A product is found by its words, with how many are left and no free time; who asks for a date or a group does not want one.</summary>
    [Fact]
    public async Task A_product_is_found_but_not_by_a_date_or_a_group()
    {
        var town = await SmallTownAsync(database);
        var pasto = (await town.Search.FindAsync(town.Id, new("pasto"))).Cards.Single();
        var product = town.Draft(pasto.ProviderId, pasto.ClassCode, "Cassetta di mele") with { Minutes = 0, CancelHours = 0, Product = new(4, new("cassette", "boxes"), 30, 7, true) };
        (await town.Offers.CreateAsync(town.Id, product)).OrThrow();
        (await town.Offers.PublishAsync(town.Id, product.Id)).OrThrow();
        var card = (await town.Search.FindAsync(town.Id, new("mele"))).Cards.Single();
        Assert.Equal((true, 4, null, 0), (card.IsProduct, card.Stock!.Value, card.NextFree, card.OpenPools));
        Assert.Equal((false, null), (pasto.IsProduct, pasto.Stock));
        Assert.Empty(await town.TitlesAsync(new("mele", From: Town.Day)));
        Assert.Empty(await town.TitlesAsync(new("mele", Sharing: Sharing.Shared)));
        Assert.Equal([product.Title.It], await town.TitlesAsync(new("mele", PriceMax: Money.Euro(20))));
    }

    [Fact]
    public async Task What_is_not_published_or_not_accredited_today_is_not_found()
    {
        var town = await SmallTownAsync(database);
        var quercia = await town.CooperativeAsync("La Quercia");
        var accreditation = await town.AccreditAsync(quercia, "pasti", Town.Day, Town.Day.PlusDays(1));
        var offer = await town.OfferAsync(quercia, "pasti", "Minestrone della Quercia");

        Assert.Single(await town.TitlesAsync(new("minestrone")));
        await town.Accreditations.SuspendAsync(town.Id, accreditation, "Manca la polizza", town.Officer);
        Assert.Empty(await town.TitlesAsync(new("minestrone")));
        await town.Accreditations.ReinstateAsync(town.Id, accreditation, town.Officer);
        await town.Offers.WithdrawAsync(town.Id, offer);
        Assert.Empty(await town.TitlesAsync(new("minestrone")));
        await town.Offers.PublishAsync(town.Id, offer);
        Assert.Single(await town.TitlesAsync(new("minestrone")));
        town.Clock.Advance(Duration.FromDays(2));
        Assert.Empty(await town.TitlesAsync(new("minestrone")));
    }

    [Fact]
    public async Task One_territory_does_not_find_the_offers_of_another()
    {
        var here = await SmallTownAsync(database);
        var there = await Town.BuildAsync(database);
        Assert.Equal(4, (await here.Search.FindAsync(here.Id, new())).Total);
        Assert.Equal(0, (await there.Search.FindAsync(there.Id, new())).Total);
        Assert.Equal(0, (await there.Search.FindAsync(there.Id, new("badante"))).Total);
    }

    [Fact]
    public async Task Ten_thousand_offers_are_searched_in_milliseconds()
    {
        var town = await Town.BuildAsync(database);
        await TenThousandAsync(town);
        SearchCriteria[] questions =
        [
            new(), new("badante"), new("aiuto compiti"), new("passeggiata lenta"), new("pasegiata"), new(ClassCode: "educazione", MunicipalityCode: "L319"),
            new("matematica", MunicipalityCode: "L703", WithinKm: 10, PriceMax: Money.Euro(30), Order: SearchOrder.Distance), new(From: Town.Day.PlusDays(2)),
            new(Order: SearchOrder.Price, Page: 40),
        ];
        foreach (var question in questions)
        {
            var times = new List<double>();
            for (var i = 0; i < 15; i++)
            {
                var watch = Stopwatch.StartNew();
                var page = await town.Search.FindAsync(town.Id, question);
                times.Add(watch.Elapsed.TotalMilliseconds);
                Assert.NotEmpty(page.Cards);
            }

            times.Sort();
            var median = times[times.Count / 2];
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{median,7:0.0} ms, slowest {times[^1]:0.0}: {question}"));
            // Aimed at 50 ms on a quiet machine; other tests may be running beside this one.
            Assert.True(median < 2000, $"{question} takes {median} ms");
        }
    }

    private async Task TenThousandAsync(Town town)
    {
        var providers = new List<Guid>();
        for (var i = 0; i < 20; i++) providers.Add((await town.CooperativeAsync($"Cooperativa {i}", "casa", "educazione")).Value);
        // Written by the owner: through the real operations it would take minutes and prove nothing more.
        await database.AsOwnerAsync(
            $$"""
            insert into marketplace.offer
                (territory_id, id, provider_id, class_code, status, title_it, title_en, summary_it, summary_en, addressed_it, addressed_en,
                 needed_it, needed_en, achieved_it, achieved_en, unit_it, unit_en, price, minutes, place, municipality_code, latitude, longitude, reach)
            select {{town.Id}}, gen_random_uuid(), (string_to_array('{{string.Join(',', providers)}}', ',')::uuid[])[1 + n % 20], ('{assistenza,pasti,doposcuola}'::text[])[1 + n % 3],
                   'Published',
                   (array['Compagnia', 'Passeggiata', 'Ripetizioni di matematica', 'Spesa', 'Pranzo', 'Laboratorio'])[1 + n % 6] || ' '
                       || (array['lenta', 'del mattino', 'in gruppo', 'con un volontario', 'di quartiere'])[1 + n % 5] || ' numero ' || n,
                   'Something useful number ' || n,
                   repeat('Una descrizione che racconta con calma che cosa si fa insieme. ', 4), repeat('A description that calmly tells what is done together. ', 4),
                   'A chi abita qui e cerca un aiuto di poche ore.', 'For people living here.', 'Niente', 'Nothing', 'Quello che serve.', 'What is needed.',
                   'a incontro', 'per meeting', 500 + n % 4000, 60, (array['AtHome', 'AtProvider', 'AtProvider', 'Online'])[1 + n % 4],
                   (array['L319', 'L703', 'A859'])[1 + n % 3], 45.7 + n % 7 * 0.01, 8.9 + n % 11 * 0.01,
                   case when n % 8 = 0 then array['L319'] else '{}' end
            from generate_series(1, 10000) n;
            insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity)
            select {{town.Id}}, gen_random_uuid(), o.id, timestamptz '2026-01-13 09:00+01' + d * interval '1 day', timestamptz '2026-01-13 10:00+01' + d * interval '1 day', 3
            from marketplace.offer o cross join generate_series(0, 9) d where o.territory_id = {{town.Id}};
            analyze marketplace.offer; analyze marketplace.slot;
            """);
    }
}
