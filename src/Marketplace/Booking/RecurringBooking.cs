using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>The most a household agrees to for each date of a recurring booking, in cents.</summary>
/// <param name="Price">Of the dearest date.</param>
/// <param name="Own">What it pays itself of the price.</param>
/// <param name="Fee">What cancelling after the limit, or not being there, costs.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecurringTerms(Money Price, Money Own, Money Fee) : IParsable<RecurringTerms>
{
    /// <summary>As it travels in a form: "1900;0;450".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Price.Cents};{Own.Cents};{Fee.Cents}");

    public static RecurringTerms Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var terms) ? terms : throw new FormatException($"Not the terms of a recurring booking: {s}");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RecurringTerms result)
    {
        result = default;
        if (s is null || s.Split(';') is not [var price, var own, var fee]) return false;
        if (!Cents(price, out var p) || !Cents(own, out var o) || !Cents(fee, out var f)) return false;
        result = new(p, o, f);
        return true;

        static bool Cents(string text, out Money money)
        {
            var known = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cents);
            money = new(cents);
            return known;
        }
    }
}

/// <summary>The same service at the same hour of every week.</summary>
/// <param name="Starts">In Italy.</param>
/// <param name="Times">How many weeks one after the other, from <see cref="TimesMin"/> to <see cref="TimesMax"/>.</param>
public sealed record RecurringBooking(
    Id<RecurringBooking> Id, Id<Household> HouseholdId, Id<Person> PersonId, Id<Offer> OfferId, LocalDate FirstDay, LocalTime Starts, int Times,
    RecurringTerms Terms, Id<User> AskedBy, Instant? EndedAt) : IIdentified
{
    public const int TimesMin = 2, TimesMax = 12;

    public static string Prefix => "recurring";

    /// <summary>The days of a recurring booking.</summary>
    public static IEnumerable<LocalDate> DaysFrom(LocalDate first, int times) => Enumerable.Range(0, times).Select(first.PlusWeeks);

    /// <summary>When the date of a day begins: an hour that the clocks skip is the one after, of one that comes twice the first.</summary>
    public static Instant At(LocalDate day, LocalTime starts) => (day + starts).InZoneLeniently(ClockExtensions.Rome).ToInstant();
}

/// <summary>What a household asks for. The id is made with the form, so that sending it twice does it once.</summary>
/// <param name="Slot">The first date.</param>
/// <param name="Without">Days that it leaves out from the start.</param>
/// <param name="Agreed">What it saw; no date is booked for more.</param>
public sealed record RecurringRequest(
    Id<RecurringBooking> Id, Id<Slot> Slot, Id<Person> Person, int Times, IReadOnlyCollection<LocalDate> Without, RecurringTerms Agreed);

/// <summary>What can be said of a date before it is booked.</summary>
public enum DateOutlook
{
    Free,

    /// <summary>The provider opens it later: it is asked for when its time comes.</summary>
    NotOpenYet,

    /// <summary>All places are taken, or a group shares it.</summary>
    Full,

    /// <summary>The provider has no such time on that day.</summary>
    NoTime,
}

/// <summary>One date before anything is booked.</summary>
/// <param name="Coverage">Who would pay it, after the dates before it; null where it cannot be had.</param>
public sealed record DateAhead(LocalDate Day, Instant StartsAt, DateOutlook Outlook, Coverage? Coverage)
{
    public bool IsPaid => Coverage is { IsPossible: true };
}

/// <summary>All that a household reads before it books every week. Nothing is held by looking.</summary>
/// <param name="First">The first date as a booking of its own would be.</param>
/// <param name="Terms">What it would agree to for each date.</param>
public sealed record RecurringPreview(BookingPreview First, IReadOnlyList<DateAhead> Dates, RecurringTerms Terms)
{
    /// <summary>The first date that the money of today does not pay; null when it pays all that can be had.</summary>
    public DateAhead? EndsAt => Dates.FirstOrDefault(d => d is { Coverage: not null, IsPaid: false });

    /// <summary>For how many dates, in order, the money of today would do.</summary>
    public int EnoughFor => Dates.TakeWhile(d => d != EndsAt).Count(d => d.IsPaid);
}

/// <summary>What became of one date.</summary>
public enum RecurringOutcome
{
    Booked,
    Skipped,
    Missed,
}

/// <summary>The household books this service at this hour every week already.</summary>
public sealed record AlreadyRecurring(Id<RecurringBooking> Earlier) : Refusal("already_recurring");

public sealed record RecurringNotFound(Id<RecurringBooking> Recurring) : Refusal("recurring_not_found");

public sealed record RecurringIdReused(Id<RecurringBooking> Recurring) : Refusal("recurring_id_reused");

public sealed record RecurringTimesOutside(int Min, int Max) : FieldRefusal("recurring_times_outside", "times");

/// <summary>All its dates are left out: nothing would be booked.</summary>
public sealed record NothingRecurring() : FieldRefusal("nothing_recurring", "without");

/// <summary>It is none of the dates, or its time is over.</summary>
public sealed record DateNotFound(LocalDate Day) : Refusal("date_not_found");

/// <summary>The date is booked: it is cancelled as every booking is.</summary>
public sealed record DateBooked(Id<Booking> Booking) : Refusal("date_booked");

/// <summary>The provider has no such time on that day.</summary>
public sealed record TimeNotOpen(LocalDate Day) : Refusal("time_not_open");
