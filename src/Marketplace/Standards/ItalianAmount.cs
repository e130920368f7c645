using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Borsellino.Ledger;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// Amounts of euro as people in Italy type them and as their spreadsheets export them. Answers money above
/// zero and up to a million euro, or says what is wrong.
/// </summary>
/// <remarks>
/// <para>"1234,56", "1.234,56", "1234.56", "1,234.56", "1 234,56", "€ 12", "12 EUR" are read, with any kind of space.</para>
/// <para>
/// A lone point before exactly three digits separates thousands, as Italians write: "1.234" is 1,234 euro, while
/// "1.23" and "1.2" are one euro and some cents. A lone comma before exactly three digits ("1,234") is refused as
/// ambiguous: an Italian would have written too many decimals, an English spreadsheet means thousands.
/// </para>
/// </remarks>
public static partial class ItalianAmount
{
    /// <summary>A million euro: what is above is a slip of the keyboard.</summary>
    public static readonly Money Max = Money.Euro(1_000_000);

    private const int LengthMax = 40;

    // Never reached with texts this short; a limit stands on everything that reads what people type.
    private const int MatchMillisecondsMax = 1_000;

    /// <summary>Reads what a person typed, or says what is wrong with it.</summary>
    public static bool TryParse(string? text, out Money amount, [NotNullWhen(false)] out AmountFault? fault)
    {
        amount = Money.Zero;
        if (string.IsNullOrWhiteSpace(text))
        {
            fault = new AmountFault.Empty();
            return false;
        }
        if (text.Length > LengthMax)
        {
            fault = new AmountFault.NotANumber();
            return false;
        }

        var bare = WithoutCurrency(text);
        fault = Read(bare, out var read);
        if (fault is AmountFault.NotANumber) fault = LetterForDigit(bare) ?? fault;
        if (fault is not null) return false;
        amount = new(read);
        return true;
    }

    /// <summary>As an Italian spreadsheet shows it: 1.234,56. The same on every machine, whatever its culture.</summary>
    public static string Format(Money amount)
    {
        var cents = amount.Cents;
        var (euro, rest) = Math.DivRem(cents, 100);
        var sign = cents < 0 ? "-" : "";
        var thousands = Math.Abs(euro).ToString("N0", CultureInfo.InvariantCulture).Replace(',', '.');
        return $"{sign}{thousands},{Math.Abs(rest):00}";
    }

    /// <summary>For a cell that a spreadsheet adds up: no points between thousands, the comma before the cents.</summary>
    public static string Plain(Money amount) => Format(amount).Replace(".", "", StringComparison.Ordinal);

    private static string WithoutCurrency(string text)
    {
        // Every kind of space becomes a plain one, because Excel and bank pages use unbreakable ones between thousands.
        var plain = string.Concat(text.Select(c => char.IsWhiteSpace(c) ? ' ' : c)).Trim();
        return Currency().Replace(plain, "", 1).Trim();
    }

    private static AmountFault? Read(string bare, out long cents)
    {
        cents = 0;
        var negative = bare.StartsWith('-') || bare.StartsWith('−');
        var unsigned = negative || bare.StartsWith('+') ? bare[1..].TrimStart() : bare;
        if (Split(unsigned, out var euro, out var decimals) is { } fault) return fault;

        // Fifteen digits fit a long with room for the cents; more are too many euro however they are read.
        var digits = euro.TrimStart('0');
        cents = digits.Length > 15
            ? long.MaxValue
            : long.Parse("0" + digits + decimals.PadRight(2, '0'), CultureInfo.InvariantCulture);
        if (cents == 0) return new AmountFault.Zero();
        if (negative) return new AmountFault.Negative();
        return cents > Max.Cents ? new AmountFault.TooLarge() : null;
    }

