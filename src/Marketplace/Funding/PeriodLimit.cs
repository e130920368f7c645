using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>How long a limit counts before it begins anew, by Italy's calendar. Weeks begin on Monday, as ISO 8601 has them.</summary>
public enum LimitPeriod
{
    Week,
    Month,
    Year,
}

/// <summary>At most so much of a programme for one household in a period, as long as the limit holds.</summary>
/// <param name="ClassCode">Only services of this class and those below it count; null for all.</param>
/// <param name="Max">Cents at most; null for no limit. Minutes: of services that the programme pays at all, each counted whole.</param>
/// <param name="ValidTo">The last day whose services count; null for no end.</param>
public sealed record PeriodLimit(
    Id<PeriodLimit> Id, LimitPeriod Period, string? ClassCode, Money? Max, int? MinutesMax, LocalDate ValidFrom, LocalDate? ValidTo) : IIdentified
{
    private const int MinutesInYear = 366 * 24 * 60;

    public static string Prefix => "limit";

    /// <summary>The class it is about, with all below it; null for every class.</summary>
    public IReadOnlySet<string>? Classes { get; init; }

    /// <summary>How that class is called; null for every class.</summary>
    public Words? ClassName { get; init; }

    /// <summary>Whether a service of this class on this day counts.</summary>
    public bool Counts(string classCode, LocalDate day) =>
        day >= ValidFrom && !(day > ValidTo) && (ClassCode is null || Classes?.Contains(classCode) is true || classCode == ClassCode);

    /// <summary>The first and the last day of the period that a day falls in, whether or not the limit holds on all of them.</summary>
    public (LocalDate From, LocalDate To) PeriodOf(LocalDate day) => Period switch
    {
        LimitPeriod.Week => (FirstOfWeek(day), FirstOfWeek(day).PlusDays(6)),
        LimitPeriod.Month => (day.With(DateAdjusters.StartOfMonth), day.With(DateAdjusters.EndOfMonth)),
        LimitPeriod.Year => (new(day.Year, 1, 1), new(day.Year, 12, 31)),
    };

    /// <summary>What is wrong with it that can be seen without the books, or null.</summary>
    public FieldRefusal? Refuse()
    {
        if (Max is null && MinutesMax is null) return new LimitOfNothing();
        if (Max is { IsPositive: false }) return new AmountNotPositive("limits");
        if (MinutesMax is < 1 or > MinutesInYear) return new LimitMinutesOutside(1, MinutesInYear);
        return ValidTo < ValidFrom ? new RuleDaysReversed(ValidFrom, ValidTo.Value) : null;
    }

    internal static LocalDate FirstOfWeek(LocalDate day) => day.With(DateAdjusters.PreviousOrSame(IsoDayOfWeek.Monday));
}

/// <summary>How far a limit is used up in the period that a purchase falls in, without that purchase.</summary>
/// <param name="From">The first day of the period; <paramref name="To"/> the last.</param>
public sealed record PeriodUse(PeriodLimit Limit, LocalDate From, LocalDate To, Money Used, int MinutesUsed)
{
    /// <summary>What the limit leaves to be paid; null for one that counts no money.</summary>
    public Money? Left => Limit.Max - Used;

    /// <summary>Whether so many minutes more would be too many.</summary>
    public bool IsTooLong(int minutes) => MinutesUsed + minutes > Limit.MinutesMax;
}
