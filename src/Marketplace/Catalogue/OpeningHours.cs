using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>When an offer can be had: every week on one day, at an hour of Italy's clock.</summary>
/// <param name="Minutes">How long it takes: the offer's own minutes when the hours were added.</param>
/// <param name="Capacity">How many at a time, 1 to 500.</param>
/// <param name="ValidTo">The last day on which it holds; null for until further notice.</param>
public sealed record OpeningHours(
    Id<OpeningHours> Id, Id<Offer> OfferId, int Day, LocalTime Starts, int Minutes, int Capacity, LocalDate ValidFrom, LocalDate? ValidTo) : IIdentified
{
    private const int DayMinutes = 24 * 60, WeekMinutes = 7 * DayMinutes;

    public static string Prefix => "open";

    public IsoDayOfWeek Weekday => (IsoDayOfWeek)Day;

    /// <summary>When it ends by the clock, perhaps on the next day.</summary>
    public LocalTime Ends => Starts.PlusMinutes(Minutes);

    /// <summary>Whether both take place at once in some week in which both hold, also across midnight and from Sunday to Monday.</summary>
    public bool Meets(OpeningHours other)
    {
        if ((ValidTo is { } end && end < other.ValidFrom) || (other.ValidTo is { } otherEnd && otherEnd < ValidFrom)) return false;
        var (mine, its) = (MinuteOfWeek, other.MinuteOfWeek);
        return Overlap(its) || Overlap(its - WeekMinutes) || Overlap(its + WeekMinutes);

        bool Overlap(int at) => mine < at + other.Minutes && at < mine + Minutes;
    }

    private int MinuteOfWeek => ((Day - 1) * DayMinutes) + (Starts.Hour * 60) + Starts.Minute;
}

/// <summary>What stopping did: times taken back, and booked ones that stay.</summary>
public sealed record Stopped(int Withdrawn, int Booked);

/// <summary>A day on which a provider is closed.</summary>
public sealed record ProviderClosing(LocalDate Day, int Booked);

/// <summary>A time of an offer as its provider sees it.</summary>
public sealed record OfferTime(Id<Slot> Id, Instant StartsAt, Instant EndsAt, int Capacity, int Taken, bool IsShared);

public sealed record OpeningHoursNotFound(Id<OpeningHours> Id) : Refusal("opening_hours_not_found");

/// <summary>A number is outside its range, or the day is past.</summary>
public sealed record OpeningHoursWrong(string Field) : FieldRefusal("opening_hours_wrong", Field);

/// <summary>The offer is had at some of these minutes already.</summary>
public sealed record OpeningHoursMeet(IsoDayOfWeek Day, LocalTime Starts, LocalTime Ends) : FieldRefusal("opening_hours_meet", "starts");

/// <summary>An offer has so many hours at most.</summary>
public sealed record TooManyOpeningHours(int Max) : Refusal("too_many_opening_hours");