    /// <summary>Finds which mark separates the decimals, if any does, and takes the others away.</summary>
    private static AmountFault? Split(string text, out string euro, out string decimals)
    {
        (euro, decimals) = ("", "");
        if (!text.Any(char.IsAsciiDigit) || !text.All(c => char.IsAsciiDigit(c) || c is '.' or ',' or ' '))
        {
            return new AmountFault.NotANumber();
        }

        var mark = text.LastIndexOfAny(['.', ',']);
        if (mark < 0 || IsThousands(text, mark))
        {
            euro = text;
        }
        else
        {
            (euro, decimals) = (text[..mark], text[(mark + 1)..]);
            if (euro.Contains(text[mark], StringComparison.Ordinal)) return new AmountFault.NotANumber();
            if (decimals.Length == 0 || !decimals.All(char.IsAsciiDigit)) return new AmountFault.NotANumber();
            if (decimals.Length > 2)
            {
                // "1,234": the one amount that two honest people read differently.
                return text[mark] == ',' && decimals.Length == 3 && Lead().IsMatch(euro)
                    ? new AmountFault.Ambiguous()
                    : new AmountFault.TooManyDecimals(decimals.Length);
            }
        }

        if (!Whole().IsMatch(euro)) return new AmountFault.NotANumber();
        euro = string.Concat(euro.Where(char.IsAsciiDigit));
        return null;
    }

    /// <summary>Whether the last mark separates thousands: an Italian point, or one of several equal marks.</summary>
    private static bool IsThousands(string text, int mark)
    {
        var tail = text.AsSpan(mark + 1);
        if (tail.Length != 3 || tail.ContainsAnyExceptInRange('0', '9')) return false;
        var head = text[..mark];
        if (head.Contains(text[mark], StringComparison.Ordinal)) return Whole().IsMatch(text);
        return text[mark] == '.' && Lead().IsMatch(head);
    }

    /// <summary>Suggests the digit where a letter O or l was typed, if the rest would then be a number.</summary>
    private static AmountFault.LetterForDigit? LetterForDigit(string bare)
    {
        var place = bare.AsSpan().IndexOfAny("OoIl|");
        if (place < 0 || !bare.Any(char.IsAsciiDigit)) return null;
        var repaired = bare.Replace('O', '0').Replace('o', '0').Replace('I', '1').Replace('l', '1').Replace('|', '1');
        return Read(repaired, out _) is AmountFault.NotANumber ? null : new(bare[place], repaired[place]);
    }

    // "€" or "EUR" or "euro", before or after, once.
    [GeneratedRegex(
        @"^(?:€|eur\.?(?![a-z])|euro)\s*|\s*(?:€|eur\.?|euro)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchMillisecondsMax)]
    private static partial Regex Currency();

    // Digits alone, or in threes behind one and the same mark. Nothing at all, so that ",50" is fifty cents.
    [GeneratedRegex(
        @"^(?:[0-9]*|[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+|(?: [0-9]{3})+))$",
        RegexOptions.CultureInvariant, MatchMillisecondsMax)]
    private static partial Regex Whole();

    // What can stand before the first group of thousands.
    [GeneratedRegex("^[1-9][0-9]{0,2}$", RegexOptions.CultureInvariant, MatchMillisecondsMax)]
    private static partial Regex Lead();
}

/// <summary>What is wrong with a text that should be an amount of euro.</summary>
public abstract record AmountFault : Fault
{
    private AmountFault(string code) : base(code)
    {
    }

    public sealed record Empty() : AmountFault("amount_empty");
    public sealed record NotANumber() : AmountFault("amount_not_a_number");

    /// <summary>It would be a number, had this letter been that digit.</summary>
    public sealed record LetterForDigit(char Found, char Expected) : AmountFault("amount_letter_for_digit");

    public sealed record TooManyDecimals(int Found) : AmountFault("amount_too_many_decimals");

    /// <summary>A comma before three digits: thousands in English, a thousandth of a euro in Italian.</summary>
    public sealed record Ambiguous() : AmountFault("amount_ambiguous");

    public sealed record Negative() : AmountFault("amount_negative");
    public sealed record Zero() : AmountFault("amount_zero");
    public sealed record TooLarge() : AmountFault("amount_too_large");
}
