using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>A household says what it looks for together with others. The form carries the need's id, so a second click opens no second one.</summary>
public sealed class OpenNeedModel(
    CurrentPlace place, SignedIn visitor, Needs needs, MeetingPlaces places, ServiceClasses classes, Bookings bookings) : NeedForm(places, classes)
{
    [BindProperty] public Id<Person> Person { get; set; }

    public IReadOnlyList<FamilyMember> People { get; private set; } = [];

    public Task<IActionResult> OnGetAsync([FromQuery(Name = "tipo")] string? kind, CancellationToken cancel)
    {
        Begin(kind);
        return ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid || Days.Count > 7 || Read(Person) is not { } need) return BadRequest();
        if (!ModelState.IsValid) return await ShowAsync(cancel);

        var opened = await needs.OpenAsync(place.Territory, need, new(visitor.Household, visitor.UserId), cancel);
        if (!opened.IsRefused(out var refusal, out var id)) return LocalRedirect($"~/ricerche/{id}?fatto=aperta");
        Refuse(refusal);
        return await ShowAsync(cancel);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        await FillAsync(place.Territory, cancel);
        People = await bookings.PeopleAsync(place.Territory, visitor.Household, cancel);
        if (People.All(p => p.Id != Person)) Person = People[0].Id;
        return Page();
    }
}
