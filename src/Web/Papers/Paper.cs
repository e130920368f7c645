using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;

namespace Borsellino.Web.Papers;

/// <summary>
/// A paper that people keep, told once in the visitor's language: its page shows it and its PDF is written from it, so both say the
/// same to the letter.
/// </summary>
/// <param name="FileName">What the file is called, without its ending; it names nobody.</param>
/// <param name="Title">The whole title, as it stands at the head of a window.</param>
/// <param name="Heading">The title on the paper itself.</param>
public sealed record Paper(Place Place, string FileName, string Title, string Heading, IReadOnlyList<PaperPart> Parts)
{
    /// <summary>A line below the heading; a <see cref="Reference"/> may follow it.</summary>
    public string Under { get; init; } = "";

    /// <summary>The number to say on the telephone.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Whose paper it is, beside the heading.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>In a word, where the matter stands.</summary>
    public PaperState? State { get; init; }

    /// <summary>Who gives out the paper.</summary>
    public string From => $"Borsellino, {Place.Name}";

    /// <summary>The parts under each heading; those before the first have none.</summary>
    public IReadOnlyList<(PaperPart.Heading? Heading, IReadOnlyList<PaperPart> Parts)> Sections()
    {
        var sections = new List<(PaperPart.Heading?, IReadOnlyList<PaperPart>)>();
        for (var at = 0; at < Parts.Count;)
        {
            var heading = Parts[at] as PaperPart.Heading;
            List<PaperPart> under = [.. Parts.Skip(heading is null ? at : at + 1).TakeWhile(p => p is not PaperPart.Heading)];
            sections.Add((heading, under));
            at += under.Count + (heading is null ? 0 : 1);
        }

        return sections;
    }

    /// <summary>A file's name from what it is and a reference, in groups as it is read aloud.</summary>
    public static string Named(string what, string reference) => $"{what}-{string.Join('-', reference.Chunk(4).Select(g => new string(g)))}";
}

/// <summary>A word with its colour.</summary>
public sealed record PaperState(string Word, Tone Tone);

/// <summary>A part of a paper, in the order of reading.</summary>
public abstract record PaperPart
{
    /// <summary>What follows is under it, until the next one.</summary>
    /// <param name="Name">What its section is called in a page's markup.</param>
    public sealed record Heading(string Words, string Name) : PaperPart;

    /// <summary>A paragraph, with a few strong words before it.</summary>
    public sealed record Paragraph(string Text, string Strong = "", bool Fine = false) : PaperPart;

    /// <summary>A sentence that must not be missed.</summary>
    public sealed record Warning(string Text) : PaperPart;

    public sealed record Points(IReadOnlyList<string> Lines) : PaperPart;

    public sealed record Answers(IReadOnlyList<CheckAnswer> All) : PaperPart;

    public sealed record Sums(IReadOnlyList<PaperSum> All) : PaperPart;

    public sealed record Terms(Tally Tally) : PaperPart;

    public sealed record Rows(PaperTable Table) : PaperPart;

    /// <summary>What opens a service: number and PIN, what they are worth, and both as a picture that leads to an address.</summary>
    public sealed record Key(string Number, string Pin, Money Worth, string Address) : PaperPart;
}

/// <summary>An amount and what it is; totals are strong.</summary>
public sealed record PaperSum(string Label, Money Amount, bool IsTotal = false);

/// <summary>What the cells of a column are.</summary>
public enum PaperColumnKind
{
    Text,

    /// <summary>What its row is about.</summary>
    Subject,

    /// <summary>As <see cref="Subject"/>, and short: a day.</summary>
    Day,

    Number,
    Amount,
}

public sealed record PaperColumn(string Heading, PaperColumnKind Kind = PaperColumnKind.Text)
{
    public bool IsSubject => Kind is PaperColumnKind.Subject or PaperColumnKind.Day;
    public bool IsFigure => Kind is PaperColumnKind.Number or PaperColumnKind.Amount;
}

/// <summary>A table with its caption, and its totals if it has them.</summary>
/// <param name="WhenEmpty">What stands in the place of rows when there are none.</param>
public sealed record PaperTable(
    string Caption, IReadOnlyList<PaperColumn> Columns, IReadOnlyList<IReadOnlyList<PaperCell>> Rows,
    IReadOnlyList<PaperCell>? Totals = null, string WhenEmpty = "");

/// <summary>A cell: words or an amount.</summary>
/// <param name="Small">A second line.</param>
/// <param name="IsCode">The second line is a code, to be read letter by letter.</param>
/// <param name="Href">Where the words lead on a page.</param>
public sealed record PaperCell(string Words, Money? Amount = null, string Small = "", bool IsCode = false, string Href = "")
{
    public static implicit operator PaperCell(string words) => new(words);

    public static implicit operator PaperCell(Money amount) => new("", amount);

    /// <summary>What is read in it.</summary>
    public string Shown => Amount is { } amount ? Display.Figure(amount) : Words;
}
