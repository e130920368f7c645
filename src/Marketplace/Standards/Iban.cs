using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// A bank account in the euro payments area. Check digits are verified everywhere, and for Italy and San Marino the
/// national control letter too. Kept in capitals without spaces.
/// </summary>
public readonly record struct Iban : IParsable<Iban>
{
    private const int PrefixLength = 4;

    // Only accounts that a SEPA credit transfer can reach: Borsellino pays in no other way.
    private static readonly FrozenDictionary<string, int> LengthOf = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["AD"] = 24, ["AL"] = 28, ["AT"] = 20, ["BE"] = 16, ["BG"] = 22, ["CH"] = 21, ["CY"] = 28, ["CZ"] = 24,
        ["DE"] = 22, ["DK"] = 18, ["EE"] = 20, ["ES"] = 24, ["FI"] = 18, ["FR"] = 27, ["GB"] = 22, ["GI"] = 23,
        ["GR"] = 27, ["HR"] = 21, ["HU"] = 28, ["IE"] = 22, ["IS"] = 26, ["IT"] = 27, ["LI"] = 21, ["LT"] = 20,
        ["LU"] = 20, ["LV"] = 21, ["MC"] = 27, ["MD"] = 24, ["ME"] = 22, ["MK"] = 19, ["MT"] = 31, ["NL"] = 18,
        ["NO"] = 15, ["PL"] = 28, ["PT"] = 25, ["RO"] = 24, ["RS"] = 22, ["SE"] = 24, ["SI"] = 19, ["SK"] = 24,
        ["SM"] = 27, ["VA"] = 22,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly string? iban;

    private Iban(string iban) => this.iban = iban;

    /// <summary>The account as computers exchange it; empty only for the default value, which is no account.</summary>
    public string Value => iban ?? "";

    public string Country => Value.Length < 2 ? "" : Value[..2];

    /// <summary>In groups of four, as on a bank's letter.</summary>
    public string Printed => CodeText.InFours(Value, ' ');

    /// <summary>Enough to recognise one's own account, too little to use another's: IT60…3456.</summary>
    public string Masked => Value.Length == 0 ? "" : $"{Value[..PrefixLength]}…{Value[^4..]}";

    public override string ToString() => Value;

    /// <summary>Reads an account that must be right. Throws where a person's input would get a fault.</summary>
    public static Iban Parse(string text) =>
        TryParse(text, out var iban, out var fault) ? iban : throw new FormatException(fault.ToString());

    /// <summary>Reads what a person typed, or says what is wrong with it.</summary>
    public static bool TryParse(string? text, out Iban iban, [NotNullWhen(false)] out IbanFault? fault)
    {
        iban = default;
        var compact = CodeText.Compact(text);
        fault = FaultOf(compact);
        if (fault is not null) return false;
        iban = new(compact);
        return true;
    }

    /// <summary>For form binding: what <see cref="TryParse(string?, out Iban, out IbanFault?)"/> accepts.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Iban result) =>
        TryParse(s, out result, out _);

    static Iban IParsable<Iban>.Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <summary>
    /// An Italian account from its bank (ABI), branch (CAB) and account number, each filled with zeros on the left.
    /// For invented accounts. Throws if a part is too long or has a character it may not have.
    /// </summary>
    public static Iban ForItaly(string abi, string cab, string account)
    {
        var body = Part(abi, 5, char.IsAsciiDigit) + Part(cab, 5, char.IsAsciiDigit)
            + Part(account, 12, IsCapitalOrDigit);
        var bban = CheckLetter.Of(body) + body;
        return new($"IT{Mod97.CheckDigits("IT", bban)}{bban}");
    }

    private static string Part(string text, int length, Func<char, bool> fits)
    {
        var compact = CodeText.Compact(text);
        if (compact.Length is 0 || compact.Length > length || !compact.All(fits))
        {
            throw new ArgumentException($"Not a part of {length} characters of an Italian account: {text}", nameof(text));
        }
        return compact.PadLeft(length, '0');
    }

    private static IbanFault? FaultOf(string compact)
    {
        if (compact.Length == 0) return new IbanFault.Empty();
        for (var i = 0; i < compact.Length; i++)
        {
            var fits = i switch
            {
                < 2 => char.IsAsciiLetterUpper(compact[i]),
                < PrefixLength => char.IsAsciiDigit(compact[i]),
                _ => IsCapitalOrDigit(compact[i]),
            };
            if (!fits) return new IbanFault.WrongCharacter(i + 1, compact[i]);
        }
        if (compact.Length < PrefixLength) return new IbanFault.WrongLength(compact.Length, null);

        var country = compact[..2];
        if (!LengthOf.TryGetValue(country, out var length)) return new IbanFault.CountryOutsideSepa(country);
        if (compact.Length != length) return new IbanFault.WrongLength(compact.Length, length);
        if (country is "IT" or "SM" && ItalianShapeFaultOf(compact) is { } shapeFault) return shapeFault;

        // The expected digits are not told: whoever mistyped an account must look at it again, not patch its digits.
        if (!compact.AsSpan(2, 2).SequenceEqual(Mod97.CheckDigits(country, compact.AsSpan(PrefixLength))))
        {
            return new IbanFault.WrongCheckDigits();
        }
        if (country is "IT" or "SM" && compact[PrefixLength] != CheckLetter.Of(compact.AsSpan(PrefixLength + 1)))
        {
            return new IbanFault.WrongControlLetter(compact[PrefixLength]);
        }
        return null;
    }

    private static IbanFault.WrongCharacter? ItalianShapeFaultOf(string compact)
    {
        if (!char.IsAsciiLetterUpper(compact[PrefixLength]))
        {
            return new IbanFault.WrongCharacter(PrefixLength + 1, compact[PrefixLength]);
        }
        const int bankAndBranch = 10;
        for (var i = PrefixLength + 1; i <= PrefixLength + bankAndBranch; i++)
        {
            if (!char.IsAsciiDigit(compact[i])) return new IbanFault.WrongCharacter(i + 1, compact[i]);
        }
        return null;
    }

    private static bool IsCapitalOrDigit(char c) => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c);
}

/// <summary>What is wrong with a text that should be an IBAN. Places count from 1.</summary>
public abstract record IbanFault : Fault
{
    private IbanFault(string code) : base(code)
    {
    }

    public sealed record Empty() : IbanFault("iban_empty");

    /// <summary>The country's own length, or null while the country cannot be told.</summary>
    public sealed record WrongLength(int Found, int? Expected) : IbanFault("iban_wrong_length");

    public sealed record WrongCharacter(int Place, char Found) : IbanFault("iban_wrong_character");
    public sealed record CountryOutsideSepa(string Country) : IbanFault("iban_country_outside_sepa");
    public sealed record WrongCheckDigits() : IbanFault("iban_wrong_check_digits");

    /// <summary>The international digits agree and the Italian control letter (CIN) does not.</summary>
    public sealed record WrongControlLetter(char Found) : IbanFault("iban_wrong_control_letter");
}
