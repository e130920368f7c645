using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What a member of a pool below quorum says about paying more, so that it takes place with fewer.</summary>
public sealed record Raise(Id<Raise> Id, Id<Share> ShareId, Id<Hold>? HoldId) : IIdentified
{
    public static string Prefix => "raise";

    internal const string Select =
        "select r.id, r.share_id, r.hold_id from marketplace.pool_raise r where r.territory_id = @territory";
}

/// <summary>A yes. The id is made with the form, so that sending it twice agrees once.</summary>
/// <param name="Cap">The most the household would pay in all.</param>
/// <param name="Shown">What it saw: it agrees so or not at all.</param>
public sealed record RaiseRequest(Id<Raise> Id, Id<Share> Share, Money Cap, AsShown Shown);

/// <summary>All that a member reads before it answers. Nothing is held by looking.</summary>
/// <param name="Now">What it pays as long as nothing is decided.</param>
/// <param name="Cap">The most it would pay in all, if it agrees.</param>
/// <param name="Steps">What it would pay if so many agree, from all who stay to itself alone.</param>
/// <param name="Answer">What it has said; null while it has not.</param>
/// <param name="Coverage">Who would hold what is added to the price of today.</param>
/// <param name="Available">What could be spent if nothing were held for an earlier yes.</param>
public sealed record RaisePreview(
    Pool Pool, Id<Share> Share, string TitleIt, string TitleEn, Money Now, Money Cap, IReadOnlyList<LadderStep> Steps, Staying Answer,
    Coverage Coverage, Money Available)
{
    /// <summary>Until when it can be said.</summary>
    public Instant Until => Pool.ReplaceBy!.Value;

    public Money AvailableAfter => Available - Coverage.Covered;

    /// <summary>What the form sends back, so that the household agrees as it saw or not at all.</summary>
    public AsShown Shown => AsShown.Of(Coverage, Pool.CancelFee, Until);
}
