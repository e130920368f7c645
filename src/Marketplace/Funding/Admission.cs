using Borsellino.Ledger;

namespace Borsellino.Marketplace;

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

    /// <summary>It pays listed providers only, and this one is not on the list that day.</summary>
    OtherProviders,

    /// <summary>It pays what is given in listed municipalities only, and this is given in another that day.</summary>
    OtherMunicipalities,

    /// <summary>It pays so much for one booking, and has.</summary>
    BookingLimitReached,

    /// <summary>What it may pay in the period is spent or held.</summary>
    PeriodLimitReached,

    /// <summary>Its company has given the household all that it may in a year as fringe benefits, or the purchase would pass that.</summary>
    FringeThresholdReached,

    /// <summary>The service would make more hours than it may pay in the period.</summary>
    TooManyHours,

    /// <summary>It asks for an ISEE that holds on the day of the service, and there is none.</summary>
    IseeMissing,

    /// <summary>By the household's ISEE the whole price is its own part.</summary>
    AllIsOwnPart,

    /// <summary>It asks the household for a part, and no rule says how much on that day.</summary>
    NoShareRule,
}

/// <summary>What keeps a grant from paying more than it does.</summary>
public enum HeldBackBy
{
    /// <summary>It has no more.</summary>
    Available,
    UnitMax,
    MonthMax,
    PeriodLimit,

    /// <summary>More would pass the threshold of fringe benefits, and then all of it would be taxed.</summary>
    FringeThreshold,

    /// <summary>The rest is the household's part.</summary>
    OwnPart,
}

/// <summary>The most a grant pays for a purchase, and by which rule.</summary>
public sealed record Ceiling(Money Amount, HeldBackBy By, PeriodUse? Period = null);

