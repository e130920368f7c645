using NodaTime;

namespace Borsellino.Ledger;

public enum PeriodEventKind
{
    Closed,
    ReopenAsked,
    Reopened,
}

/// <summary>Something that happened to the periods of a book.</summary>
/// <param name="Position">1, 2, 3 … in the order in which they happened.</param>
/// <param name="Through">The last day that is closed after it, or would be after what is asked.</param>
/// <param name="Actor">Who did it: a pseudonymous user id.</param>
/// <param name="Reason">Why a period should be opened again; empty for the other kinds.</param>
public sealed record PeriodEvent(
    int Position, Id<PeriodEvent> Id, PeriodEventKind Kind, LocalDate Through, string Actor, string Reason, Instant RecordedAt) : IIdentified
{
    public static string Prefix => "period";
}

/// <summary>No period is closed on the day that should be opened again.</summary>
public sealed record PeriodNotClosed(LocalDate From, LocalDate? ClosedThrough) : Refusal("period_not_closed");

/// <summary>Nobody has asked with this id to open a period again.</summary>
public sealed record ReopenNotFound(Id<PeriodEvent> Asked) : Refusal("reopen_not_found");

/// <summary>Since it was asked the periods have moved, or something else was asked: it must be asked again.</summary>
public sealed record ReopenOutdated(Id<PeriodEvent> Asked) : Refusal("reopen_outdated");

/// <summary>Who asks to open a period again does not also do it.</summary>
public sealed record ReopenNeedsAnother(Id<PeriodEvent> Asked) : Refusal("reopen_needs_another");

/// <summary>The request with this id was recorded with another content.</summary>
public sealed record PeriodEventIdReused(Id<PeriodEvent> Event) : Refusal("period_event_id_reused");
