using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Borsellino.Benchmarks;

/// <summary>The rounds of all sides, their medians, and what they must reach.</summary>
internal sealed class Report
{
    public const string FloorMany = "TPC-B through Npgsql, 16 connections";
    public const string FloorOne = "TPC-B through Npgsql, 1 connection";
    public const string NaiveRandom = "plain ledger, random pairs, 16 connections";
    public const string NaiveHot = "plain ledger, one hot account, 16 connections";
    public const string OursRandom = "Borsellino, random pairs, 64 callers";
    public const string OursHot = "Borsellino, one hot account, 64 callers";
    public const string OursMany = "Borsellino, random pairs, 512 callers";
    public const string OursLists = "Borsellino, lists of 1,000";
    public const string OursHotLists = "Borsellino, lists of 1,000, one hot account";
    public const string OursOneQueued = "Borsellino, 1 caller, through the queue";
    public const string OursOne = "Borsellino, 1 caller, own transaction";

    private readonly Dictionary<string, List<Measure>> rounds = new(StringComparer.Ordinal);
    private (long Postings, TimeSpan Took, int Disagreements) proof;

    public void Add(string side, Measure measure)
    {
        if (!rounds.TryGetValue(side, out var list)) rounds.Add(side, list = []);
        list.Add(measure);
    }

    public void Proven(long postings, TimeSpan took, int disagreements) => proof = (postings, took, disagreements);

    /// <summary>Each bound as a ratio of medians of the same run, and whether it was reached.</summary>
    private IEnumerable<(string What, double Reached, string Bound, bool Good)> Bounds()
    {
        // Bounds compare sides; a run of some of them has none.
        if (new[] { FloorMany, FloorOne, OursRandom, OursHot, OursLists, OursOneQueued, OursOne }.Any(s => !rounds.ContainsKey(s))) yield break;
        yield return AtLeast("random pairs, 64 callers ÷ floor", Rate(OursRandom) / Rate(FloorMany), 5);
        yield return AtLeast("one hot account ÷ random pairs", Rate(OursHot) / Rate(OursRandom), 0.9);
        yield return AtLeast("lists of 1,000 ÷ floor", Rate(OursLists) / Rate(FloorMany), 8);
        yield return AtMost("one caller's p50 ÷ floor's p50 (queue)", P50(OursOneQueued) / P50(FloorOne), 1.5);
        yield return AtMost("one caller's p50 ÷ floor's p50 (own transaction)", P50(OursOne) / P50(FloorOne), 1.5);
        yield return ("the book proves itself", proof.Disagreements, "0", proof.Disagreements == 0);

        static (string, double, string, bool) AtLeast(string what, double reached, double bound) =>
            (what, reached, string.Create(CultureInfo.InvariantCulture, $"≥ {bound}"), reached >= bound);

        static (string, double, string, bool) AtMost(string what, double reached, double bound) =>
            (what, reached, string.Create(CultureInfo.InvariantCulture, $"≤ {bound}"), reached <= bound);
    }

    public bool AllReached => Bounds().All(b => b.Good);

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"",-50} {"per second",11} {"spread",13} {"p50 ms",8} {"p99 ms",8} {"CPU µs",8} {"WAL B",7}");
        foreach (var (side, list) in rounds)
        {
            var spread = string.Create(CultureInfo.InvariantCulture, $"{list.Min(m => m.PerSecond):0}–{list.Max(m => m.PerSecond):0}");
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{side,-50} {Rate(side),11:0} {spread,13} {P50(side),8:0.00} {Median(list, m => m.P99.TotalMilliseconds),8:0.00} {Median(list, m => m.CpuMicros),8:0} {Median(list, m => m.WalBytes),7:0}");
        }

        text.AppendLine();
        foreach (var (what, reached, bound, good) in Bounds())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{what,-50} {reached,8:0.00}   {bound,-6} {(good ? "reached" : "NOT REACHED")}");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"proved {proof.Postings} postings in {proof.Took.TotalSeconds:0.0} s ({proof.Postings / proof.Took.TotalSeconds:0} a second)");
        return text.ToString();
    }

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            sides = rounds.ToDictionary(r => r.Key, r => r.Value, StringComparer.Ordinal),
            bounds = Bounds().Select(b => new { b.What, b.Reached, b.Bound, b.Good }),
            proof = new { proof.Postings, Seconds = proof.Took.TotalSeconds, proof.Disagreements },
        },
        Indented);

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private double Rate(string side) => Median(rounds[side], m => m.PerSecond);

    private double P50(string side) => Median(rounds[side], m => m.Median.TotalMilliseconds);

    private static double Median(List<Measure> list, Func<Measure, double> figure)
    {
        var sorted = list.Select(figure).Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
