using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests.Finance;

/// <summary>The days on which banks settle, against the published calendars of the European Central Bank.</summary>
public sealed class BankCalendarTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData(2024, 3, 31)]
    [InlineData(2025, 4, 20)]
    [InlineData(2026, 4, 5)]
    [InlineData(2027, 3, 28)]
    [InlineData(2038, 4, 25)]
    [InlineData(2285, 3, 22)]
    public void Easter_is_on_its_day(int year, int month, int day) => Assert.Equal(new(year, month, day), BankCalendar.Easter(year));

    [Theory]
    [InlineData("2026-01-01", false)]
    [InlineData("2026-01-06", true)]
    [InlineData("2026-04-03", false)]
    [InlineData("2026-04-06", false)]
    [InlineData("2026-04-25", false)]
    [InlineData("2026-05-01", false)]
    [InlineData("2026-06-02", true)]
    [InlineData("2026-12-24", true)]
    [InlineData("2026-12-25", false)]
    [InlineData("2026-12-28", true)]
    [InlineData("1999-12-25", false)]
    public async Task Banks_settle_except_on_weekends_and_their_holidays(string day, bool open) =>
        Assert.Equal(open, (await BankCalendar.ReadAsync(database.Db)).IsOpen(NodaTime.Text.LocalDatePattern.Iso.Parse(day).Value));

    [Fact]
    public async Task The_next_day_passes_over_a_long_weekend() =>
        Assert.Equal(new(2026, 4, 7), (await BankCalendar.ReadAsync(database.Db)).OpenFrom(new LocalDate(2026, 4, 3)));
}
