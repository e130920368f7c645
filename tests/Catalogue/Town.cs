using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Tests.Catalogue;

/// <summary>
/// A territory of its own with three municipalities and a small tree of classes, and short words for what the tests
/// do. It begins in the morning of Monday, 12 January 2026, in Italy.
/// </summary>
public sealed class Town
{
    public static readonly Instant Morning = Instant.FromUtc(2026, 1, 12, 8, 0);
    public static readonly LocalDate Day = new(2026, 1, 12);
    public static readonly Iban AnIban = Iban.Parse("IT60X0542811101000000123456");
    public static readonly VatNumber AVatNumber = VatNumber.Parse("12345678903");

    private int made;

    private Town(TestDatabase database, TerritoryId id)
    {
        (Db, Id) = (database.Db, id);
        Ledger = new(Clock);
        Territories = new(Db, Ledger);
        Classes = new(Db);
        Providers = new(Db, Ledger);
        Accreditations = new(Db, Clock);
        Offers = new(Db, Clock);
        Slots = new(Db, Clock);
        Search = new(Db, Clock, Classes, Territories);
    }

    public Database Db { get; }
    public TerritoryId Id { get; }
    public Id<User> Officer { get; } = Id<User>.New();
    public HandClock Clock { get; } = new(Morning);
    public GeneralLedger Ledger { get; }
    public Territories Territories { get; }
    public ServiceClasses Classes { get; }
    public Providers Providers { get; }
    public Accreditations Accreditations { get; }
    public Offers Offers { get; }
    public Slots Slots { get; }
    public CatalogueSearch Search { get; }

    public static async Task<Town> BuildAsync(TestDatabase database)
    {
        var town = new Town(database, database.NewTerritory());
        (await town.Territories.CreateAsync(town.Setup())).OrThrow();
        (await town.Classes.PutAsync(town.Id, [
            new("casa", null, "Aiuto a casa", "Help at home", "it-pa", "", 1),
            new("assistenza", "casa", "Assistenza familiare", "Family assistant", "it-user", "badante, aiuto anziani, pronto badante", 2),
            new("pasti", "casa", "Pasti a domicilio", "Meals at home", "it-box", "mensa, pranzo", 3),
            new("educazione", null, "Crescere e imparare", "Growing and learning", "it-bookmark", "", 4),
            new("doposcuola", "educazione", "Doposcuola", "After-school", "it-bookmark", "compiti, aiuto compiti", 5),
        ])).OrThrow();
        await town.Db.ExecuteAsync(
            town.Id,
            """
            insert into marketplace.app_user (territory_id, id, email, display_name, password_hash, created_at)
            values (@territory, @Officer, 'ufficio@prova.example', 'Ufficio', '', @now)
            """, new { town.Officer, now = Morning });
        return town;
    }

    public NewTerritory Setup(string? slug = null) => new(
        Id, slug ?? $"paese-{Id}", $"Ambito {Id}", "Paese", "Ufficio di Piano", "piazza Mercato 1", "Paese", "0331 555 010", "mattina", "mornings",
        "Comune di Paese", AnIban,
        [
            new("L319", "Tradate", "21049", 45.7131, 8.9060, 18_700),
            new("L703", "Vedano Olona", "21040", 45.7765, 8.8878, 7_400),
            new("A859", "Biella", "13900", 45.5661, 8.0542, 43_000),
        ]);

    /// <summary>A cooperative of Tradate, accredited for the classes this year and the next.</summary>
    public async Task<Id<Provider>> CooperativeAsync(string name, params string[] classes)
    {
        var id = (await Providers.CreateAsync(Id, NewProvider(name))).OrThrow();
        foreach (var code in classes) await AccreditAsync(id, code);
        return id;
    }

    public NewProvider NewProvider(string name, string municipality = "L319", ProviderKind kind = ProviderKind.Cooperative) => new(
        Id<Provider>.From("test", Id, name), kind, name, $"{name} cooperativa sociale", AVatNumber, AnIban, municipality, "via Roma 1",
        45.7131, 8.9060, "0331 000000", "info@esempio.example", new("", ""));

    public async Task<Id<Accreditation>> AccreditAsync(Id<Provider> provider, string code, LocalDate? from = null, LocalDate? to = null) =>
        (await Accreditations.GrantAsync(
            Id, Id<Accreditation>.From("test", provider, code, from?.ToString() ?? ""), provider, code, from ?? new(2026, 1, 1), to ?? new(2027, 12, 31), "Determina 12/2025"))
        .OrThrow();

    /// <summary>A published offer.</summary>
    public async Task<Id<Offer>> OfferAsync(
        Id<Provider> provider, string classCode, string title, long euro = 20, ServicePlace place = ServicePlace.AtProvider,
        string municipality = "L319", string[]? reach = null, string titleEn = "Something useful")
    {
        var offer = Draft(provider, classCode, title, euro, place, municipality, reach, titleEn);
        (await Offers.CreateAsync(Id, offer)).OrThrow();
        (await Offers.PublishAsync(Id, offer.Id)).OrThrow();
        return offer.Id;
    }

    public Offer Draft(
        Id<Provider> provider, string classCode, string title, long euro = 20, ServicePlace place = ServicePlace.AtProvider,
        string municipality = "L319", string[]? reach = null, string titleEn = "Something useful")
    {
        var centre = Setup().Municipalities.SingleOrDefault(m => m.Code == municipality);
        return new(
            Id<Offer>.From("test", Id, title, ++made), provider, classCode, OfferStatus.Draft, new(title, titleEn),
            new("Una descrizione breve.", "A short description."), new("A chi abita qui.", "For people living here."), new("Niente", "Nothing"),
            new("Quello che serve.", "What is needed."), new("a incontro", "per meeting"), Money.Euro(euro), 60, place, "via Roma 1",
            municipality, centre?.Latitude ?? 45, centre?.Longitude ?? 8, 24, Money.Zero, 24, reach ?? [], ["famiglia"]);
    }

    public async Task<IReadOnlyList<string>> TitlesAsync(SearchCriteria criteria) =>
        [.. (await Search.FindAsync(Id, criteria)).Cards.Select(c => c.Title.It)];
}
