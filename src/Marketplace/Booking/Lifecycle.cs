namespace Borsellino.Marketplace;

/// <summary>What somebody does to a booking.</summary>
public enum BookingStep
{
    Confirm,
    Decline,
    Withdraw,

    /// <summary>The provider did not answer in time.</summary>
    Lapse,
    CancelByHousehold,
    CancelByProvider,

    /// <summary>The office calls it off, for one of the two or for both.</summary>
    CancelByOperator,

    /// <summary>Another booking of the same household takes the place of this one, at the price it agreed to.</summary>
    Replace,
    Deliver,
    ReportNoShow,
    Accept,
    Dispute,

    /// <summary>The provider agrees with the complaint: the money goes back.</summary>
    Reverse,

    /// <summary>The hold ended before anybody delivered or agreed: the money went back by itself.</summary>
    RunOut,
}

/// <summary>The life of a booking as one table: from a state, a step leads to one other state or does not apply.</summary>
public static class Lifecycle
{
    /// <summary>The state after a step, or null where the step does not apply.</summary>
    public static BookingStatus? After(BookingStatus status, BookingStep step) => (status, step) switch
    {
        (BookingStatus.Requested, BookingStep.Confirm) => BookingStatus.Confirmed,
        (BookingStatus.Requested, BookingStep.Decline) => BookingStatus.Declined,
        (BookingStatus.Requested, BookingStep.Withdraw) => BookingStatus.Withdrawn,
        (BookingStatus.Requested, BookingStep.CancelByOperator) => BookingStatus.CancelledByOperator,
        (BookingStatus.Requested, BookingStep.Lapse) => BookingStatus.Expired,
        (BookingStatus.Confirmed, BookingStep.CancelByHousehold) => BookingStatus.CancelledByHousehold,
        (BookingStatus.Confirmed, BookingStep.CancelByProvider) => BookingStatus.CancelledByProvider,
        (BookingStatus.Confirmed, BookingStep.CancelByOperator) => BookingStatus.CancelledByOperator,
        (BookingStatus.Confirmed, BookingStep.Replace) => BookingStatus.Replaced,
        (BookingStatus.Confirmed, BookingStep.Deliver) => BookingStatus.Delivered,
        (BookingStatus.Confirmed, BookingStep.ReportNoShow) => BookingStatus.NoShow,
        (BookingStatus.Confirmed, BookingStep.RunOut) => BookingStatus.Expired,
        (BookingStatus.Delivered, BookingStep.Accept) => BookingStatus.Settled,
        (BookingStatus.Delivered, BookingStep.Dispute) => BookingStatus.Disputed,
        (BookingStatus.Disputed, BookingStep.Accept) => BookingStatus.Settled,
        (BookingStatus.Disputed, BookingStep.Reverse) => BookingStatus.Reversed,
        (BookingStatus.Disputed, BookingStep.RunOut) => BookingStatus.Reversed,
        _ => null,
    };

    /// <summary>Whether a step has led to this state, so that taking it again changes nothing.</summary>
    public static bool LeadsTo(BookingStep step, BookingStatus status) =>
        Enum.GetValues<BookingStatus>().Any(before => After(before, step) == status);

    /// <summary><see cref="HasPlace"/> of a booking <c>b</c>, in SQL.</summary>
    internal const string HasPlaceSql =
        "b.status not in ('Declined', 'Expired', 'Withdrawn', 'CancelledByHousehold', 'CancelledByProvider', 'CancelledByOperator', 'Replaced')";

    /// <summary>Whether a booking in this state has a place in its slot; one that has lost it leaves it to somebody else.</summary>
    public static bool HasPlace(BookingStatus status) => status is not (BookingStatus.Declined or BookingStatus.Expired or BookingStatus.Withdrawn
        or BookingStatus.CancelledByHousehold or BookingStatus.CancelledByProvider or BookingStatus.CancelledByOperator or BookingStatus.Replaced);
}
