using System.Text;
using Borsellino.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// The tree of RFC 6962: its published roots, and for lists of any length that every leaf is proven and nothing else is.
/// </summary>
public sealed class MerkleTreeTests
{
    /// <summary>The inputs and roots of the tests of Certificate Transparency, whose tree this is.</summary>
    private static readonly string[] Inputs =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void The_published_roots_come_out()
    {
        for (var count = 0; count <= Inputs.Length; count++)
        {
            var leaves = Inputs[..count].Select(i => MerkleTree.Leaf(Convert.FromHexString(i))).ToArray();
            Assert.Equal(Roots[count], Convert.ToHexStringLower(MerkleTree.Root(leaves)));
        }
    }

    [Fact]
    public void Every_leaf_of_every_list_is_proven_at_its_place_and_at_no_other()
    {
        for (var count = 1; count <= 70; count++)
        {
            var leaves = Leaves(count);
            var root = MerkleTree.Root(leaves);
            for (var i = 0; i < count; i++)
            {
                var path = MerkleTree.Path(leaves, i).ToArray();
                Assert.Equal(root, MerkleTree.RootOf(leaves[i], i, count, path));
                for (var other = 0; other < count; other++)
                {
                    if (other != i) Assert.NotEqual(root, MerkleTree.RootOf(leaves[i], other, count, path));
                }
            }
        }
    }

    /// <summary>Goal: no content but the leaf's own, and no path but the right one, leads to the root. Lists to 300 leaves.</summary>
    [Fact]
    public void Any_change_of_content_or_path_leads_elsewhere() =>
        Prop.ForAll(
            (from count in Gen.Choose(1, 300)
             from index in Gen.Choose(0, count - 1)
             from bit in Gen.Choose(0, 255)
             from step in Gen.Choose(0, 20)
             select (count, index, bit, step)).ToArbitrary(),
            drawn =>
            {
                var (count, index, bit, step) = drawn;
                var leaves = Leaves(count);
                var root = MerkleTree.Root(leaves);
                var path = MerkleTree.Path(leaves, index).ToArray();
                Assert.Equal(root, MerkleTree.RootOf(leaves[index], index, count, path));
                Assert.NotEqual(root, MerkleTree.RootOf(Flipped(leaves[index], bit), index, count, path));
                Assert.Null(MerkleTree.RootOf(leaves[index], index, count, [.. path, leaves[0]]));
                if (path.Length == 0) return;

                Assert.Null(MerkleTree.RootOf(leaves[index], index, count, path.AsSpan(1)));
                step %= path.Length;
                path[step] = Flipped(path[step], bit);
                Assert.NotEqual(root, MerkleTree.RootOf(leaves[index], index, count, path));
                // The list itself, changed in one leaf or cut by one, has another root.
                leaves[index] = Flipped(leaves[index], bit);
                Assert.NotEqual(root, MerkleTree.Root(leaves));
                Assert.NotEqual(root, MerkleTree.Root(Leaves(count - 1)));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_place_outside_the_list_has_no_proof()
    {
        var leaves = Leaves(5);
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.Path(leaves, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.Path(leaves, -1));
        Assert.Null(MerkleTree.RootOf(leaves[0], 5, 5, []));
        Assert.Null(MerkleTree.RootOf(leaves[0], -1, 5, []));
        Assert.Null(MerkleTree.RootOf(leaves[0], 0, 0, []));
    }

    private static byte[][] Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => MerkleTree.Leaf(Encoding.UTF8.GetBytes($"entry {i}")))];

    private static byte[] Flipped(byte[] hash, int bit)
    {
        var changed = hash.ToArray();
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        return changed;
    }
}
