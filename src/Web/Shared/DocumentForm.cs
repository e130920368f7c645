using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Borsellino.Web.Shared;

/// <summary>One document that a form asks for: a file, and perhaps the last day on which it holds.</summary>
/// <param name="IsRequired">Whether the form is refused without it.</param>
public sealed record AskedDocument(string Code, string Name, bool Ends, bool IsRequired)
{
    public string FileField => FileOf(Code);
    public string EndField => EndOf(Code);

    /// <summary>What was typed as its last day, when the form comes back.</summary>
    public string? EndText { get; init; }

    internal static string FileOf(string code) => "doc-" + code;

    internal static string EndOf(string code) => "fine-" + code;
}

/// <summary>Reads the documents of a form. Their ids follow from the form's own, so that sending it twice shows them once.</summary>
public static class DocumentForm
{
    /// <summary>What all documents of one form may weigh, with the rest of it: eight of the largest.</summary>
    public const int FormBytesMax = (8 * AccreditationRequests.BytesMax) + 1_000_000;

    /// <summary>What a rule asks for, then one that none does.</summary>
    public static IReadOnlyList<AskedDocument> Asked(IEnumerable<RequiredDocument> required, bool areRequired, IFormCollection? sent) =>
    [
        .. required.Select(r => new AskedDocument(r.Code, AccreditationWords.Name(r), r.Ends, areRequired)).Append(Other)
            .Select(a => a with { EndText = sent?[a.EndField] }),
    ];

    private static AskedDocument Other => new(RequiredDocuments.Other, Texts.Say("Un altro documento"), Ends: false, IsRequired: false);

    /// <summary>The documents that were sent; what is wrong with one is said at its field, and with what was written beside them at that one.</summary>
    public static async Task<List<NewDocument>> ReadAsync(
        IFormCollection form, string ticket, IReadOnlyList<AskedDocument> asked, string? note, ModelStateDictionary state, CancellationToken cancel)
    {
        if (note?.Trim().Length > AccreditationRequests.NoteMax)
            state.AddModelError("Note", RefusalText.For(new TextLength("note", 0, AccreditationRequests.NoteMax)));
        var documents = new List<NewDocument>();
        foreach (var one in asked)
        {
            var end = one.Ends ? Days.Read(one.EndText) : null;
            var isEndUnread = end is null && !string.IsNullOrWhiteSpace(one.EndText);
            if (isEndUnread) state.AddModelError(one.EndField, RefusalText.For(new DocumentEndWrong(one.Code)));
            if (form.Files.GetFile(one.FileField) is not { Length: > 0 } file)
            {
                if (one.IsRequired) state.AddModelError(one.FileField, Texts.Say("Manca il documento: {0}.", one.Name));
                continue;
            }

            if (file.Length > AccreditationRequests.BytesMax)
            {
                state.AddModelError(one.FileField, RefusalText.For(new DocumentTooLarge(one.Code, AccreditationRequests.BytesMax)));
                continue;
            }

            if (one.Ends && end is null && !isEndUnread) state.AddModelError(one.EndField, RefusalText.For(new DocumentEndWrong(one.Code)));
            var content = new byte[file.Length];
            await using (var stream = file.OpenReadStream()) await stream.ReadExactlyAsync(content, cancel);
            documents.Add(new(Id<AccreditationDocument>.From("document", ticket, one.Code), one.Code, file.FileName, content, end));
        }

        return documents;
    }

    /// <summary>The field at which a refusal is said; empty for the whole form.</summary>
    public static string FieldOf(Refusal refusal) => refusal switch
    {
        DocumentEndWrong r => AskedDocument.EndOf(r.DocumentCode),
        DocumentMissing or DocumentTypeUnknown or DocumentTooLarge => AskedDocument.FileOf(((FieldRefusal)refusal).Field),
        _ => "",
    };
}
