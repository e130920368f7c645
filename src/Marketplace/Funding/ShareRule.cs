using System.Runtime.InteropServices;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>How the part of a household grows with its ISEE.</summary>
public enum ShareFormula
{
    /// <summary>By steps: a figure for each band.</summary>
    Bands,

    /// <summary>In a straight line between two limits.</summary>
    Linear,

    /// <summary>With the square of the way between two limits: little for those who have little.</summary>
    Quadratic,
}

/// <summary>What the figures of a share rule are.</summary>
public enum ShareUnit
{
    /// <summary>Cents for one booking, however long.</summary>
    Booking,

    /// <summary>Cents for an hour.</summary>
    Hour,

    /// <summary>Hundredths of a percent of the price.</summary>
    Price,
}

/// <summary>Which of the indicators of a declaration counts: services for minors and for people with care needs have their own.</summary>
public enum IseeIndicator
{
    Ordinary,
    Minors,
    SocioSanitary,
    University,
}

/// <summary>What a programme does where no ISEE holds on the day of the service: none was brought, or it ended with its year.</summary>
public enum WithoutIsee
{
    /// <summary>The household pays the most, until it brings a new one.</summary>
    Most,

    /// <summary>The programme does not pay.</summary>
    NotPaid,
}

/// <summary>Who has at most this ISEE pays this figure.</summary>
public sealed record ShareBand(Money IseeTo, long Figure);

/// <summary>The part of a price that a programme leaves to the household: an amount, and hundredths of a percent of the price.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OwnPart(Money Amount, int Percent)
{
    public bool IsNone => Amount.IsZero && Percent == 0;

    /// <summary>How much of a price that is: to the cent, half a cent away from zero, and never more than the price.</summary>
    public Money Of(Money price) => Money.Min(price, Amount + new Money(ShareRule.Divide((Int128)price.Cents * Percent, 10_000)));
}

/// <summary>A version of the rule by which a household pays a part itself, as the municipality's regulation says it.</summary>
/// <param name="Least">The figure up to <paramref name="IseeFrom"/>, in what <paramref name="Unit"/> says.</param>
/// <param name="Most">The figure from <paramref name="IseeTo"/> on, above the last band, and where no ISEE holds.</param>
public sealed record ShareRule(
    Id<ShareRule> Id, ShareFormula Formula, ShareUnit Unit, IseeIndicator Indicator, long Least, long Most, Money IseeFrom, Money IseeTo,
    WithoutIsee Without, LocalDate ValidFrom, LocalDate? ValidTo) : IIdentified
{
    public const int BandsMax = 12;
    private const int MinutesInHour = 60;
    private const long PriceWhole = 100_00;
    private const long FigureMax = 1_000_000_00;

    public static string Prefix => "share-rule";

    /// <summary>The steps of a table, lowest first; none for a formula.</summary>
    public IReadOnlyList<ShareBand> Bands { get; init; } = [];

    public bool HoldsOn(LocalDate day) => day >= ValidFrom && !(day > ValidTo);

    /// <summary>What is wrong with it that can be seen without the books, or null.</summary>
    public FieldRefusal? Refuse()
    {
        var most = Unit is ShareUnit.Price ? PriceWhole : FigureMax;
        if (Least < 0 || Most < Least || Most > most) return new ShareFiguresWrong();
        if (Formula is not ShareFormula.Bands) return IseeFrom >= Money.Zero && IseeFrom < IseeTo ? null : new ShareLimitsReversed();
        var grow = Bands.Zip(Bands.Skip(1)).All(two => two.First.IseeTo < two.Second.IseeTo);
        var fit = Bands.All(b => b.IseeTo >= Money.Zero && b.Figure >= Least && b.Figure <= Most);
        return Bands.Count is 0 or > BandsMax || !grow || !fit ? new ShareBandsWrong(BandsMax) : null;
    }

    /// <summary>The figure for an ISEE, null for none: whole cents, or whole hundredths of a percent, a half away from zero.</summary>
    public long FigureOf(Money? isee)
    {
        if (isee is not { } value) return Most;
        if (Formula is ShareFormula.Bands) return Bands.FirstOrDefault(b => value <= b.IseeTo)?.Figure ?? Most;
        // In whole numbers, so that no fraction of a cent is lost before the one rounding.
        Int128 way = Math.Clamp(value.Cents, IseeFrom.Cents, IseeTo.Cents) - IseeFrom.Cents;
        Int128 whole = (IseeTo - IseeFrom).Cents;
        return Formula switch
        {
            ShareFormula.Linear => Divide(Least * whole + (Most - Least) * way, whole),
            ShareFormula.Quadratic => Divide(Least * whole * whole + (Most - Least) * way * way, whole * whole),
            ShareFormula.Bands => throw new InvalidOperationException("A table of bands was answered above."),
        };
    }

    /// <summary>The household's part of a service of so many minutes. A tariff for an hour is rounded to the cent before it is multiplied.</summary>
    public OwnPart PartOf(Money? isee, int minutes) => Unit switch
    {
        ShareUnit.Booking => new(new(FigureOf(isee)), 0),
        ShareUnit.Hour => new(new(Divide((Int128)FigureOf(isee) * minutes, MinutesInHour)), 0),
        ShareUnit.Price => new(Money.Zero, (int)FigureOf(isee)),
    };

    /// <summary>Of two numbers that are not negative, the quotient with a half rounded away from zero.</summary>
    internal static long Divide(Int128 number, Int128 by) => (long)((2 * number + by) / (2 * by));
}

/// <summary>What is known of a household's declaration: the value, its kind, number and days, and nothing else of what it says.</summary>
/// <param name="PresentedOn">The declaration holds from this day.</param>
/// <param name="ValidTo">As a rule the end of that year.</param>
public sealed record HouseholdIsee(
    Id<HouseholdIsee> Id, IseeIndicator Indicator, Money Value, string DsuNumber, LocalDate PresentedOn, LocalDate ValidTo, Instant RecordedAt) : IIdentified
{
    public static string Prefix => "isee";

    public bool HoldsOn(LocalDate day) => day >= PresentedOn && day <= ValidTo;

    /// <summary>The declaration that counts on a day: the one presented last, and of two from one day the one that was written last.</summary>
    public static HouseholdIsee? On(IEnumerable<HouseholdIsee> known, IseeIndicator indicator, LocalDate day) =>
        known.Where(i => i.Indicator == indicator && i.HoldsOn(day)).OrderBy(i => i.PresentedOn).ThenBy(i => i.RecordedAt).LastOrDefault();
}
