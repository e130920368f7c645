using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>All that a member reads before it changes what it pays at most. Nothing is held or given back by looking.</summary>
/// <param name="Mine">The share as it is.</param>
/// <param name="Cap">The most it would pay: this would be held.</param>
/// <param name="Steps">What it costs with so many members, from the fewest to the most.</param>
/// <param name="Now">What it costs with the members there are, or at the minimum.</param>
/// <param name="Coverage">Who would hold the cap.</param>
/// <param name="Free">What could be spent if nothing were held for the share.</param>
/// <param name="Held">What is held for it now.</param>
public sealed record CapPreview(
    Pool Pool, Share Mine, string TitleIt, string TitleEn, Money Cap, IReadOnlyList<LadderStep> Steps, Money Now, Coverage Coverage, Money Free, Money Held)
{
    public bool IsChanged => Cap != Mine.Cap;
    public Money Available => Free - Held;
    public Money AvailableAfter => Free - Coverage.Covered;

    /// <summary>What the form sends back, so that the cap is changed as it was shown or not at all.</summary>
    public AsShown Shown => AsShown.Of(Coverage, Pool.CancelFee, Pool.FreezeAt);
}
