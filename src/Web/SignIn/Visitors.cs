using Borsellino.Marketplace;

namespace Borsellino.Web.SignIn;

/// <summary>Tells the layouts who looks at the page, and which doors stand open for them.</summary>
public static class Visitors
{
    public static Visitor Of(HttpContext context, CurrentPlace place, SignedIn signedIn) => new()
    {
        Place = place.IsKnown ? Info(place.Place) : Nowhere(),
        SignedIn = signedIn.IsKnown,
        MayComeIn = !signedIn.IsKnown || signedIn.Is(Role.Household),
        DisplayName = signedIn.IsKnown ? signedIn.User.DisplayName : "",
        RoleLabel = signedIn.IsKnown ? RoleLabel(signedIn.User) : "",
        Hats = signedIn.IsKnown ? [.. signedIn.Roles.Select(r => new Hat(r.Id.ToString(), HatLabel(r), r.Id == signedIn.User.RoleId))] : [],
        ActsFor = signedIn is { IsKnown: true, User: { ActsUntil: { } until } acting } ? (acting.About, until) : null,
        Culture = Language.Code,
        Navigation = place.IsKnown && signedIn.IsKnown ? Menu(context, SectionsOf(signedIn.User.Role)) : [],
        Doors = place.IsKnown ? Menu(context, DoorsOf(signedIn)) : [],
    };

    /// <summary>Where a person starts after signing in with a role.</summary>
    public static string HomeOf(Role role) => role switch
    {
        Role.Household => "~/borsellino",
        Role.Provider => "~/ente",
        Role.Officer => "~/comune",
        Role.Finance => "~/ragioneria",
        Role.SocialPoint => "~/sportello/richieste",
        Role.Administrator => "~/amministrazione",
        Role.Shop or Role.Company => "~/profilo",
    };

    public static string RoleName(Role role) => role switch
    {
        Role.Household => Texts.Say("Famiglia"),
        Role.Provider => Texts.Say("Cooperativa"),
        Role.Shop => Texts.Say("Negozio"),
        Role.Company => Texts.Say("Azienda"),
        Role.Officer => Texts.Say("Ufficio di Piano"),
        Role.SocialPoint => Texts.Say("Punto sociale"),
        Role.Finance => Texts.Say("Ragioneria"),
        Role.Administrator => Texts.Say("Amministrazione"),
    };

    private static string HatLabel(RoleGrant role) => role switch
    {
        { ActsUntil: not null } => Texts.Say("Con delega: {0}", role.About),
        { About.Length: > 0 } => $"{RoleName(role.Role)}, {role.About}",
        _ => RoleName(role.Role),
    };

    private static string RoleLabel(SignedInUser user) =>
        user.About.Length > 0 && user.Role is not Role.Household ? user.About : RoleName(user.Role);

    /// <summary>What a menu offers: an address, its name and its picture.</summary>
    private readonly record struct Door(string Href, string Label, string Icon);

    private static Door Services => new("~/servizi", Texts.Say("Servizi"), "it-search");
    private static Door Help => new("~/aiuto", Texts.Say("Aiuto"), "it-help-circle");

    private static Door[] DoorsOf(SignedIn signedIn) => signedIn.IsKnown ? signedIn.User.Role switch
    {
        Role.Household => SectionsOf(Role.Household),
        var role => [new(HomeOf(role), Texts.Say("Il tuo lavoro"), "it-pa"), Services, Help],
    } : [new("~/", Texts.Say("Inizio"), "it-pa"), Services, Help];

