using System.Security.Cryptography;
using System.Text;

namespace Borsellino.Web.Demo;

/// <summary>
/// Chance that repeats itself: the same seed throws the same numbers for ever, on every machine and every version of
/// .NET. SplitMix64 (Steele, Lea, Flood 2014). For inventing a town, never for anything that must not be guessed.
/// </summary>
public sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>Dice that follow from words alone, such as a place and a day.</summary>
    public static Dice Of(params ReadOnlySpan<object> words)
    {
        var text = new StringBuilder();
        foreach (var word in words) text.Append(word).Append('\n');
        return new(BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))));
    }

    /// <summary>A whole number from 0 up to, and not including, the limit.</summary>
    public int Below(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        // The high half of a product: as even as 64 bits allow, without a loop.
        return (int)Math.BigMul(Next(), (ulong)limit, out _);
    }

    /// <summary>A whole number between two, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True so many times in a thousand.</summary>
    public bool Chance(int inThousand) => Below(1000) < inThousand;

    public T Pick<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    private ulong Next()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}

/// <summary>Things that come up as often as their weight says.</summary>
public sealed class Weighted<T>
{
    private readonly T[] things;
    private readonly int[] upTo;

    public Weighted(IEnumerable<KeyValuePair<T, int>> weights)
    {
        var list = weights.ToList();
        ArgumentOutOfRangeException.ThrowIfZero(list.Count);
        things = [.. list.Select(w => w.Key)];
        upTo = new int[list.Count];
        var sum = 0;
        for (var i = 0; i < list.Count; i++) upTo[i] = sum += list[i].Value;
    }

    public T Pick(Dice dice)
    {
        var at = Array.BinarySearch(upTo, dice.Below(upTo[^1]) + 1);
        return things[at >= 0 ? at : ~at];
    }
}
