namespace Borsellino.Web.Shared;

/// <summary>A total and its parts, in the order of the sum.</summary>
public sealed record Tally(IReadOnlyList<TallyTerm> Terms);

/// <summary>One term of a sum, already written for the page.</summary>
/// <param name="Sign">What stands before it: nothing for the first, then "+", "−" or "=".</param>
/// <param name="Strong">The result, or the total the others explain.</param>
/// <param name="Note">A line below the figure.</param>
public sealed record TallyTerm(
    string Label, string Value, string Sign = "", bool Strong = false, string? Note = null, Tone Tone = Tone.Quiet);
