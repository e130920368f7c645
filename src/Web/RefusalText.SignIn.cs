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
        _ => null,
    };
}
