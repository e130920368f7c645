using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Desk;

/// <summary>Where groups may meet: what there is, one more, one less. The form carries the place's id, so a second click adds no second one.</summary>
public sealed class MeetingPlacesModel(MeetingPlaces places, Territories territories, CurrentPlace place, SignedIn visitor) : PageModel
{
    [BindProperty] public Id<MeetingPlace> Id { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public MeetingPlaceKind Kind { get; set; }
    [BindProperty] public string? Municipality { get; set; }
    [BindProperty] public string? Latitude { get; set; }
    [BindProperty] public string? Longitude { get; set; }
    [BindProperty] public string? Rooms { get; set; } = "1";

    /// <summary>The place of which the page asks whether it is to go.</summary>
    [BindProperty(SupportsGet = true, Name = "togli")]
    public Id<MeetingPlace>? Leaving { get; set; }

    public IReadOnlyList<MeetingPlaceRow> Known { get; private set; } = [];
    public IReadOnlyList<Municipality> Municipalities { get; private set; } = [];

    public Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        Id = Id<MeetingPlace>.New();
        return ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostAddAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid || !Enum.IsDefined(Kind)) return BadRequest();
        if ((Name ?? "").Trim().Length is < MeetingPlaces.NameMin or > MeetingPlaces.NameMax)
            ModelState.AddModelError(nameof(Name), RefusalText.For(new TextLength("name", MeetingPlaces.NameMin, MeetingPlaces.NameMax)));
        var latitude = ReadDegrees(Latitude, nameof(Latitude), 90);
        var longitude = ReadDegrees(Longitude, nameof(Longitude), 180);
        if (!int.TryParse(Rooms, NumberStyles.None, CultureInfo.InvariantCulture, out var rooms))
            ModelState.AddModelError(nameof(Rooms), RefusalText.For(new MeetingPlaceRoomsOutside(Matching.RoomsMax)));
        if (!ModelState.IsValid) return await ShowAsync(cancel);

        var added = await places.AddAsync(place.Territory, new(Id, Name ?? "", Kind, Municipality ?? "", new(latitude, longitude), rooms), visitor.UserId, cancel);
        if (!added.IsRefused(out var refusal)) return LocalRedirect("~/sportello/luoghi");
        var field = refusal is MunicipalityNotFound ? nameof(Municipality) : (refusal as FieldRefusal)?.Field switch
        {
            "name" => nameof(Name),
            "rooms" => nameof(Rooms),
            "latitude" => nameof(Latitude),
            _ => "",
        };
        ModelState.AddModelError(field, RefusalText.For(refusal));
        return await ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostWithdrawAsync(Id<MeetingPlace> meetingPlace, CancellationToken cancel)
    {
        if (meetingPlace == default) return BadRequest();
        return (await places.WithdrawAsync(place.Territory, meetingPlace, cancel)).IsRefused(out _) ? NotFound() : LocalRedirect("~/sportello/luoghi");
    }

    /// <summary>Degrees as people type them, with a comma or a point.</summary>
    private double ReadDegrees(string? text, string field, int most)
    {
        var isRead = double.TryParse(text?.Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var degrees);
        if (!isRead || Math.Abs(degrees) > most) ModelState.AddModelError(field, RefusalText.For(new MeetingPlacePointWrong()));
        return degrees;
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        Known = await places.ListAsync(place.Territory, cancel);
        Municipalities = await territories.MunicipalitiesAsync(place.Territory, cancel);
        return Page();
    }
}
