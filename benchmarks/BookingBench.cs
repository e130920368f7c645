using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Benchmarks;

/// <summary>
/// Bookings from request to payment through the operations that pages call, beside <see cref="PlainBookings"/>, which writes the same rows without
/// a rule into tables with the same keys and checks, and beside that into tables without even these: same cluster, same run, in turns, step by step
/// with sixteen callers at once.
/// </summary>
internal static class BookingBench
{
    private const string Ours = "Borsellino", Plain = "the same rows, no rules", Bare = "nor keys, nor checks";
    private const int Callers = 16, Families = 192, Providers = 16, PlacesEach = 12, WarmUp = 4 * Families;

    /// <summary>The rules should cost less than half.</summary>
    private const double RatioMin = 0.5;

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly string[] Steps = ["request", "confirm", "deliver", "accept"];
    private static readonly TerritoryId Territory = BenchTown.Territory;

    public static async Task<(string Report, bool Reached)> RunAsync(BenchCluster cluster, Options options)
    {
        await using var db = new Database(cluster.Application);
        var clock = new HandClock(Instant.FromUtc(2026, 10, 5, 8, 0));
        var ledger = new GeneralLedger(clock);
        var bookings = new Bookings(db, ledger, clock);
        Say($"{Families} families, {Providers} providers");
        var town = await BenchTown.FoundAsync(cluster, db, ledger, clock, Families, Providers);
        await using var plain = await PlainBookings.PrepareAsync(cluster, "plain", withKeys: true, Callers);
        await using var bare = await PlainBookings.PrepareAsync(cluster, "bare", withKeys: false, Callers);
        var grants = (await db.ListAsync<GrantOf>(Territory, "select household_id, id, account_id from marketplace.welfare_grant where territory_id = @territory"))
            .ToDictionary(g => g.HouseholdId);
        await cluster.ExecuteAsync("vacuum analyze");

        var rounds = new List<Round>();
        var count = Math.Max(Families, (int)(options.Seconds * 100) / Families * Families);
        for (var round = 0; round <= options.Rounds; round++)
        {
            // The first round is not counted: connections, plans and the code of all sides are made in it, as in a server that runs for a day.
            Say(round == 0 ? "warming up" : $"round {round} of {options.Rounds}");
            var wanted = await PublishAsync(town, clock, round == 0 ? Math.Max(WarmUp, count) : count);
            // What a family sees before it asks is a page, and not counted.
            var shown = new Dictionary<Id<Booking>, AsShown>();
            foreach (var w in wanted) shown[w.Id] = (await bookings.PreviewAsync(Territory, w.Family.Id, w.Slot)).OrThrow().Shown;
            var ours = await TakeAsync(Ours, cluster, wanted, [
                async w => (await bookings.RequestAsync(Territory, new(w.Id, w.Slot, w.Family.Person, shown[w.Id]), w.Family.User)).OrThrow(),
                async w => (await bookings.ConfirmAsync(Territory, w.Id, w.Giver.Provider)).OrThrow(),
                async w => (await bookings.DeliverAsync(Territory, w.Id, w.Giver.Provider)).OrThrow(),
                async w => (await bookings.AcceptAsync(Territory, w.Id, w.Family.User)).OrThrow(),
            ], beforeDelivery: () => clock.Advance(Duration.FromDays(2) + Duration.FromHours(2)));
            var theirs = await TakePlainAsync(Plain, cluster, plain, wanted, grants);
            var others = await TakePlainAsync(Bare, cluster, bare, wanted, grants);
            if (round > 0) rounds.AddRange([ours, theirs, others]);
            // A server in earnest knows how large its tables are: what was planned while they were empty is planned anew.
            else await cluster.ExecuteAsync("vacuum analyze");
        }

        var found = (await new Audit(db).RunAsync(Territory)).Concat(await new MarketplaceAudit(db).RunAsync(Territory)).ToList();
        var ratio = Median(Rates(rounds, Ours)) / Median(Rates(rounds, Plain));
        var isGood = ratio >= RatioMin && found.Count == 0;
        return (options.Json ? ToJson(rounds, ratio, found.Count, isGood) : ToText(rounds, ratio, found.Count), isGood);
    }

    /// <summary>What one side did in one round.</summary>
    /// <param name="Took">How long each step took for all.</param>
    /// <param name="Cpu">Processor time of server and client.</param>
    private sealed record Round(string Side, int Count, TimeSpan[] Took, TimeSpan Cpu);

    private sealed record GrantOf(Id<Household> HouseholdId, Id<Grant> Id, Id<Account> AccountId);

    private sealed record Wanted(Id<Booking> Id, Id<Slot> Slot, BenchTown.Giver Giver, BenchTown.Family Family);

