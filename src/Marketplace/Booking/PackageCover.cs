using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Which grants pay a package, and until when it can then be used. One pure function.</summary>
public static class PackageCover
{
    /// <summary>A household uses two units a week at most, if all goes well: a package that ends sooner is chosen last.</summary>
    private const int UnitsInAWeek = 2;

    /// <summary>
    /// A package lasts as long as all the grants that pay it. So each last day that a grant gives is tried with those that last as long: the one
    /// wins that leaves time to use the units, then that costs the household least, then the latest.
    /// </summary>
    /// <param name="purchase">The whole package, bought on a day.</param>
    public static (LocalDate LastDay, Coverage Coverage) Choose(IReadOnlyList<PurseGrant> grants, Purchase purchase, PackageTerms terms)
    {
        var latest = purchase.On.PlusDays(terms.Days);
        var unhurried = purchase.On.PlusDays(Math.Min(terms.Days, terms.Units * 7 / UnitsInAWeek));
        var tries = grants.Select(g => g.ValidTo).Where(d => d >= purchase.On && d < latest).Append(latest).Distinct().OrderDescending()
            .Select(d => (LastDay: d, Coverage: Until(grants, purchase, d))).ToList();
        var possible = tries.Where(t => t.Coverage.IsPossible).OrderBy(t => t.LastDay < unhurried).ThenBy(t => t.Coverage.Copayment).ThenByDescending(t => t.LastDay).ToList();
        // Nothing pays: the day on which most grants are asked says best why.
        return possible is [var best, ..] ? best : tries[^1];
    }

    private static Coverage Until(IReadOnlyList<PurseGrant> grants, Purchase purchase, LocalDate lastDay)
    {
        var coverage = Waterfall.Choose([.. grants.Where(g => g.ValidTo >= lastDay)], purchase);
        return coverage with { NotPaying = [.. coverage.NotPaying, .. grants.Where(g => g.ValidTo < lastDay).Select(g => new NotPaying(g, WhyNot.EndsBefore))] };
    }
}
