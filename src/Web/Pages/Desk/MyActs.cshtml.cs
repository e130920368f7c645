using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Desk;

/// <summary>What an operator opened and did for families, and how it stands. Families by their number, and nobody else's deeds.</summary>
public sealed class MyActsModel(CurrentPlace place, SignedIn visitor, DeskActs acts, ConsentRequests requests, IClock clock) : PageModel
{
    public IReadOnlyList<DeskRow> Rows { get; private set; } = [];

    /// <summary>For what this operator asked a family's yes by a message.</summary>
    public IReadOnlyList<ConsentCard> Requests { get; private set; } = [];

    public Instant Now => clock.Now;

    /// <summary>What has just been done, as the address says it: <c>scritto</c>, or <c>chiesto</c> with a message.</summary>
    [BindProperty(SupportsGet = true, Name = "fatto")]
    public string? Done { get; set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Rows = await acts.OfOperatorAsync(place.Territory, visitor.UserId, cancel);
        Requests = await requests.OfOperatorAsync(place.Territory, visitor.UserId, cancel);
    }

    /// <summary>How it stands now, with its colour; null where there is nothing to follow.</summary>
    public static (string Words, Tone Tone)? Stands(DeskRow row)
    {
        if (row.Need is { } need) return (NeedWords.Status(need), NeedWords.ToneOf(need));
        if (row.Deed is DeskDeed.Joined or DeskDeed.JoinedWeekly && !row.IsIn) return (Texts.Say("Non è più nel gruppo"), Tone.Quiet);
        if (row.Booking is { } booking) return (BookingWords.Status(booking), BookingWords.ToneOf(booking));
        if (row.Package is { } package)
            return row.IsProduct ? (ProductWords.Status(package), ProductWords.ToneOf(package)) : (PackageWords.Status(package), PackageWords.ToneOf(package));
        if (row.Pool is { } pool) return (PoolWords.Status(pool), PoolWords.ToneOf(pool));
        return row.Deed is DeskDeed.JoinedWeekly ? (Texts.Say("Partecipa ogni settimana"), Tone.Ok) : null;
    }
}
