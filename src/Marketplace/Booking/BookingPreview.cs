using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Somebody of a household, to choose for whom a booking is.</summary>
public sealed record FamilyMember(Id<Person> Id, string FirstName, string LastName);

/// <summary>
/// All that a household reads before it decides: the service, the time, who pays how much, what cancelling costs.
/// Nothing is booked by looking.
/// </summary>
/// <param name="Address">Where it takes place: the household's own for a service at home; empty online.</param>
/// <param name="Available">What can be spent of the whole purse now, before this booking.</param>
/// <param name="People">For whom it can be booked, the reference person first; empty where a booking moves, for that stays as it was.</param>
public sealed record BookingPreview(
    Id<Slot> Slot, Id<Offer> Offer, string TitleIt, string TitleEn, string UnitIt, string UnitEn, string Provider, string Place,
    string Address, Instant StartsAt, Instant EndsAt, Instant AnswerBy, Instant FreeUntil, Money CancelFee, Coverage Coverage,
    Money Available, IReadOnlyList<FamilyMember> People)
{
    public Money AvailableAfter => Available - Coverage.Covered;

    /// <summary>The most that cancelling late, or not being there, takes from the purse.</summary>
    public Money FeeFromPurse => Money.Min(CancelFee, Coverage.Covered);

    /// <summary>What the form sends back, so that the household is charged as it saw or not at all.</summary>
    public AsShown Shown => AsShown.Of(Coverage, CancelFee, FreeUntil);
}

/// <summary>
/// What a household saw when it agreed: price, who pays what, the terms of cancelling. It travels in the form as one
/// line and is compared with what would be charged.
/// </summary>
public readonly record struct AsShown : IParsable<AsShown>
{
    private AsShown(Money price, string terms) => (Price, Terms) = (price, terms);

    public Money Price { get; }
    private string Terms { get; }

    /// <param name="more">What else was agreed to; empty for nothing.</param>
    public static AsShown Of(Coverage coverage, Money cancelFee, Instant freeUntil, string more = "")
    {
        var payers = coverage.Lines.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Grant.Id.Value:N}={l.Amount.Cents}"));
        return new(
            coverage.Price,
            string.Create(CultureInfo.InvariantCulture, $"{cancelFee.Cents};{freeUntil.ToUnixTimeSeconds()};{string.Join(',', payers)}{(more.Length > 0 ? $";{more}" : "")}"));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Price.Cents};{Terms}");

    public static AsShown Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var shown) ? shown : throw new FormatException($"Not what was shown: {s}");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AsShown result)
    {
        result = default;
        if (s is null || s.Length > 4000 || s.IndexOf(';', StringComparison.Ordinal) is var at && at < 0) return false;
        if (!long.TryParse(s.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var cents)) return false;
        result = new(new(cents), s[(at + 1)..]);
        return true;
    }
}
