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
        _ => null,
    };
}
