using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Shared;

/// <summary>What was shown and said about a request, as both sides see it.</summary>
/// <param name="Address">The page's own, which also hands out its documents.</param>
public sealed record RequestPapers(RequestFile File, string Address, LocalDate Today);
