using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using NodaTime;

namespace Borsellino.Web;

/// <summary>How a delegation stands, in words.</summary>
public static class DelegationWords
{
    public static string Status(Delegation one, LocalDate today, Instant now) => one switch
    {
        { EndedAt: not null } => Texts.Say("Terminata"),
        _ when one.ValidTo < today => Texts.Say("Scaduta"),
        { AcceptedAt: not null } => Texts.Say("Attiva"),
        _ when one.CodeUntil <= now => Texts.Say("Codice scaduto"),
        _ => Texts.Say("Aspetta che usi il codice"),
    };

    public static Tone ToneOf(Delegation one, LocalDate today, Instant now) => one switch
    {
        _ when one.IsInForce(today) => Tone.Ok,
        { EndedAt: null, AcceptedAt: null } when one.ValidTo >= today && one.CodeUntil > now => Tone.Wait,
        _ => Tone.Quiet,
    };
}
