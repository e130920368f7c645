using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>How an offer is sold as so many units at once.</summary>
/// <param name="Price">Of all of them: the offer's price as many times, to the cent.</param>
/// <param name="Name">What they are called: "lezioni".</param>
/// <param name="Days">They are to be used within so many days.</param>
/// <param name="ReturnDays">Untouched, it goes back for nothing within so many days.</param>
/// <param name="ReturnsRest">Whether what is not used goes back later too, until the last day.</param>
public sealed record PackageTerms(int Units, Money Price, Words Name, int Days, int ReturnDays, bool ReturnsRest)
{
    public const int UnitsMin = 2, UnitsMax = 50, NameMin = 3, NameMax = 40, DaysMin = 7, DaysMax = 366, ReturnDaysMax = 60;

    /// <summary>All that is wrong with it, by its fields.</summary>
    /// <param name="unit">The offer's price.</param>
    public IEnumerable<OfferWrong> Faults(Money unit)
    {
        if (Units is < UnitsMin or > UnitsMax) yield return new("package_units");
        else if (unit.IsPositive && (Price != unit * Units || Price > Offers.PriceMax)) yield return new("package_price");
        if (IsWrong(Name.It)) yield return new("package_name");
        if (Name.En != Name.It && IsWrong(Name.En)) yield return new("package_name_en");
        if (Days is < DaysMin or > DaysMax) yield return new("package_days");
        if (ReturnDays is < 0 or > ReturnDaysMax) yield return new("package_return_days");
    }

    internal static bool IsWrong(string name) => name.Trim().Length < NameMin || name.Length > NameMax;
}
