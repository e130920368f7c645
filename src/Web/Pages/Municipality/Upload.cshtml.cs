using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Demo;
using Borsellino.Web.Hosting.Verbs;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>Takes in a CSV of grants. The form carries the import's id, so a second click adds nothing.</summary>
[RequestSizeLimit(GrantImport.BytesMax + 1_000_000)]
public sealed class UploadModel(GrantImports imports, ProgrammeReport report, CurrentPlace place, SignedIn visitor) : PageModel
{
    [BindProperty] public Id<GrantImport> Id { get; set; }
    [BindProperty] public string? Programme { get; set; }
    [BindProperty] public IFormFile? Csv { get; set; }

    [BindProperty(SupportsGet = true, Name = "misura")]
    public string? Chosen { get; set; }

    public IReadOnlyList<ProgrammeFigures> Programmes { get; private set; } = [];

    public Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        Id = Id<GrantImport>.New();
        Programme = Chosen;
        ModelState.Clear();
        return ShowAsync(cancel);
    }

    /// <summary>A list to try with, in a demo town: twelve families it knows or could know, and three rows it cannot take.</summary>
    public IActionResult OnGetExample() =>
        place.Place.Demo ? File(DemoFiles.List(DemoTown.Seed), "text/csv; charset=utf-8", DemoFiles.ListName) : NotFound();

    public bool HasExample => place.Place is { Demo: true, Slug: "tradate" };

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        if (Id == default) return BadRequest();
        var isChosen = Id<Programme>.TryParse(Programme, null, out var programme);
        if (!isChosen) ModelState.AddModelError(nameof(Programme), Texts.Say("Scegli la misura da cui vengono i soldi."));
        if (Csv is null || Csv.Length == 0) ModelState.AddModelError(nameof(Csv), Texts.Say("Scegli il file con l’elenco."));
        if (!ModelState.IsValid) return await ShowAsync(cancel);
        if (Csv!.Length > GrantImport.BytesMax)
        {
            ModelState.AddModelError(nameof(Csv), RefusalText.For(new ImportFileTooLarge(Csv.Length, GrantImport.BytesMax)));
            return await ShowAsync(cancel);
        }

        var bytes = new byte[Csv.Length];
        await using (var stream = Csv.OpenReadStream()) await stream.ReadExactlyAsync(bytes, cancel);
        var result = await imports.UploadAsync(place.Territory, Id, programme, Csv.FileName, bytes, visitor.UserId, cancel);
        if (result.IsRefused(out var refusal, out var uploaded))
        {
            ModelState.AddModelError(refusal is ImportFileTooLarge ? nameof(Csv) : nameof(Programme), RefusalText.For(refusal));
            return await ShowAsync(cancel);
        }

        if (uploaded.WasThere) TempData["Done"] = Texts.Say("Questo file c’era già: ecco l’elenco di allora. Non è stato aggiunto niente.");
        return LocalRedirect($"~/comune/assegnazioni/{uploaded.Id}");
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        Programmes = [.. (await report.ListAsync(place.Territory, cancel)).Where(p => p.Status is ProgrammeStatus.Open)];
        return Page();
    }
}
