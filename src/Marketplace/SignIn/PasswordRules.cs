using System.Collections.Frozen;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Marketplace;

/// <summary>What is wrong with a password that somebody wants to have.</summary>
public abstract record PasswordFault : Fault
{
    private PasswordFault(string code) : base(code)
    {
    }

    public sealed record TooShort() : PasswordFault("password_too_short");
    public sealed record TooLong() : PasswordFault("password_too_long");

    /// <summary>It is among those that are tried first.</summary>
    public sealed record Common() : PasswordFault("password_common");

    /// <summary>It is little more than the person's own name, or ours.</summary>
    public sealed record Guessable() : PasswordFault("password_guessable");
}

/// <summary>
/// Which passwords are good enough: long ones that nobody would try. No signs are asked for and none expires, because
/// that makes people choose worse ones (ASVS 5.0, 6.2).
/// </summary>
public static class PasswordRules
{
    public const int LengthMin = 8;
    public const int LengthMax = 128;

    /// <summary>Less than this beside a name is no secret.</summary>
    private const int RestMin = 5;

    /// <summary>Words shorter than this stand in many others.</summary>
    private const int WordMin = 3;

    private static readonly Lazy<FrozenSet<string>> Common = new(Load);

    /// <summary>What is wrong, or null. The words are those that somebody would try who knows the person or the place.</summary>
    public static PasswordFault? FaultOf(string password, params IEnumerable<string> words)
    {
        if (password.Length < LengthMin) return new PasswordFault.TooShort();
        if (password.Length > LengthMax) return new PasswordFault.TooLong();
        var plain = password.ToLowerInvariant();
        if (plain.Distinct().Count() < 3 || Common.Value.Contains(plain)) return new PasswordFault.Common();
        var rest = words.SelectMany(w => w.Split([' ', '@', '.', '-', '_', '\''], StringSplitOptions.RemoveEmptyEntries))
            .Append("borsellino").Where(w => w.Length >= WordMin).OrderByDescending(w => w.Length)
            .Aggregate(plain, (left, word) => left.Replace(word.ToLowerInvariant(), "", StringComparison.Ordinal));
        return rest.Length < RestMin && rest.Length < plain.Length ? new PasswordFault.Guessable() : null;
    }

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] is not '#').ToFrozenSet(StringComparer.Ordinal);
    }
}
