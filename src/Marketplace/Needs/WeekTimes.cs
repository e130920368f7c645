using System.Numerics;
using System.Runtime.CompilerServices;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Some of the half hours of a week, Monday at midnight being the first: the times at which a group may begin.</summary>
[InlineArray(Words)]
internal struct WeekTimes
{
    public const int HalfHours = 7 * 48;
    private const int Words = 6;

    private ulong first;

    /// <summary>The half hours at which something of this length may begin, so that it ends within one of the windows.</summary>
    public static WeekTimes StartsIn(IReadOnlyList<WeekWindow> windows, int minutes)
    {
        var times = default(WeekTimes);
        foreach (var window in windows)
        {
            var (from, to) = (MinuteOf(window.From), MinuteOf(window.To));
            for (var half = (from + 29) / 30; half * 30 + minutes <= to; half++) times.Add(((int)window.Day - 1) * 48 + half);
        }

        return times;
    }

    private static int MinuteOf(LocalTime time) => time.Hour * 60 + time.Minute;

    public readonly bool IsEmpty => Next(0) < 0;

    public readonly bool Has(int half) => (this[half >> 6] >> (half & 63) & 1) != 0;

    public void Add(int half) => this[half >> 6] |= 1UL << (half & 63);

    public readonly WeekTimes And(in WeekTimes other)
    {
        var both = default(WeekTimes);
        for (var i = 0; i < Words; i++) both[i] = this[i] & other[i];
        return both;
    }

    /// <summary>The first at or after this one; -1 where there is none.</summary>
    public readonly int Next(int half)
    {
        for (var i = half >> 6; i < Words; i++)
        {
            var word = i == half >> 6 ? this[i] & (ulong.MaxValue << (half & 63)) : this[i];
            if (word != 0) return (i << 6) + BitOperations.TrailingZeroCount(word);
        }

        return -1;
    }
}
