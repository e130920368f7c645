namespace Borsellino.Web.Shared;

/// <summary>Something that waits for this person, and the act that ends it. The most urgent stands first.</summary>
/// <param name="Status">One to four words: "Scade oggi".</param>
/// <param name="Amount">The money it is about, already written, if any.</param>
public sealed record WorkItem(
    Tone Tone, string Status, string Title, string Why, string? Amount, string Act, string Href, string? Icon = null);
