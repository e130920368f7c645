using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>What the slot costs with so many members, and what one of them pays of it.</summary>
public sealed record LadderStep(int Heads, Money Price, Money Share);

/// <summary>All that a household reads before it joins. Nothing is held by looking.</summary>
/// <param name="Cap">The most it would pay: this is held.</param>
/// <param name="Now">What it would pay with the members there are and itself, or at the minimum.</param>
/// <param name="Steps">The same with each further member, as if each weighed one: more than that it will not be.</param>
/// <param name="TakesPlace">The pool is frozen: it takes the place of a member who left, at that price.</param>
public sealed record JoinPreview(
    Pool Pool, string TitleIt, string TitleEn, string Provider, string Place, string Address, int Weight, Money Cap, Money Now,
    IReadOnlyList<LadderStep> Steps, bool TakesPlace, Coverage Coverage, Money Available, IReadOnlyList<FamilyMember> People)
{
    public Money AvailableAfter => Available - Coverage.Covered;

    /// <summary>What leaving after the freeze costs the purse at most.</summary>
    public Money FeeFromPurse => Money.Min(Pool.CancelFee, Coverage.Covered);

    /// <summary>What the form sends back, so that the household joins as it saw or not at all.</summary>
    public AsShown Shown => AsShown.Of(Coverage, Pool.CancelFee, Pool.FreezeAt);
}
