using System.Security.Cryptography;

namespace Borsellino.Ledger;

/// <summary>
/// The Merkle tree of RFC 6962 §2.1 over SHA-256: one hash that stands for a list, and a path of a few hashes that shows
/// that something is in it at its place. A tree of n leaves is split at the largest power of two below n.
/// </summary>
public static class MerkleTree
{
    /// <summary>The bytes of a hash.</summary>
    public const int HashLength = 32;

    /// <summary>The root of no leaves: the hash of nothing.</summary>
    public static byte[] EmptyRoot => SHA256.HashData([]);

    /// <summary>SHA-256(0x00 ‖ data).</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> data)
    {
        var input = new byte[1 + data.Length];
        data.CopyTo(input.AsSpan(1));
        return SHA256.HashData(input);
    }

    /// <summary>SHA-256(0x01 ‖ left ‖ right).</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != HashLength || right.Length != HashLength) throw new ArgumentException("A node has two hashes of 32 bytes.", nameof(left));
        Span<byte> input = stackalloc byte[1 + (2 * HashLength)];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + HashLength)..]);
        return SHA256.HashData(input);
    }

    /// <summary>The root of a list of leaf hashes.</summary>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        var fold = new MerkleFold();
        foreach (var leaf in leaves) fold.Add(leaf);
        return fold.Root();
    }

    /// <summary>The hashes beside the way from a leaf up to the root, the lowest first. Throws for a place outside the list.</summary>
    public static IReadOnlyList<byte[]> Path(ReadOnlySpan<byte[]> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        if (leaves.Length == 1) return [];
        var split = Split(leaves.Length);
        return index < split
            ? [.. Path(leaves[..split], index), Root(leaves[split..])]
            : [.. Path(leaves[split..], index - split), Root(leaves[..split])];
    }

    /// <summary>
    /// The root that a leaf at this place of a list of <paramref name="count"/> leads to by its path; null if the path is
    /// not as long as that place asks.
    /// </summary>
    public static byte[]? RootOf(byte[] leaf, long index, long count, ReadOnlySpan<byte[]> path)
    {
        if (index < 0 || index >= count) return null;
        if (count == 1) return path.Length == 0 ? leaf : null;
        if (path.Length == 0) return null;
        var split = Split(count);
        var beside = path[^1];
        var rest = path[..^1];
        return index < split
            ? RootOf(leaf, index, split, rest) is { } left ? Node(left, beside) : null
            : RootOf(leaf, index - split, count - split, rest) is { } right ? Node(beside, right) : null;
    }

    private static int Split(int count) => (int)Split((long)count);

    /// <summary>The largest power of two that is smaller.</summary>
    private static long Split(long count) => 1L << (63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(count - 1)));
}

/// <summary>
/// Takes leaf hashes one by one and knows their root at any moment. It keeps only the roots of the full subtrees so far:
/// one for each bit of the count.
/// </summary>
public sealed class MerkleFold
{
    private readonly List<byte[]> full = [];

    public long Count { get; private set; }

    public void Add(byte[] leaf)
    {
        var hash = leaf;
        // As many full subtrees of the same size stand to the left as the count has ones at its end.
        for (var rest = Count; (rest & 1) == 1; rest >>= 1)
        {
            hash = MerkleTree.Node(full[^1], hash);
            full.RemoveAt(full.Count - 1);
        }

        full.Add(hash);
        Count++;
    }

    public byte[] Root()
    {
        if (full.Count == 0) return MerkleTree.EmptyRoot;
        var root = full[^1];
        for (var i = full.Count - 2; i >= 0; i--) root = MerkleTree.Node(full[i], root);
        return root;
    }
}
