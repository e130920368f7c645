using Borsellino.Ledger;

namespace Borsellino.Web.Shared;

/// <summary>A choice of a filter bar: a link with how many it would show.</summary>
public sealed record FilterChoice(string Label, string Href, long? Count, bool Current);

/// <summary>Where we are in a long list. <see cref="Href"/> makes the address of a page, counted from 1.</summary>
public sealed record Pager(int Page, int PageSize, long Total, Func<int, string> Href)
{
    public int Pages => Math.Max(1, (int)((Total + PageSize - 1) / PageSize));
    public long First => Total == 0 ? 0 : (Page - 1L) * PageSize + 1;
    public long Last => Math.Min(Total, (long)Page * PageSize);

    /// <summary>The pages worth a link: the ends and the neighbours; null is a gap.</summary>
    public IReadOnlyList<int?> Links()
    {
        var shown = Enumerable.Range(1, Pages)
            .Where(page => page == 1 || page == Pages || Math.Abs(page - Page) <= 1).ToList();
        var links = new List<int?>();
        foreach (var page in shown)
        {
            if (links is [.., { } last] && page > last + 1) links.Add(null);
            links.Add(page);
        }
        return links;
    }
}

/// <summary>The steps of a path, and the one we are at, counted from 1.</summary>
public sealed record Stepper(IReadOnlyList<string> Steps, int Current);

/// <summary>One stop on the path of money, from the funder to the line of the bank.</summary>
/// <param name="Here">The stop whose page this is.</param>
public sealed record PathStop(
    string Kind, string Icon, string Title, string? Href, string? Amount, string? Note, bool Here = false);

/// <summary>One answer to check before an act that holds money, with the way to change it.</summary>
public sealed record CheckAnswer(
    string Label, string Answer, string? Detail = null, string? ChangeHref = null, bool Strong = false);

/// <summary>Who pays a price: a funder with its part, or the household itself when <paramref name="Colour"/> is 0.</summary>
public sealed record PayShare(string Who, int Colour, Money Amount, string? Note);
