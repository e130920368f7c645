namespace Borsellino.Ledger;

/// <summary>
/// How long the texts of the book may be and how large an amount. The tables check the same; a caller that goes past
/// them has made a mistake, so these throw an <see cref="ArgumentException"/> that names the field.
/// </summary>
internal static class Limits
{
    /// <summary>A hundred thousand million euro: thousands of such amounts still add up within a long.</summary>
    private static readonly Money AmountMax = Money.Euro(100_000_000_000);

    public static string Kind(string kind) =>
        kind.Length is >= 2 and <= 40 && kind.All(c => c is (>= 'a' and <= 'z') or '_')
            ? kind
            : throw new ArgumentException($"A kind is 2 to 40 small letters or underscores, not '{kind}'.", nameof(kind));

    public static string Reference(string reference) => Text(reference, 0, 100, nameof(reference));
    public static string Actor(string actor) => Text(actor, 1, 100, nameof(actor));
    public static string Memo(string memo) => Text(memo, 0, 300, nameof(memo));
    public static string Name(string name) => Text(name, 1, 200, nameof(name));

    public static Money Amount(Money amount) =>
        amount.IsPositive && amount <= AmountMax
            ? amount
            : throw new ArgumentException($"An amount is between one cent and {AmountMax}, not {amount}.", nameof(amount));

    private static string Text(string text, int min, int max, string field) =>
        text.Length >= min && text.Length <= max && !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : throw new ArgumentException($"The {field} has {text.Length} characters; {min} to {max} are allowed, none of them null.", field);
}
