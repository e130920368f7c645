using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What a purse as it is now would pay of several services, one after the other. Nothing is held by looking.</summary>
public static class PurseOutlook
{
    /// <summary>
    /// Who would pay each purchase, with what those before it take gone. A purchase whose grants hold money for less long than
    /// <c>EndsAt</c> takes nothing.
    /// </summary>
    /// <param name="grants">The purse with the limits of a month as they stand, asked for by any day of it.</param>
    /// <param name="purchases">In the order in which they are to be paid.</param>
    public static IReadOnlyList<Coverage> Of(Func<LocalDate, IReadOnlyList<PurseGrant>> grants, IEnumerable<(Purchase Purchase, Instant EndsAt)> purchases)
    {
        var taken = new List<(LocalDate On, CoverageLine Line)>();
        var answers = new List<Coverage>();
        foreach (var (purchase, endsAt) in purchases)
        {
            var left = grants(purchase.On).Select(g => taken.Where(t => t.Line.Grant.Id == g.Id).Aggregate(
                g, (now, t) => now.With(-t.Line.Amount, t.On.ToYearMonth() == purchase.On.ToYearMonth()))).ToList();
            var coverage = Waterfall.Choose(left, purchase);
            if (coverage.IsPossible && coverage.Lines.Min(l => l.Grant.HoldsUntil) <= endsAt) coverage = coverage with { Lines = [] };
            taken.AddRange(coverage.Lines.Select(l => (purchase.On, l)));
            answers.Add(coverage);
        }

        return answers;
    }
}
