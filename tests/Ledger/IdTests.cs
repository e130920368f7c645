using System.Globalization;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>Ids that say what they are of, and ids that follow from others.</summary>
public sealed class IdTests
{
    [Fact]
    public void An_id_reads_back_what_it_writes()
    {
        var id = Id<Account>.New();
        Assert.StartsWith("acct_", id.ToString(), StringComparison.Ordinal);
        Assert.Equal(id, Id<Account>.Parse(id.ToString()));
        Assert.Equal(7, id.Value.Version);
    }

    public static TheoryData<string?> NotIds => new(
        null, "", "acct", "acct_", "acct_1", Id<Hold>.New().ToString(), Guid.NewGuid().ToString(), "acct_" + Guid.NewGuid(),
        "acct_" + Guid.Empty.ToString("N"), "ACCT_" + Guid.NewGuid().ToString("N"), " " + Id<Account>.New(), Id<Account>.New() + " ");

    [Theory, MemberData(nameof(NotIds))]
    public void Anything_else_is_no_id(string? text)
    {
        Assert.False(Id<Account>.TryParse(text, null, out var id));
        Assert.Equal(default, id);
        if (text is not null) Assert.Throws<FormatException>(() => Id<Account>.Parse(text));
    }

    [Fact]
    public void Later_ids_sort_after_earlier_ones_where_time_has_passed()
    {
        var (early, late) = (Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddSeconds(1)));
        Assert.True(string.CompareOrdinal(new Id<Account>(early).ToString(), new Id<Account>(late).ToString()) < 0);
    }

    [Fact]
    public void An_id_that_follows_from_others_is_always_the_same()
    {
        var parent = Id<Hold>.Parse("hold_0190a0b0c0d070e080f0010203040506");
        var expected = Id<HoldEvent>.From("expiry", parent, 1234567, new LocalDate(2026, 1, 5), new Money(150000), -1);

        var before = CultureInfo.CurrentCulture;
        foreach (var culture in (string[])["it-IT", "en-US", "sv-SE", "ar-SA"])
        {
            CultureInfo.CurrentCulture = new(culture);
            Assert.Equal(expected, Id<HoldEvent>.From("expiry", parent, 1234567, new LocalDate(2026, 1, 5), new Money(150000), -1));
        }

        CultureInfo.CurrentCulture = before;
        Assert.Equal(8, expected.Value.Version);
        Assert.Equal("holdevent_", expected.ToString()[..10]);
    }

    [Fact]
    public void Other_parts_give_another_id_however_they_are_cut()
    {
        Guid[] ids =
        [
            Id<Hold>.From("a", "bc").Value, Id<Hold>.From("ab", "c").Value, Id<Hold>.From("abc").Value, Id<Hold>.From("a\nbc").Value,
            Id<Hold>.From("a", "b", "c").Value, Id<Hold>.From("1:a2:bc").Value, Id<Hold>.From().Value, Id<Hold>.From("").Value,
            Id<Account>.From("a", "bc").Value,
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void A_territory_is_a_number_above_zero()
    {
        Assert.Equal(new(12), TerritoryId.Parse("12", null));
        foreach (var text in (string?[])[null, "", "0", "-1", "+1", "1.5", "x", "99999999999"]) Assert.False(TerritoryId.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => TerritoryId.Parse("0", null));
    }
}
