using NodaTime;

namespace Borsellino.Ledger;

/// <summary>Recomputes every seal of a book from its entries: what was changed after its day was sealed is found here.</summary>
internal static class SealAudit
{
    public const string CheckName = "seals";

    private const int FoundMax = 20;

    /// <summary>The first days that are not what was sealed, at most twenty.</summary>
    public static async Task<IReadOnlyList<Disagreement>> RunAsync(Transaction tx, CancellationToken cancel)
    {
        var seals = await tx.ListAsync<Seal>("select day, entries, root, chain from ledger.seal where territory_id = @territory order by day");
        if (seals.Count == 0) return [];
        var found = Chain(tx.Territory, seals).ToList();
        var byDay = seals.ToDictionary(s => s.Day);
        await foreach (var (day, entries, root) in DayRoots.OfAsync(tx, seals[0].Day, seals[^1].Day, andBefore: true, cancel))
        {
            if (found.Count >= FoundMax) break;
            if (!byDay.TryGetValue(day, out var seal))
            {
                found.Add(new(CheckName, FormattableString.Invariant($"the day {Say(day)}: {entries} entries were recorded, and it has no seal")));
            }
            else if (seal.Entries != entries || !seal.Root.SequenceEqual(root))
            {
                found.Add(new(CheckName, FormattableString.Invariant(
                    $"the day {Say(day)}: sealed with {seal.Entries} entries, root {Say(seal.Root)}; the book has {entries}, root {Say(root)}")));
            }
        }

        return found;
    }

    private static IEnumerable<Disagreement> Chain(TerritoryId territory, List<Seal> seals)
    {
        var before = SealChain.Beginning;
        foreach (var seal in seals)
        {
            if (!SealChain.Next(before, territory, seal.Day, seal.Entries, seal.Root).SequenceEqual(seal.Chain))
            {
                yield return new(CheckName, $"the seal of {Say(seal.Day)} does not follow from the one before it");
                yield break;
            }

            before = seal.Chain;
        }
    }

    private static string Say(LocalDate day) => NodaTime.Text.LocalDatePattern.Iso.Format(day);

    private static string Say(byte[] hash) => Convert.ToHexStringLower(hash)[..16];
}
