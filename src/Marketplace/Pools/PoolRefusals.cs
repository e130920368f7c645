using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>With so many members somebody could pay more than with one fewer.</summary>
/// <param name="Most">The highest price for so many under which nobody's share can rise.</param>
public sealed record PriceWouldRise(int Heads, Money Price, Money Most) : Refusal("price_would_rise");

/// <summary>The slot belongs to a pool: whoever wants it joins there.</summary>
public sealed record SlotIsShared(Id<Slot> Slot, Id<Pool> Pool) : Refusal("slot_is_shared");

/// <summary>A pool freezes after it is published and before its service starts.</summary>
public sealed record FreezeOutsideTime(Instant From, Instant To) : Refusal("freeze_outside_time");

public sealed record PoolNotFound(Id<Pool> Pool) : Refusal("pool_not_found");

/// <summary>The pool with this id is another one.</summary>
public sealed record PoolIdReused(Id<Pool> Pool) : Refusal("pool_id_reused");

public sealed record PoolFull(Id<Pool> Pool, int Places) : Refusal("pool_full");

/// <summary>Joining and leaving for nothing ended at this instant.</summary>
public sealed record PoolFrozen(Id<Pool> Pool, Instant FrozenAt) : Refusal("pool_frozen");

/// <summary>The step does not apply to a pool in this state.</summary>
public sealed record PoolNotReady(Id<Pool> Pool, PoolStatus Status) : Refusal("pool_not_ready");

/// <summary>A share of this pool counts for one at least and for so many at most.</summary>
public sealed record WeightNotAllowed(int Weight, int Most) : Refusal("weight_not_allowed");

public sealed record AlreadyInPool(Id<Share> Share) : Refusal("already_in_pool");

/// <summary>Not even the full pool would cost as little as the household would pay at most.</summary>
public sealed record CapTooLow(Money Cap, Money Least) : Refusal("cap_too_low");

/// <summary>The share has this cap already, or it is the most that the share could ever cost.</summary>
public sealed record CapUnchanged(Money Cap) : Refusal("cap_unchanged");

/// <summary>What those who stay pay is enough already: nobody is asked for more.</summary>
public sealed record NothingMissing(Id<Pool> Pool) : Refusal("nothing_missing");

/// <summary>Until this instant those who stay could say whether they pay more.</summary>
public sealed record RaiseTooLate(Id<Pool> Pool, Instant Until) : Refusal("raise_too_late");

/// <summary>Even if all who stay agree, the share is more than the household would pay at most.</summary>
public sealed record RaiseTooLow(Money Cap, Money Least) : Refusal("raise_too_low");

/// <summary>The answer with this id is another one.</summary>
public sealed record RaiseIdReused(Id<Raise> Raise) : Refusal("raise_id_reused");

public sealed record ShareNotFound(Id<Share> Share) : Refusal("share_not_found");

/// <summary>The share with this id is another one.</summary>
public sealed record ShareIdReused(Id<Share> Share) : Refusal("share_id_reused");

/// <summary>The share is not waiting for the freeze any more.</summary>
public sealed record ShareNotReady(Id<Share> Share, ShareStatus Status) : Refusal("share_not_ready");

public sealed record SeriesNotFound(Id<PoolSeries> Series) : Refusal("series_not_found");

/// <summary>The series with this id is another one.</summary>
public sealed record SeriesIdReused(Id<PoolSeries> Series) : Refusal("series_id_reused");

/// <summary>A series has two dates at least and a year of them at most.</summary>
public sealed record SeriesOutsideTime(LocalDate From, LocalDate To) : Refusal("series_outside_time");

/// <summary>Its provider goes on no more.</summary>
public sealed record SeriesEnded(Id<PoolSeries> Series) : Refusal("series_ended");

/// <summary>As many households as a date has places take part in all of them.</summary>
public sealed record SeriesFull(Id<PoolSeries> Series, int Places) : Refusal("series_full");

public sealed record AlreadyInSeries(Id<SeriesMember> Member) : Refusal("already_in_series");

public sealed record MemberNotFound(Id<SeriesMember> Member) : Refusal("member_not_found");

/// <summary>The member with this id is another one.</summary>
public sealed record MemberIdReused(Id<SeriesMember> Member) : Refusal("member_id_reused");

/// <summary>A date is left out by the rule of the series, or all of them are left; not one more by itself.</summary>
public sealed record ShareOfSeries(Id<Share> Share) : Refusal("share_of_series");

/// <summary>The household has left out as many dates as the series allows.</summary>
public sealed record NoSkipLeft(int Skips) : Refusal("no_skip_left");
