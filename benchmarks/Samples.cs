using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Borsellino.Benchmarks;

/// <summary>How long calls took, in milliseconds, by what was done and by whom.</summary>
internal sealed class Samples
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Dictionary<(string What, string Side), (List<double> Times, int Found)> taken = [];

    public void Add(string what, string side, double milliseconds, int found)
    {
        if (!taken.TryGetValue((what, side), out var all)) all = ([], found);
        all.Times.Add(milliseconds);
        taken[(what, side)] = (all.Times, found);
    }

    /// <summary>The largest of the medians of one side.</summary>
    public double SlowestMedian(string side) => taken.Where(t => t.Key.Side == side).Max(t => Percentile(t.Value.Times, 0.5));

    public string ToText(IReadOnlyList<string> sides)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"found, p50 ms, p99 ms",-26}");
        foreach (var side in sides) text.Append(CultureInfo.InvariantCulture, $"{side,28}");
        foreach (var what in taken.Keys.Select(k => k.What).Distinct(StringComparer.Ordinal))
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"{what,-26}");
            foreach (var side in sides)
            {
                var (times, found) = taken[(what, side)];
                text.Append(CultureInfo.InvariantCulture, $"{found,12:N0} {Percentile(times, 0.5),7:0.0} {Percentile(times, 0.99),7:0.0}");
            }
        }

        return text.AppendLine().ToString();
    }

    public string ToJson(object bounds) => JsonSerializer.Serialize(
        new
        {
            samples = taken.Select(t => new
            {
                t.Key.What, t.Key.Side, t.Value.Found, Calls = t.Value.Times.Count, P50 = Percentile(t.Value.Times, 0.5), P99 = Percentile(t.Value.Times, 0.99),
            }),
            bounds,
        }, Indented);

    private static double Percentile(List<double> times, double part) => times.Order().ElementAt((int)(times.Count * part));
}