    /// <summary>Times in two days with twelve places each, for so many bookings; each family books as many times.</summary>
    private static async Task<IReadOnlyList<Wanted>> PublishAsync(BenchTown town, HandClock clock, int count)
    {
        var wanted = new List<Wanted>();
        for (var i = 0; i < count; i += PlacesEach)
        {
            var giver = town.Gives[i / PlacesEach % town.Gives.Count];
            // Each a second after the one before: an offer has one at a time.
            clock.Advance(Duration.FromSeconds(1));
            var slot = new NewSlot(Id<Slot>.New(), clock.Now + Duration.FromDays(2), clock.Now + Duration.FromDays(2) + Duration.FromHours(1), PlacesEach);
            (await town.Slots.CreateAsync(Territory, giver.Offer, [slot])).OrThrow();
            for (var place = 0; place < PlacesEach; place++) wanted.Add(new(Id<Booking>.New(), slot.Id, giver, town.Families[(i + place) % town.Families.Count]));
        }

        // People come in no order.
        var random = new Random(count);
        return [.. wanted.OrderBy(_ => random.Next())];
    }

    private static async Task<Round> TakePlainAsync(
        string side, BenchCluster cluster, PlainBookings plain, IReadOnlyList<Wanted> wanted, Dictionary<Id<Household>, GrantOf> grants)
    {
        await plain.PublishAsync(Territory);
        var asked = wanted.Select(w => new PlainBookings.Asked(
            Guid.CreateVersion7(), w.Slot.Value, w.Giver.Offer.Value, w.Giver.Provider.Provider.Value, w.Giver.Account.Value, w.Family.Id.Value, w.Family.Person.Value,
            grants[w.Family.Id].Id.Value, grants[w.Family.Id].AccountId.Value, w.Family.User.User.Value)).ToList();
        return await TakeAsync(side, cluster, asked, [plain.RequestAsync, plain.ConfirmAsync, plain.DeliverAsync, plain.AcceptAsync], beforeDelivery: () => { });
    }

    private static async Task<Round> TakeAsync<T>(string side, BenchCluster cluster, IReadOnlyList<T> all, Func<T, Task>[] steps, Action beforeDelivery)
    {
        var (server, client) = (cluster.ServerTime(), Process.GetCurrentProcess().TotalProcessorTime);
        var took = new TimeSpan[steps.Length];
        for (var i = 0; i < steps.Length; i++)
        {
            if (Steps[i] == "deliver") beforeDelivery();
            took[i] = await EachAsync(all, steps[i]);
        }

        return new(side, all.Count, took, cluster.ServerTime() - server + Process.GetCurrentProcess().TotalProcessorTime - client);
    }

    /// <summary>Does it for all, sixteen at a time, and says how long that took.</summary>
    private static async Task<TimeSpan> EachAsync<T>(IReadOnlyList<T> all, Func<T, Task> act)
    {
        var (next, began) = (-1, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            int mine;
            while ((mine = Interlocked.Increment(ref next)) < all.Count) await act(all[mine]);
        })));
        return Stopwatch.GetElapsedTime(began);
    }

    private static IReadOnlyList<double> Rates(List<Round> rounds, string side) =>
        [.. rounds.Where(r => r.Side == side).Select(r => r.Count / r.Took.Sum(t => t.TotalSeconds)).Order()];

    private static double Median(IReadOnlyList<double> sorted) =>
        sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;

    private static double StepMillis(List<Round> rounds, string side, int step) =>
        Median([.. rounds.Where(r => r.Side == side).Select(r => r.Took[step].TotalMilliseconds / r.Count).Order()]);

    private static double CpuMillis(List<Round> rounds, string side) =>
        Median([.. rounds.Where(r => r.Side == side).Select(r => r.Cpu.TotalMilliseconds / r.Count).Order()]);

    private static string ToText(List<Round> rounds, double ratio, int disagreements)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"",-26} {"bookings/s",11} {"spread",11}   {string.Join("  ", Steps.Select(s => $"{s + " ms",11}"))} {"CPU ms",8}");
        foreach (var side in new[] { Ours, Plain, Bare })
        {
            var rates = Rates(rounds, side);
            var spread = string.Create(CultureInfo.InvariantCulture, $"{rates[0]:0}–{rates[^1]:0}");
            var steps = Steps.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"{StepMillis(rounds, side, i),11:0.00}"));
            text.AppendLine(CultureInfo.InvariantCulture, $"{side,-26} {Median(rates),11:0} {spread,11}   {string.Join("  ", steps)} {CpuMillis(rounds, side),8:0.00}");
        }

        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{"with rules ÷ without",-26} {ratio,11:0.00}   ≥ {RatioMin}   {(ratio >= RatioMin ? "reached" : "NOT REACHED")}");
        return text.Append(CultureInfo.InvariantCulture, $"the book proves itself: {disagreements} disagreements").ToString();
    }

    private static string ToJson(List<Round> rounds, double ratio, int disagreements, bool isGood) => JsonSerializer.Serialize(
        new
        {
            rounds = rounds.Select(r => new { r.Side, r.Count, CpuMillis = r.Cpu.TotalMilliseconds / r.Count, Seconds = r.Took.Select((t, i) => (Steps[i], t.TotalSeconds)).ToDictionary(s => s.Item1, s => s.TotalSeconds, StringComparer.Ordinal) }),
            ratio, bound = RatioMin, disagreements, good = isGood,
        }, Indented);

    private static void Say(string what) => Console.Error.WriteLine($"[{DateTime.Now:HH:mm:ss}] {what}");
}
