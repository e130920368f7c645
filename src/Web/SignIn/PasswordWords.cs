using Borsellino.Marketplace;

namespace Borsellino.Web.SignIn;

/// <summary>What people read about passwords that are not good enough.</summary>
public static class PasswordWords
{
    public static string Sentence(PasswordFault fault) => fault switch
    {
        PasswordFault.TooShort => Texts.Say("È troppo corta: servono almeno {0} caratteri.", PasswordRules.LengthMin),
        PasswordFault.TooLong => Texts.Say("È troppo lunga: al massimo {0} caratteri.", PasswordRules.LengthMax),
        PasswordFault.Common => Texts.Say("È tra le prime che chiunque proverebbe. Scegline un’altra, per esempio tre o quattro parole che non c’entrano tra loro."),
        PasswordFault.Guessable => Texts.Say("Somiglia troppo al tuo nome o al nostro: chi ti conosce la indovina. Scegline un’altra."),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "No words for this fault."),
    };
}
