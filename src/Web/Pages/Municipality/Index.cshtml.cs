using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>The officer's morning: what waits for this person, the most urgent first, then where the money is.</summary>
public sealed class IndexModel(
    GrantImports imports, ProgrammeReport report, Grants grants, HelpRequests help, Users users, CurrentPlace place, SignedIn visitor, IClock clock) : PageModel
{
    private const int EndingDays = 30;

    public IReadOnlyList<WorkItem> Work { get; private set; } = [];
    public IReadOnlyList<ProgrammeFigures> Programmes { get; private set; } = [];
    public LocalDate Today { get; private set; }
    public Instant Now { get; private set; }

    /// <summary>How the day begins, by the hour in Italy.</summary>
    public string Greeting => Display.TimeOf(Now).Hour switch
    {
        < 13 => Texts.Say("Buongiorno {0}", FirstName),
        < 18 => Texts.Say("Buon pomeriggio {0}", FirstName),
        _ => Texts.Say("Buonasera {0}", FirstName),
    };

    private string FirstName => visitor.User.DisplayName.Split(' ')[0];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Now = clock.Now;
        Today = clock.Today();
        Programmes = await report.ListAsync(place.Territory, cancel);
        var waiting = await imports.WaitingAsync(place.Territory, cancel);
        var names = await users.NamesAsync(place.Territory, waiting.SelectMany(i => new[] { i.UploadedBy, i.RequestedBy ?? i.UploadedBy }), cancel);
        var items = waiting.Select(i => (Order: OrderOf(i), Item: ItemFor(i, names))).Where(i => i.Item is not null);
        var ending = await grants.EndingSoonAsync(place.Territory, EndingDays, cancel);
        if (ending.Grants > 0) items = items.Append((Order: 2, Item: EndingItem(ending)));
        var callers = await help.WaitingAsync(place.Territory, cancel);
        if (callers.Count > 0) items = items.Append((Order: 1, Item: CallersItem(callers)));
        Work = [.. items.OrderBy(i => i.Order).Select(i => i.Item!)];
    }

    private static WorkItem CallersItem(List<HelpRequest> callers) => new(
        Tone.Wait, Texts.Say("Da richiamare"), Texts.Say(callers.Count == 1 ? Texts.Key("Una famiglia chiede aiuto") : Texts.Key("{0} famiglie chiedono aiuto"), callers.Count),
        Texts.Say("La prima aspetta dal {0}.", Display.Moment(callers[0].AskedAt)), null, Texts.Say("Guarda chi"), "~/sportello/richieste", "it-hearing");

    private int OrderOf(GrantImport import) => import.Status switch
    {
        GrantImportStatus.Requested when import.MayBeDecidedBy(visitor.UserId) => 0,
        GrantImportStatus.Unreadable or GrantImportStatus.Checked => 1,
        _ => 3,
    };

    private WorkItem? ItemFor(GrantImport import, IReadOnlyDictionary<Id<User>, string> names)
    {
        var programme = Language.IsEnglish ? import.ProgrammeEn : import.ProgrammeIt;
        var title = Texts.Say("{0}: {1} assegnazioni", programme, Display.Number(import.RowsGood));
        var href = $"~/comune/assegnazioni/{import.Id}";
        var by = names.GetValueOrDefault(import.RequestedBy ?? import.UploadedBy, "");
        var isMine = import.UploadedBy == visitor.UserId;
        return import.Status switch
        {
            GrantImportStatus.Requested when import.MayBeDecidedBy(visitor.UserId) => new(
                Tone.Wait, Texts.Say("Da firmare"), title,
                Texts.Say("Preparate da {0} il {1}. Serve la tua firma, diversa dalla sua.", by, Display.Moment(import.RequestedAt!.Value)),
                Display.Money(import.AmountGood), Texts.Say("Controlla e decidi"), href),
            GrantImportStatus.Requested => new(
                Tone.Quiet, Texts.Say("In attesa"), title, Texts.Say("Aspetta la firma di una seconda persona."),
                Display.Money(import.AmountGood), Texts.Say("Guarda l’elenco"), href, "it-clock"),
            GrantImportStatus.Checked when isMine => new(
                Tone.Info, Texts.Say("Controllato"), title,
                Texts.Say("{0}: {1} righe pronte, {2} da correggere. Nessuno l’ha ancora chiesto.", import.FileName, Display.Number(import.RowsGood), Display.Number(import.RowsBad)),
                Display.Money(import.AmountGood), Texts.Say("Chiedi l’approvazione"), href),
            GrantImportStatus.Unreadable when isMine => new(
                Tone.Bad, Texts.Say("Illeggibile"), import.FileName, ImportWords.FileSentence(import.FaultCode!, import.FaultDetails),
                null, Texts.Say("Guarda che cosa non va"), href),
            GrantImportStatus.Checking or GrantImportStatus.Approved or GrantImportStatus.Undoing => new(
                Tone.Info, Texts.Say("In corso"), Texts.Say("{0}, file {1}", programme, import.FileName), ImportWords.StatusOf(import.Status),
                null, Texts.Say("Guarda a che punto è"), href, "it-refresh"),
            _ => null,
        };
    }

    private WorkItem EndingItem(EndingSoon ending) => new(
        Tone.Bad, Display.Distance(ending.First!.Value, Today),
        Texts.Say("{0} assegnazioni scadono entro {1} giorni", Display.Number(ending.Grants), EndingDays),
        Texts.Say("La prima il {0}. Quello che non si spende torna alla misura.", Display.DayShort(ending.First.Value)),
        Display.Money(ending.Free), Texts.Say("Vedi le misure"), "~/comune/misure", "it-calendar");
}
