using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Papers;

/// <summary>
/// A page that shows a paper. The page of its file is the same one that answers otherwise: who may see the one may have the other,
/// and both are found in the same way.
/// </summary>
public abstract class PaperPage : PageModel
{
    public Paper Paper { get; private set; } = null!;

    /// <summary>How large the file is, before anybody fetches it: it is written in a few thousandths of a second.</summary>
    public string FileSize => PaperFile.SizeOf(Paper);

    protected virtual IActionResult Answer(Paper paper)
    {
        Paper = paper;
        return Page();
    }
}

/// <summary>A paper as an answer: a file to keep.</summary>
public static class PaperFile
{
    public static FileContentResult Of(Paper paper) => new(PaperPdf.Of(paper), PaperPdf.ContentType) { FileDownloadName = $"{paper.FileName}.pdf" };

    public static string SizeOf(Paper paper) => Display.Size(PaperPdf.Of(paper).Length);
}
