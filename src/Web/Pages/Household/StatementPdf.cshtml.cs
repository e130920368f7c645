using Borsellino.Marketplace;
using Borsellino.Web.Papers;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Borsellino.Web.Pages.ForHouseholds;

/// <summary>A month's statement as a file.</summary>
public sealed class StatementPdfModel(CurrentPlace place, SignedIn visitor, PurseStatements statements, IClock clock)
    : StatementModel(place, visitor, statements, clock)
{
    protected override IActionResult Answer(Paper paper) => PaperFile.Of(paper);
}
