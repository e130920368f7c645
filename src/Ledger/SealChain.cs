using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace Borsellino.Ledger;

/// <summary>How a seal hands on to the next: each chain value is a hash over the one before and what the day says.</summary>
public static class SealChain
{
    /// <summary>What stands before the first seal of a book: 32 bytes of nothing.</summary>
    public static byte[] Beginning => new byte[MerkleTree.HashLength];

    /// <summary>SHA-256 over a line of text: the value before, territory, day, number of entries, root; with one blank between.</summary>
    public static byte[] Next(byte[] before, TerritoryId territory, LocalDate day, long entries, byte[] root) =>
        SHA256.HashData(Encoding.ASCII.GetBytes(FormattableString.Invariant(
            $"{Convert.ToHexStringLower(before)} {territory.Value} {LocalDatePattern.Iso.Format(day)} {entries} {Convert.ToHexStringLower(root)}")));
}

/// <summary>What the entries recorded on a day come to.</summary>
internal readonly record struct DayRoot(LocalDate Day, long Entries, byte[] Root);

internal static class DayRoots
{
    private static readonly LocalDate Ever = new(1900, 1, 1);

    /// <summary>
    /// Every day from the first to the last, those without entries too, with the root over its entries as they stand now;
    /// if asked, those before that have entries as well. The hashes are made by the server and folded as they come: the
    /// memory is the same for ten entries and ten million.
    /// </summary>
    public static async IAsyncEnumerable<DayRoot> OfAsync(
        Transaction tx, LocalDate from, LocalDate through, bool andBefore = false, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var next = from;
        await foreach (var day in RecordedAsync(tx, andBefore ? Ever : from, through, cancel))
        {
            for (; next < day.Day; next = next.PlusDays(1)) yield return new(next, 0, MerkleTree.EmptyRoot);
            yield return day;
            if (day.Day == next) next = next.PlusDays(1);
        }

        for (; next <= through; next = next.PlusDays(1)) yield return new(next, 0, MerkleTree.EmptyRoot);
    }

    /// <summary>The days that have entries.</summary>
    private static async IAsyncEnumerable<DayRoot> RecordedAsync(
        Transaction tx, LocalDate from, LocalDate through, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (at, fold) = (from, new MerkleFold());
        await foreach (var (day, leaf) in LeavesAsync(tx, from, through, cancel))
        {
            if (day != at)
            {
                if (fold.Count > 0) yield return new(at, fold.Count, fold.Root());
                (at, fold) = (day, new());
            }

            fold.Add(leaf);
        }

        if (fold.Count > 0) yield return new(at, fold.Count, fold.Root());
    }

    private static async IAsyncEnumerable<(LocalDate Day, byte[] Leaf)> LeavesAsync(
        Transaction tx, LocalDate from, LocalDate through, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Begins the transaction, if nothing has yet.
        await tx.ExecuteAsync("select 1");
        await using var command = new NpgsqlCommand(
            """
            select (recorded_at at time zone 'Europe/Rome')::date as day, leaf
            from ledger.leaves($1, $2, $3)
            order by day, id
            """, tx.Connection)
        {
            Parameters =
            {
                new() { Value = tx.Territory.Value }, new() { Value = from.StartOfDayInRome().ToDateTimeUtc() },
                new() { Value = through.EndOfDayInRome().ToDateTimeUtc() },
            },
            CommandTimeout = 0,
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            yield return (LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(0)), reader.GetFieldValue<byte[]>(1));
        }
    }
}
