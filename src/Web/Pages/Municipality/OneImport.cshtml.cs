using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>
/// One list of grants: how far it is while somebody works at it, then every row with its verdict and the act that comes
/// next. All acts are repeatable, so a second click changes nothing.
/// </summary>
public sealed class OneImportModel(
    GrantImports imports, GrantRows rows, ProgrammeReport report, Users users, CurrentPlace place, SignedIn visitor, IClock clock)
    : PageModel
{
    [BindProperty(SupportsGet = true, Name = "mostra")] public string? Show { get; set; }
    [BindProperty(SupportsGet = true, Name = "motivo")] public VerdictGroup? Group { get; set; }
    [BindProperty(SupportsGet = true, Name = "cerca")] public string? Search { get; set; }
    [BindProperty(SupportsGet = true, Name = "pagina")] public int Number { get; set; } = 1;
    [BindProperty] public string? Note { get; set; }

    public GrantImport Import { get; private set; } = null!;
    public ProgrammeFigures Programme { get; private set; } = null!;
    public IReadOnlyDictionary<Id<User>, string> Names { get; private set; } = new Dictionary<Id<User>, string>();
    public IReadOnlyList<GrantRow> Rows { get; private set; } = [];
    public int RowCount { get; private set; }
    public IReadOnlyList<VerdictCount> Verdicts { get; private set; } = [];
    public IReadOnlyList<BandCount> Bands { get; private set; } = [];
    public int StillLiving { get; private set; }
    public Instant Now { get; private set; }

    public GrantRowFilter Filter => Show switch
    {
        "pronte" => GrantRowFilter.Good,
        "tutte" => GrantRowFilter.All,
        "da-correggere" => GrantRowFilter.Bad,
        _ => Import.RowsBad > 0 ? GrantRowFilter.Bad : GrantRowFilter.All,
    };

    public bool IsRunning => Import.Status is GrantImportStatus.Checking or GrantImportStatus.Approved or GrantImportStatus.Undoing;
    public bool MayDecide => Import.Status is GrantImportStatus.Requested && Import.MayBeDecidedBy(visitor.UserId);
    public bool MayUndo => Import.Status is GrantImportStatus.Posted && Now < Import.UndoUntil;
    public string ProgrammeName => Language.IsEnglish ? Import.ProgrammeEn : Import.ProgrammeIt;

    /// <summary>What is left of the programme beside other lists on their way, before this one.</summary>
    public Money LeftBefore => Programme.Left - Programme.Waiting
        + (Import.Status is GrantImportStatus.Requested or GrantImportStatus.Approved ? Import.AmountGood - Import.AmountPosted : Money.Zero);

    public string NameOf(Id<User>? user) => user is { } id ? Names.GetValueOrDefault(id, "") : "";

    public async Task<IActionResult> OnGetAsync(Id<GrantImport> id, CancellationToken cancel) => await ShowAsync(id, cancel);

    /// <summary>Only the part that moves, for a page that asks again and again; once nothing moves, the whole page.</summary>
    public async Task<IActionResult> OnGetProgressAsync(Id<GrantImport> id, CancellationToken cancel)
    {
        if (!await ReadAsync(id, cancel)) return NotFound();
        if (!IsRunning) Response.Headers["HX-Refresh"] = "true";
        return Partial("_ImportProgress", this);
    }

    public Task<IActionResult> OnPostRequestAsync(Id<GrantImport> id, CancellationToken cancel) =>
        ActAsync(id, imports.RequestApprovalAsync(place.Territory, id, visitor.UserId, cancel), cancel);

    public Task<IActionResult> OnPostApproveAsync(Id<GrantImport> id, CancellationToken cancel) =>
        ActAsync(id, imports.ApproveAsync(place.Territory, id, visitor.UserId, cancel), cancel);

    public Task<IActionResult> OnPostRejectAsync(Id<GrantImport> id, CancellationToken cancel) =>
        ActAsync(id, imports.RejectAsync(place.Territory, id, visitor.UserId, Note ?? "", cancel), cancel);

    public Task<IActionResult> OnPostWithdrawAsync(Id<GrantImport> id, CancellationToken cancel) =>
        ActAsync(id, imports.WithdrawAsync(place.Territory, id, cancel), cancel);

    public Task<IActionResult> OnPostCheckAgainAsync(Id<GrantImport> id, CancellationToken cancel) =>
        ActAsync(id, imports.CheckAgainAsync(place.Territory, id, cancel), cancel);

    public Task<IActionResult> OnPostUndoAsync(Id<GrantImport> id, CancellationToken cancel) =>
        ActAsync(id, imports.UndoAsync(place.Territory, id, visitor.UserId, cancel), cancel);

    private async Task<IActionResult> ActAsync(Id<GrantImport> id, Task<Result<Id<GrantImport>>> act, CancellationToken cancel)
    {
        var result = await act;
        if (!result.IsRefused(out var refusal)) return LocalRedirect($"~/comune/assegnazioni/{id}");
        ModelState.Clear();
        ModelState.AddModelError(refusal is TextLength ? nameof(Note) : "", RefusalText.For(refusal));
        return await ShowAsync(id, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<GrantImport> id, CancellationToken cancel)
    {
        if (!await ReadAsync(id, cancel)) return NotFound();
        if (IsRunning) return Page();
        Verdicts = await rows.VerdictsAsync(place.Territory, id, cancel);
        Bands = await rows.BandsAsync(place.Territory, id, cancel);
        Number = Math.Clamp(Number, 1, 10_000);
        (Rows, RowCount) = await rows.PageAsync(place.Territory, id, Filter, Group, Search ?? "", Number, cancel);
        if (Import.Status is GrantImportStatus.Undone) StillLiving = await imports.LivingGrantsAsync(place.Territory, id, cancel);
        return Page();
    }

    private async Task<bool> ReadAsync(Id<GrantImport> id, CancellationToken cancel)
    {
        if (await imports.FindAsync(place.Territory, id, cancel) is not { } import) return false;
        Import = import;
        Now = clock.Now;
        Programme = (await report.FindAsync(place.Territory, import.ProgrammeId, cancel))!;
        Names = await users.NamesAsync(
            place.Territory, new[] { import.UploadedBy, import.RequestedBy, import.DecidedBy, import.UndoBy }.OfType<Id<User>>(), cancel);
        return true;
    }

    public string Title => Import.Status switch
    {
        GrantImportStatus.Checking => Texts.Say("Controllo di {0} in corso", Import.FileName),
        GrantImportStatus.Approved => Texts.Say("Scrittura di {0} assegnazioni in corso", Display.Number(Import.RowsGood)),
        GrantImportStatus.Undoing => Texts.Say("Annullamento in corso"),
        GrantImportStatus.Unreadable => Texts.Say("Il file non si può leggere"),
        GrantImportStatus.Posted => Texts.Say("{0} assegnazioni scritte", Display.Number(Import.RowsGood)),
        _ => Texts.Say("{0} righe pronte, {1} da correggere", Display.Number(Import.RowsGood), Display.Number(Import.RowsBad)),
    };

    /// <summary>What has and what has not happened yet.</summary>
    public string Standing => Import.Status switch
    {
        GrantImportStatus.Checking or GrantImportStatus.Checked or GrantImportStatus.Unreadable => Texts.Say("Non è stato scritto ancora niente."),
        GrantImportStatus.Requested => Texts.Say(
            "{0} ha chiesto l’approvazione il {1}. Non è stato scritto ancora niente.", NameOf(Import.RequestedBy), Display.Moment(Import.RequestedAt!.Value)),
        GrantImportStatus.Approved => Texts.Say("Approvato da {0} il {1}.", NameOf(Import.DecidedBy), Display.Moment(Import.DecidedAt!.Value)),
        GrantImportStatus.Posted => Texts.Say(
            "Approvato da {0}, scritto il {1}: le famiglie possono spendere.", NameOf(Import.DecidedBy), Display.Moment(Import.PostedAt!.Value)),
        GrantImportStatus.Rejected => Texts.Say("Respinto da {0}: «{1}». Non è stato scritto niente.", NameOf(Import.DecidedBy), Import.DecisionNote ?? ""),
        GrantImportStatus.Withdrawn => Texts.Say("Ritirato. Non è stato scritto niente; il file si può caricare di nuovo."),
        GrantImportStatus.Undoing => Texts.Say("{0} ha chiesto di annullare: torna indietro quello che nessuno ha toccato.", NameOf(Import.UndoBy)),
        GrantImportStatus.Undone => Texts.Say("Annullato da {0} il {1}.", NameOf(Import.UndoBy), Display.Moment(Import.UndoneAt!.Value)),
    };

    public Tally Sum => new([
        new(Texts.Say("Righe nel file"), Display.Number(Import.RowsTotal), Note: Display.Money(Import.AmountGood + Verdicts.Sum(v => v.Amount))),
        new(Texts.Say("Pronte"), Display.Number(Import.RowsGood), "=", Note: Display.Money(Import.AmountGood)),
        new(
            Texts.Say("Da correggere"), Display.Number(Import.RowsBad), "+", Note: Texts.Say("{0} leggibili", Display.Money(Verdicts.Sum(v => v.Amount))),
            Tone: Import.RowsBad > 0 ? Tone.Bad : Tone.Quiet),
    ]);

    public IReadOnlyList<FilterChoice> Filters => [
        new(Texts.Say("Da correggere"), Address("da-correggere", 1), Import.RowsBad, Filter is GrantRowFilter.Bad),
        new(Texts.Say("Pronte"), Address("pronte", 1), Import.RowsGood, Filter is GrantRowFilter.Good),
        new(Texts.Say("Tutte"), Address("tutte", 1), Import.RowsTotal, Filter is GrantRowFilter.All),
    ];

    public Pager Pager => new(Number, GrantRows.PageRows, RowCount, page => Address(ShowWord, page));

    public string ShowWord => Filter switch { GrantRowFilter.Good => "pronte", GrantRowFilter.All => "tutte", _ => "da-correggere" };

    private string Address(string show, int page)
    {
        var query = new QueryString().Add("mostra", show);
        if (Group is { } group && show != "pronte") query = query.Add("motivo", group.ToString());
        if (!string.IsNullOrWhiteSpace(Search)) query = query.Add("cerca", Search);
        if (page > 1) query = query.Add("pagina", page.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return $"~/comune/assegnazioni/{Import.Id}{query}";
    }

    // While something runs: how many of how many, and how fast.
    public int Done => Import.RowsDone;
    public int Wanted => Import.Status is GrantImportStatus.Approved ? Import.RowsGood : Math.Max(Import.RowsTotal, Import.RowsDone);

    private Instant StartedAt => Import.Status is GrantImportStatus.Approved ? Import.PostingStartedAt ?? Now : Import.UploadedAt;

    /// <summary>Rows a second since it began; null while that cannot be told.</summary>
    public int? Rate => Done > 0 && Now - StartedAt >= Duration.FromSeconds(1) ? (int)(Done / (Now - StartedAt).TotalSeconds) : null;

    /// <summary>About how long it still takes; null while that cannot be told.</summary>
    public Duration? Left => Rate is > 0 and var rate ? Duration.FromSeconds((Wanted - Done + rate - 1) / rate) : null;
}
