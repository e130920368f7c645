using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Finance;

/// <summary>One transfer of a payout and the bookings it pays; each opens on the entry that earned it.</summary>
public sealed class PayoutLineModel(CurrentPlace place, Payouts payouts) : PageModel
{
    private const int PageSize = 100;

    [BindProperty(SupportsGet = true, Name = "pagina")]
    public int PageNumber { get; set; } = 1;

    public Payout Payout { get; private set; } = null!;
    public PayoutLineDetail Line { get; private set; } = null!;
    public IReadOnlyList<PayoutBooking> Bookings { get; private set; } = [];
    public Pager Pager { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Id<Payout> id, short line, CancellationToken cancel)
    {
        if (await payouts.FindAsync(place.Territory, id, cancel) is not { } detail) return NotFound();
        if (detail.Lines.FirstOrDefault(l => l.Line == line) is not { } found) return NotFound();
        (Payout, Line) = (detail.Payout, found);
        PageNumber = Math.Clamp(PageNumber, 1, Math.Max(1, (found.Bookings + PageSize - 1) / PageSize));
        Pager = new(PageNumber, PageSize, found.Bookings, page => $"~/ragioneria/liquidazioni/{id}/{line}?pagina={page}");
        Bookings = await payouts.BookingsAsync(place.Territory, id, line, PageSize, (PageNumber - 1) * PageSize, cancel);
        return Page();
    }
}
