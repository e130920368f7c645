namespace Borsellino.Marketplace;

/// <summary>
/// The most that disjoint groups can take of some needs: as a linear program first, in which a group may come about in part, which gives a
/// bound that no plan passes and says which groups are worth most; then in whole, by taking what the program takes most of, again and again.
/// </summary>
/// <remarks>
/// The program is solved by the simplex method on a table of doubles. What it says of the bound is not believed but proven, in whole numbers:
/// give each need a worth so that no group has more members than its members are worth together; then no plan serves more
/// than all needs are worth. The program's prices are such worths but for rounding, and where a group is still worth too little,
/// one of its members is made worth more.
/// </remarks>
internal sealed class MatchPacking
{
    /// <summary>Whole numbers of a worth: a millionth of a need.</summary>
    private const long One = 1_000_000;

    private const double Nothing = 1e-9;

    /// <summary>Taken so far, but for rounding, is taken whole.</summary>
    private const double Whole = 0.999;

    private const int TriesMax = 100;

    /// <summary>Groups times needs of all tries together.</summary>
    private const long WorkMax = 1_000_000;

    private readonly IReadOnlyList<int[]> groups;
    private readonly int needs;
    private List<int> best = [];
    private int tries;

    /// <param name="groups">Each the numbers of its members, below <paramref name="needs"/>.</param>
    public MatchPacking(int needs, IReadOnlyList<int[]> groups) => (this.needs, this.groups) = (needs, groups);

    /// <summary>How many any disjoint groups could take at most.</summary>
    public int Bound()
    {
        var (_, prices) = Solve([.. Enumerable.Range(0, groups.Count)]);
        var worth = prices.Select(p => (long)Math.Ceiling(Math.Max(p, 0) * One)).ToArray();
        foreach (var group in groups)
        {
            var missing = group.Length * One - group.Sum(n => worth[n]);
            if (missing > 0) worth[group[0]] += missing;
        }

        return (int)(worth.Sum() / One);
    }

    /// <summary>Disjoint groups that take as many as can be found: a good choice first, then with and without one group after the other.</summary>
    public IReadOnlyList<int[]> Choose()
    {
        int[] all = [.. Enumerable.Range(0, groups.Count)];
        (best, tries) = (Dive(all), TriesOf(all.Length));
        Branch(all, []);
        return [.. best.Select(g => groups[g])];
    }

    /// <summary>What is taken whole, or most of, and then what the rest is best for.</summary>
    private List<int> Dive(int[] left)
    {
        var chosen = new List<int>();
        while (left.Length > 0)
        {
            var (taken, _) = Solve(left);
            var most = left.Index().MaxBy(g => (taken[g.Index], groups[g.Item].Length, -g.Item)).Item;
            var now = left.Where((g, i) => g == most || (taken[i] >= Whole && Disjoint(g, most))).ToList();
            chosen.AddRange(now);
            left = [.. left.Where(g => now.TrueForAll(n => Disjoint(g, n)))];
        }

        return chosen;
    }

    /// <summary>
    /// Looks for more than the best so far: with the group that is taken most of, but not whole, and then without it. What the program
    /// says of the rest ends a way that cannot lead there; so does the number of tries.
    /// </summary>
    private void Branch(int[] left, List<int> chosen)
    {
        if (tries-- <= 0) return;
        var served = chosen.Sum(g => groups[g].Length);
        var (taken, _) = Solve(left);
        var most = served + (int)Math.Floor(left.Select((g, i) => taken[i] * groups[g].Length).Sum() + 1e-6);
        if (most <= best.Sum(g => groups[g].Length)) return;
        var parted = left.Index().Where(g => taken[g.Index] is > 1 - Whole and < Whole).ToList();
        if (parted.Count == 0)
        {
            best = [.. chosen, .. left.Where((_, i) => taken[i] >= Whole)];
            return;
        }

        var with = parted.MaxBy(g => (taken[g.Index], groups[g.Item].Length, -g.Item)).Item;
        Branch([.. left.Where(g => Disjoint(g, with))], [.. chosen, with]);
        Branch([.. left.Where(g => g != with)], chosen);
    }

    private bool Disjoint(int one, int other) => groups[one].AsSpan().IndexOfAny(groups[other]) < 0;

    /// <summary>As many tries as a program of this size may cost, so that the work of a plan is bounded.</summary>
    private int TriesOf(int columns) => (int)Math.Clamp(WorkMax / ((long)columns * needs), 0, TriesMax);

    /// <summary>How much is taken of each of these groups, and what each need is worth by that.</summary>
    private (double[] Taken, double[] Prices) Solve(int[] columns)
    {
        int[] rows = [.. columns.SelectMany(c => groups[c]).Distinct().Order()];
        var rowOf = new int[needs];
        foreach (var (i, need) in rows.Index()) rowOf[need] = i;
        var simplex = new MatchSimplex(rows.Length, columns.Length);
        foreach (var (j, column) in columns.Index())
        {
            foreach (var need in groups[column]) simplex.Put(rowOf[need], j);
            simplex.Worth(j, groups[column].Length);
        }

        simplex.Run(Nothing);
        var prices = new double[needs];
        foreach (var (i, need) in rows.Index()) prices[need] = simplex.PriceOf(i);
        return ([.. Enumerable.Range(0, columns.Length).Select(simplex.TakenOf)], prices);
    }
}
