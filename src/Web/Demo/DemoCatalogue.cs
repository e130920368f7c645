using System.Text.Json;
using System.Text.Json.Serialization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>What a demo territory has after its catalogue was built: what people and money are then built on.</summary>
/// <param name="Cooperatives">By the key they have in the data, such as <c>filo</c>.</param>
public sealed record BuiltCatalogue(
    TerritoryId Territory, IReadOnlyDictionary<string, Id<Provider>> Cooperatives, IReadOnlyDictionary<string, Id<Provider>> Shops,
    IReadOnlyList<Id<Offer>> Offers);

/// <summary>
/// Builds the invented catalogue of a demo territory through the real operations: places, classes, providers with
/// their accreditations, offers, and their free times for the next weeks. Ids follow from the data, so building again
/// only adds the times of days that were not yet in sight.
/// </summary>
public sealed class DemoCatalogue(
    Territories territories, ServiceClasses classes, Providers providers, Accreditations accreditations, Offers offers, Slots slots)
{
    /// <summary>The territories there are data for.</summary>
    public static readonly IReadOnlyList<string> Slugs = ["tradate", "biella"];

    /// <summary>How far ahead times are offered.</summary>
    public const int WeeksAhead = 6;

    private static readonly JsonSerializerOptions Reading = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>
    /// Builds one of <see cref="Slugs"/> as of the clock's day. Accreditations began a year before; times begin
    /// tomorrow. Throws if an operation refuses: the data are ours.
    /// </summary>
    /// <param name="rename">Changes the territory before it is made, for a second one with the same data.</param>
    /// <param name="progress">Is told how much of the offers is done, from 0 to 1.</param>
    public async Task<BuiltCatalogue> BuildAsync(
        string slug, IClock clock, Func<NewTerritory, NewTerritory>? rename = null, IProgress<double>? progress = null,
        CancellationToken cancel = default)
    {
        var common = Read<DemoServices>("services");
        var data = Read<DemoTerritory>(slug);
        var named = data.Territory.ToTerritory(data.Municipalities);
        var territory = (await territories.CreateAsync(rename?.Invoke(named) ?? named, cancel)).OrThrow();
        (await classes.PutAsync(territory, [.. common.Classes.Select((c, i) => c.ToClass((short)(i + 1)))], cancel)).OrThrow();

        // The year is told by the day of building, so that a demo is not over after some years.
        var since = new LocalDate(clock.Today().Year - 1, 3, 1);
        var cooperatives = await ProvidersAsync(territory, slug, ProviderKind.Cooperative, data.Cooperatives, since, cancel);
        var shops = await ProvidersAsync(territory, slug, ProviderKind.Shop, data.Shops, since, cancel);

        var hosts = data.Cooperatives.Concat(data.Shops).ToDictionary(p => p.Key, StringComparer.Ordinal);
        var places = data.Municipalities.ToDictionary(m => m.Code, StringComparer.Ordinal);
        var built = new List<Id<Offer>>();
        foreach (var offer in data.Offers)
        {
            var id = OfferId(slug, offer);
            var wanted = offer.ToOffer(id, ProviderId(slug, offer.Provider), hosts[offer.Provider], places, common.Texts[offer.Class]);
            (await offers.CreateAsync(territory, wanted, cancel)).OrThrow();
            (await offers.PublishAsync(territory, id, cancel: cancel)).OrThrow();
            built.Add(id);
            progress?.Report((double)built.Count / data.Offers.Count);
        }

        await OfferTimesAsync(slug, territory, clock, cancel);
        return new(territory, cooperatives, shops, built);
    }

    /// <summary>
    /// Offers the times of the next weeks in a territory that is built: those that are not offered yet, from tomorrow
    /// on.
    /// </summary>
    public async Task OfferTimesAsync(string slug, TerritoryId territory, IClock clock, CancellationToken cancel = default)
    {
        foreach (var (_, id, week) in Weeks(slug))
        {
            var times = WeeklyPattern.Slots(id, week, clock.Today().PlusDays(1), clock.Today().PlusWeeks(WeeksAhead));
            (await slots.CreateAsync(territory, id, times, cancel)).OrThrow();
        }
    }

    /// <summary>The week of each offer of the data, with the key of its provider.</summary>
    public static IEnumerable<(string Provider, Id<Offer> Offer, IReadOnlyList<WeeklyHours> Week)> Weeks(string slug)
    {
        var common = Read<DemoServices>("services");
        return Read<DemoTerritory>(slug).Offers.Select((offer, index) =>
        {
            var text = common.Texts[offer.Class];
            return (offer.Provider, OfferId(slug, offer), WeekOf(common.Hours[text.Hours], offer, text, index));
        });
    }

    private static Id<Offer> OfferId(string slug, DemoOffer offer) => OfferId(slug, offer.Provider, offer.Title[0]);

    /// <summary>The id of an offer of the data, known before it is built.</summary>
    public static Id<Offer> OfferId(string slug, string provider, string title) => Id<Offer>.From("demo", slug, provider, title);

    /// <summary>The municipalities of a territory of the data, known before it is built; by name, as the database has them.</summary>
    public static IReadOnlyList<Municipality> MunicipalitiesOf(string slug) =>
        [.. Read<DemoTerritory>(slug).Municipalities.OrderBy(m => m.Name, StringComparer.Ordinal)];

    /// <summary>The id of a provider of the data, known before it is built.</summary>
    public static Id<Provider> ProviderId(string slug, string key) => Id<Provider>.From("demo", slug, key);

    private async Task<Dictionary<string, Id<Provider>>> ProvidersAsync(
        TerritoryId territory, string slug, ProviderKind kind, List<DemoProvider> list, LocalDate since, CancellationToken cancel)
    {
        var built = new Dictionary<string, Id<Provider>>(StringComparer.Ordinal);
        foreach (var provider in list)
        {
            var id = (await providers.CreateAsync(territory, provider.ToProvider(ProviderId(slug, provider.Key), kind), cancel)).OrThrow();
            foreach (var code in provider.Classes)
            {
                var act = $"Determina n. {100 + list.IndexOf(provider)} del {since.PlusDays(-20):dd.MM.uuuu}";
                var accreditation = Id<Accreditation>.From("demo", id, code);
                if ((await accreditations.OfAsync(territory, id, cancel)).Any(a => a.Id == accreditation)) continue;
                (await accreditations.GrantAsync(territory, accreditation, id, code, since, since.PlusYears(3).PlusDays(-1), act, cancel)).OrThrow();
            }

            built[provider.Key] = id;
        }

        return built;
    }

    /// <summary>The hours of a service, an hour earlier or later by turns, so that not all of a kind begin together.</summary>
    private static IReadOnlyList<WeeklyHours> WeekOf(
        IReadOnlyList<DemoHours> hours, DemoOffer offer, DemoText text, int index)
    {
        var shift = index % 3 * 30;
        return [.. hours.SelectMany(h => h.Days.Select(day =>
            new WeeklyHours((IsoDayOfWeek)day, h.Start.PlusMinutes(shift), offer.Minutes, text.Capacity)))];
    }

    private static T Read<T>(string name)
    {
        var resource = $"Demo/data/{name}.json";
        using var stream = typeof(DemoCatalogue).Assembly.GetManifestResourceStream(resource)
            ?? throw new ArgumentException($"There are no demo data called '{name}'.", nameof(name));
        return JsonSerializer.Deserialize<T>(stream, Reading)!;
    }
}
