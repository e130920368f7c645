using System.Diagnostics.CodeAnalysis;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// A <i>partita IVA</i>: eleven digits, the last a check on the ten before. Read with or without the prefix IT and
/// with any spaces; kept as digits alone.
/// </summary>
public readonly record struct VatNumber : IParsable<VatNumber>
{
    internal const int Length = 11;

    private readonly string? digits;

    private VatNumber(string digits) => this.digits = digits;

    /// <summary>The eleven digits; empty only for the default value, which is no number.</summary>
    public string Value => digits ?? "";

    /// <summary>As companies write it abroad: IT and the digits.</summary>
    public string WithCountry => $"IT{Value}";

    public override string ToString() => Value;

    /// <summary>Reads a number that must be right. Throws where a person's input would get a fault.</summary>
    public static VatNumber Parse(string text) =>
        TryParse(text, out var number, out var fault) ? number : throw new FormatException(fault.ToString());

    /// <summary>Reads what a person typed, or says what is wrong with it.</summary>
    public static bool TryParse(string? text, out VatNumber number, [NotNullWhen(false)] out VatNumberFault? fault)
    {
        number = default;
        var compact = CodeText.Compact(text);
        if (compact.StartsWith("IT", StringComparison.Ordinal)) compact = compact[2..];
        fault = FaultOf(compact);
        if (fault is not null) return false;
        number = new(compact);
        return true;
    }

    /// <summary>For form binding: what <see cref="TryParse(string?, out VatNumber, out VatNumberFault?)"/> accepts.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out VatNumber result) =>
        TryParse(s, out result, out _);

    static VatNumber IParsable<VatNumber>.Parse(string s, IFormatProvider? provider) => Parse(s);

    private static VatNumberFault? FaultOf(string compact)
    {
        if (compact.Length == 0) return new VatNumberFault.Empty();
        if (compact.Length != Length) return new VatNumberFault.WrongLength(compact.Length);
        for (var i = 0; i < Length; i++)
        {
            if (!char.IsAsciiDigit(compact[i])) return new VatNumberFault.NotDigit(i + 1, compact[i]);
        }
        // Eleven zeros satisfy the check digit and are what people type to get past a form.
        if (compact.All(c => c == '0')) return new VatNumberFault.AllZeros();
        var expected = CheckDigit(compact);
        return compact[^1] == expected ? null : new VatNumberFault.WrongCheckDigit(compact[^1], expected);
    }

    /// <summary>The eleventh digit for the first ten; whatever follows them is not looked at.</summary>
    internal static char CheckDigit(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < Length - 1; i++)
        {
            var digit = digits[i] - '0';
            // Even places (index 1, 3, …) count double, and a double of two digits counts as their sum.
            if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return (char)('0' + (10 - sum % 10) % 10);
    }
}

/// <summary>What is wrong with a text that should be a VAT number. Places count from 1.</summary>
public abstract record VatNumberFault : Fault
{
    private VatNumberFault(string code) : base(code)
    {
    }

    public sealed record Empty() : VatNumberFault("vat_number_empty");
    public sealed record WrongLength(int Found) : VatNumberFault("vat_number_wrong_length");
    public sealed record NotDigit(int Place, char Found) : VatNumberFault("vat_number_not_digit");
    public sealed record AllZeros() : VatNumberFault("vat_number_all_zeros");
    public sealed record WrongCheckDigit(char Found, char Expected) : VatNumberFault("vat_number_wrong_check_digit");
}
