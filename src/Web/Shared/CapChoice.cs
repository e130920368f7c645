using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web.Shared;

/// <summary>The question how much a household pays at most, before it joins a pool or all pools of a series.</summary>
/// <param name="Legend">The beginning of the sentence that each amount completes.</param>
/// <param name="Pool">Says how shares are weighed and what they may weigh.</param>
/// <param name="Cap">What it says now.</param>
public sealed record CapChoice(string Legend, Pool Pool, int Weight, Money Cap, IReadOnlyList<LadderStep> Steps)
{
    /// <summary>The dearest step that the cap reaches.</summary>
    public LadderStep? Chosen => Steps.FirstOrDefault(s => s.Share <= Cap);

    /// <summary>Whether there is anything to choose.</summary>
    public bool IsOpen => Steps.Count > 1 || Pool.Prices.Heaviest > 1;
}
