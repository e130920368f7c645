using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>All that a household reads before it takes part every week. Nothing is held by looking.</summary>
/// <param name="Dates">The pools it would take part in, soonest first: those not decided yet that it is not in already.</param>
/// <param name="Cap">The most it would pay on each date.</param>
/// <param name="Steps">What one date costs it with so many members.</param>
/// <param name="Held">How many dates are so near that the cap is held for them at once.</param>
/// <param name="EnoughFor">For how many of the dates, in order, the money of today would do.</param>
/// <param name="Coverage">Who would pay the first date.</param>
public sealed record SeriesPreview(
    PoolSeries Series, IReadOnlyList<Pool> Dates, string TitleIt, string TitleEn, string Provider, string Place, string Address, int Weight,
    Money Cap, IReadOnlyList<LadderStep> Steps, int Held, int EnoughFor, Coverage Coverage, Money Available, IReadOnlyList<FamilyMember> People)
{
    /// <summary>What all dates cost at most.</summary>
    public Money InAll => Cap * Dates.Count;

    /// <summary>What leaving a date after it is decided costs at most.</summary>
    public Money Fee => Money.Min(Dates[0].CancelFee, Cap);
}
