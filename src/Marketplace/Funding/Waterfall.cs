using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Whether the household may add its own money to a programme's.</summary>
public enum CopaymentRule
{
    Forbidden,
    Allowed,
}

/// <summary>A grant with all that decides whether and how much it pays for one purchase.</summary>
/// <param name="Classes">The service classes it pays for, the classes below them included.</param>
/// <param name="UnitMax">Cents at most for one booking; null for no limit. Month: cents at most in a calendar month.</param>
/// <param name="MonthUsed">What was spent or is held of it for services in the month of this purchase.</param>
/// <param name="Available">What is on its account and not held.</param>
/// <param name="WholePrice">On the day of the purchase the law lets it pay a whole price alone, never a part of one.</param>
public sealed record PurseGrant(
    Id<Grant> Id, Id<Programme> ProgrammeId, Id<Account> AccountId, string ProgrammeIt, string ProgrammeEn, string Funder,
    GrantStatus Status, LocalDate ValidFrom, LocalDate ValidTo, CopaymentRule Copayment, Money? UnitMax, Money? MonthMax,
    Money MonthUsed, Money Available, Money Held, Instant HoldsUntil, bool WholePrice, IReadOnlySet<string> Classes)
{
    /// <summary>As it would be with some of what it holds given back.</summary>
    /// <param name="inMonth">Whether that is for a service of the month whose limit is counted.</param>
    internal PurseGrant With(Money freed, bool inMonth = true) =>
        this with { Available = Available + freed, Held = Held - freed, MonthUsed = inMonth ? MonthUsed - freed : MonthUsed };
}

/// <summary>What is to be paid for: one service of a class on a day.</summary>
public sealed record Purchase(string ClassCode, LocalDate On, Money Price);

/// <summary>Why a grant does not pay, or not more than it does.</summary>
public enum WhyNot
{
    NotActive,
    OtherServices,
    NotYetValid,
    EndsBefore,
    Empty,
    MonthLimitReached,
    NotNeeded,

    /// <summary>It only pays where nothing is left for the household to pay, and here something would be.</summary>
    NoCopayment,

    /// <summary>The law wants its title to be for the whole price of one service, and it does not reach it.</summary>
    WholePriceOnly,
}

/// <summary>What one grant pays, and its limit if that is less than what was wanted of it.</summary>
public sealed record CoverageLine(PurseGrant Grant, Money Amount);

/// <summary>A grant that pays nothing of a purchase, with the reason a person can read.</summary>
public sealed record NotPaying(PurseGrant Grant, WhyNot Reason);

/// <summary>Which grants pay a purchase, in order, and what is left for the household.</summary>
public sealed record Coverage(Money Price, IReadOnlyList<CoverageLine> Lines, IReadOnlyList<NotPaying> NotPaying, Money Payable)
{
    public Money Covered => Lines.Sum(l => l.Amount);

    /// <summary>What the household pays the provider itself.</summary>
    public Money Copayment => Price - Covered;

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
    /// <summary>
    /// Takes from the grants whose rules admit the purchase: soonest end first, then the one that pays for fewest
    /// classes, then the smallest. If they cover the price, that is the answer. If not, only those that allow the
    /// household to add its own money pay, and the rest is the household's part. A grant that the law lets pay whole
    /// prices alone does so when its turn is first, or when the others together do not reach the price.
    /// </summary>
    public static Coverage Choose(IReadOnlyList<PurseGrant> grants, Purchase purchase)
    {
        if (!purchase.Price.IsPositive) throw new ArgumentOutOfRangeException(nameof(purchase), purchase.Price, "A price is positive.");
        var admitted = new List<PurseGrant>();
        var notPaying = new List<NotPaying>();
        foreach (var grant in InOrder(grants))
        {
            if (Refuse(grant, purchase) is { } reason) notPaying.Add(new(grant, reason));
            else admitted.Add(grant);
        }

        var together = admitted.Where(g => !g.WholePrice).ToList();
        var payable = Money.Min(together.Sum(Limit), purchase.Price);
        var reached = payable == purchase.Price;
        var alone = admitted.Find(g => g.WholePrice);
        if (alone is not null && (!reached || admitted[0] == alone))
        {
            notPaying.AddRange(admitted.Where(g => g != alone).Select(g => new NotPaying(g, WhyNot.NotNeeded)));
            return new(purchase.Price, [new(alone, purchase.Price)], notPaying, purchase.Price);
        }

        notPaying.AddRange(admitted.Where(g => g.WholePrice).Select(g => new NotPaying(g, WhyNot.NotNeeded)));
        if (!reached)
        {
            notPaying.AddRange(together.Where(g => g.Copayment is CopaymentRule.Forbidden).Select(g => new NotPaying(g, WhyNot.NoCopayment)));
            together.RemoveAll(g => g.Copayment is CopaymentRule.Forbidden);
        }

        return Draw(together, purchase, notPaying, payable);
    }

    /// <summary>What <see cref="Choose"/> leaves to pay of every price at once: for lists of services.</summary>
    public static PurseReach ReachOf(IReadOnlyList<PurseGrant> grants, string classCode, LocalDate on)
    {
        // The smallest price is the one that no grant refuses because it is too high.
        var admitted = grants.Where(g => Refuse(g, new(classCode, on, new(1))) is null).ToList();
        var together = admitted.Where(g => !g.WholePrice).ToList();
        var alone = admitted.Where(g => g.WholePrice).Select(Limit).DefaultIfEmpty(Money.Zero).Max();
        return new(Money.Max(alone, together.Sum(Limit)), together.Where(g => g.Copayment is CopaymentRule.Allowed).Sum(Limit));
    }

    /// <summary>Takes from one grant after the other until the price is reached.</summary>
    private static Coverage Draw(List<PurseGrant> grants, Purchase purchase, List<NotPaying> notPaying, Money payable)
    {
        var lines = new List<CoverageLine>();
        var left = purchase.Price;
        foreach (var grant in grants)
        {
            var amount = Money.Min(left, Limit(grant));
            left -= amount;
            if (amount.IsPositive) lines.Add(new(grant, amount));
            else notPaying.Add(new(grant, WhyNot.NotNeeded));
        }

        return new(purchase.Price, lines, notPaying, payable);
    }

    private static IEnumerable<PurseGrant> InOrder(IEnumerable<PurseGrant> grants) =>
        grants.OrderBy(g => g.ValidTo).ThenBy(g => g.Classes.Count).ThenBy(g => g.Available).ThenBy(g => g.Id.Value);

    private static WhyNot? Refuse(PurseGrant grant, Purchase purchase)
    {
        if (grant.Status is not GrantStatus.Active) return WhyNot.NotActive;
        if (!grant.Classes.Contains(purchase.ClassCode)) return WhyNot.OtherServices;
        if (purchase.On < grant.ValidFrom) return WhyNot.NotYetValid;
        if (purchase.On > grant.ValidTo) return WhyNot.EndsBefore;
        if (!grant.Available.IsPositive) return WhyNot.Empty;
        if (grant.MonthMax is { } max && grant.MonthUsed >= max) return WhyNot.MonthLimitReached;
        return grant.WholePrice && Limit(grant) < purchase.Price ? WhyNot.WholePriceOnly : null;
    }

    /// <summary>The most this grant pays for one purchase: what it has, what a booking may cost it, what the month has left.</summary>
    private static Money Limit(PurseGrant grant)
    {
        var limit = grant.Available;
        if (grant.UnitMax is { } unit) limit = Money.Min(limit, unit);
        if (grant.MonthMax is { } month) limit = Money.Min(limit, month - grant.MonthUsed);
        return limit;
    }
}
