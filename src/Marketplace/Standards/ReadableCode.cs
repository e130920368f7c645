using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// A short code that people read aloud and copy by hand, such as 7K4D-M2XQ. It has no zero, one, O or I, and its last
/// character is a check: one wrong character, or two exchanged, is always found.
/// </summary>
/// <remarks>Eight characters are 35 random bits: enough to name a thing, too little to be a secret on their own.</remarks>
public readonly record struct ReadableCode : IParsable<ReadableCode>
{
    /// <summary>The 32 characters a code is made of, in the order of their values.</summary>
    public const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    private const int GroupLength = 4;
    private const int GroupsMin = 2;
    private const int GroupsMax = 5;

    private readonly string? code;

    private ReadableCode(string code) => this.code = code;

    /// <summary>Without hyphens, as it is stored; empty only for the default value, which is no code.</summary>
    public string Value => code ?? "";

    /// <summary>In groups of four with hyphens, as it is printed.</summary>
    public override string ToString() => CodeText.InFours(Value, '-');

    /// <summary>A new random code of two to five groups of four.</summary>
    public static ReadableCode New(int groups = GroupsMin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, GroupsMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, GroupsMax);
        var body = RandomNumberGenerator.GetString(Alphabet, groups * GroupLength - 1);
        return new(body + Alphabet[Times2(Sum(body))]);
    }

    /// <summary>Reads a code that must be right. Throws where a person's input would get a fault.</summary>
    public static ReadableCode Parse(string text) =>
        TryParse(text, out var code, out var fault) ? code : throw new FormatException(fault.ToString());

    /// <summary>Reads what a person typed, in any case and with any spaces or hyphens, or says what is wrong.</summary>
    public static bool TryParse(string? text, out ReadableCode code, [NotNullWhen(false)] out ReadableCodeFault? fault)
    {
        code = default;
        var compact = string.Concat(CodeText.Compact(text).Where(c => c is not ('-' or '‐' or '‑' or '–' or '—')));
        fault = FaultOf(compact);
        if (fault is not null) return false;
        code = new(compact);
        return true;
    }

    /// <summary>For form binding: what the other <c>TryParse</c> accepts.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ReadableCode result) =>
        TryParse(s, out result, out _);

    static ReadableCode IParsable<ReadableCode>.Parse(string s, IFormatProvider? provider) => Parse(s);

    private static ReadableCodeFault? FaultOf(string compact)
    {
        if (compact.Length == 0) return new ReadableCodeFault.Empty();
        if (compact.Length % GroupLength != 0 || compact.Length / GroupLength is < GroupsMin or > GroupsMax)
        {
            return new ReadableCodeFault.WrongLength(compact.Length);
        }
        for (var i = 0; i < compact.Length; i++)
        {
            if (!Alphabet.Contains(compact[i], StringComparison.Ordinal))
            {
                return new ReadableCodeFault.WrongCharacter(i + 1, compact[i]);
            }
        }
        return Sum(compact) == 0 ? null : new ReadableCodeFault.Misread();
    }

    // The characters are numbers of the field of 32 elements, and the code is a polynomial with a zero at 2. A wrong
    // character adds e·2^i and an exchange adds (a-b)·(2^i-2^j): neither is zero in a field, so neither goes unseen
    // while the code is shorter than 32 characters.
    private static int Sum(string text)
    {
        var sum = 0;
        foreach (var c in text)
        {
            sum = Times2(sum) ^ Alphabet.IndexOf(c, StringComparison.Ordinal);
        }
        return sum;
    }

    /// <summary>Doubling in that field, whose polynomial is x⁵ + x² + 1.</summary>
    private static int Times2(int value) => value < 16 ? value << 1 : (value << 1) ^ 0b100101;
}

/// <summary>What is wrong with a text that should be one of our short codes. Places count from 1, hyphens aside.</summary>
public abstract record ReadableCodeFault : Fault
{
    private ReadableCodeFault(string code) : base(code)
    {
    }

    public sealed record Empty() : ReadableCodeFault("readable_code_empty");
    public sealed record WrongLength(int Found) : ReadableCodeFault("readable_code_wrong_length");
    public sealed record WrongCharacter(int Place, char Found) : ReadableCodeFault("readable_code_wrong_character");

    /// <summary>Every character could be, and together they are not a code: at least one was misread.</summary>
    public sealed record Misread() : ReadableCodeFault("readable_code_misread");
}
