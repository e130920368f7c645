using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What is to be paid for: one service of a class on a day, so many minutes long.</summary>
/// <param name="Provider">Who gives it; null for a question that names nobody.</param>
/// <param name="GivenIn">
/// The code of the municipality it is given in, or <see cref="AtHome"/>; null for online, and for a question that names no place.
/// </param>
public sealed record Purchase(string ClassCode, LocalDate On, Money Price, int Minutes, Id<Provider>? Provider, string? GivenIn)
{
    /// <summary>Stands for the municipality in which the household lives.</summary>
    public const string AtHome = "home";

    /// <summary>What <see cref="GivenIn"/> is for an offer.</summary>
    /// <param name="municipality">Of the provider's rooms.</param>
    public static string? PlaceOf(ServicePlace place, string municipality) => place switch
    {
        ServicePlace.AtHome => AtHome,
        ServicePlace.AtProvider => municipality,
        ServicePlace.Online => null,
    };

    /// <summary>The service that is paid already and is to be paid more for; null for one that is new.</summary>
    public PaidAlready? Adds { get; init; }

    /// <summary>The price of the whole service, what is paid for it already included.</summary>
    public Money Whole => Price + (Adds?.Price ?? Money.Zero);
}

/// <summary>A service whose price goes up: by which <see cref="Use.Service"/> it is known, and what it cost until now.</summary>
public sealed record PaidAlready(Guid Service, Money Price);

/// <summary>What one grant pays.</summary>
/// <param name="HeldBack">The rule that keeps it from paying more; null where it pays all that is left.</param>
public sealed record CoverageLine(PurseGrant Grant, Money Amount, Ceiling? HeldBack, OwnPart Own)
{
    /// <summary>How the part that it leaves to the household is found; null where it leaves none.</summary>
    public ShareRule? Share { get; init; }

    /// <summary>The last day of the ISEE by which it is found; null where none holds on the day of the service.</summary>
    public LocalDate? IseeTo { get; init; }
}

/// <summary>A grant that pays nothing of a purchase, with the reason a person can read.</summary>
public sealed record NotPaying(PurseGrant Grant, WhyNot Reason)
{
    /// <summary>The limit that is used up, with how far it is.</summary>
    public PeriodUse? Period { get; init; }
}

/// <summary>Which grants pay a purchase, in order, and what is left for the household.</summary>
public sealed record Coverage(Money Price, IReadOnlyList<CoverageLine> Lines, IReadOnlyList<NotPaying> NotPaying, Money Payable)
{
    public Money Covered => Lines.Sum(l => l.Amount);

    /// <summary>What the household pays the provider itself.</summary>
    public Money Copayment => Price - Covered;

    /// <summary>How much of that a programme that pays leaves to it by its ISEE; the rest is what the purse does not reach.</summary>
    public Money OwnPart => Money.Min(Copayment, Lines.Select(l => l.Own.Of(Price)).Append(Money.Zero).Max());

    /// <summary>False when the purse pays nothing: then <see cref="Payable"/> says how much it could have.</summary>
    public bool IsPossible => Lines.Count > 0;
}

/// <summary>What a purse pays of services of one class on one day, whatever their price.</summary>
/// <param name="Whole">Up to this price it pays all.</param>
/// <param name="Part">Of a higher price it pays so much.</param>
public sealed record PurseReach(Money Whole, Money Part)
{
    /// <summary>What is left for the household to pay.</summary>
    public Money LeftOf(Money price) => price <= Whole ? Money.Zero : price - Part;
}

/// <summary>
/// Which grants of a purse pay for a purchase, and how much each. One pure function: the same grants and the same
/// purchase give the same answer.
/// </summary>
public static class Waterfall
{
    /// <summary>More than any purse has.</summary>
    private static readonly Money Everything = Money.Euro(1_000_000_000);

