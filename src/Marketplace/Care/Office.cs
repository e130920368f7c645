using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Where a household can come in person.</summary>
public sealed record Office(Id<Office> Id, string Name, string Address) : IIdentified
{
    public static string Prefix => "office";
}

/// <summary>When an office receives: every week on one day, between two times of Italy's clock.</summary>
/// <param name="Minutes">How long each may stay, 10 to 120.</param>
/// <param name="Desks">How many are received at a time, 1 to 20.</param>
/// <param name="ValidTo">The last day on which it holds; null for until further notice.</param>
public sealed record OfficeHours(
    Id<OfficeHours> Id, Id<Office> OfficeId, int Day, LocalTime Opens, LocalTime Closes, int Minutes, int Desks, LocalDate ValidFrom, LocalDate? ValidTo)
    : IIdentified
{
    public static string Prefix => "hours";

    public IsoDayOfWeek Weekday => (IsoDayOfWeek)Day;

    public bool HoldOn(LocalDate day) => day.DayOfWeek == Weekday && ValidFrom <= day && (ValidTo is null || day <= ValidTo);
}

/// <summary>What somebody comes for.</summary>
public enum AppointmentTopic
{
    /// <summary>The money of the purse.</summary>
    Purse,

    /// <summary>A booking, or help with making one.</summary>
    Booking,

    /// <summary>Asking for a benefit.</summary>
    Benefit,

    /// <summary>A group with other families.</summary>
    Group,

    Other,
}

/// <summary>A household's appointment at an office.</summary>
/// <param name="About">What stood on the page from which help was sought, in words; empty for nothing.</param>
/// <param name="CancelNote">What the office said when it called it off; empty where the household did; null while it stands.</param>
public sealed record OfficeAppointment(
    Id<OfficeAppointment> Id, Id<Household> HouseholdId, int HouseholdNumber, string BookedBy, Id<Office> OfficeId, string Office, string Address,
    Instant StartsAt, Instant EndsAt, AppointmentTopic Topic, string Reason, string About, string Phone, Instant BookedAt, Instant? CancelledAt,
    string? CancelNote) : IIdentified
{
    public static string Prefix => "appointment";

    public bool IsOn => CancelledAt is null;
}

/// <summary>What a household is about to book. The id is made with the form, so that sending it twice books once.</summary>
/// <param name="Phone">5 to 15 digits: the office calls when it cannot keep it.</param>
/// <param name="Reason">At most <see cref="OfficeAppointments.ReasonMax"/> characters.</param>
public sealed record NewOfficeAppointment(
    Id<OfficeAppointment> Id, Id<Office> Office, Instant StartsAt, AppointmentTopic Topic, string Reason, string About, string Phone);

public sealed record OfficeNotFound(Id<Office> Id) : Refusal("office_not_found");

/// <summary>The office does not receive then, or somebody else was faster.</summary>
public sealed record OfficeTimeGone(Instant StartsAt) : Refusal("office_time_gone");

/// <summary>A household has as many appointments to come as it can have.</summary>
public sealed record TooManyAppointments(int Max) : Refusal("too_many_appointments");

/// <summary>A household cannot be at two desks at a time.</summary>
public sealed record AppointmentAtThatTime(Instant StartsAt) : Refusal("appointment_at_that_time");

public sealed record AppointmentIdReused(Id<OfficeAppointment> Id) : Refusal("appointment_id_reused");

public sealed record AppointmentNotFound(Id<OfficeAppointment> Id) : Refusal("appointment_not_found");

/// <summary>It has begun: nobody calls it off any more.</summary>
public sealed record AppointmentBegun(Id<OfficeAppointment> Id, Instant StartsAt) : Refusal("appointment_begun");

/// <summary>An office of the territory has this name.</summary>
public sealed record OfficeNameTaken(string Name) : FieldRefusal("office_name_taken", "name");

/// <summary>The times leave no room for one appointment, or a number is outside its range.</summary>
public sealed record OfficeHoursWrong(string Field) : FieldRefusal("office_hours_wrong", Field);

/// <summary>The office receives at some of these times already.</summary>
public sealed record OfficeHoursOverlap(LocalTime Opens, LocalTime Closes) : FieldRefusal("office_hours_overlap", "opens");

public sealed record OfficeHoursNotFound(Id<OfficeHours> Id) : Refusal("office_hours_not_found");

/// <summary>Families come on that day, or after it: they are to be told before the office closes.</summary>
public sealed record FamiliesExpected(LocalDate Day, int Count) : FieldRefusal("families_expected", "day");
