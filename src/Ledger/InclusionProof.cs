using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Ledger;

/// <summary>A posting as it is sealed; cents.</summary>
public sealed record SealedPosting(short Line, Guid Account, long Debit, long Credit);

/// <summary>A seal as a proof names it; hashes in hexadecimal.</summary>
public sealed record SealedDay(string Day, long Entries, string Root, string Chain);

/// <summary>One step of checking a proof: what would hold, and whether it does.</summary>
public sealed record ProofStep(string Says, bool Holds);

/// <summary>
/// A file that shows, without the database and without trust in whoever wrote it, that an entry with exactly this content
/// stands in the chain of seals. Described in docs/proof.md for those who check it with a program of their own.
/// </summary>
/// <param name="Index">The entry's place among those of its day, from 0.</param>
/// <param name="Path">The hashes beside its way up to the day's root.</param>
/// <param name="Before">The chain value before the day's seal.</param>
/// <param name="Seals">The day's seal and every later one: the last chain value is the one to compare.</param>
public sealed record InclusionProof(
    string Format, SealedEntry Entry, long Index, IReadOnlyList<string> Path, string Before, IReadOnlyList<SealedDay> Seals)
{
    public const string FormatName = "borsellino-proof-1";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    internal static InclusionProof Of(SealedEntry entry, int index, IEnumerable<byte[]> path, byte[] before, IEnumerable<Seal> seals) => new(
        FormatName, entry, index, [.. path.Select(Convert.ToHexStringLower)], Convert.ToHexStringLower(before),
        [.. seals.Select(s => new SealedDay(
            LocalDatePattern.Iso.Format(s.Day), s.Entries, Convert.ToHexStringLower(s.Root), Convert.ToHexStringLower(s.Chain)))]);

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a proof; throws a <see cref="FormatException"/> that says what is wrong for anything else.</summary>
    public static InclusionProof Read(string json)
    {
        try
        {
            var proof = JsonSerializer.Deserialize<InclusionProof>(json, Json) ?? throw new FormatException("It is empty.");
            if (proof.Format != FormatName) throw new FormatException($"Its format is '{proof.Format}', not {FormatName}.");
            if (proof.Seals.Count == 0) throw new FormatException("It has no seal.");
            return proof;
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>
    /// Checks everything that the file alone can show, in order, up to the first step that fails. All steps hold: the entry
    /// stands in the chain that ends with the last value, which remains to be compared with the one made public.
    /// </summary>
    public IReadOnlyList<ProofStep> Check()
    {
        var steps = new List<ProofStep>();
        foreach (var (says, holds) in Steps())
        {
            steps.Add(new(says, holds()));
            if (!steps[^1].Holds) break;
        }

        return steps;
    }

    private IEnumerable<(string Says, Func<bool> Holds)> Steps()
    {
        var day = Seals[0];
        yield return ("the entry's debits and credits are equal", () => Entry.Postings.Sum(p => p.Debit) == Entry.Postings.Sum(p => p.Credit));
        yield return ($"the entry was recorded on {day.Day}, in Italy", () => IsRecordedOn(day.Day));
        yield return (
            FormattableString.Invariant($"its content leads to the root of that day, as number {Index + 1} of {day.Entries}"),
            () => MerkleTree.RootOf(Entry.Leaf(), Index, day.Entries, [.. Path.Select(Hash)]) is { } root && root.SequenceEqual(Hash(day.Root)));
        yield return ($"the seal of {day.Day} follows from the one before it", () => Follows(Before, day));
        for (var i = 1; i < Seals.Count; i++)
        {
            var (earlier, later) = (Seals[i - 1], Seals[i]);
            yield return ($"the seal of {later.Day} follows from that of {earlier.Day}", () => IsNextDay(earlier.Day, later.Day) && Follows(earlier.Chain, later));
        }
    }

    private bool IsRecordedOn(string day) => SealedEntry.Written.Parse(Entry.RecordedAt).TryGetValue(default, out var at)
        && LocalDatePattern.Iso.Format(at.InZone(ClockExtensions.Rome).Date) == day;

    private static bool IsNextDay(string day, string next) => LocalDatePattern.Iso.Parse(day).TryGetValue(default, out var first)
        && LocalDatePattern.Iso.Parse(next).TryGetValue(default, out var second) && first.PlusDays(1) == second;

    private bool Follows(string before, SealedDay seal) =>
        LocalDatePattern.Iso.Parse(seal.Day).TryGetValue(default, out var day)
        && SealChain.Next(Hash(before), new(Entry.Territory), day, seal.Entries, Hash(seal.Root)).SequenceEqual(Hash(seal.Chain));

    /// <summary>32 bytes; what is no hash becomes one that nothing leads to.</summary>
    private static byte[] Hash(string hex)
    {
        var hash = new byte[MerkleTree.HashLength];
        var parsed = hex.Length == 2 * hash.Length && Convert.FromHexString(hex, hash, out _, out _) is System.Buffers.OperationStatus.Done;
        return parsed ? hash : new byte[MerkleTree.HashLength];
    }
}

/// <summary>
/// An entry as it is sealed: the facts of its row and of its postings, which make one text and so one leaf. The same text
/// is made by the function <c>ledger.leaves</c>; texts are UTF-8, cents are whole numbers.
/// </summary>
/// <param name="RecordedAt">In UTC with six digits of a second: 2026-11-20T09:30:00.123456Z.</param>
/// <param name="Digest">SHA-256 of what the caller asked, in hexadecimal.</param>
public sealed record SealedEntry(
    int Territory, Guid Id, string Kind, string Reference, string EffectiveOn, string RecordedAt, string Actor, string Memo, Guid? Reverses,
    string Digest, IReadOnlyList<SealedPosting> Postings)
{
    internal static readonly InstantPattern Written = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.ffffff'Z'");

    internal LocalDate RecordedOn => Written.Parse(RecordedAt).Value.InZone(ClockExtensions.Rome).Date;

    /// <summary>
    /// A line of facts that have no blanks, with the lengths in bytes of the three that may; these three; a line for each
    /// posting.
    /// </summary>
    public string Text()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Territory} {Id} {Kind} {EffectiveOn} {RecordedAt} {Reverses?.ToString() ?? "-"} {Digest} ");
        text.Append(CultureInfo.InvariantCulture, $"{Bytes(Reference)} {Bytes(Actor)} {Bytes(Memo)}\n{Reference}{Actor}{Memo}\n");
        foreach (var p in Postings) text.Append(CultureInfo.InvariantCulture, $"{p.Line} {p.Account} {p.Debit} {p.Credit}\n");
        return text.ToString();
    }

    public byte[] Leaf() => MerkleTree.Leaf(Encoding.UTF8.GetBytes(Text()));

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    /// <summary>The entry as the book has it now; null if it has none with this id.</summary>
    internal static async Task<SealedEntry?> FindAsync(Transaction tx, Id<JournalEntry> id)
    {
        var row = await tx.FindAsync<Row>(
            """
            select kind, reference, effective_on, recorded_at, actor, memo, reverses, digest
            from ledger.journal_entry where territory_id = @territory and id = @id
            """, new { id });
        if (row is null) return null;
        var postings = await tx.ListAsync<SealedPosting>(
            "select line, account_id as account, debit, credit from ledger.posting where territory_id = @territory and entry_id = @id order by line",
            new { id });
        return new(
            tx.Territory.Value, id.Value, row.Kind, row.Reference, LocalDatePattern.Iso.Format(row.EffectiveOn), Written.Format(row.RecordedAt),
            row.Actor, row.Memo, row.Reverses?.Value, Convert.ToHexStringLower(row.Digest), postings);
    }

    private sealed record Row(
        string Kind, string Reference, LocalDate EffectiveOn, Instant RecordedAt, string Actor, string Memo, Id<JournalEntry>? Reverses, byte[] Digest);
}
