using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Administration;

/// <summary>Who may enter this territory, to be found by name.</summary>
public sealed class PeopleModel(SignInRegister register, CurrentPlace place) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "cerca")]
    public string? Words { get; set; }

    public IReadOnlyList<SignInLine> Found { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        Words = (Words ?? "")[..Math.Min(Words?.Length ?? 0, SignInRegister.WordsMax)].Replace("\0", "", StringComparison.Ordinal);
        Found = await register.SearchAsync(place.Territory, Words, cancel);
    }

    public static string RolesOf(SignInLine line) =>
        string.Join(", ", line.Roles.Select(r => Visitors.RoleName(Enum.Parse<Role>(r))));
}
