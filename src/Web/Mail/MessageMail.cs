using System.Net.Mail;
using Borsellino.Marketplace;
using Borsellino.Web.Hosting;

namespace Borsellino.Web.Mail;

/// <summary>
/// Tells families by e-mail what happened to them, all of a minute in one letter, and providers who asks them, who called off, what the office answered, and which groups wait for one. A letter to a
/// family names the booking by its reference and day, not the service: who else reads the mailbox does not learn who is cared for, and how.
/// </summary>
public sealed partial class MessageMail(
    MessageLetters letters, GroupLetters groups, ProviderLetters news, Territories territories, PlayedTime time, Outbox outbox, Settings settings, ILogger<MessageMail> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Writes all that is due in one territory.</summary>
    public async Task<int> SendAsync(Place place, CancellationToken cancel = default) =>
        await letters.SendDueAsync(place.Id, letter => outbox.SendAsync(Write(place, letter), cancel), cancel)
        + await news.SendDueAsync(place.Id, letter => outbox.SendAsync(ProviderMail.Write(place, letter, settings.Address), cancel), cancel)
        + await groups.SendDueAsync(place.Id, letter => outbox.SendAsync(GroupMail.Write(place, letter, settings.Address), cancel), cancel);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    foreach (var place in await territories.AllAsync(stoppingToken))
                    {
                        // What a demo plays is written to nobody.
                        if (place.Demo && await time.IsHeldAsync(place.Id, stoppingToken)) continue;
                        await SendAsync(place, stoppingToken);
                    }
                }
                catch (Exception e) when (e is SmtpException or FormatException or IOException || Outage.IsBehind(e))
                {
                    // No name and no address: the mail server's own log has them. The next round tries again.
                    Failed(log, e.GetType().Name);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private Letter Write(Place place, MessageLetter letter)
    {
        Language.Speak(english: letter.IsEnglish);
        var lines = letter.Messages.Select(m => "– " + Line(m));
        var home = settings.Address is { } address ? $"{address.GetLeftPart(UriPartial.Authority)}/{place.Slug}/messaggi" : null;
        return new(
            letter.Email,
            letter.Messages.Count == 1 ? Texts.Say("Un messaggio per te dal Borsellino") : Texts.Say("{0} messaggi per te dal Borsellino", letter.Messages.Count),
            string.Join(
                "\n\n",
                Texts.Say("Buongiorno {0},", letter.Name),
                string.Join('\n', lines),
                home is null ? Texts.Say("Trovi tutto entrando nel Borsellino, alla voce Messaggi.") : Texts.Say("Leggi tutto qui: {0}", home),
                Texts.Say("Serve una mano? Chiama {0}. Noi non ti chiediamo mai la password, nemmeno al telefono.", place.HelpPhone))
            + "\n");
    }

    private static string Line(Message message) => message.Kind switch
    {
        MessageKind.Grant => Texts.Say("Nel borsellino sono arrivati {0}.", Display.Money(message.Amount!.Value)),
        MessageKind.Reminder => Texts.Say(
            "Promemoria: la prenotazione {0} è {1}. Se non puoi, dillo dalla pagina della prenotazione.", Display.Reference(message.Reference), BookingWords.DayTime(message.On!.Value)),
        MessageKind.StaffChanged => Texts.Say(
            "Per la prenotazione {0}, {1}, viene un’altra persona dell’ente: leggi chi.", Display.Reference(message.Reference), BookingWords.DayTime(message.On!.Value)),
        MessageKind.Help => Texts.Say("L’ufficio ha risposto alla tua richiesta."),
        MessageKind.OfficeBooked => Texts.Say("Hai preso un appuntamento all’ufficio: {0}, {1}.", message.From, BookingWords.DayTime(message.On!.Value)),
        MessageKind.OfficeReminder => Texts.Say(
            "Promemoria: ti aspettiamo all’ufficio {0}, {1}. Se non puoi, disdici dalla pagina dell’appuntamento.", BookingWords.DayTime(message.On!.Value), message.From),
        MessageKind.OfficeCancelled => Texts.Say("L’ufficio ha dovuto disdire l’appuntamento del {0}: leggi perché e prendine un altro.", BookingWords.DayTime(message.On!.Value)),
        MessageKind.PoolLapsed or MessageKind.PoolCancelled or MessageKind.PoolWithoutYou or MessageKind.PoolDissolved or MessageKind.PoolGoesOnWithoutYou => Texts.Say(
            "Il gruppo del {0} non si fa, o si fa senza di te: nel borsellino sono di nuovo liberi {1}.",
            BookingWords.DayTime(message.On!.Value), Display.Money(message.Amount!.Value)),
        MessageKind.PoolShort => Texts.Say(
            "Nel gruppo del {0} siete rimasti in pochi: leggi quanto costerebbe continuare e rispondi in tempo. Finché non dici di sì non prendiamo altro.",
            BookingWords.DayTime(message.On!.Value)),
        MessageKind.PoolGoesOn => Texts.Say("Il gruppo del {0} si fa, anche se siete di meno: per te non cambia niente.", BookingWords.DayTime(message.On!.Value)),
        MessageKind.PoolUndecided => Texts.Say(
            "Nessuno aveva deciso in tempo se il gruppo del {0} si faceva. Se c’eri, l’ente lo segna e tu dici se è andato bene; se non c’eri, non paghi nulla.",
            BookingWords.DayTime(message.On!.Value)),
        MessageKind.DateMissed => Texts.Say(
            "Nella data del {0} del tuo gruppo settimanale non ci sei: non abbiamo preso niente. Leggi perché e che cosa puoi fare.",
            BookingWords.DayTime(message.On!.Value)),
        MessageKind.RecurringBooked => Texts.Say("Come ogni settimana, abbiamo chiesto all’ente la tua data: {0}.", BookingWords.DayTime(message.On!.Value)),
        MessageKind.RecurringMissed => Texts.Say(
            "La data di ogni settimana del {0} non è prenotata, e non abbiamo preso niente: leggi perché e che cosa puoi fare.", BookingWords.DayTime(message.On!.Value)),
        MessageKind.DelegateActed => Texts.Say("Chi ha la tua delega ha prenotato o disdetto una cosa per te: leggi che cosa, e ferma la delega se non va bene."),
        MessageKind.ConsentAsked or MessageKind.CallOffAsked => Texts.Say("Lo sportello chiede il tuo sì a una cosa: leggi che cosa e rispondi. Finché non rispondi non succede niente."),
        MessageKind.NeedOpenedForYou => Texts.Say("Lo sportello cerca un gruppo per te, come avete detto insieme: leggi che cosa, e chiudi la ricerca se non la vuoi."),
        MessageKind.DeskLooked or MessageKind.DeskExplained or MessageKind.DeskAnswered or MessageKind.DeskJoined or MessageKind.DeskLeft or MessageKind.DeskJoinedWeekly
            or MessageKind.DeskBooked or MessageKind.DeskBought or MessageKind.DeskCalledOff or MessageKind.DeskDelegated =>
            Texts.Say("Lo sportello ha fatto una cosa per te, come avete detto insieme: leggi che cosa, e scrivici se non è così."),
        MessageKind.ProposalMade => Texts.Say("Abbiamo trovato un gruppo per quello che cerchi: di’ se ti va bene entro due giorni."),
        MessageKind.ProposalAgreed => Texts.Say("Le famiglie del gruppo hanno detto tutte di sì: adesso cerchiamo un ente."),
        MessageKind.ProposalTaken => Texts.Say("Un ente ha preso il vostro gruppo del {0}: unisciti per avere il posto.", BookingWords.DayTime(message.On!.Value)),
        MessageKind.ProposalDropped => Texts.Say("Il gruppo che ti avevamo proposto non si fa: ne cerchiamo un altro."),
        MessageKind.ProposalUntaken => Texts.Say("Nessun ente ha preso in tempo il vostro gruppo: ne cerchiamo un altro, in altri orari."),
        MessageKind.ProposalUnanswered => Texts.Say("Non hai risposto alla proposta di gruppo: la tua ricerca è in pausa finché non ci dici che cerchi ancora."),
        MessageKind.NeedExpired => Texts.Say("La tua ricerca di un gruppo è finita senza trovarlo: puoi aprirne un’altra."),
        MessageKind.PackageEnding => Texts.Say(
            "Il pacchetto {0} va usato entro il {1}: quando te lo abbiamo scritto ne restavano {2}. Quello che non usi torna alle misure che lo pagavano.",
            Display.Reference(message.Reference), BookingWords.Day(message.On!.Value), message.Text),
        MessageKind.PackageLapsed => Texts.Say(
            "Il pacchetto {0} è scaduto: {1} sono tornati alle misure che lo pagavano.", Display.Reference(message.Reference), Display.Money(message.Amount!.Value)),
        MessageKind.ProductHandedOver => Texts.Say(
            "L’ente segna una consegna dell’acquisto {0}, pezzi {1}, e riceve {2}. Se non è così scrivi all’ufficio.",
            Display.Reference(message.Reference), message.Text, Display.Money(message.Amount!.Value)),
        MessageKind.ProductUnavailable => Texts.Say(
            "L’ente non può consegnare quello che restava dell’acquisto {0}: {1} sono tornati alle misure che lo pagavano.", Display.Reference(message.Reference), Display.Money(message.Amount!.Value)),
        MessageKind.ProductEnding => Texts.Say(
            "L’acquisto {0} va ritirato entro il {1}: quando te lo abbiamo scritto ne restavano {2}. Quello che non ritiri torna alle misure che lo pagavano.",
            Display.Reference(message.Reference), BookingWords.Day(message.On!.Value), message.Text),
        MessageKind.ProductLapsed => Texts.Say(
            "Il tempo per ritirare l’acquisto {0} è finito: {1} sono tornati alle misure che lo pagavano.", Display.Reference(message.Reference), Display.Money(message.Amount!.Value)),
        MessageKind.SearchFound => Texts.Say("C’è qualcosa di nuovo per una ricerca che hai salvato: leggi che cosa."),
        MessageKind.Booking => Texts.Say(
            "Prenotazione {0} del {1}: {2}.", Display.Reference(message.Reference), BookingWords.DayTime(message.On!.Value),
            BookingWords.Status(message.Status!.Value).ToLower(System.Globalization.CultureInfo.CurrentCulture)),
    };

    [LoggerMessage(1, LogLevel.Error, "Letters to families and providers could not be sent: {Reason}")]
    private static partial void Failed(ILogger log, string reason);
}
