using NodaTime;

namespace Borsellino.Ledger;

/// <summary>What time it is. The one clock of the house, so that a test or a demo can live a year in a second.</summary>
public interface IClock
{
    /// <summary>The present instant, cut to microseconds as PostgreSQL stores it.</summary>
    Instant Now { get; }
}

public sealed class SystemClock : IClock
{
    public Instant Now => ClockExtensions.ToMicroseconds(NodaTime.SystemClock.Instance.GetCurrentInstant());
}

/// <summary>A clock that stands still until it is moved. For tests, the demo town and replays.</summary>
public sealed class HandClock(Instant start) : IClock
{
    private long ticks = start.ToUnixTimeTicks();

    public Instant Now => ClockExtensions.ToMicroseconds(Instant.FromUnixTimeTicks(Interlocked.Read(ref ticks)));

    public void Advance(Duration by) => Interlocked.Add(ref ticks, by.BclCompatibleTicks);

    /// <summary>Moves to an instant that is not earlier than now; throws otherwise, because time does not go back.</summary>
    public void MoveTo(Instant instant)
    {
        if (instant < Now) throw new ArgumentOutOfRangeException(nameof(instant), instant, "Time does not go back.");
        Interlocked.Exchange(ref ticks, instant.ToUnixTimeTicks());
    }
}

public static class ClockExtensions
{
    /// <summary>The civil time zone of every page, deadline and effective date.</summary>
    public static readonly DateTimeZone Rome = DateTimeZoneProviders.Tzdb["Europe/Rome"];

    /// <summary>Today's date in Italy.</summary>
    public static LocalDate Today(this IClock clock) => clock.Now.InZone(Rome).Date;

    /// <summary>The first instant after the day ends in Italy: a limit "until this day" ends here, not included.</summary>
    public static Instant EndOfDayInRome(this LocalDate day) => Rome.AtStartOfDay(day.PlusDays(1)).ToInstant();

    /// <summary>The first instant of the day in Italy.</summary>
    public static Instant StartOfDayInRome(this LocalDate day) => Rome.AtStartOfDay(day).ToInstant();

    internal static Instant ToMicroseconds(Instant instant)
    {
        var ticks = instant.ToUnixTimeTicks();
        return Instant.FromUnixTimeTicks(ticks - (((ticks % 10) + 10) % 10));
    }
}
