using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>What makes an offer a product: a thing that is handed over, piece by piece, and takes no time.</summary>
/// <param name="Stock">How many can still be bought; null where nobody counts.</param>
/// <param name="Name">What the pieces are called: "kit".</param>
/// <param name="Days">It is to be fetched within so many days.</param>
/// <param name="ReturnDays">Untouched, it is called off for nothing within so many days.</param>
/// <param name="ReturnsRest">Whether what was not handed over is called off later too, until the last day.</param>
public sealed record ProductTerms(int? Stock, Words Name, int Days, int ReturnDays, bool ReturnsRest)
{
    public const int StockMax = 10_000, DaysMin = 1;

    /// <summary>So many pieces are bought at once at most.</summary>
    public const int PiecesMax = 20;

    /// <summary>The terms of so many pieces.</summary>
    public PackageTerms Of(int pieces, Money price) => new(pieces, price * pieces, Name, Days, ReturnDays, ReturnsRest);

    /// <summary>All that is wrong with it, by its fields.</summary>
    public IEnumerable<OfferWrong> Faults()
    {
        if (Stock is < 0 or > StockMax) yield return new("stock");
        if (PackageTerms.IsWrong(Name.It)) yield return new("package_name");
        if (Name.En != Name.It && PackageTerms.IsWrong(Name.En)) yield return new("package_name_en");
        if (Days is < DaysMin or > PackageTerms.DaysMax) yield return new("product_days");
        if (ReturnDays is < 0 or > PackageTerms.ReturnDaysMax) yield return new("package_return_days");
    }
}