    private static Door[] SectionsOf(Role role) => role switch
    {
        Role.Household => [
            new("~/borsellino", Texts.Say("Borsellino"), "it-card"), Services,
            new("~/prenotazioni", Texts.Say("Prenotazioni"), "it-calendar"), Help,
        ],
        Role.Provider => [
            new("~/ente", Texts.Say("Oggi"), "it-calendar"), new("~/ente/offerte", Texts.Say("Le vostre offerte"), "it-box"),
            new("~/ente/prodotti", Texts.Say("Da consegnare"), "it-box"),
            new("~/ente/personale", Texts.Say("Il personale"), "it-user"),
            new("~/ente/gruppi", Texts.Say("Gruppi"), "it-user"),
            new("~/ente/ricerche", Texts.Say("Chi vi cerca"), "it-search"),
            new("~/ente/voucher", Texts.Say("I voucher"), "it-check-circle"), new("~/ente/crediti", Texts.Say("Quanto vi spetta"), "it-card"),
            new("~/ente/accreditamenti", Texts.Say("Accreditamenti"), "it-folder"),
        ],
        Role.Officer => [
            new("~/comune", Texts.Say("Oggi"), "it-pa"), new("~/comune/misure", Texts.Say("Misure"), "it-folder"),
            new("~/comune/assegnazioni", Texts.Say("Assegnazioni"), "it-card"), new("~/comune/famiglie", Texts.Say("Famiglie"), "it-user"), new("~/comune/accreditamenti", Texts.Say("Accreditamenti"), "it-pa"),
            new("~/comune/voucher", Texts.Say("I voucher"), "it-check-circle"), new("~/sportello/richieste", Texts.Say("Richieste"), "it-hearing"), new("~/sportello/appuntamenti", Texts.Say("Appuntamenti"), "it-calendar"),
            new("~/sportello/ricerche", Texts.Say("Chi cerca un gruppo"), "it-search"), Services,
        ],
        Role.Finance => [
            new("~/ragioneria", Texts.Say("Oggi"), "it-pa"), new("~/ragioneria/liquidazioni", Texts.Say("Liquidazioni"), "it-card"),
            new("~/ragioneria/conti", Texts.Say("Conti"), "it-files"),
        ],
        Role.SocialPoint => [
            new("~/sportello/richieste", Texts.Say("Richieste"), "it-hearing"), new("~/sportello/appuntamenti", Texts.Say("Appuntamenti"), "it-calendar"),
            new("~/sportello/ricerche", Texts.Say("Chi cerca un gruppo"), "it-search"), Services,
        ],
        Role.Administrator => [new("~/amministrazione", Texts.Say("Accessi"), "it-user"), Services],
        Role.Shop or Role.Company => [new("~/profilo", Texts.Say("Profilo"), "it-user"), Services],
    };

    /// <summary>Rooms that no door names belong to the one they are reached by; so do the rooms behind them.</summary>
    private static readonly (string[] Rooms, string Door)[] Behind =
    [
        (["~/movimenti", "~/documenti", "~/messaggi", "~/consensi", "~/scadenze", "~/estratto", "~/deleghe", "~/figli-a-carico"], "~/borsellino"),
        (["~/ricerche", "~/gruppi", "~/voucher", "~/ricevuta", "~/appuntamenti"], "~/prenotazioni"),
        (["~/appuntamento"], "~/aiuto"),
        (["~/ragioneria/periodi", "~/ragioneria/finanziatori", "~/ragioneria/conto", "~/ragioneria/scritture"], "~/ragioneria/conti"),
        (["~/sportello/luoghi", "~/comune/gruppi", "~/sportello/famiglia", "~/sportello/fatto", "~/sportello/prenota"], "~/sportello/ricerche"),
        (["~/sportello/perche"], "~/sportello/richieste"),
        (["~/comune/sportelli"], "~/sportello/appuntamenti"),
        (["~/comune/tipologie", "~/comune/scrivi-tipologia"], "~/comune/accreditamenti"),
    ];

    private static IReadOnlyList<NavItem> Menu(HttpContext context, Door[] doors)
    {
        var path = "~" + context.Request.Path.Value?.TrimEnd('/');
        foreach (var (rooms, door) in Behind)
            if (rooms.Any(room => path == room || path.StartsWith(room + "/", StringComparison.Ordinal))) path = door;
        var current = doors.Where(d => path == d.Href.TrimEnd('/') || (d.Href.Length > 2 && path.StartsWith(d.Href + "/", StringComparison.Ordinal)))
            .Select(d => d.Href).MaxBy(href => href.Length);
        return [.. doors.Select(d => new NavItem(d.Href, d.Label, d.Icon, d.Href == current, null))];
    }

    private static PlaceInfo Info(Place place) => new()
    {
        Slug = place.Slug, Name = place.Name, ShortName = place.ShortName, MunicipalityCount = place.Municipalities,
        HelpPhone = place.HelpPhone, HelpHours = Language.IsEnglish ? place.HelpHoursEn : place.HelpHours,
        OfficeName = place.OfficeName, OfficeAddress = place.OfficeAddress,
    };

    private static PlaceInfo Nowhere() => new()
    {
        Slug = "", Name = Texts.Say("Welfare di comunità"), ShortName = "", MunicipalityCount = 0, HelpPhone = "", HelpHours = "",
        OfficeName = "", OfficeAddress = "",
    };
}
