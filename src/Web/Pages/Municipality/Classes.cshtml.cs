using Borsellino.Marketplace;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>The tree of service classes: what families look for, providers are accredited for and programmes pay.</summary>
public sealed class ClassesModel(ServiceClasses classes, CurrentPlace place) : PageModel
{
    public ClassTree Tree { get; private set; } = new([]);

    public async Task OnGetAsync(CancellationToken cancel) => Tree = await classes.TreeAsync(place.Territory, cancel);
}
