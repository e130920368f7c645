using Borsellino.Ledger;

namespace Borsellino.Web.Hosting.Verbs;

/// <summary>
/// <c>./run prove ENTRY</c>: writes to the standard output the file that shows a stranger that the entry stands in the
/// sealed chain. The entry is looked for in every book. Exit code 1 if there is none, or its day is not sealed yet.
/// </summary>
public static class Prove
{
    public static async Task<int> RunAsync(Settings settings, DatabaseAddress address, CancellationToken cancel)
    {
        var text = settings.ProofOf!;
        if (!Id<JournalEntry>.TryParse(text, null, out var id) && !TryUuid(text, out id)) return await SayAsync($"'{text}' is no id of an entry.");
        await address.MigrateAsync(cancel);
        await using var db = new Database(address.Patient);
        var seals = new Seals(db, new SystemClock());
        foreach (var territory in await new Audit(db).BooksAsync(cancel))
        {
            if (!(await seals.ProveAsync(territory, id, cancel)).IsRefused(out var refusal, out var proof))
            {
                await Console.Out.WriteLineAsync(proof.ToJson());
                return 0;
            }

            if (refusal is EntryNotSealed early) return await SayAsync($"The day {early.RecordedOn:uuuu-MM-dd}, on which it was recorded, is not sealed yet: ask when it has passed.");
        }

        return await SayAsync($"No book has an entry {id}.");
    }

    /// <summary>Also as it stands in the database and in proofs.</summary>
    private static bool TryUuid(string text, out Id<JournalEntry> id)
    {
        var read = Guid.TryParseExact(text, "D", out var value) && value != Guid.Empty;
        id = read ? new(value) : default;
        return read;
    }

    private static async Task<int> SayAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return 1;
    }
}
