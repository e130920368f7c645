namespace Borsellino.Web.Papers;

/// <summary>The house's font in two weights, as the program carries it: no font of the machine is asked for.</summary>
public static class PaperFonts
{
    private static readonly Lazy<TrueTypeFont> RegularFace = new(() => Read("Regular"));
    private static readonly Lazy<TrueTypeFont> StrongFace = new(() => Read("SemiBold"));

    public static TrueTypeFont Regular => RegularFace.Value;
    public static TrueTypeFont Strong => StrongFace.Value;

    private static TrueTypeFont Read(string weight)
    {
        using var stream = typeof(PaperFonts).Assembly.GetManifestResourceStream($"Papers/TitilliumWeb-{weight}.ttf")
            ?? throw new InvalidOperationException($"The program carries no font {weight}.");
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        return new($"TitilliumWeb-{weight}", file);
    }
}
