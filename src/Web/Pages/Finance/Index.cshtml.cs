using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Finance;

/// <summary>What waits for a person of the accounts office, the most urgent first, and how the book stands.</summary>
public sealed class IndexModel(
    CurrentPlace place, SignedIn visitor, Payouts payouts, Payables payables, TrialBalances trialBalances, IClock clock) : PageModel
{
    /// <summary>More than these would be a list, and the list has its own page.</summary>
    private const int ItemsMax = 8;

    public LocalDate Today { get; private set; }
    public IReadOnlyList<WorkItem> Work { get; private set; } = [];
    public Tally Owed { get; private set; } = new([]);
    public TrialBalance Book { get; private set; } = null!;
    public string FirstName => visitor.User.DisplayName.Split(' ')[0];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Today = clock.Today();
        Book = await trialBalances.AtAsync(place.Territory, Today, cancel);
        var owed = await payables.ListAsync(place.Territory, cancel);
        var toSign = await payouts.ListAsync(place.Territory, PayoutStatus.Locked, ItemsMax, cancel: cancel);
        var toSend = await payouts.ListAsync(place.Territory, PayoutStatus.Authorised, ItemsMax, cancel: cancel);
        Owed = PayableTally.Of(owed);
        Work =
        [
            .. Differences(owed),
            .. toSign.Where(p => p.PreparedBy != visitor.UserId).OrderBy(p => p.ExecutionOn).Select(ToSign),
            .. toSend.OrderBy(p => p.ExecutionOn).Select(ToSend),
            .. ToPrepare(owed),
            .. ToUnderstand(Book),
            .. toSign.Where(p => p.PreparedBy == visitor.UserId).OrderBy(p => p.ExecutionOn).Select(WaitsForColleague),
        ];
    }

    private static IEnumerable<WorkItem> Differences(IReadOnlyList<Payable> owed)
    {
        var wrong = owed.Where(p => !p.Difference.IsZero).ToList();
        if (wrong.Count == 0) yield break;
        yield return new(
            Tone.Bad, Texts.Say("Non quadra"), Texts.Say("Il libro e le prestazioni dicono due dovuti diversi"),
            string.Join(", ", wrong.Take(3).Select(p => p.Name)), Display.Change(wrong.Sum(p => p.Difference)), Texts.Say("Guarda dove"),
            "~/ragioneria/liquidazioni#dovuto");
    }

    private WorkItem ToSign(PayoutSummary payout) => new(
        payout.ExecutionOn <= Today ? Tone.Bad : Tone.Wait,
        payout.ExecutionOn < Today ? Texts.Say("Giorno passato") : payout.ExecutionOn == Today ? Texts.Say("Scade oggi") : Texts.Say("Da firmare"),
        Texts.Say("{0}: bonifici a {1}", payout.Reference, BookWords.Providers(payout.Lines)),
        Texts.Say("Preparata da {0}, da pagare {1}. Serve la firma di una seconda persona.", payout.PreparedByName, Display.DayBrief(payout.ExecutionOn)),
        Display.Money(payout.Total), Texts.Say("Controlla e firma"), $"~/ragioneria/liquidazioni/{payout.Id}", "it-pencil");

    private static WorkItem ToSend(PayoutSummary payout) => new(
        Tone.Info, Texts.Say("Da inviare"), Texts.Say("{0}: il file per la banca è pronto", payout.Reference),
        Texts.Say("Firmata da {0}. Scarica il file e caricalo nel portale della tesoreria.", payout.AuthorisedByName ?? ""),
        Display.Money(payout.Total), Texts.Say("Apri e scarica"), $"~/ragioneria/liquidazioni/{payout.Id}", "it-download");

    private static IEnumerable<WorkItem> ToPrepare(IReadOnlyList<Payable> owed)
    {
        var ready = owed.Where(p => p.Ready.IsPositive).ToList();
        if (ready.Count == 0) yield break;
        yield return new(
            Tone.Info, Texts.Say("Da liquidare"), Texts.Say("Dovuto a {0} per {1}", BookWords.Providers(ready.Count), BookWords.Services(ready.Sum(p => p.ReadyCount))),
            Texts.Say("La più vecchia è maturata il {0}.", Display.DayShort(ready.Min(p => p.Oldest!.Value))),
            Display.Money(ready.Sum(p => p.Ready)), Texts.Say("Prepara la liquidazione"), "~/ragioneria/liquidazioni#dovuto", "it-card");
    }

    private static IEnumerable<WorkItem> ToUnderstand(TrialBalance book) =>
        book.Lines.Where(l => l.Chart == "suspense" && l.CreditBalance.IsPositive).Select(l => new WorkItem(
            Tone.Wait, Texts.Say("Da capire"), Texts.Say("Somme arrivate senza sapere per che cosa"), BookWords.ChartPurpose(l.Chart),
            Display.Money(l.CreditBalance), Texts.Say("Apri i conti"), "~/ragioneria/conti/suspense"));

    private WorkItem WaitsForColleague(PayoutSummary payout) => new(
        payout.ExecutionOn < Today ? Tone.Bad : Tone.Quiet,
        payout.ExecutionOn < Today ? Texts.Say("Giorno passato") : Texts.Say("Aspetta un collega"),
        Texts.Say("{0}: l’hai preparata tu", payout.Reference),
        Texts.Say("Da pagare {0}. La firma deve metterla un’altra persona.", Display.DayBrief(payout.ExecutionOn)),
        Display.Money(payout.Total), Texts.Say("Apri la distinta"), $"~/ragioneria/liquidazioni/{payout.Id}");
}

/// <summary>What is owed to providers as a sum: what is free, what is in unsigned payouts, what the ledger says.</summary>
public static class PayableTally
{
    public static Tally Of(IReadOnlyList<Payable> owed)
    {
        var difference = owed.Sum(p => p.Difference);
        var foots = owed.All(p => p.Difference.IsZero);
        var terms = new List<TallyTerm>
        {
            new(Texts.Say("Da liquidare"), Display.Money(owed.Sum(p => p.Ready)), Note: BookWords.Services(owed.Sum(p => p.ReadyCount))),
            new(Texts.Say("In distinte da firmare"), Display.Money(owed.Sum(p => p.Reserved)), "+", Note: BookWords.Services(owed.Sum(p => p.ReservedCount))),
        };
        if (!foots) terms.Add(new(Texts.Say("Differenza"), Display.Money(difference), "+", Tone: Tone.Bad, Note: Texts.Say("il libro dice altro")));
        terms.Add(new(
            Texts.Say("Dovuto agli enti"), Display.Money(owed.Sum(p => p.Balance)), "=", Strong: true, Tone: foots ? Tone.Ok : Tone.Bad,
            Note: foots ? Texts.Say("quadra con il libro") : Texts.Say("saldo del libro")));
        return new(terms);
    }
}
