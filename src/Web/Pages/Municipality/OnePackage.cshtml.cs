using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>The title of a package or a product for the office: what it is worth, where that is now, and what was used of it.</summary>
public sealed class OnePackageModel(VoucherRegister register, PackageCards cards, CurrentPlace place) : PageModel
{
    public Voucher Voucher { get; private set; } = null!;
    public PackageCard Card { get; private set; } = null!;
    public IReadOnlyList<BookingPayer> Payers { get; private set; } = [];

    /// <summary>The dates taken of a package; none for a product.</summary>
    public IReadOnlyList<BookingCard> Units { get; private set; } = [];

    public IReadOnlyList<HandedOver> HandOvers { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Id<Package> id, CancellationToken cancel)
    {
        if (!ModelState.IsValid || await register.FindAsync(place.Territory, id, cancel) is not { } voucher) return NotFound();
        (Voucher, Card) = (voucher, (await cards.FindAsync(place.Territory, id, cancel))!);
        Payers = await cards.PayersAsync(place.Territory, id, cancel);
        if (Card.IsProduct) HandOvers = await cards.HandOversAsync(place.Territory, id, cancel);
        else Units = await cards.UnitsAsync(place.Territory, id, cancel);
        return Page();
    }
}
