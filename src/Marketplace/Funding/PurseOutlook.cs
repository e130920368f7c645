using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What a purse as it is now would pay of several services, one after the other. Nothing is held by looking.</summary>
public static class PurseOutlook
{
    /// <summary>
    /// Who would pay each purchase, with what those before it take gone and counted in their limits. A purchase whose grants hold money for
    /// less long than <c>EndsAt</c> takes nothing.
    /// </summary>
    /// <param name="grants">The purse on the day of the first purchase.</param>
    /// <param name="purchases">In the order in which they are to be paid.</param>
    public static IReadOnlyList<Coverage> Of(IReadOnlyList<PurseGrant> grants, IEnumerable<(Purchase Purchase, Instant EndsAt)> purchases)
    {
        var left = grants.ToDictionary(g => g.Id);
        var answers = new List<Coverage>();
        foreach (var (purchase, endsAt) in purchases)
        {
            var coverage = Waterfall.Choose([.. grants.Select(g => left[g.Id])], purchase);
            if (coverage.IsPossible && coverage.Lines.Min(l => l.Grant.HoldsUntil) <= endsAt) coverage = coverage with { Lines = [] };
            answers.Add(coverage);
            // A service of its own for each, which nothing real is called.
            var service = new Guid(answers.Count, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
            foreach (var line in coverage.Lines) left[line.Grant.Id] = line.Grant.With(purchase, service, line.Amount);
        }

        return answers;
    }
}
