using System.Diagnostics.CodeAnalysis;

namespace Borsellino.Ledger;

/// <summary>A thing with an id of its own. The prefix is what people see before the underscore.</summary>
public interface IIdentified
{
    static abstract string Prefix { get; }
}

/// <summary>
/// The id of one <typeparamref name="TOf"/>: a time-ordered UUID (version 7) in the database, <c>acct_019a…</c> in
/// addresses and logs. An id of one kind never fits where another is wanted. Made by whoever starts the action, so
/// that sending the action again is recognised.
/// </summary>
public readonly record struct Id<TOf>(Guid Value) : IParsable<Id<TOf>> where TOf : IIdentified
{
    public static Id<TOf> New() => new(Guid.CreateVersion7());

    /// <summary>
    /// An id that follows from others: the same parts give the same id, so that a step can be repeated safely.
    /// A name-based UUID (version 8 layout over SHA-256, RFC 9562 §5.8).
    /// </summary>
    public static Id<TOf> From(params ReadOnlySpan<object> parts)
    {
        var hash = Digest.Of([TOf.Prefix, .. parts]).AsSpan();
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(new Guid(hash[..16], bigEndian: true));
    }

    public override string ToString() => $"{TOf.Prefix}_{Value:N}";

    public static Id<TOf> Parse(string s) =>
        TryParse(s, null, out var id) ? id : throw new FormatException($"Not a {TOf.Prefix}_ id: {s}");

    static Id<TOf> IParsable<Id<TOf>>.Parse(string s, IFormatProvider? provider) => Parse(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Id<TOf> result)
    {
        result = default;
        if (s is null || !s.StartsWith(TOf.Prefix + "_", StringComparison.Ordinal)) return false;
        var digits = s.AsSpan(TOf.Prefix.Length + 1);
        // The parser of UUIDs would overlook white space around them.
        if (digits.Length != 32 || !Guid.TryParseExact(digits, "N", out var value) || value == Guid.Empty) return false;
        result = new(value);
        return true;
    }
}

/// <summary>A territory: the tenant. One book of accounts, one catalogue; nothing of one is seen from another.</summary>
public readonly record struct TerritoryId(int Value) : IParsable<TerritoryId>
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static TerritoryId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"Not a territory: {s}");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TerritoryId result)
    {
        var parsed = int.TryParse(s, System.Globalization.NumberStyles.None, provider, out var value) && value > 0;
        result = new(parsed ? value : 0);
        return parsed;
    }
}
