using NodaTime;

namespace Borsellino.Web.Shared;

/// <summary>From a page of a day to the same page of the day before, of the day after, and of today.</summary>
/// <param name="Address">The page's own below the territory's, which shows today when no day is named.</param>
public sealed record DayWalk(string Address, LocalDate Day, LocalDate Today);
