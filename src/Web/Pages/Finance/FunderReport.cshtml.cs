using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.Papers;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Finance;

/// <summary>A funder's statement: where each cent is, who got what, and the entries of it; also as CSV.</summary>
public sealed class FunderReportModel(CurrentPlace place, FunderStatements statements, EntrySubjects entrySubjects, IClock clock) : PageModel
{
    private const int PageSize = 50;
    private const int CsvMax = 100_000;

    [BindProperty(SupportsGet = true, Name = "ente")]
    public Id<Provider>? Provider { get; set; }

    [BindProperty(SupportsGet = true, Name = "pagina")]
    public int PageNumber { get; set; } = 1;

    public FunderStatement Statement { get; private set; } = null!;
    public IReadOnlyList<FunderEntry> Entries { get; private set; } = [];
    public IReadOnlyDictionary<string, EntrySubject> About { get; private set; } = new Dictionary<string, EntrySubject>(StringComparer.Ordinal);
    public Pager Pager { get; private set; } = null!;
    public LocalDate Today => clock.Today();

    /// <summary>How large its PDF is.</summary>
    public string PaperSize => PaperFile.SizeOf(FunderReportPaper.Of(place.Place, Statement, Today));

    /// <summary>The provider whose entries are shown; null for all of them.</summary>
    public FunderPayee? Payee { get; private set; }

    public async Task<IActionResult> OnGetAsync(Id<Funder> id, CancellationToken cancel)
    {
        ModelState.Clear();
        if (await statements.OfAsync(place.Territory, id, cancel) is not { } statement) return NotFound();
        Statement = statement;
        Payee = statement.Payees.FirstOrDefault(p => p.Id == Provider);
        var count = (int)(Payee is { } one ? one.Entries : statement.Payees.Sum(p => p.Entries));
        PageNumber = Math.Clamp(PageNumber, 1, Math.Max(1, (count + PageSize - 1) / PageSize));
        Entries = await statements.EntriesAsync(place.Territory, id, Payee?.Id, PageSize, (PageNumber - 1) * PageSize, cancel);
        About = await entrySubjects.OfAsync(place.Territory, [.. Entries.Select(e => e.Reference).Distinct(StringComparer.Ordinal)], cancel);
        Pager = new(PageNumber, PageSize, count, page => Address(id, page));
        return Page();
    }

    /// <summary>Every entry that spent the funder's money, for its own accountants.</summary>
    public async Task<IActionResult> OnGetCsvAsync(Id<Funder> id, CancellationToken cancel)
    {
        if (await statements.OfAsync(place.Territory, id, cancel) is not { } statement) return NotFound();
        var entries = await statements.EntriesAsync(place.Territory, id, null, CsvMax, 0, cancel);
        return File(CsvWriter.File(Rows(entries)), "text/csv", $"rendiconto_{Days.Iso(Today)}_{statement.Funder.Id.Value:N}.csv");
    }

    public string Reference(FunderEntry entry) => About.TryGetValue(entry.Reference, out var subject) ? BookWords.Reference(subject) : entry.Reference;

    private string Address(Id<Funder> id, int page)
    {
        var query = QueryString.Empty;
        if (Payee is { } payee) query = query.Add("ente", payee.Id.ToString());
        if (page > 1) query = query.Add("pagina", page.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return $"~/ragioneria/finanziatori/{id}{query}";
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(List<FunderEntry> entries)
    {
        yield return [Texts.Say("Data"), Texts.Say("Che cosa"), Texts.Say("Misura"), Texts.Say("Ente"), Texts.Say("Importo"), Texts.Say("Scrittura")];
        foreach (var entry in entries)
        {
            yield return
            [
                Days.Iso(entry.EffectiveOn), BookWords.Kind(entry.Kind), entry.ProgrammeCode, entry.Provider,
                ItalianAmount.Plain(entry.Amount), entry.Id.ToString(),
            ];
        }
    }
}
