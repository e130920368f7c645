using System.Diagnostics;
using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Demo;

namespace Borsellino.Web.Hosting.Verbs;

/// <summary>
/// <c>./run demo</c>: plays days of a town's life against the real operations and prints what happened and what it
/// cost. Each time in a territory of its own, <c>prova-1</c> and so on, founded as many days ago as are played: its life ends
/// now, so nothing of it lies in the future and no other territory is touched. While it is played, no other clock
/// moves it: a running web program leaves it alone until it is done. Exit code 0 only if the book proves itself.
/// </summary>
public static class Demo
{
    private const string Data = "tradate";

    /// <summary>Rehearsals are numbered from here, far from territories that people found.</summary>
    private const int FirstNumber = 1_000_000;

    public static async Task<int> RunAsync(Settings settings, DatabaseAddress address, CancellationToken cancel)
    {
        await address.MigrateAsync(cancel);
        await using var db = new Database(address.Patient);
        var number = await NextNumberAsync(db, cancel);
        var script = new TownScript(
            Data, string.Create(CultureInfo.InvariantCulture, $"prova-{number}"), new(FirstNumber + number), DemoTown.Seed,
            settings.Households, 6 + (settings.Households / 130));

        var start = Stopwatch.GetTimestamp();
        var bar = new ProgressLine($"{script.Slug}: {settings.Households} families, {settings.Days} days", Console.Out);
        var export = new DemoExport(settings.ExportFolder);
        var town = (await new TownPlay(db).PlayAsync(script, settings.Days, new SystemClock().Now, export, bar.Report, cancel))!;
        await export.MonthAsync(town, town.Clock.Today(), cancel);
        bar.Done(Stopwatch.GetElapsedTime(start));

        await PrintAsync(town.Chronicle);
        if (settings.ExportFolder is { } folder) await Console.Out.WriteLineAsync($"{export.Files} files in {folder}");
        await Console.Out.WriteLineAsync($"Its pages: /{script.Slug}, while ./run runs");
        return await ProveAsync(db, town, cancel) ? 0 : 1;
    }

    private static async Task<int> NextNumberAsync(Database db, CancellationToken cancel)
    {
        var places = await new Territories(db, new(new SystemClock())).AllAsync(cancel);
        return places.Where(p => p.Id.Value > FirstNumber).Select(p => p.Id.Value - FirstNumber).DefaultIfEmpty(0).Max() + 1;
    }

    /// <summary>What happened, how often, for how much, and the milliseconds each took.</summary>
    private static async Task PrintAsync(Chronicle chronicle)
    {
        Language.Speak(english: true);
        await Console.Out.WriteLineAsync($"\n{"what happened",-48}{"times",8}{"euro",16}{"p50 ms",10}{"p95 ms",10}{"in all s",10}");
        foreach (var line in chronicle.Lines)
        {
            var euro = line.Amount.IsZero ? "" : Display.Figure(line.Amount);
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{line.What,-48}{line.Count,8}{euro,16}{line.Median,10:0.0}{line.Slowest,10:0.0}{line.Total / 1000,10:0.0}"));
        }

        await Console.Out.WriteLineAsync(
            $"\n{chronicle.Count(TownPools.Households)} households were served together, {chronicle.Count(TownPools.NotAlone)} times, where their purse alone would "
            + $"not have paid; sharing saved {Display.Figure(chronicle.Amount(TownPools.Saved))} euro over {chronicle.Count(TownPools.Saved)} services in all");
        await Console.Out.WriteLineAsync();
    }

    private static async Task<bool> ProveAsync(Database db, Town town, CancellationToken cancel)
    {
        Language.Speak(english: true);
        var found = (await new Audit(db).RunAsync(town.Territory, cancel))
            .Concat(await new MarketplaceAudit(db).RunAsync(town.Territory, cancel)).ToList();
        foreach (var disagreement in found) await Console.Out.WriteLineAsync($"DISAGREES ({disagreement.Check}): {disagreement.What}");
        if (found.Count == 0)
        {
            await Console.Out.WriteLineAsync(
                $"The book proves itself: {Audit.CheckNames.Count + MarketplaceAudit.CheckNames.Count} checks from the postings up.");
        }

        var balance = await town.TrialBalances.AtAsync(town.Territory, town.Clock.Today(), cancel);
        await Console.Out.WriteLineAsync(
            $"Trial balance: {balance.Entries} entries, debit balances {Display.Figure(balance.DebitBalances)}, "
            + $"credit balances {Display.Figure(balance.CreditBalances)}, difference {Display.Figure(balance.Difference)}");
        return found.Count == 0 && balance.Balances;
    }
}
