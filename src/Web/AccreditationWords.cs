using Borsellino.Marketplace;
using Borsellino.Web.Shared;

namespace Borsellino.Web;

/// <summary>How pages speak of accreditations and of asking for them.</summary>
public static class AccreditationWords
{
    public static string Name(RequiredDocument document) => BookingWords.Either(document.NameIt, document.NameEn);

    /// <summary>What a document is called by its code, among those that are asked for.</summary>
    public static string NameOf(string code, IEnumerable<RequiredDocument> required) =>
        required.FirstOrDefault(r => r.Code == code) is { } one ? Name(one) : Texts.Say("Un altro documento");

    public static string Status(RequestStatus status) => status switch
    {
        RequestStatus.Submitted => Texts.Say("In esame"),
        RequestStatus.Incomplete => Texts.Say("Da completare"),
        RequestStatus.Granted => Texts.Say("Accolta"),
        RequestStatus.Refused => Texts.Say("Non accolta"),
        RequestStatus.Withdrawn => Texts.Say("Ritirata"),
    };

    /// <param name="isOffice">Whether the office reads it: what waits for one side is work, for the other it is waiting.</param>
    public static Tone ToneOf(RequestStatus status, bool isOffice) => status switch
    {
        RequestStatus.Submitted => isOffice ? Tone.Wait : Tone.Info,
        RequestStatus.Incomplete => isOffice ? Tone.Info : Tone.Wait,
        RequestStatus.Granted => Tone.Ok,
        RequestStatus.Refused or RequestStatus.Withdrawn => Tone.Quiet,
    };

    /// <summary>Where an accreditation stands on a day.</summary>
    public static string Status(AccreditationStatus status, NodaTime.LocalDate from, NodaTime.LocalDate to, NodaTime.LocalDate today) => status switch
    {
        AccreditationStatus.Suspended => Texts.Say("Sospeso"),
        AccreditationStatus.Revoked => Texts.Say("Revocato"),
        AccreditationStatus.Granted when to < today => Texts.Say("Finito"),
        AccreditationStatus.Granted when from > today => Texts.Say("Non ancora in vigore"),
        AccreditationStatus.Granted => Texts.Say("In vigore"),
    };

    public static Tone ToneOf(AccreditationStatus status, NodaTime.LocalDate from, NodaTime.LocalDate to, NodaTime.LocalDate today) => status switch
    {
        AccreditationStatus.Suspended => Tone.Wait,
        AccreditationStatus.Revoked => Tone.Quiet,
        AccreditationStatus.Granted when to < today => Tone.Quiet,
        AccreditationStatus.Granted when from > today => Tone.Info,
        AccreditationStatus.Granted => Tone.Ok,
    };

    public static string Step(AccreditationStep step) => step switch
    {
        AccreditationStep.Submitted => Texts.Say("L’ente ha chiesto l’accreditamento"),
        AccreditationStep.Completed => Texts.Say("L’ente ha risposto o aggiunto documenti"),
        AccreditationStep.MoreAsked => Texts.Say("L’ufficio ha chiesto altro"),
        AccreditationStep.Granted => Texts.Say("L’ufficio ha accreditato l’ente"),
        AccreditationStep.Refused => Texts.Say("L’ufficio non ha accolto la richiesta"),
        AccreditationStep.Withdrawn => Texts.Say("L’ente ha ritirato la richiesta"),
        AccreditationStep.Suspended => Texts.Say("L’ufficio ha sospeso l’accreditamento"),
        AccreditationStep.Reinstated => Texts.Say("L’accreditamento è di nuovo in vigore"),
        AccreditationStep.Revoked => Texts.Say("L’ufficio ha revocato l’accreditamento"),
    };
}
