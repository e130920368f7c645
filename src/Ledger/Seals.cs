using NodaTime;
using Npgsql;

namespace Borsellino.Ledger;

/// <summary>What stands for all entries recorded on one day, and for every day before it.</summary>
/// <param name="Day">In Italy.</param>
/// <param name="Root">The root of the <see cref="MerkleTree"/> over the day's entries in the order of their ids.</param>
/// <param name="Chain">Over the seal of the day before and this one: whoever keeps it knows all days up to here.</param>
public sealed record Seal(LocalDate Day, long Entries, byte[] Root, byte[] Chain);

/// <summary>The day on which the entry was recorded is not sealed yet: it is after it has passed.</summary>
public sealed record EntryNotSealed(Id<JournalEntry> Entry, LocalDate RecordedOn) : Refusal("entry_not_sealed");

/// <summary>
/// Seals every day that has passed, so that nobody can change what was recorded without being seen by whoever kept a
/// chain value. Sealing is about when entries were recorded; closing and opening periods is about the days they count for.
/// </summary>
public sealed class Seals(Database db, IClock clock)
{
    private const string Columns = "day, entries, root, chain";

    /// <summary>
    /// Seals the days that have passed, from the first on which anything was recorded, and answers how many that were.
    /// It waits for transactions that are recording; later ones belong to the next day. If one takes longer than a moment
    /// the answer is null and nothing is sealed: others would have to wait behind, so it is better asked again. Two at
    /// once, or one that is interrupted and repeated, make the same seals.
    /// </summary>
    public async Task<int?> SealDueAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var yesterday = clock.Today().PlusDays(-1);
        if (await NextDayAsync(territory, cancel) is not { } next || next > yesterday) return 0;
        try
        {
            (await db.TransactAsync(territory, tx => ShutAsync(tx, yesterday), cancel)).OrThrow();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return null;
        }

        // From here on nothing more can be recorded in those days: there is all the time for their roots.
        var seals = await db.ReadFrozenAsync(territory, async tx =>
        {
            var chain = (await LastAsync(tx))?.Chain ?? SealChain.Beginning;
            var found = new List<Seal>();
            await foreach (var (day, entries, root) in DayRoots.OfAsync(tx, next, yesterday))
            {
                chain = SealChain.Next(chain, territory, day, entries, root);
                found.Add(new(day, entries, root, chain));
            }

            return found;
        }, cancel);
        return (await db.TransactAsync<Kept>(territory, async tx => await KeepAsync(tx, seals), cancel)).OrThrow().Count;
    }

    /// <summary>The newest seal of a book; null while no day is sealed.</summary>
    public Task<Seal?> LastAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.FindAsync<Seal>(territory, Last, cancel: cancel);

    /// <summary>
    /// Everything a stranger needs to see that an entry stands in its day's seal, and that seal in the chain up to the
    /// newest. Refused for an entry that does not exist, or whose day is not sealed yet.
    /// </summary>
    public Task<Result<InclusionProof>> ProveAsync(TerritoryId territory, Id<JournalEntry> id, CancellationToken cancel = default) =>
        db.ReadFrozenAsync<Result<InclusionProof>>(territory, async tx =>
        {
            if (await SealedEntry.FindAsync(tx, id) is not { } entry) return new EntryNotFound(id);
            var day = entry.RecordedOn;
            var seals = await tx.ListAsync<Seal>(
                $"select {Columns} from ledger.seal where territory_id = @territory and day >= @before order by day", new { before = day.PlusDays(-1) });
            var before = seals.Count > 0 && seals[0].Day < day ? seals[0].Chain : SealChain.Beginning;
            seals.RemoveAll(s => s.Day < day);
            if (seals.Count == 0 || seals[0].Day != day) return new EntryNotSealed(id, day);

            var leaves = await tx.ListAsync<EntryLeaf>(
                "select id, leaf from ledger.leaves(@territory, @since, @until) order by id",
                new { since = day.StartOfDayInRome(), until = day.EndOfDayInRome() });
            var index = leaves.FindIndex(l => l.Id == id);
            return InclusionProof.Of(entry, index, MerkleTree.Path([.. leaves.Select(l => l.Leaf)], index), before, seals);
        }, cancel);

    private const string Last = $"select {Columns} from ledger.seal where territory_id = @territory order by day desc limit 1";

    private static Task<Seal?> LastAsync(Transaction tx) => tx.FindAsync<Seal>(Last);

    /// <summary>The first day without a seal on or after which anything was recorded; null while nothing is.</summary>
    private async Task<LocalDate?> NextDayAsync(TerritoryId territory, CancellationToken cancel)
    {
        if (await LastAsync(territory, cancel) is { } last) return last.Day.PlusDays(1);
        var first = (await db.FindAsync<First>(
            territory, "select min(recorded_at) as at from ledger.journal_entry where territory_id = @territory", cancel: cancel))!.At;
        return first?.InZone(ClockExtensions.Rome).Date;
    }

    /// <summary>Nothing is recorded any more on a day or before it. Alone in the book, but nobody waits long for that.</summary>
    private static async Task<Result<Done>> ShutAsync(Transaction tx, LocalDate day)
    {
        await tx.ExecuteAsync("set local lock_timeout = '500ms'");
        await tx.ExecuteAsync("select pg_advisory_xact_lock(1, @territory)");
        await tx.ExecuteAsync(
            """
            update ledger.book set sealed_through = @day
            where territory_id = @territory and (sealed_through is null or sealed_through < @day)
            """, new { day });
        return default(Done);
    }

    private async Task<Kept> KeepAsync(Transaction tx, List<Seal> seals) => new(await tx.ExecuteAsync(
        """
        insert into ledger.seal (territory_id, day, entries, root, chain, sealed_at)
        select @territory, day, entries, root, chain, @now
        from unnest(@days, @entries, @roots, @chains) s(day, entries, root, chain)
        on conflict do nothing
        """,
        new
        {
            now = clock.Now, days = seals.Select(s => s.Day.ToDateOnly()).ToArray(), entries = seals.Select(s => s.Entries).ToArray(),
            roots = seals.Select(s => s.Root).ToArray(), chains = seals.Select(s => s.Chain).ToArray(),
        }));

    private sealed record First(Instant? At);

    private sealed record EntryLeaf(Id<JournalEntry> Id, byte[] Leaf);

    private readonly record struct Kept(int Count);
}
