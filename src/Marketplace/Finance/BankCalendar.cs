using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// The days on which banks of the euro area settle (TARGET). The holidays are rows, each with the days from and to
/// which it is kept: a new one needs no new program.
/// </summary>
public sealed class BankCalendar
{
    private readonly IReadOnlyList<Holiday> holidays;

    private BankCalendar(IReadOnlyList<Holiday> holidays) => this.holidays = holidays;

    private const string Select = "select valid_from, valid_to, month, day, easter_offset from marketplace.bank_holiday";

    public static async Task<BankCalendar> ReadAsync(Database db, CancellationToken cancel = default) =>
        new(await db.ListSharedAsync<Holiday>(Select, cancel: cancel));

    internal static async Task<BankCalendar> ReadAsync(Transaction tx) => new(await tx.ListAsync<Holiday>(Select));

    public bool IsOpen(LocalDate day) =>
        day.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday) && !holidays.Any(h => h.Is(day));

    /// <summary>The day itself if banks settle on it, otherwise the first later one on which they do.</summary>
    public LocalDate OpenFrom(LocalDate day)
    {
        while (!IsOpen(day)) day = day.PlusDays(1);
        return day;
    }

    /// <summary>Easter Sunday of a year in the Gregorian calendar (Meeus, Jones and Butcher's rule).</summary>
    public static LocalDate Easter(int year)
    {
        var (century, yearOfCentury) = Math.DivRem(year, 100);
        var cycle = year % 19;
        var (leapCenturies, centuryRest) = Math.DivRem(century, 4);
        var correction = (century - ((century + 8) / 25) + 1) / 3;
        var epact = ((19 * cycle) + century - leapCenturies - correction + 15) % 30;
        var (leaps, yearRest) = Math.DivRem(yearOfCentury, 4);
        var weekday = (32 + (2 * centuryRest) + (2 * leaps) - epact - yearRest) % 7;
        var late = (cycle + (11 * epact) + (22 * weekday)) / 451;
        var (month, day) = Math.DivRem(epact + weekday - (7 * late) + 114, 31);
        return new(year, month, day + 1);
    }

    private sealed record Holiday(LocalDate ValidFrom, LocalDate? ValidTo, short? Month, short? Day, short? EasterOffset)
    {
        public bool Is(LocalDate day) =>
            day >= ValidFrom && !(day > ValidTo)
            && (EasterOffset is { } offset ? day == Easter(day.Year).PlusDays(offset) : day.Month == Month && day.Day == Day);
    }
}
