using System.Diagnostics;
using Borsellino.Ledger;

namespace Borsellino.Web.Demo;

/// <summary>One kind of thing that happened: how often, for how much money, and what it cost in time.</summary>
/// <param name="Median">Milliseconds that half of them took at most; 95 of a hundred took at most <paramref name="Slowest"/>.</param>
public sealed record ChronicleLine(string What, int Count, Money Amount, double Median, double Slowest, double Total);

/// <summary>What happened in a town, and how long each operation took.</summary>
public sealed class Chronicle
{
    private readonly Dictionary<string, Record> records = new(StringComparer.Ordinal);

    /// <summary>Runs an operation and writes down that it happened; a refused one is written down as refused.</summary>
    /// <param name="amount">Says from the answer how much money it was about.</param>
    public async Task<Result<T>> DoAsync<T>(string what, Func<Task<Result<T>>> operation, Func<T, Money>? amount = null) where T : notnull
    {
        var start = Stopwatch.GetTimestamp();
        var result = await operation();
        var took = Stopwatch.GetElapsedTime(start);
        if (result.IsRefused(out var refusal, out var value)) Add($"{what}, refused ({refusal.Code})", Money.Zero, took);
        else Add(what, amount?.Invoke(value) ?? Money.Zero, took);
        return result;
    }

    /// <summary>Runs something that cannot be refused.</summary>
    public async Task<T> WatchAsync<T>(string what, Func<Task<T>> operation, Func<T, Money>? amount = null)
    {
        var start = Stopwatch.GetTimestamp();
        var value = await operation();
        Add(what, amount?.Invoke(value) ?? Money.Zero, Stopwatch.GetElapsedTime(start));
        return value;
    }

    public void Add(string what, Money amount, TimeSpan took)
    {
        if (!records.TryGetValue(what, out var record)) records[what] = record = new();
        record.Amount += amount;
        record.Times.Add(took.TotalMilliseconds);
    }

    /// <summary>How often something happened.</summary>
    public int Count(string what) => records.TryGetValue(what, out var record) ? record.Times.Count : 0;

    public Money Amount(string what) => records.TryGetValue(what, out var record) ? record.Amount : Money.Zero;

    /// <summary>All of it, in the order in which each kind happened first.</summary>
    public IReadOnlyList<ChronicleLine> Lines =>
        [.. records.Select(r => new ChronicleLine(
            r.Key, r.Value.Times.Count, r.Value.Amount, r.Value.At(0.5), r.Value.At(0.95), r.Value.Times.Sum()))];

    private sealed class Record
    {
        public Money Amount { get; set; }
        public List<double> Times { get; } = [];

        public double At(double part)
        {
            var sorted = Times.Order().ToList();
            return sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(part * sorted.Count) - 1)];
        }
    }
}
