using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Pages.ForProviders;

/// <summary>The fields in which a provider says from when to when a service was, and in which somebody signs.</summary>
/// <param name="About">Which service and whose, for who does not see the page.</param>
public sealed record EvidenceFields(Id<Booking> Booking, Instant StartsAt, Instant EndsAt, Instant Now, string About)
{
    /// <summary>Once it is over by the plan, the plan is proposed.</summary>
    public bool IsOver => Now >= EndsAt;

    /// <summary>What was typed and drawn. What was typed and cannot be read is wrong, and not as planned.</summary>
    public static Result<Evidence> Read(string? began, string? finished, string? signature)
    {
        if (!string.IsNullOrWhiteSpace(began) && Typed.Hour(began) is null) return new EvidenceWrong("began");
        if (!string.IsNullOrWhiteSpace(finished) && Typed.Hour(finished) is null) return new EvidenceWrong("finished");
        return new Evidence(Typed.Hour(began), Typed.Hour(finished), signature ?? "");
    }
}
