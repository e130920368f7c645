using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Finance;

/// <summary>The statement of one account over a span of days, with the balance after each line; also as CSV.</summary>
public sealed class AccountStatementModel(
    CurrentPlace place, Statements statements, AccountNames names, EntrySubjects entrySubjects, IClock clock) : PageModel
{
    private const int PageSize = 100;

    [BindProperty(SupportsGet = true, Name = "dal")]
    public string? FirstDay { get; set; }

    [BindProperty(SupportsGet = true, Name = "al")]
    public string? LastDay { get; set; }

    [BindProperty(SupportsGet = true, Name = "pagina")]
    public int PageNumber { get; set; } = 1;

    public Statement Statement { get; private set; } = null!;
    public AccountSubject Subject { get; private set; } = null!;
    public IReadOnlyDictionary<string, EntrySubject> About { get; private set; } = new Dictionary<string, EntrySubject>(StringComparer.Ordinal);
    public IReadOnlyList<StatementLine> Lines { get; private set; } = [];
    public Pager Pager { get; private set; } = null!;

    /// <summary>The balance before the first line of this page.</summary>
    public Money Before { get; private set; }

    /// <summary>More lines than one statement takes: the days must be chosen closer.</summary>
    public bool IsCut => Statement.Lines.Count == Statements.LinesMax;

    public bool GrowsByDebit => Statement.Account.Kind is AccountKind.Asset or AccountKind.Expense;

    public string CsvAddress => $"~/ragioneria/conto/{Statement.Account.Id}?handler=Csv&dal={Days.Iso(Statement.From)}&al={Days.Iso(Statement.To)}";

    public async Task<IActionResult> OnGetAsync(Id<Ledger.Account> id, CancellationToken cancel)
    {
        if (!await ReadAsync(id, cancel)) return NotFound();
        var pages = Math.Max(1, (Statement.Lines.Count + PageSize - 1) / PageSize);
        // Without a page asked for, the newest lines are what people come for.
        PageNumber = Request.Query.ContainsKey("pagina") ? Math.Clamp(PageNumber, 1, pages) : pages;
        Lines = [.. Statement.Lines.Skip((PageNumber - 1) * PageSize).Take(PageSize)];
        Before = PageNumber == 1 ? Statement.Opening : Statement.Lines[((PageNumber - 1) * PageSize) - 1].Balance;
        About = await entrySubjects.OfAsync(place.Territory, [.. Lines.Select(l => l.Reference).Distinct(StringComparer.Ordinal)], cancel);
        Pager = new(PageNumber, PageSize, Statement.Lines.Count, page =>
            $"~/ragioneria/conto/{id}?dal={Days.Iso(Statement.From)}&al={Days.Iso(Statement.To)}&pagina={page}");
        return Page();
    }

    /// <summary>All lines of the span with their totals at the end, for the accountant's spreadsheet.</summary>
    public async Task<IActionResult> OnGetCsvAsync(Id<Ledger.Account> id, CancellationToken cancel)
    {
        if (!await ReadAsync(id, cancel)) return NotFound();
        if (IsCut) return LocalRedirect($"~/ragioneria/conto/{id}?dal={Days.Iso(Statement.From)}&al={Days.Iso(Statement.To)}");
        About = await entrySubjects.OfAsync(place.Territory, [.. Statement.Lines.Select(l => l.Reference).Distinct(StringComparer.Ordinal)], cancel);
        return File(CsvWriter.File(Rows()), "text/csv", $"{FileName(BookWords.Name(Subject))}_{Days.Iso(Statement.From)}_{Days.Iso(Statement.To)}.csv");
    }

    public string Reference(StatementLine line) => About.TryGetValue(line.Reference, out var subject) ? BookWords.Reference(subject) : line.Memo;

    public string What(StatementLine line) =>
        About.TryGetValue(line.Reference, out var subject) && BookWords.Title(subject) is { } title ? title : BookWords.Kind(line.Kind);

    private IEnumerable<IReadOnlyList<string>> Rows()
    {
        yield return
        [
            Texts.Say("Data"), Texts.Say("Registrata"), Texts.Say("Tipo"), Texts.Say("Che cosa"), Texts.Say("Riferimento"),
            Texts.Say("Dare"), Texts.Say("Avere"), Texts.Say("Saldo"), Texts.Say("Scrittura"),
        ];
        yield return [Days.Iso(Statement.From), "", Texts.Say("Saldo iniziale"), BookWords.Name(Subject), "", "", "", ItalianAmount.Plain(Statement.Opening), ""];
        foreach (var line in Statement.Lines)
        {
            yield return
            [
                Days.Iso(line.EffectiveOn), Display.Moment(line.RecordedAt), BookWords.Kind(line.Kind), What(line), Reference(line),
                ItalianAmount.Plain(line.Debit), ItalianAmount.Plain(line.Credit), ItalianAmount.Plain(line.Balance), line.EntryId.ToString(),
            ];
        }

        yield return
        [
            Days.Iso(Statement.To), "", Texts.Say("Totale e saldo finale"), Texts.Say("{0} movimenti", Statement.Lines.Count), "",
            ItalianAmount.Plain(Statement.Debits), ItalianAmount.Plain(Statement.Credits), ItalianAmount.Plain(Statement.Closing), "",
        ];
    }

    private static string FileName(string name) =>
        string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? c : '-')).Trim('-');

    private async Task<bool> ReadAsync(Id<Ledger.Account> id, CancellationToken cancel)
    {
        ModelState.Clear();
        var today = clock.Today();
        var to = string.IsNullOrWhiteSpace(LastDay) ? today : Days.Read(LastDay);
        var from = string.IsNullOrWhiteSpace(FirstDay) ? new LocalDate((to ?? today).Year, 1, 1) : Days.Read(FirstDay);
        if (from is null) ModelState.AddModelError("dal", Texts.Say("Scrivi il primo giorno come 01.11.2026."));
        if (to is null) ModelState.AddModelError("al", Texts.Say("Scrivi l’ultimo giorno come 20.11.2026."));
        var last = to ?? today;
        var first = from ?? new LocalDate(last.Year, 1, 1);
        if (first > last)
        {
            ModelState.AddModelError("dal", Texts.Say("Il primo giorno viene dopo l’ultimo: li abbiamo scambiati."));
            (first, last) = (last, first);
        }

        if (await statements.OfAsync(place.Territory, id, first, last, cancel: cancel) is not { } statement) return false;
        Statement = statement;
        Subject = (await names.OfAsync(place.Territory, [id], cancel))[id];
        return true;
    }
}
