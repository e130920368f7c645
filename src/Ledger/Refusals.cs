using NodaTime;

namespace Borsellino.Ledger;

public sealed record AccountNotFound(Id<Account> Account) : Refusal("account_not_found");

public sealed record AccountClosed(Id<Account> Account) : Refusal("account_closed");

/// <summary>The account with this id exists and is another one.</summary>
public sealed record AccountIdReused(Id<Account> Account) : Refusal("account_id_reused");

/// <summary>An account is only closed when nothing is left on it or held.</summary>
public sealed record AccountNotEmpty(Id<Account> Account, Money Balance) : Refusal("account_not_empty");

public sealed record InsufficientFunds(Id<Account> Account, Money Available, Money Needed) : Refusal("insufficient_funds");

/// <summary>The entry with this id was recorded with another content.</summary>
public sealed record EntryIdReused(Id<JournalEntry> Entry) : Refusal("entry_id_reused");

public sealed record EntryNotFound(Id<JournalEntry> Entry) : Refusal("entry_not_found");

/// <summary>An entry of this kind may not touch this place of the chart from this side.</summary>
public sealed record EntryOutsideChart(string Kind, string Chart, EntrySide Side) : Refusal("entry_outside_chart");

public sealed record PeriodClosed(LocalDate EffectiveOn, LocalDate ClosedThrough) : Refusal("period_closed");

public sealed record HoldNotFound(Id<Hold> Hold) : Refusal("hold_not_found");

public sealed record HoldIdReused(Id<Hold> Hold) : Refusal("hold_id_reused");

/// <summary>The void or expiry with this id was recorded for another hold or with another content.</summary>
public sealed record EventIdReused(Id<HoldEvent> Event) : Refusal("event_id_reused");

public sealed record HoldNotOpen(Id<Hold> Hold, HoldStatus Status) : Refusal("hold_not_open");

public sealed record HoldExpired(Id<Hold> Hold, Instant ExpiresAt) : Refusal("hold_expired");

public sealed record HoldNotExpired(Id<Hold> Hold, Instant ExpiresAt) : Refusal("hold_not_expired");

/// <summary>The hold would end after the account's own limit, or before now.</summary>
public sealed record HoldOutlivesAccount(Id<Account> Account, Instant ExpiresAt, Instant HoldsUntil) : Refusal("hold_outlives_account");

public sealed record HoldAlreadyOver(Id<Hold> Hold, Instant ExpiresAt) : Refusal("hold_already_over");

/// <summary>Only what we owe can be set aside: a purse, a programme, a provider.</summary>
public sealed record AccountHoldsNothing(Id<Account> Account, AccountKind Kind) : Refusal("account_holds_nothing");

public sealed record ExceedsHold(Id<Hold> Hold, Money Remaining, Money Asked) : Refusal("exceeds_hold");

/// <summary>Another instruction of the same group was refused, so none of the group was done.</summary>
public sealed record GroupRefused(int Group, Refusal Because) : Refusal("group_refused");
