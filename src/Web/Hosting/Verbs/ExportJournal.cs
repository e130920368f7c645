using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web.Hosting.Verbs;

/// <summary>
/// <c>./run export-journal</c>: streams a territory's book to the standard output, as a journal for <c>hledger</c> or as
/// CSV. How many entries it wrote goes to the standard error, so that a file holds the book alone.
/// </summary>
public static class ExportJournal
{
    public static async Task<int> RunAsync(Settings settings, DatabaseAddress address, CancellationToken cancel)
    {
        await address.MigrateAsync(cancel);
        await using var db = new Database(address.Application);
        var (slug, from, through, csv) = settings.Export;
        if (from > through) return await SayAsync("--from is after --to: no day is between them.");
        var places = await new Territories(db, new(new SystemClock())).AllAsync(cancel);
        var found = places.Where(p => slug is null || p.Slug == slug).ToList();
        if (found.Count != 1)
        {
            var names = string.Join(", ", places.Select(p => p.Slug));
            return await SayAsync(
                places.Count == 0 ? "There is no territory, so there is no book."
                : found.Count == 0 ? $"There is no territory '{slug}'; there is {names}."
                : $"Which territory? --territory is one of {names}.");
        }

        await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);
        var export = new JournalExport(db);
        var entries = csv
            ? await export.WriteCsvAsync(found[0].Id, output, from, through, cancel)
            : await export.WriteHledgerAsync(found[0].Id, output, from, through, cancel);
        await Console.Error.WriteLineAsync($"{entries} entries of {found[0].Name}.");
        return 0;
    }

    private static async Task<int> SayAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return 1;
    }
}