    /// <summary>
    /// Takes from the grants whose rules admit the purchase: soonest end first, then the one that pays for fewest
    /// classes, then for fewest providers, then the smallest. If they cover the price, that is the answer. If not, only those that
    /// do not forbid the household to add its own money pay, and the rest is the household's part. A grant that the law lets pay whole
    /// prices alone does so when its turn is first, or when the others together do not reach the price.
    /// </summary>
    public static Coverage Choose(IReadOnlyList<PurseGrant> grants, Purchase purchase)
    {
        if (!purchase.Price.IsPositive) throw new ArgumentOutOfRangeException(nameof(purchase), purchase.Price, "A price is positive.");
        var admitted = new List<Admission>();
        var notPaying = new List<NotPaying>();
        foreach (var grant in InOrder(grants, purchase.On))
        {
            var admission = Admission.Of(grant, purchase);
            if (admission.Refuse() is { } refused) notPaying.Add(refused);
            else admitted.Add(admission);
        }

        var together = admitted.Where(a => !a.Grant.WholePrice).ToList();
        var all = Draw(together, purchase.Price);
        var payable = all.Sum(l => l.Amount);
        var reached = payable == purchase.Price;
        var alone = admitted.Find(a => a.Grant.WholePrice);
        if (alone is not null && (!reached || admitted[0] == alone))
        {
            notPaying.AddRange(admitted.Where(a => a != alone).Select(a => new NotPaying(a.Grant, WhyNot.NotNeeded)));
            return new(purchase.Price, [alone.Line(purchase.Price, null)], notPaying, purchase.Price);
        }

        notPaying.AddRange(admitted.Where(a => a.Grant.WholePrice).Select(a => new NotPaying(a.Grant, WhyNot.NotNeeded)));
        if (!reached)
        {
            notPaying.AddRange(together.Where(a => a.Grant.Copayment is CopaymentRule.Forbidden).Select(a => new NotPaying(a.Grant, WhyNot.NoCopayment)));
            together.RemoveAll(a => a.Grant.Copayment is CopaymentRule.Forbidden);
            all = Draw(together, purchase.Price);
        }

        // What another grant of the same company takes may leave no room under its threshold.
        var missing = all.Sum(l => l.Amount) < purchase.Price;
        notPaying.AddRange(together.Where(a => all.TrueForAll(l => l.Grant != a.Grant)).Select(a => new NotPaying(
            a.Grant, missing && a.Grant.FringeOf(purchase.ClassCode) is not null ? WhyNot.FringeThresholdReached : WhyNot.NotNeeded)));
        return new(purchase.Price, all, notPaying, payable);
    }

    /// <summary>
    /// What <see cref="Choose"/> leaves to pay of every price at once: for lists of services. A grant whose rules look at who gives a service,
    /// how long it is, or take a part by ISEE is left out, so that what is left is never less than said: then it is at most so much.
    /// </summary>
    public static PurseReach ReachOf(IReadOnlyList<PurseGrant> grants, string classCode, LocalDate on)
    {
        // The smallest price is the one that no grant refuses because it is too high.
        var purchase = new Purchase(classCode, on, new(1), 0, null, null);
        var admitted = InOrder(grants, on).Where(g => !LooksAtTheService(g, purchase)).Select(g => Admission.Of(g, purchase)).Where(a => a.Refuse() is null).ToList();
        var together = admitted.Where(a => !a.Grant.WholePrice).ToList();
        var alone = admitted.Where(a => a.Grant.WholePrice).Select(a => a.Limit).DefaultIfEmpty(Money.Zero).Max();
        var part = Draw([.. together.Where(a => a.Grant.Copayment is not CopaymentRule.Forbidden)], Everything).Sum(l => l.Amount);
        return new(Money.Max(alone, Draw(together, Everything).Sum(l => l.Amount)), part);
    }

    private static bool LooksAtTheService(PurseGrant grant, Purchase purchase) =>
        grant.Copayment is CopaymentRule.Required || grant.Rules.IsListOn(purchase.On) || grant.Rules.IsPlaceListOn(purchase.On)
        || grant.Rules.Limits.Any(l => l.MinutesMax is not null && l.Counts(purchase.ClassCode, purchase.On));

    /// <summary>
    /// Takes from one grant after the other until the price is reached; two grants of one programme share its limits, and all of one company
    /// its threshold.
    /// </summary>
    private static List<CoverageLine> Draw(List<Admission> admitted, Money price)
    {
        var lines = new List<CoverageLine>();
        var drawn = new Dictionary<Id<Programme>, Money>();
        var given = new Dictionary<Id<Funder>, Money>();
        var left = price;
        foreach (var admission in admitted)
        {
            var before = drawn.GetValueOrDefault(admission.Grant.ProgrammeId);
            var most = Money.Min(admission.Grant.Available, admission.Ceiling is { } ceiling ? ceiling.Amount - before : left);
            var room = admission.Grant.FringeOf(admission.Purchase.ClassCode);
            if (room is not null) most = Money.Min(most, room.Left - given.GetValueOrDefault(room.Company));
            var amount = Money.Min(left, most);
            if (!amount.IsPositive) continue;
            if (room is not null) given[room.Company] = given.GetValueOrDefault(room.Company) + amount;
            left -= amount;
            drawn[admission.Grant.ProgrammeId] = before + amount;
            lines.Add(admission.Line(amount, left.IsPositive ? admission.HeldBack : null));
        }

        return lines;
    }

    private static IEnumerable<PurseGrant> InOrder(IEnumerable<PurseGrant> grants, LocalDate on) =>
        grants.OrderBy(g => g.ValidTo).ThenBy(g => g.Classes.Count)
            .ThenBy(g => g.Rules.IsListOn(on) ? g.Rules.Providers.Count(p => p.HoldsOn(on)) : int.MaxValue)
            .ThenBy(g => g.Available).ThenBy(g => g.Id.Value);
}
