using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>What happened to a family without its doing, the latest first; what is new since this person last looked is marked.</summary>
public sealed class MessagesModel(CurrentPlace place, SignedIn visitor, Messages messages) : PageModel
{
    public IReadOnlyList<Message> All { get; private set; } = [];

    private Instant ReadUntil { get; set; }

    public bool IsNew(Message message) => message.At > ReadUntil;

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var reader = new HouseholdUser(visitor.Household, visitor.UserId);
        All = await messages.OfAsync(place.Territory, visitor.Household, cancel: cancel);
        ReadUntil = await messages.ReadUntilAsync(place.Territory, reader, cancel);
        if (All.Any(IsNew)) await messages.MarkReadAsync(place.Territory, reader, cancel);
    }

    /// <summary>What is about a package or a product: its day is no appointment, and its text says how many.</summary>
    public static bool IsOfPieces(Message message) => message.Kind is MessageKind.PackageEnding or MessageKind.PackageLapsed or MessageKind.ProductHandedOver
        or MessageKind.ProductEnding or MessageKind.ProductLapsed or MessageKind.ProductUnavailable;

    /// <summary>Where one goes on from a message.</summary>
    public static string AddressOf(Message message) => message.Kind switch
    {
        MessageKind.Booking or MessageKind.Reminder or MessageKind.StaffChanged or MessageKind.DeskBooked or MessageKind.DeskCalledOff or MessageKind.DelegateActed => $"~/prenotazioni/{new Id<Booking>(message.Subject)}",
        MessageKind.RecurringBooked or MessageKind.RecurringMissed => $"~/prenotazioni/ogni-settimana/{new Id<RecurringBooking>(message.Subject)}",
        MessageKind.Grant => "~/borsellino",
        MessageKind.Help => "~/aiuto/richiamatemi",
        MessageKind.OfficeBooked or MessageKind.OfficeReminder or MessageKind.OfficeCancelled => $"~/appuntamenti/{new Id<OfficeAppointment>(message.Subject)}",
        MessageKind.PoolLapsed or MessageKind.PoolCancelled or MessageKind.PoolWithoutYou or MessageKind.DateMissed
            or MessageKind.PoolShort or MessageKind.PoolGoesOn or MessageKind.PoolUndecided or MessageKind.PoolDissolved or MessageKind.PoolGoesOnWithoutYou => $"~/gruppi/{new Id<Pool>(message.Subject)}",
        MessageKind.ProposalTaken or MessageKind.DeskJoined or MessageKind.DeskLeft => $"~/gruppi/{new Id<Pool>(message.Subject)}",
        MessageKind.DeskJoinedWeekly => $"~/gruppi/settimanali/{new Id<PoolSeries>(message.Subject)}",
        MessageKind.DeskDelegated => "~/deleghe",
        MessageKind.ConsentAsked or MessageKind.CallOffAsked => $"~/consensi/{new Id<ConsentRequest>(message.Subject)}",
        MessageKind.DeskLooked => "~/ricerche",
        MessageKind.DeskExplained => "~/borsellino",
        MessageKind.NeedOpenedForYou or MessageKind.ProposalMade or MessageKind.ProposalAgreed or MessageKind.ProposalDropped or MessageKind.ProposalUntaken
            or MessageKind.ProposalUnanswered or MessageKind.DeskAnswered
            or MessageKind.NeedExpired =>
            $"~/ricerche/{new Id<Need>(message.Subject)}",
        MessageKind.PackageEnding or MessageKind.PackageLapsed or MessageKind.DeskBought => $"~/pacchetti/{new Id<Package>(message.Subject)}",
        MessageKind.ProductHandedOver or MessageKind.ProductUnavailable or MessageKind.ProductEnding or MessageKind.ProductLapsed => $"~/prodotti/{new Id<Package>(message.Subject)}",
        MessageKind.SearchFound => $"~/salvati/{new Id<SavedSearch>(message.Subject)}",
    };

    public static string Heading(Message message)
    {
        var name = BookingWords.Either(message.NameIt, message.NameEn);
        return message.Kind switch
        {
            MessageKind.Reminder => Texts.Say("Promemoria del giorno prima: {0}", name),
            MessageKind.StaffChanged => Texts.Say("Con te ci sarà {0}: {1}", message.From, name),
            MessageKind.Grant => Texts.Say("{0} ti ha assegnato {1}", message.From, Display.Money(message.Amount!.Value)),
            MessageKind.Help => Texts.Say("{0} ha risposto alla tua richiesta", message.From),
            MessageKind.OfficeBooked => Texts.Say("Appuntamento preso: {0}", name),
            MessageKind.OfficeReminder => Texts.Say("Promemoria del giorno prima: {0}", name),
            MessageKind.OfficeCancelled => Texts.Say("L’ufficio ha disdetto l’appuntamento: {0}", name),
            MessageKind.PoolLapsed => Texts.Say("Il gruppo non è partito, eravate in pochi: {0}", name),
            MessageKind.PoolCancelled => Texts.Say("{0} ha annullato il gruppo: {1}", message.From, name),
            MessageKind.PoolWithoutYou => Texts.Say("Il gruppo è partito senza di te, la quota superava il tuo massimo: {0}", name),
            MessageKind.PoolShort => Texts.Say("Siete rimasti in pochi, dicci se vuoi continuare: {0}", name),
            MessageKind.PoolGoesOn => Texts.Say("Il gruppo va avanti, anche se siete di meno: {0}", name),
            MessageKind.PoolUndecided => Texts.Say("Il gruppo è cominciato senza che nessuno decidesse, chi non c’era non paga: {0}", name),
            MessageKind.PoolDissolved => Texts.Say("Il gruppo si è sciolto, eravate rimasti in pochi: {0}", name),
            MessageKind.PoolGoesOnWithoutYou => Texts.Say("Il gruppo va avanti a una quota più alta, senza di te: {0}", name),
            MessageKind.DateMissed => Texts.Say("Non sei in una data del tuo gruppo, e non hai pagato niente: {0}", name),
            MessageKind.RecurringBooked => Texts.Say("Abbiamo chiesto la tua data di {0}: {1}", BookingWords.Day(message.On!.Value), name),
            MessageKind.RecurringMissed => Texts.Say("Una tua data non è prenotata, {0}: {1}", BookingWords.Day(message.On!.Value), name),
            MessageKind.DelegateActed => message.Status is BookingStatus.Requested
                ? Texts.Say("{0}, con la tua delega, ha prenotato: {1}", message.From, name) : Texts.Say("{0}, con la tua delega, ha disdetto: {1}", message.From, name),
            MessageKind.DeskDelegated => Texts.Say("{0} dello sportello ha preparato una delega per te", message.From),
            MessageKind.ConsentAsked => Texts.Say("{0} dello sportello chiede se può prenotare per te: {1}", message.From, name),
            MessageKind.CallOffAsked => Texts.Say("{0} dello sportello chiede se può disdire per te: {1}", message.From, name),
            MessageKind.NeedOpenedForYou => Texts.Say("{0} dello sportello cerca un gruppo per te: {1}", message.From, name),
            MessageKind.DeskExplained => Texts.Say("{0} dello sportello ha letto con te perché i tuoi soldi pagano o no un servizio", message.From),
            MessageKind.DeskLooked => Texts.Say("{0} dello sportello ha letto con te che cosa ti aspetta", message.From),
            MessageKind.DeskAnswered => Texts.Say("{0} dello sportello ha risposto per te: {1}", message.From, name),
            MessageKind.DeskJoined => Texts.Say("{0} dello sportello ti ha unito a un gruppo: {1}", message.From, name),
            MessageKind.DeskLeft => Texts.Say("{0} dello sportello ti ha fatto uscire da un gruppo: {1}", message.From, name),
            MessageKind.DeskJoinedWeekly => Texts.Say("{0} dello sportello ti ha unito a tutte le date di un gruppo: {1}", message.From, name),
            MessageKind.DeskBooked => Texts.Say("{0} dello sportello ha prenotato per te: {1}", message.From, name),
            MessageKind.DeskBought => Texts.Say("{0} dello sportello ha comprato per te: {1}", message.From, name),
            MessageKind.DeskCalledOff => Texts.Say("{0} dello sportello ha disdetto per te: {1}", message.From, name),
            MessageKind.ProposalMade => Texts.Say("Abbiamo trovato un gruppo, ti va bene? {0}", name),
            MessageKind.ProposalAgreed => Texts.Say("Avete detto tutti di sì, adesso cerchiamo un ente: {0}", name),
            MessageKind.ProposalTaken => Texts.Say("Un ente ha preso il vostro gruppo, unisciti: {0}", name),
            MessageKind.ProposalDropped => Texts.Say("Il gruppo non si fa, ne cerchiamo un altro: {0}", name),
            MessageKind.ProposalUntaken => Texts.Say("Nessun ente ha preso il gruppo in tempo, ne cerchiamo un altro: {0}", name),
            MessageKind.ProposalUnanswered => Texts.Say("Non hai risposto in tempo, la ricerca è in pausa: {0}", name),
            MessageKind.NeedExpired => Texts.Say("Non abbiamo trovato un gruppo in tempo: {0}", name),
            MessageKind.PackageEnding => Texts.Say("Il pacchetto va usato entro il {0}, ne restavano {1}: {2}", BookingWords.Day(message.On!.Value), message.Text, name),
            MessageKind.PackageLapsed => Texts.Say("Il pacchetto è scaduto, quello che non hai usato è tornato: {0}", name),
            MessageKind.ProductHandedOver => Texts.Say("{0} segna una consegna: {1}, pezzi {2}", message.From, name, message.Text),
            MessageKind.ProductUnavailable => Texts.Say("{0} non può consegnare quello che restava: {1}", message.From, name),
            MessageKind.ProductEnding => Texts.Say("Va ritirato entro il {0}, ne restavano {1}: {2}", BookingWords.Day(message.On!.Value), message.Text, name),
            MessageKind.ProductLapsed => Texts.Say("Il tempo per ritirare è finito, i soldi di quello che restava sono tornati: {0}", name),
            MessageKind.SearchFound => Texts.Say("C’è qualcosa di nuovo per la ricerca che hai salvato: {0}", name),
            MessageKind.Booking => message.Status switch
            {
                BookingStatus.Requested => Texts.Say("Richiesta inviata: {0}", name),
                BookingStatus.Confirmed => Texts.Say("{0} ha confermato: {1}", message.From, name),
                BookingStatus.Declined => Texts.Say("{0} non può: {1}", message.From, name),
                BookingStatus.Expired => Texts.Say("{0} non ha risposto in tempo: {1}", message.From, name),
                BookingStatus.Delivered => Texts.Say("Com’è andata? {0}", name),
                BookingStatus.Accepted => Texts.Say("Pagato a {0} senza una tua risposta: {1}", message.From, name),
                BookingStatus.CancelledByProvider => Texts.Say("{0} ha annullato: {1}", message.From, name),
                BookingStatus.CancelledByOperator => Texts.Say("L’ufficio ha annullato: {0}", name),
                BookingStatus.NoShow => Texts.Say("{0} non ha trovato nessuno: {1}", message.From, name),
                BookingStatus.Reversed => Texts.Say("Problema risolto, i soldi sono tornati: {0}", name),
                { } other => $"{BookingWords.Status(other)}: {name}",
                null => name,
            },
        };
    }
}
