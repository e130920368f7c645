using Borsellino.Tests.Catalogue;
using Borsellino.Tests.Demo;
using Borsellino.Tests.Finance;
using Borsellino.Tests.Hosting;
using Borsellino.Tests.Journeys;
using Borsellino.Tests.Ledger;
using Borsellino.Tests.SignIn;
using Borsellino.Tests.Web;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Borsellino.Tests.LongestFirst))]

namespace Borsellino.Tests;

/// <summary>
/// What takes longest begins first: a chain of stories that began last would go on alone while one core has nothing to do.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        nameof(TownByHand), nameof(VerbTests), nameof(AdelesStories), nameof(EveryPageForOfficers), nameof(EveryPageForTheOthers), nameof(WrongInputTests),
        nameof(FinancePagesTests), nameof(TownTests), nameof(EveryPageForFinance), nameof(EveryPageForFamilies), nameof(CatalogueStories),
        nameof(SecondFactorTests), nameof(PasswordPagesTests), nameof(ProofVerbTests), nameof(OfficerStories), nameof(VoucherPagesTests),
        nameof(PeriodPagesTests), nameof(EveryPageForVisitors), nameof(BalanceTests), nameof(EmbeddedPostgresTests), nameof(ModelloComuniTests),
        nameof(PoolRaceTests), nameof(LostAnswerTests), nameof(PoolProperties), nameof(StatementTests), nameof(SearchTests),
    ];

    /// <remarks>
    /// The runner hands all collections to the thread pool at once: one thread takes them from the end, the others from the
    /// beginning. So the long ones stand at both.
    /// </remarks>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
    {
        var byTurn = testCollections.OrderBy(c => Turn(c)).ToList();
        return [.. byTurn.Where((_, i) => i % 2 == 0), .. byTurn.Where((_, i) => i % 2 != 0).Reverse()];
    }

    private static int Turn(ITestCollection collection)
    {
        var named = Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Split(' ', '.').Contains(name, StringComparer.Ordinal));
        return named < 0 ? Long.Length : named;
    }
}
