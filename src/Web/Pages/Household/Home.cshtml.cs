using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>The household's own page: what it can spend, what waits for it, what comes next, what moved.</summary>
public sealed class HomeModel(
    CurrentPlace place, SignedIn visitor, Purses purses, ServiceClasses classes, BookingCards cards, PurseStatements statements,
    Messages messages, PoolCards pools, NeedCards needs, IClock clock) : PageModel
{
    private const int MovementsShown = 5;
    private const int MonthsShown = 3;

    public PurseCard Purse { get; private set; } = null!;
    public IReadOnlyList<GrantPanel> Grants { get; private set; } = [];
    public IReadOnlyList<BookingCard> ToAnswer { get; private set; } = [];

    /// <summary>The groups that were found for the family and wait for its answer.</summary>
    public IReadOnlyList<AskedNeed> Asked { get; private set; } = [];

    public BookingCard? Next { get; private set; }
    public IReadOnlyList<PurseMovement> Movements { get; private set; } = [];
    public IReadOnlyList<YearMonth> Months { get; private set; } = [];

    /// <summary>The pools to come in which the family is, or was until they came to nothing.</summary>
    public IReadOnlyList<PoolCard> Shared { get; private set; } = [];

    /// <summary>Those that too many have left, while it can still say whether it goes on.</summary>
    public IReadOnlyList<PoolCard> Few => [.. Shared.Where(c => c.IsShortFor(Now))];

    public int Unread { get; private set; }
    public Instant Now { get; private set; }
    public LocalDate Today { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Now = clock.Now;
        Today = clock.Today();
        var household = visitor.Household;
        var grants = await purses.GrantsAsync(place.Territory, household, Today, cancel);
        var tree = await classes.TreeAsync(place.Territory, cancel);
        var bookings = await cards.OfHouseholdAsync(place.Territory, household, cancel);
        var lately = await statements.LatestAsync(place.Territory, household, MovementsShown, cancel);
        Unread = await messages.UnreadAsync(place.Territory, new(household, visitor.UserId), cancel);
        Shared = [.. (await pools.OfHouseholdAsync(place.Territory, household, cancel)).Where(c => c.Mine is { Status: not ShareStatus.Withdrawn })];
        Asked = await needs.AskedAsync(place.Territory, household, cancel);

        var colours = new FundColours(grants.Select(g => g.Funder));
        Purse = new(Shares(grants, colours), Today);
        Grants = [.. grants.Select(g => new GrantPanel(g, colours.Of(g.Funder), Purposes(g, tree)))];
        ToAnswer = [.. bookings.Where(b => b.Status is BookingStatus.Delivered).OrderBy(b => b.AcceptBy)];
        Next = bookings.Where(b => b.Status is BookingStatus.Confirmed or BookingStatus.Requested && b.EndsAt > Now).MinBy(b => b.StartsAt);
        Movements = lately.Movements;
        Months = lately.Since is { } since ? [.. PurseStatements.Months(since, Today).Take(MonthsShown)] : [];
    }

    /// <summary>One share for each funder; suspended money is shown with its grant, not as free.</summary>
    private static List<FundShare> Shares(IReadOnlyList<PurseGrant> grants, FundColours colours) =>
        [.. grants.GroupBy(g => g.Funder, StringComparer.Ordinal).Select(f => new FundShare(
            f.Key, colours.Of(f.Key), f.Where(g => g.Status is GrantStatus.Active).Sum(g => g.Available), f.Sum(g => g.Held),
            f.Where(g => g.Available.IsPositive).Select(g => (LocalDate?)g.ValidTo).Min()))];

    /// <summary>What a grant is for: the classes it names, without those below them.</summary>
    private static string Purposes(PurseGrant grant, ClassTree tree)
    {
        var tops = tree.All.Where(c => grant.Classes.Contains(c.Code) && (c.ParentCode is null || !grant.Classes.Contains(c.ParentCode)));
        return string.Join(", ", tops.Select(c => BookingWords.Either(c.NameIt, c.NameEn)));
    }
}

/// <summary>One grant as its panel shows it.</summary>
public sealed record GrantPanel(PurseGrant Grant, int Colour, string Purposes);
