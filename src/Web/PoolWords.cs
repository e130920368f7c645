using Borsellino.Marketplace;
using Borsellino.Web.Shared;

namespace Borsellino.Web;

/// <summary>How pages speak of pools.</summary>
public static class PoolWords
{
    public static string Status(PoolStatus status) => status switch
    {
        PoolStatus.Collecting => Texts.Say("Raccoglie adesioni"),
        PoolStatus.Confirmed => Texts.Say("Si fa"),
        PoolStatus.BelowQuorum => Texts.Say("Siete rimasti in pochi"),
        PoolStatus.Delivered => Texts.Say("Svolto insieme"),
        PoolStatus.Lapsed => Texts.Say("Non partito"),
        PoolStatus.Cancelled => Texts.Say("Annullato dall’ente"),
        PoolStatus.Dissolved => Texts.Say("Sciolto"),
    };

    public static Tone ToneOf(PoolStatus status) => status switch
    {
        PoolStatus.Collecting or PoolStatus.BelowQuorum => Tone.Wait,
        PoolStatus.Confirmed or PoolStatus.Delivered => Tone.Ok,
        PoolStatus.Cancelled => Tone.Bad,
        PoolStatus.Lapsed or PoolStatus.Dissolved => Tone.Quiet,
    };

    /// <summary>One event of a pool's life, for its provider.</summary>
    public static string Event(string what) => what switch
    {
        "Published" => Texts.Say("Gruppo aperto"),
        "Joined" => Texts.Say("Una famiglia si è unita"),
        "CapChanged" => Texts.Say("Una famiglia ha cambiato il suo massimo"),
        "QuorumMet" => Texts.Say("Siete abbastanza"),
        "Left" => Texts.Say("Una famiglia è uscita"),
        "Confirmed" => Texts.Say("Deciso: si fa"),
        "Lapsed" => Texts.Say("Deciso: non si parte, i soldi sono tornati"),
        "Cancelled" => Texts.Say("Annullato dall’ente, i soldi sono tornati"),
        "FellBelowQuorum" => Texts.Say("Sono rimasti in pochi"),
        "PlaceTaken" => Texts.Say("Un’altra famiglia ha preso il posto"),
        "GoesOn" => Texts.Say("L’ente va avanti con chi c’è"),
        "BegunUndecided" => Texts.Say("Cominciato senza che nessuno decidesse: chi non c’era non paga"),
        "Dissolved" => Texts.Say("Sciolto, i soldi sono tornati"),
        "RaiseAgreed" => Texts.Say("Una famiglia accetta di pagare di più"),
        "RaiseRefused" => Texts.Say("Una famiglia non paga di più"),
        "Raised" => Texts.Say("Si va avanti con le nuove quote"),
        "Delivered" => Texts.Say("Svolto"),
        _ => what,
    };

    /// <summary>How many there are: "Ci sono 3 famiglie".</summary>
    public static string Families(int living) => living switch
    {
        0 => Texts.Say("Ancora nessuna famiglia"),
        1 => Texts.Say("C’è una famiglia"),
        _ => Texts.Say("Ci sono {0} famiglie", living),
    };

    /// <summary>"da 2 a 4 famiglie".</summary>
    public static string Size(HeadPrices prices) =>
        prices.Min == prices.Max ? Texts.Say("{0} famiglie", prices.Min) : Texts.Say("da {0} a {1} famiglie", prices.Min, prices.Max);

    /// <summary>"da 2 a 4".</summary>
    public static string Heads(HeadPrices prices) =>
        prices.Min == prices.Max ? Display.Number(prices.Min) : Texts.Say("da {0} a {1}", prices.Min, prices.Max);

    /// <summary>What a weight counts, for who joins: "Quante ore?"; empty where all shares are equal.</summary>
    public static string Weigh(WeighedBy by) => by switch
    {
        WeighedBy.Equal => "",
        WeighedBy.Hours => Texts.Say("Per quante ore?"),
        WeighedBy.Children => Texts.Say("Quanti bambini?"),
    };

    /// <summary>How shares are divided, as a sentence.</summary>
    public static string Divided(WeighedBy by) => by switch
    {
        WeighedBy.Equal => Texts.Say("in parti uguali"),
        WeighedBy.Hours => Texts.Say("in proporzione alle ore"),
        WeighedBy.Children => Texts.Say("in proporzione ai bambini"),
    };

    /// <summary>"ogni mercoledì, 9:00–10:00".</summary>
    public static string EveryWeek(IReadOnlyList<Pool> dates) => Texts.Say(
        "ogni {0}, {1}", Display.Weekday(dates[0].Day), Display.Hours(Display.TimeOf(dates[0].StartsAt), Display.TimeOf(dates[0].EndsAt)));

    /// <summary>Where one date of a series stands for who looks at it.</summary>
    public static string Turn(SeriesDate date, bool isMember) => (date.Status, date.IsIn, date.Outcome) switch
    {
        (PoolStatus.Collecting, true, _) => Texts.Say("Ci sei"),
        (PoolStatus.Collecting, _, TurnOutcome.Skipped) => Texts.Say("La salti"),
        (PoolStatus.Collecting, _, TurnOutcome.Missed) => Texts.Say("Non ci sei"),
        (PoolStatus.Collecting, _, null) when isMember => Texts.Say("Ci sarai"),
        _ => Status(date.Status),
    };

    public static Tone ToneOf(SeriesDate date, bool isMember) => (date.Status, date.IsIn, date.Outcome) switch
    {
        (PoolStatus.Collecting, true, _) => Tone.Ok,
        (PoolStatus.Collecting, _, TurnOutcome.Skipped) => Tone.Quiet,
        (PoolStatus.Collecting, _, TurnOutcome.Missed) => Tone.Bad,
        (PoolStatus.Collecting, _, null) when isMember => Tone.Info,
        _ => ToneOf(date.Status),
    };

    /// <summary>Why a member of a series is not in one date, by the code of the refusal.</summary>
    public static string Missed(string code) => code switch
    {
        "not_enough_in_purse" => Texts.Say("Il borsellino non bastava, e non abbiamo preso niente. Se arrivano i soldi, puoi ancora unirti a questa data."),
        "grant_ends_too_soon" => Texts.Say("I soldi che hai scadono prima di questa data. Non abbiamo preso niente."),
        "pool_full" => Texts.Say("La data era già al completo. Non abbiamo preso niente."),
        _ => Texts.Say("Non è stato possibile, e non abbiamo preso niente. Apri la data per vedere se puoi unirti."),
    };
}
