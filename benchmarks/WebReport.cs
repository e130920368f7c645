using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Borsellino.Benchmarks;

/// <summary>The rounds of all pages, their medians, and what they must reach.</summary>
internal sealed class WebReport(TimeSpan ready)
{
    public const string PlainPage = "plain Razor page, two queries";
    public const string Catalogue = "Borsellino: catalogue";
    public const string Unasked = "Borsellino: a new search each time";
    public const string Card = "Borsellino: service card";
    public const string Purse = "Borsellino: purse, signed in";

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Dictionary<string, List<PageMeasure>> rounds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> questions = new(StringComparer.Ordinal);

    public static string BytesOf(string page) => page.Replace("Borsellino:", "only the bytes:", StringComparison.Ordinal);

    public void Add(string side, PageMeasure measure)
    {
        if (!rounds.TryGetValue(side, out var list)) rounds.Add(side, list = []);
        list.Add(measure);
    }

    /// <summary>How often a page asks the database.</summary>
    public void Asks(string side, double times) => questions[side] = times;

    public bool AllReached => Bounds().All(b => b.Good);

    /// <summary>Each bound and whether it was reached; a run of some of the pages has none.</summary>
    private IEnumerable<(string What, double Reached, string Bound, bool Good)> Bounds()
    {
        if (new[] { PlainPage, Catalogue, Card, Purse }.Any(s => !rounds.ContainsKey(s))) yield break;
        yield return AtLeast("catalogue, requests per second", Rate(Catalogue), 500);
        yield return AtLeast("catalogue ÷ plain page", Rate(Catalogue) / Rate(PlainPage), 0.5);
        yield return AtMost("catalogue, p99 ms", P99(Catalogue), 80);
        yield return AtLeast("purse, requests per second", Rate(Purse), 250);
        yield return AtMost("purse, p99 ms", P99(Purse), 150);
        yield return AtMost("most questions to the database on a page", questions.Values.Max(), 8);
        yield return AtMost("rows written for an anonymous page", Math.Max(Written(Catalogue), Written(Card)), 0);
        yield return AtMost("resident memory, MB", rounds.Keys.Where(s => s.StartsWith("Borsellino", StringComparison.Ordinal)).Max(Megabytes), 250);
        yield return AtMost("start to ready, s", ready.TotalSeconds, 3);

        static (string, double, string, bool) AtLeast(string what, double reached, double bound) =>
            (what, reached, string.Create(CultureInfo.InvariantCulture, $"≥ {bound}"), reached >= bound);

        static (string, double, string, bool) AtMost(string what, double reached, double bound) =>
            (what, reached, string.Create(CultureInfo.InvariantCulture, $"≤ {bound}"), reached <= bound);
    }

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{"",-34} {"per second",11} {"spread",13} {"p50 ms",8} {"p99 ms",8} {"CPU ms",8} {"DB ms",8} {"SQL",6} {"bytes",8} {"MB",6}");
        foreach (var (side, list) in rounds)
        {
            var spread = string.Create(CultureInfo.InvariantCulture, $"{list.Min(m => m.PerSecond):0}–{list.Max(m => m.PerSecond):0}");
            var asked = questions.TryGetValue(side, out var times) ? times.ToString("0.0", CultureInfo.InvariantCulture) : "";
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{side,-34} {Rate(side),11:0} {spread,13} {Median(list, m => m.Median.TotalMilliseconds),8:0.0} {P99(side),8:0.0} {Median(list, m => m.CpuMillis),8:0.00} {Median(list, m => m.DatabaseMillis),8:0.00} {asked,6} {list[^1].Bytes,8} {Megabytes(side),6:0}");
        }

        text.AppendLine();
        foreach (var (what, reached, bound, good) in Bounds())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{what,-44} {reached,8:0.00}   {bound,-6} {(good ? "reached" : "NOT REACHED")}");
        }

        return text.ToString().TrimEnd();
    }

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            ReadySeconds = ready.TotalSeconds,
            sides = rounds.ToDictionary(r => r.Key, r => r.Value, StringComparer.Ordinal),
            questions,
            bounds = Bounds().Select(b => new { b.What, b.Reached, b.Bound, b.Good }),
        },
        Indented);

    private double Rate(string side) => Median(rounds[side], m => m.PerSecond);

    private double P99(string side) => Median(rounds[side], m => m.P99.TotalMilliseconds);

    private double Written(string side) => rounds[side].Min(m => m.RowsWritten);

    private double Megabytes(string side) => rounds[side].Max(m => m.Resident) / 1_048_576.0;

    private static double Median(List<PageMeasure> list, Func<PageMeasure, double> figure)
    {
        var sorted = list.Select(figure).Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
