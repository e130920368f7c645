namespace Borsellino.Web.Pages.Public;

/// <summary>What the topics of services are called on pages.</summary>
public static class Topics
{
    /// <summary>The name of a known topic, or the word itself with a capital.</summary>
    public static string NameOf(string topic) => topic switch
    {
        "anziani" => Texts.Say("Anziani"),
        "casa" => Texts.Say("Casa"),
        "cibo" => Texts.Say("Cibo"),
        "cultura" => Texts.Say("Cultura"),
        "digitale" => Texts.Say("Digitale"),
        "disabilita" => Texts.Say("Disabilità"),
        "famiglia" => Texts.Say("Famiglia"),
        "infanzia" => Texts.Say("Infanzia"),
        "lavoro" => Texts.Say("Lavoro"),
        "mobilita" => Texts.Say("Mobilità"),
        "negozi" => Texts.Say("Negozi"),
        "salute" => Texts.Say("Salute"),
        "scuola" => Texts.Say("Scuola"),
        "soldi" => Texts.Say("Soldi"),
        "sport" => Texts.Say("Sport"),
        "tempo-libero" => Texts.Say("Tempo libero"),
        { Length: > 0 } => char.ToUpper(topic[0], System.Globalization.CultureInfo.CurrentCulture) + topic[1..],
        _ => "",
    };
}