/// <summary>One grant before one purchase: whether its rules admit it, and how much they let it pay.</summary>
/// <param name="Ceiling">The lowest of the limits of its programme; null for none.</param>
/// <param name="Uses">How far each limit by period is used, as far as it counts the purchase.</param>
/// <param name="Share">How the household's part is found that day; null where the programme asks for none.</param>
/// <param name="Isee">The one that holds that day, where the programme asks for one.</param>
internal sealed record Admission(
    PurseGrant Grant, Purchase Purchase, Ceiling? Ceiling, IReadOnlyList<PeriodUse> Uses, ShareRule? Share, HouseholdIsee? Isee, OwnPart Own)
{
    /// <summary>The most this grant pays: what it has, and what its programme's limits leave.</summary>
    public Money Limit => Ceiling is { } c ? Money.Min(Grant.Available, c.Amount) : Grant.Available;

    /// <summary>The rule that keeps it from paying more.</summary>
    public Ceiling HeldBack => Ceiling is { } c && c.Amount < Grant.Available ? c : new(Grant.Available, HeldBackBy.Available);

    public static Admission Of(PurseGrant grant, Purchase purchase)
    {
        var share = grant.Copayment is CopaymentRule.Required ? grant.Rules.ShareOn(purchase.On) : null;
        var isee = share is null ? null : HouseholdIsee.On(grant.Isee, share.Indicator, purchase.On);
        var own = share?.PartOf(isee?.Value, purchase.Minutes) ?? default;
        List<PeriodUse> uses =
        [
            .. grant.Rules.Limits.Where(l => l.Counts(purchase.ClassCode, purchase.On)).Select(l => UseOf(l, grant.Uses, purchase)),
        ];
        var ceiling = Ceilings(grant, purchase, uses, own).MinBy(c => c.Amount);
        return new(grant, purchase, ceiling, uses, share, isee, own);
    }

    /// <summary>Why the grant pays nothing, or null.</summary>
    public NotPaying? Refuse()
    {
        if (Grant.Status is not GrantStatus.Active) return Not(WhyNot.NotActive);
        if (!Grant.Classes.Contains(Purchase.ClassCode)) return Not(WhyNot.OtherServices);
        if (Purchase.On < Grant.ValidFrom) return Not(WhyNot.NotYetValid);
        if (Purchase.On > Grant.ValidTo) return Not(WhyNot.EndsBefore);
        if (!Grant.Rules.Admit(Purchase.Provider, Purchase.On)) return Not(WhyNot.OtherProviders);
        if (!Grant.Rules.AdmitIn(Purchase.GivenIn is Purchase.AtHome ? Grant.LivesIn : Purchase.GivenIn, Purchase.On)) return Not(WhyNot.OtherMunicipalities);
        if (!Grant.Available.IsPositive) return Not(WhyNot.Empty);
        if (Grant.Copayment is CopaymentRule.Required && Share is null) return Not(WhyNot.NoShareRule);
        if (Share?.Without is WithoutIsee.NotPaid && Isee is null) return Not(WhyNot.IseeMissing);
        if (Uses.FirstOrDefault(u => u.IsTooLong(Purchase.Minutes)) is { } hours) return Not(WhyNot.TooManyHours) with { Period = hours };
        if (Ceiling is { Amount.IsPositive: false } nothing) return Not(ReasonOf(nothing.By)) with { Period = nothing.Period };
        if (!Grant.WholePrice || Limit >= Purchase.Price) return null;
        return Not(HeldBack.By is HeldBackBy.FringeThreshold ? WhyNot.FringeThresholdReached : WhyNot.WholePriceOnly);
    }

    /// <summary>So much of it, kept from more by a rule.</summary>
    public CoverageLine Line(Money amount, Ceiling? heldBack) => new(Grant, amount, heldBack, Own) { Share = Share, IseeTo = Isee?.ValidTo };

    private NotPaying Not(WhyNot reason) => new(Grant, reason);

    private static WhyNot ReasonOf(HeldBackBy by) => by switch
    {
        HeldBackBy.Available => WhyNot.Empty,
        HeldBackBy.UnitMax => WhyNot.BookingLimitReached,
        HeldBackBy.MonthMax => WhyNot.MonthLimitReached,
        HeldBackBy.PeriodLimit => WhyNot.PeriodLimitReached,
        HeldBackBy.FringeThreshold => WhyNot.FringeThresholdReached,
        HeldBackBy.OwnPart => WhyNot.AllIsOwnPart,
    };

    /// <summary>Each limit on what the programme pays of this purchase, in cents.</summary>
    private static IEnumerable<Ceiling> Ceilings(PurseGrant grant, Purchase purchase, List<PeriodUse> uses, OwnPart own)
    {
        var paid = purchase.Adds is { } adds ? grant.Uses.Where(u => u.Service == adds.Service).Sum(u => u.Amount) : Money.Zero;
        if (grant.UnitMax is { } unit) yield return new(unit - paid, HeldBackBy.UnitMax);
        if (grant.MonthMax is { } month) yield return new(month - grant.MonthUsed(purchase.On), HeldBackBy.MonthMax);
        foreach (var use in uses)
        {
            if (use.Left is { } left) yield return new(left, HeldBackBy.PeriodLimit, use);
        }

        if (grant.FringeOf(purchase.ClassCode) is { } room) yield return new(room.Left, HeldBackBy.FringeThreshold);

        // What is paid already counts against the part of the whole: a price that goes up raises the household's part with it.
        if (!own.IsNone) yield return new(purchase.Whole - own.Of(purchase.Whole) - paid, HeldBackBy.OwnPart);
    }

    /// <summary>
    /// A limit counts the services of its days in the period, whatever was booked first; of one that is to be paid more for, the money
    /// and not the minutes, which come with the purchase.
    /// </summary>
    private static PeriodUse UseOf(PeriodLimit limit, IReadOnlyList<Use> uses, Purchase purchase)
    {
        var (from, to) = limit.PeriodOf(purchase.On);
        var counted = uses.Where(u => u.On >= from && u.On <= to && limit.Counts(u.ClassCode, u.On)).ToList();
        var minutes = counted.Where(u => u.Service != purchase.Adds?.Service).DistinctBy(u => u.Service).Sum(u => u.Minutes);
        return new(limit, from, to, counted.Sum(u => u.Amount), minutes);
    }
}
