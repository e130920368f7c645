using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web;

public static partial class RefusalText
{
    private static string? Care(Refusal refusal) => refusal switch
    {
        PhoneUnreadable => Texts.Say("Questo numero di telefono non si riesce a leggere: scrivi solo cifre, per esempio 0331 555 010."),
        TooManyHelpRequests r => Texts.Say("Hai già {0} richieste aperte: aspetta che ti richiamiamo, o chiamaci tu.", r.Max),
        HelpRequestNotFound => Texts.Say("Questa richiesta non c’è."),
        HelpRequestIdReused => Texts.Say("Questa richiesta è già partita. Apri di nuovo la pagina per farne un’altra."),
        HelpAlreadyGiven r => Texts.Say("{0} ha richiamato nel frattempo: la sua risposta è qui sotto.", r.By),
        OfficeNotFound => Texts.Say("Questo sportello non c’è."),
        OfficeTimeGone => Texts.Say("Quell’ora non è più libera. Non abbiamo preso niente: scegline un’altra."),
        TooManyAppointments r => Texts.Say("Hai già {0} appuntamenti all’ufficio: disdicine uno, o chiamaci.", r.Max),
        AppointmentAtThatTime => Texts.Say("A quell’ora hai già un altro appuntamento all’ufficio."),
        AppointmentIdReused => Texts.Say("Questo appuntamento è già preso. Apri di nuovo la pagina per prenderne un altro."),
        AppointmentNotFound => Texts.Say("Questo appuntamento non c’è."),
        AppointmentBegun => Texts.Say("È già cominciato: non si può più disdire."),
        OfficeNameTaken r => Texts.Say("C’è già uno sportello con questo nome: {0}.", r.Name),
        OfficeHoursWrong { Field: "minutes" } => Texts.Say("Ogni appuntamento dura da {0} a {1} minuti.", Offices.MinutesMin, Offices.MinutesMax),
        OfficeHoursWrong { Field: "desks" } => Texts.Say("Scrivi quante famiglie insieme: da 1 a {0}.", Offices.DesksMax),
        OfficeHoursWrong => Texts.Say("Tra l’apertura e la chiusura non ci sta nemmeno un appuntamento."),
        OfficeHoursOverlap r => Texts.Say("In quel giorno lo sportello riceve già dalle {0} alle {1}.", Display.Time(r.Opens), Display.Time(r.Closes)),
        OfficeHoursNotFound => Texts.Say("Questo orario non c’è."),
        FamiliesExpected r => Texts.Say("{0} famiglie sono attese, la prima {1}. Avvisale e disdici, poi chiudi.", r.Count, Display.Day(r.Day)),
        _ => null,
    };
}
