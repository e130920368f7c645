using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>Everything on one page before a household buys a product: how many, where and until when, who pays, what can still be called off.</summary>
public sealed class BuyProductModel(CurrentPlace place, SignedIn visitor, Packages packages, IClock clock) : BuyPackageModel(place, visitor, packages, clock)
{
    /// <summary>How many, as it stands in the address or was typed.</summary>
    [BindProperty(SupportsGet = true, Name = "pezzi")]
    public string? Pieces { get; set; } = "1";

    /// <summary>A number that cannot be read is 0, which is never sold.</summary>
    protected override int? Asked => Typed.Whole(Pieces) ?? 0;

    protected override string Bought(Id<Package> id) => $"~/prodotti/{id}?fatto=comprato";

    protected override string Why(Refusal refusal) => ProductWords.For(refusal);
}
