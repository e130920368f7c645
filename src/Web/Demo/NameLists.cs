using System.Text.Json;

namespace Borsellino.Web.Demo;

/// <summary>What people of the demo town are called, where they were born and on which streets they live.</summary>
internal sealed class NameLists
{
    private const string Resource = "Demo/data/names.json";

    private static readonly JsonSerializerOptions AsWritten = new(JsonSerializerDefaults.Web);
    private static readonly Lazy<NameLists> Lists = new(Load);

    private readonly IReadOnlyList<Generation> generations;

    private NameLists(Written written)
    {
        Surnames = new(written.Surnames);
        generations = [.. written.Generations.Select(g => new Generation(g.BornBefore, new(g.Women), new(g.Men)))];
        Origins = new(written.Origins.Select(o => KeyValuePair.Create(
            new Origin(o.Place, new(o.Surnames), new(o.Women), new(o.Men)), o.Weight)));
        BornNear = new(written.BirthPlaces["local"]);
        BornFar = new(written.BirthPlaces["far"]);
        Streets = written.Streets;
    }

    public static NameLists Shared => Lists.Value;

    public Weighted<string> Surnames { get; }

    /// <summary>Countries from which families have come.</summary>
    public Weighted<Origin> Origins { get; }

    public Weighted<string> BornNear { get; }
    public Weighted<string> BornFar { get; }
    public IReadOnlyList<string> Streets { get; }

    /// <summary>A first name as Italian parents chose it in that year.</summary>
    public string FirstName(Dice dice, int birthYear, bool isWoman)
    {
        var generation = generations.First(g => birthYear < g.BornBefore);
        return (isWoman ? generation.Women : generation.Men).Pick(dice);
    }

    private static NameLists Load()
    {
        using var stream = typeof(NameLists).Assembly.GetManifestResourceStream(Resource)!;
        return new(JsonSerializer.Deserialize<Written>(stream, AsWritten)!);
    }

    /// <param name="Place">The code of the country in a tax code.</param>
    internal sealed record Origin(string Place, Weighted<string> Surnames, Weighted<string> Women, Weighted<string> Men);

    private sealed record Generation(int BornBefore, Weighted<string> Women, Weighted<string> Men);

    private sealed record Written(
        Dictionary<string, int> Surnames, List<WrittenGeneration> Generations, List<WrittenOrigin> Origins,
        Dictionary<string, Dictionary<string, int>> BirthPlaces, List<string> Streets);

    private sealed record WrittenGeneration(int BornBefore, Dictionary<string, int> Women, Dictionary<string, int> Men);

    private sealed record WrittenOrigin(
        string Place, int Weight, Dictionary<string, int> Surnames, Dictionary<string, int> Women, Dictionary<string, int> Men);
}
