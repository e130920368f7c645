using System.Diagnostics.CodeAnalysis;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// A creditor reference (ISO 11649): RF, two check digits and up to 21 letters or digits. One debt has one reference,
/// so a payment that quotes it can be matched without a person looking.
/// </summary>
public readonly record struct CreditorReference : IParsable<CreditorReference>
{
    /// <summary>How many characters of one's own a reference may carry.</summary>
    public const int BodyLengthMax = 21;

    private const int PrefixLength = 4;

    private readonly string? reference;

    private CreditorReference(string reference) => this.reference = reference;

    /// <summary>As banks exchange it; empty only for the default value, which is no reference.</summary>
    public string Value => reference ?? "";

    /// <summary>The part that we chose.</summary>
    public string Body => Value.Length == 0 ? "" : Value[PrefixLength..];

    /// <summary>In groups of four, as on a payment notice.</summary>
    public string Printed => CodeText.InFours(Value, ' ');

    public override string ToString() => Value;

    /// <summary>Adds RF and the check digits to 1 to 21 letters or digits; throws for anything else.</summary>
    public static CreditorReference Create(string body)
    {
        var compact = CodeText.Compact(body);
        if (compact.Length is 0 or > BodyLengthMax || !compact.All(char.IsAsciiLetterOrDigit))
        {
            throw new ArgumentException($"Not 1 to {BodyLengthMax} letters or digits: {body}", nameof(body));
        }
        return new($"RF{Mod97.CheckDigits("RF", compact)}{compact}");
    }

    /// <summary>Reads a reference that must be right. Throws where a person's input would get a fault.</summary>
    public static CreditorReference Parse(string text) =>
        TryParse(text, out var reference, out var fault) ? reference : throw new FormatException(fault.ToString());

    /// <summary>Reads what a person typed or a bank sent, or says what is wrong with it.</summary>
    public static bool TryParse(
        string? text, out CreditorReference reference, [NotNullWhen(false)] out CreditorReferenceFault? fault)
    {
        reference = default;
        var compact = CodeText.Compact(text);
        fault = FaultOf(compact);
        if (fault is not null) return false;
        reference = new(compact);
        return true;
    }

    /// <summary>For form binding: what the other <c>TryParse</c> accepts.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, out CreditorReference result) =>
        TryParse(s, out result, out _);

    static CreditorReference IParsable<CreditorReference>.Parse(string s, IFormatProvider? provider) => Parse(s);

    private static CreditorReferenceFault? FaultOf(string compact)
    {
        if (compact.Length == 0) return new CreditorReferenceFault.Empty();
        if (!compact.StartsWith("RF", StringComparison.Ordinal)) return new CreditorReferenceFault.NotRf();
        if (compact.Length is <= PrefixLength or > PrefixLength + BodyLengthMax)
        {
            return new CreditorReferenceFault.WrongLength(compact.Length);
        }
        for (var i = 2; i < compact.Length; i++)
        {
            var fits = i < PrefixLength ? char.IsAsciiDigit(compact[i]) : char.IsAsciiLetterOrDigit(compact[i]);
            if (!fits) return new CreditorReferenceFault.WrongCharacter(i + 1, compact[i]);
        }
        return compact.AsSpan(2, 2).SequenceEqual(Mod97.CheckDigits("RF", compact.AsSpan(PrefixLength)))
            ? null
            : new CreditorReferenceFault.WrongCheckDigits();
    }
}

/// <summary>What is wrong with a text that should be a creditor reference. Places count from 1.</summary>
public abstract record CreditorReferenceFault : Fault
{
    private CreditorReferenceFault(string code) : base(code)
    {
    }

    public sealed record Empty() : CreditorReferenceFault("creditor_reference_empty");
    public sealed record NotRf() : CreditorReferenceFault("creditor_reference_not_rf");
    public sealed record WrongLength(int Found) : CreditorReferenceFault("creditor_reference_wrong_length");
    public sealed record WrongCharacter(int Place, char Found)
        : CreditorReferenceFault("creditor_reference_wrong_character");
    public sealed record WrongCheckDigits() : CreditorReferenceFault("creditor_reference_wrong_check_digits");
}
