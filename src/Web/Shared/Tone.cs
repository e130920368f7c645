namespace Borsellino.Web.Shared;

/// <summary>What a colour says. A word and an icon always say it too.</summary>
public enum Tone
{
    /// <summary>A fact that asks nothing.</summary>
    Quiet,

    /// <summary>Something to know.</summary>
    Info,

    /// <summary>Done, and well.</summary>
    Ok,

    /// <summary>Somebody must act, or time must pass.</summary>
    Wait,

    /// <summary>Refused, wrong, or about to end.</summary>
    Bad,
}

/// <summary>The class and the icon that go with each tone.</summary>
public static class Tones
{
    public static string Suffix(this Tone tone) => tone switch
    {
        Tone.Quiet => "quiet",
        Tone.Info => "info",
        Tone.Ok => "ok",
        Tone.Wait => "wait",
        Tone.Bad => "bad",
        _ => throw new ArgumentOutOfRangeException(nameof(tone)),
    };

    public static string Icon(this Tone tone) => tone switch
    {
        Tone.Quiet => "it-minus-circle",
        Tone.Info => "it-info-circle",
        Tone.Ok => "it-check-circle",
        Tone.Wait => "it-clock",
        Tone.Bad => "it-error",
        _ => throw new ArgumentOutOfRangeException(nameof(tone)),
    };
}
