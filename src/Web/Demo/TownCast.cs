using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>A family that a visitor of the demo can be, with what it is given of which programme, in cents.</summary>
public sealed record CastHousehold(string Key, TownHousehold Household, IReadOnlyDictionary<string, long> Grants);

/// <summary>Somebody a visitor of the demo can sign in as, or, without a note, a colleague of theirs.</summary>
/// <param name="Household">The key of a family of the cast; the provider's key is that of the catalogue.</param>
public sealed record CastUser(string Key, string Name, Role Role, string? Note = null, string? Household = null, string? Provider = null)
{
    public Id<User> Id => IdOf(Key);

    public string Email => $"{Key.Replace('/', '.')}@borsellino.example";

    public static Id<User> IdOf(string key) => Id<User>.From("demo", key);
}

/// <summary>
/// The people of a demo territory with whom its story is told. They are the same at every size of the town; nobody
/// exists.
/// </summary>
public sealed record TownCast(IReadOnlyList<CastHousehold> Households, IReadOnlyList<CastUser> Users)
{
    /// <summary>The password of everybody in a demo territory. It opens nothing else.</summary>
    public const string Password = "borsellino-demo";

    /// <summary>Enters what families say on the phone or at the desk; not for signing in with one click.</summary>
    public const string Operator = "sportello";

    public const string Uploads = "uffici/carica", Approves = "uffici/approva", Prepares = "ragioneria/prepara", Signs = "ragioneria/firma";

    public static TownCast Of(string slug) => slug switch
    {
        "tradate" => Tradate(),
        "biella" => Biella(),
        _ => throw new ArgumentOutOfRangeException(nameof(slug), slug, "No cast for this territory."),
    };

    private static TownCast Tradate() => new(
        [
            new("adele", Household("L319", "via Garibaldi 21", 2, "adele.crespi@posta.example",
                    Somebody("Adele", "Crespi", new(1944, 3, 12), true, "L319")),
                Given(("casa", 99_000), ("sollievo", 48_000), ("vicini", 15_000))),
            new("chiara", Household("L319", "via dei Tigli 8", 3, "chiara.pozzi@posta.example",
                    Somebody("Chiara", "Pozzi", new(1988, 7, 4), true, "L682"),
                    Somebody("Davide", "Zanella", new(1986, 11, 23), false, "I441", Relation.Spouse),
                    Somebody("Emma", "Zanella", new(2017, 5, 9), true, "L319", Relation.Child),
                    Somebody("Pietro", "Zanella", new(2021, 10, 30), false, "L319", Relation.Child)),
                Given(("scuola", 20_000), ("tessitura", 50_000))),
            new("andreea", Household("L733", "vicolo del Pozzo 3", 1, "andreea.radu@posta.example",
                    Somebody("Andreea", "Radu", new(1991, 1, 17), true, "Z129"),
                    Somebody("Matteo", "Radu", new(2015, 9, 2), false, "L319", Relation.Child)),
                Given(("buoni", 2_650))),
            new("silvia", Household("C300", "corte Grande 5", 4, "silvia.gatti@posta.example",
                    Somebody("Silvia", "Gatti", new(1979, 6, 25), true, "B300"),
                    Somebody("Teresa", "Broggi", new(1949, 2, 8), true, "C300", Relation.Parent)),
                Given(("assistenza", 30_000))),
        ],
        [
            new("famiglie/adele", "Adele Crespi", Role.Household,
                Texts.Key("82 anni, vive sola: un borsellino di tre enti, un servizio da confermare, uno in arrivo."), "adele"),
            new("famiglie/chiara", "Chiara Pozzi", Role.Household,
                Texts.Key("Mamma di due bambini: sostegno allo studio e welfare dell’azienda."), "chiara"),
            new("famiglie/andreea", "Andreea Radu", Role.Household,
                Texts.Key("Quasi tutto speso: si vede che cosa succede quando i soldi non bastano."), "andreea"),
            new("enti/filo", "Giorgia Macchi", Role.Provider,
                Texts.Key("Coordina l’assistenza a casa: richieste a cui rispondere, servizi di oggi, crediti."), Provider: "filo"),
            new("enti/sasso", "Michele Broggi", Role.Provider,
                Texts.Key("Coordina educatori e doposcuola della valle."), Provider: "sasso"),
            new(Uploads, "Laura Bernasconi", Role.Officer,
                Texts.Key("Apre le misure e carica gli elenchi: ne ha uno con righe da correggere.")),
            new(Approves, "Stefano Riva", Role.Officer,
                Texts.Key("Approva gli elenchi degli altri: uno aspetta la sua firma.")),
            new(Prepares, "Paola Mariani", Role.Finance,
                Texts.Key("Prepara le liquidazioni e guarda i conti.")),
            new(Signs, "Roberto Tosi", Role.Finance,
                Texts.Key("Firma le liquidazioni preparate da altri: una aspetta.")),
            new(Operator, "Social Point di Tradate", Role.SocialPoint,
                Texts.Key("Richiama le famiglie che chiedono aiuto.")),
            new("uffici/accessi", "Ivana Colli", Role.Administrator,
                Texts.Key("Guarda chi può entrare: chiude accessi aperti e telefoni persi.")),
            new("enti/girasassi", "Silvia Gatti", Role.Provider,
                Texts.Key("Due ruoli: lavora in cooperativa e ha un borsellino per la mamma."), "silvia", "girasassi"),
        ]);

    private static TownCast Biella() => new(
        [
            new("piera", Household("A859", "via Italia 44", 3, "piera.ramella@posta.example",
                    Somebody("Piera", "Ramella", new(1951, 4, 19), true, "A859"),
                    Somebody("Aldo", "Coda", new(1948, 12, 5), false, "A859", Relation.Spouse)),
                Given(("casa", 54_000))),
        ],
        [
            new("enti/lanificio", "Enrico Mosca", Role.Provider,
                Texts.Key("Coordina l’assistenza a casa nel Biellese."), Provider: "lanificio"),
            new(Uploads, "Daniela Barbera", Role.Officer,
                Texts.Key("Ufficio del Biellese: di Tradate non vede nulla.")),
            new(Approves, "Franco Serra", Role.Officer),
            new(Prepares, "Lucia Testa", Role.Finance),
            new(Signs, "Massimo Gallo", Role.Finance,
                Texts.Key("Ragioneria del Biellese: altri conti, altra tesoreria.")),
            new(Operator, "Sportello del Biellese", Role.SocialPoint),
            new("famiglie/piera", "Piera Ramella", Role.Household,
                Texts.Key("Coppia di anziani di Biella: un altro territorio, altri servizi."), "piera"),
        ]);

    private static TownHousehold Household(string municipality, string address, short band, string email, params Townsperson[] members) =>
        new(municipality, address, email, "0331 555 042", null, band, members);

    private static Dictionary<string, long> Given(params (string Programme, long Cents)[] grants) =>
        grants.ToDictionary(g => g.Programme, g => g.Cents, StringComparer.Ordinal);

    private static Townsperson Somebody(
        string firstName, string lastName, LocalDate bornOn, bool isWoman, string birthPlace, Relation relation = Relation.Reference) =>
        new(firstName, lastName, bornOn, isWoman, TaxCode.Compute(lastName, firstName, bornOn, isWoman, birthPlace), relation);
}
