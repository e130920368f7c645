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
        "QuorumMet" => Texts.Say("Siete abbastanza"),
        "Left" => Texts.Say("Una famiglia è uscita"),
        "Confirmed" => Texts.Say("Deciso: si fa"),
        "Lapsed" => Texts.Say("Deciso: non si parte, i soldi sono tornati"),
        "Cancelled" => Texts.Say("Annullato dall’ente, i soldi sono tornati"),
        "FellBelowQuorum" => Texts.Say("Sono rimasti in pochi"),
        "PlaceTaken" => Texts.Say("Un’altra famiglia ha preso il posto"),
        "GoesOn" => Texts.Say("L’ente va avanti con chi c’è"),
        "Dissolved" => Texts.Say("Sciolto, i soldi sono tornati"),
        "Delivered" => Texts.Say("Svolto"),
        _ => what,
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
}
