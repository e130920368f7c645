using System.Text.RegularExpressions;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// Keeps spreadsheets from running a cell that someone else typed. Whatever a spreadsheet could take for a formula
/// gets an apostrophe in front; reading takes one away again, so a file of ours comes back as it was.
/// </summary>
internal static partial class CsvFormula
{
    // The pattern is linear, so this is never reached; a limit stands on everything that reads what people send.
    private const int MatchMillisecondsMax = 1_000;

    /// <summary>The cell as it may be written. True numbers, such as -12,50, stay numbers.</summary>
    public static string Defuse(string cell) =>
        LooksLikeFormula(cell) && !Number().IsMatch(cell) ? "'" + cell : cell;

    /// <summary>The cell as it was before <see cref="Defuse"/>.</summary>
    public static string Restore(string cell) =>
        cell.Length > 1 && cell[0] == '\'' && LooksLikeFormula(cell) ? cell[1..] : cell;

    // A cell that begins with apostrophes and then a formula counts too: it gets one more, and loses only that one.
    private static bool LooksLikeFormula(string cell)
    {
        var start = cell.AsSpan().TrimStart('\'');
        return start.Length > 0 && start[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\0'
            or '＝' or '＋' or '－' or '＠';
    }

    // Digits with at most one mark, or in threes with an Italian or an English pair of marks.
    [GeneratedRegex(
        @"^[+-](?:[0-9]+(?:[.,][0-9]+)?|[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?)\z",
        RegexOptions.CultureInvariant, MatchMillisecondsMax)]
    private static partial Regex Number();
}
