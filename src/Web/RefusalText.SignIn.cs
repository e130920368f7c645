using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;

namespace Borsellino.Web;

public static partial class RefusalText
{
    private static string? SignIn(Refusal refusal) => refusal switch
    {
        WrongCredentials => Texts.Say("L’e-mail o la password non vanno bene. Controlla e riprova; dopo dieci errori si aspetta un quarto d’ora."),
        TooManyTries => Texts.Say("Da questo collegamento sono arrivati troppi tentativi sbagliati. Riprova tra un quarto d’ora, o chiamaci."),
        ResetNotValid => Texts.Say("Questo collegamento è già stato usato o è scaduto. La password non è cambiata: chiedine uno nuovo."),
        IdentityNotShown => Texts.Say("L’accesso con SPID o CIE non è arrivato in fondo. Riprova; se succede ancora, chiamaci."),
        WrongCode => Texts.Say("Il codice non va bene, o è già stato usato. Aspetta quello nuovo e scrivilo entro mezzo minuto."),
        DelegateMayNot => Texts.Say("Con una delega non si danno e non si tolgono deleghe: può farlo solo la famiglia."),
        DelegationUntilOutside r => Texts.Say("Scegli un giorno dal {0} al {1}.", Display.DayShort(r.Min), Display.DayShort(r.Max)),
        TooManyDelegations r => Texts.Say("Hai già {0} deleghe: prima terminane una.", r.Max),
        DelegationNotFound => Texts.Say("Questa delega non c’è."),
        DelegationTaken => Texts.Say("Questa delega è già usata: per un’altra persona danne una nuova."),
        DelegationCodeWrong => Texts.Say("Questo codice non va bene: forse è scritto male, già usato o scaduto. Fattelo ridire dalla famiglia."),
        DelegationTriedTooOften => Texts.Say("Hai provato troppi codici. Riprova tra un quarto d’ora."),
        OwnHousehold => Texts.Say("Questa è la tua famiglia: non ti serve una delega."),
        _ => null,
    };
}
