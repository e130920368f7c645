using Borsellino.Web.Shared;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages;

/// <summary>All patterns of the front on one page, with invented people and amounts; only where demo mode is on.</summary>
public sealed class StyleModel(IConfiguration configuration, Visitor visitor) : PageModel
{
    public static readonly LocalDate Today = new(2026, 10, 6);

    public bool ForStaff { get; private set; }

    [BindProperty(SupportsGet = true, Name = "nome")]
    public string Name { get; set; } = "";

    [BindProperty(SupportsGet = true, Name = "importo")]
    public string Amount { get; set; } = "";

    [BindProperty(SupportsGet = true, Name = "elenco")]
    public string Upload { get; set; } = "";

    /// <summary>Invented: the purse of Lucia, whose figures add up on the whole page.</summary>
    public PurseCard Purse { get; } = new(
    [
        new("Comune di Tradate", 1, new(247_00), new(72_00), new LocalDate(2026, 12, 31)),
        new("Fondazione Valle Olona", 2, new(130_00), new(48_00), new LocalDate(2027, 6, 30)),
        new("Officine Varesine", 3, new(35_50), new(0), new LocalDate(2026, 10, 31)),
    ], Today);

    public IActionResult OnGet(string? frame)
    {
        if (!configuration.GetValue("Demo:Enabled", defaultValue: false)) return NotFound();
        ForStaff = frame == "ufficio";
        ModelState.Clear();
        ModelState.AddModelError("Amount", "Scrivi l’importo come 12,50: c’è la lettera O al posto dello zero.");
        ModelState.AddModelError("Upload", "Il file è vuoto. Scegli quello con le 1.248 righe.");
        ViewData["Title"] = "Stile";
        ViewData["Visitor"] = ForStaff ? Invented("Giulia Ferrari", "Ufficio di Piano",
        [
            new("~/stile/ufficio", "Oggi", "it-calendar", Current: true, 5),
            new("~/stile/ufficio#misure", "Misure", "it-folder", Current: false, null),
            new("~/stile/ufficio#assegnazioni", "Assegnazioni", "it-card", Current: false, null),
            new("~/stile/ufficio#enti", "Enti e negozi", "it-pa", Current: false, 3),
            new("~/stile/ufficio#famiglie", "Famiglie", "it-user", Current: false, null),
        ]) : Invented("Lucia", "Famiglia",
        [
            new("~/stile", "Borsellino", "it-card", Current: true, null),
            new("~/stile#servizi", "Servizi", "it-search", Current: false, null),
            new("~/stile#paga", "Paga", "it-camera", Current: false, null),
            new("~/aiuto", "Aiuto", "it-help-circle", Current: false, null),
        ]);
        return Page();
    }

    private Visitor Invented(string name, string role, IReadOnlyList<NavItem> navigation) => new()
    {
        SignedIn = true, DisplayName = name, RoleLabel = role, Navigation = navigation, Doors = navigation,
        Place = visitor.Place, Culture = visitor.Culture,
    };
}
