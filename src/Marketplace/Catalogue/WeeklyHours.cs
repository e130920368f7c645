using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A time that comes back every week: on this day, at this hour of the wall clock in Italy, for so many minutes.</summary>
public sealed record WeeklyHours(IsoDayOfWeek Day, LocalTime From, int Minutes, short Capacity = 1);

/// <summary>A week's hours, from which slots are made.</summary>
public static class WeeklyPattern
{
    /// <summary>
    /// The slots of a week's hours from the first to the last day, both included, soonest first. The wall clock
    /// decides: nine o'clock stays nine o'clock when summer time begins or ends, and a service takes its full minutes
    /// even across the change. An hour that the clocks skip in spring begins when they have been put forward by as
    /// much; one that comes twice in autumn is had the first time.
    /// </summary>
    /// <remarks>Ids follow from offer and start, so that running a pattern again makes the same slots.</remarks>
    public static IReadOnlyList<NewSlot> Slots(
        Id<Offer> offer, IReadOnlyList<WeeklyHours> hours, LocalDate firstDay, LocalDate lastDay)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Period.DaysBetween(firstDay, lastDay), 366);
        var slots = new List<NewSlot>();
        for (var day = firstDay; day <= lastDay; day = day.PlusDays(1))
        {
            foreach (var at in hours.Where(h => h.Day == day.DayOfWeek).OrderBy(h => h.From))
            {
                var starts = (day + at.From).InZoneLeniently(ClockExtensions.Rome).ToInstant();
                slots.Add(new(Id<Slot>.From("slot", offer, starts), starts, starts + Duration.FromMinutes(at.Minutes), at.Capacity));
            }
        }

        return slots;
    }
}
