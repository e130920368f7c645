using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Somebody who gives a provider's services.</summary>
/// <param name="FirstName">All that families read, and only once what they booked is confirmed.</param>
/// <param name="ValidTo">The last day; null for until further notice.</param>
public sealed record StaffMember(
    Id<StaffMember> Id, Id<Provider> ProviderId, string FirstName, string LastName, LocalDate ValidFrom, LocalDate? ValidTo) : IIdentified
{
    public const int NameMax = 60;

    public static string Prefix => "staff";

    /// <summary>What this person gives.</summary>
    public IReadOnlyCollection<Id<Offer>> Offers { get; init; } = [];

    /// <summary>The week, those hours too that have ended.</summary>
    public IReadOnlyList<StaffHours> Hours { get; init; } = [];

    public IReadOnlyList<StaffAway> Away { get; init; } = [];

    public string Name => $"{FirstName} {LastName}";

    /// <summary>
    /// Whether this person is at work from one instant to another, whatever they are bound to: on a day of theirs, within their hours (one that
    /// begins when another ends goes on with it), and not away on any of it.
    /// </summary>
    public bool Works(Instant starts, Instant ends)
    {
        var day = starts.InZone(ClockExtensions.Rome).Date;
        if (day < ValidFrom || day > ValidTo) return false;
        if (Away.Any(a => a.FirstDay.StartOfDayInRome() < ends && starts < a.LastDay.EndOfDayInRome())) return false;
        var last = ends.InZone(ClockExtensions.Rome).Date;
        var at = starts;
        foreach (var (from, to) in Shifts(day.PlusDays(-1), last))
        {
            if (from > at) return false;
            if (to > at) at = to;
            if (at >= ends) return true;
        }

        return false;
    }

    /// <summary>When this person's hours begin and end, those that begin on these days, the first beginning first.</summary>
    private IEnumerable<(Instant From, Instant To)> Shifts(LocalDate first, LocalDate last) =>
        Enumerable.Range(0, Period.DaysBetween(first, last) + 1).Select(first.PlusDays)
            .SelectMany(day => Hours.Where(h => h.HoldsOn(day)).Select(h => h.On(day)))
            .OrderBy(s => s.From);
}

/// <summary>When somebody works: every week on one day, by Italy's clock.</summary>
/// <param name="Ends">On the next day, where it is no later than <paramref name="Starts"/>.</param>
/// <param name="ValidTo">The last day on which it begins; null for until further notice.</param>
public sealed record StaffHours(Id<StaffHours> Id, int Day, LocalTime Starts, LocalTime Ends, LocalDate ValidFrom, LocalDate? ValidTo) : IIdentified
{
    public static string Prefix => "shift";

    public IsoDayOfWeek Weekday => (IsoDayOfWeek)Day;

    public bool HoldsOn(LocalDate day) => day.DayOfWeek == Weekday && day >= ValidFrom && !(day > ValidTo);

    /// <summary>From when to when on a day: the wall clock decides, so that a night is an hour shorter or longer when the clocks change.</summary>
    public (Instant From, Instant To) On(LocalDate day) =>
        (At(day + Starts), At((Ends > Starts ? day : day.PlusDays(1)) + Ends));

    private static Instant At(LocalDateTime time) => time.InZoneLeniently(ClockExtensions.Rome).ToInstant();
}

/// <summary>Whole days on which somebody does not work.</summary>
public sealed record StaffAway(Id<StaffAway> Id, LocalDate FirstDay, LocalDate LastDay) : IIdentified
{
    public static string Prefix => "away";
}

/// <summary>A time that somebody is bound to.</summary>
/// <param name="TravelsUntil">When this person can be at another address at the earliest.</param>
/// <param name="Place">Where it is: two that say the same are at one address.</param>
public sealed record Duty(Id<Slot> Slot, Id<StaffMember> Staff, Instant StartsAt, Instant EndsAt, Instant TravelsUntil, string Place);

/// <summary>A time that needs somebody.</summary>
public sealed record StaffTime(Id<Slot> Slot, Id<Offer> Offer, Instant StartsAt, Instant EndsAt, string Place);

/// <summary>At that hour nobody of the provider is free.</summary>
public sealed record SlotNobodyFree(Id<Slot> Slot) : Refusal("slot_nobody_free");

public sealed record StaffNotFound(Id<StaffMember> Staff) : Refusal("staff_not_found");

/// <summary>This person is away, does not give it, or is somewhere else at that hour.</summary>
public sealed record StaffNotFree(Id<StaffMember> Staff) : Refusal("staff_not_free");

/// <summary>What is missing, too long, outside its range, or a day of the past.</summary>
public sealed record StaffWrong(string Field) : FieldRefusal("staff_wrong", Field);

/// <summary>A provider has so many people, and one of them so many hours and times away, at most.</summary>
public sealed record TooManyStaff(int Max) : Refusal("too_many_staff");
