using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A time at which somebody can come, and the desk that is free for it.</summary>
public sealed record OfficeTime(Instant StartsAt, Instant EndsAt, int Desk);

/// <summary>A desk that is taken from one instant to another, the last not included.</summary>
public sealed record TakenDesk(Instant StartsAt, Instant EndsAt, int Desk);

/// <summary>Which times of a day are free at an office: a function of its hours, its closings and who comes already, and of nothing else.</summary>
public static class OfficeTimes
{
    /// <summary>The free times of a day in Italy after <paramref name="from"/>, each once, in order, with its first free desk.</summary>
    /// <param name="hours">The hours of one office; those that do not hold on the day are passed over.</param>
    /// <param name="taken">Desks that are taken on the day. One who was promised a time keeps it though the hours have changed since.</param>
    public static IReadOnlyList<OfficeTime> Free(IEnumerable<OfficeHours> hours, LocalDate day, IReadOnlyCollection<TakenDesk> taken, Instant from)
    {
        var free = new List<OfficeTime>();
        foreach (var open in hours.Where(h => h.HoldOn(day)).OrderBy(h => h.Opens))
        {
            var (opens, closes) = (At(day, open.Opens), At(day, open.Closes));
            for (var start = opens; start + Duration.FromMinutes(open.Minutes) <= closes; start += Duration.FromMinutes(open.Minutes))
            {
                var end = start + Duration.FromMinutes(open.Minutes);
                if (start < from) continue;
                var desk = Enumerable.Range(1, open.Desks).FirstOrDefault(d => !taken.Any(t => t.Desk == d && t.StartsAt < end && start < t.EndsAt));
                if (desk > 0) free.Add(new(start, end, desk));
            }
        }

        return free;
    }

    // No office opens in the hour that is skipped in March or comes twice in October; were one to, the first instant after it counts.
    private static Instant At(LocalDate day, LocalTime time) => day.At(time).InZoneLeniently(ClockExtensions.Rome).ToInstant();
}
