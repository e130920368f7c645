using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>What a provider says of a service that took place: when it really was, and what was signed.</summary>
public sealed class EvidenceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Line = "M10 20L11 24L30 60M40 50L41 51";

    private static readonly Instant Nine = Instant.FromUtc(2026, 10, 7, 7, 0), Ten = Nine + Duration.FromHours(1);

    [Theory]
    [InlineData("09:00", "09:40", "", null)]
    [InlineData("08:30", "10:15", Line, null)]
    [InlineData(null, null, Line, null)]
    [InlineData("09:00", null, "", "finished")]
    [InlineData(null, "09:40", "", "began")]
    [InlineData("09:40", "09:40", "", "finished")]
    [InlineData("09:40", "09:00", "", "finished")]
    [InlineData("09:00", "10:31", "", "finished")]
    [InlineData("10:30", "10:31", "", "began")]
    [InlineData(null, null, "M10 20", "signature")]
    [InlineData(null, null, "M10 20L1 1\"/><script>", "signature")]
    [InlineData(null, null, "M1000 20L1 1", "signature")]
    public void Hours_are_of_that_day_in_order_and_not_in_the_future(string? began, string? finished, string signature, string? wrong)
    {
        var judged = new Evidence(Time(began), Time(finished), signature).At(Nine, Ten, Ten + Duration.FromMinutes(30));
        Assert.Equal(wrong, judged.IsRefused(out var refusal, out var delivered) ? ((EvidenceWrong)refusal).Field : null);
        Assert.True(wrong is not null || delivered!.Signature == signature);
    }

    [Fact]
    public void A_line_has_its_measure()
    {
        var longest = string.Concat(Enumerable.Repeat("M1 2L3 4", 500));
        Assert.Equal(Evidence.SignatureMax, longest.Length);
        Assert.False(new Evidence(null, null, longest).At(Nine, Ten, Ten).IsRefused(out _));
        Assert.True(new Evidence(null, null, longest + "L5 6").At(Nine, Ten, Ten).IsRefused(out _));
    }

    [Fact]
    public void A_night_ends_on_the_next_day_and_an_hour_that_comes_twice_is_the_one_near_the_plan()
    {
        // On 25 October the clocks go back from three to two.
        var (begin, end) = (Rome(24, 22, 0), Rome(25, 3, 30));
        var night = new Evidence(new(22, 10), new(2, 30)).At(begin, end, end).OrThrow();
        Assert.Equal(TimeSpan.FromMinutes(320), (night.FinishedAt - night.BeganAt)!.Value.ToTimeSpan());
        var early = new Evidence(new(22, 0), new(2, 30)).At(begin, Rome(25, 1, 0), end).OrThrow();
        Assert.Equal(TimeSpan.FromMinutes(270), (early.FinishedAt - early.BeganAt)!.Value.ToTimeSpan());
        // A service of the day does not end on the next.
        Assert.True(new Evidence(new(9, 0), new(8, 0)).At(Nine, Ten, Ten + Duration.FromDays(2)).IsRefused(out _));
    }

    [Fact]
    public async Task It_is_written_once_and_both_sides_and_the_office_read_it()
    {
        var t = await BookingTown.BuildAsync(database);
        var grant = await t.GrantAsync(t.Rossi, Money.Euro(100));
        var booking = await t.ConfirmedAsync(t.Rossi, await t.SlotAsync(Money.Euro(18), Nine));
        t.Clock.MoveTo(Ten + Duration.FromMinutes(5));
        Assert.IsType<EvidenceWrong>(Refused(await t.Bookings.DeliverAsync(t.Territory, booking, t.Gelso.User, new Evidence(new(9, 0), new(23, 0)))));
        Assert.Equal(BookingStatus.Confirmed, await t.StatusAsync(booking));

        var said = new Evidence(new(9, 0), new(9, 40), Line);
        (await t.Bookings.DeliverAsync(t.Territory, booking, t.Gelso.User, said)).OrThrow();
        // A telephone that sends it again, perhaps with something else, changes nothing.
        (await t.Bookings.DeliverAsync(t.Territory, booking, t.Gelso.User, said with { Finished = new(10, 0) })).OrThrow();
        var detail = await t.FindAsync(booking);
        Assert.Equal((40, 60, true, Line, Attendance.Signature), (detail.Card.Took, detail.Card.Planned, detail.Card.IsShorter, detail.Signature, detail.Card.Attended));
        var shorter = Assert.Single(await new VoucherRegister(t.Db).ShorterAsync(t.Territory, Nine, 10));
        Assert.Equal((booking, 40, 60), (shorter.Booking, shorter.Minutes, shorter.Planned));

        // The price stays until somebody says something.
        (await t.Bookings.AcceptAsync(t.Territory, booking, t.Rossi.User)).OrThrow();
        Assert.Equal((Money.Euro(82), Money.Zero), await t.OnAsync(grant.Account));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => t.ChangeAsync(
            "update marketplace.delivery_evidence set signature = '' where territory_id = @territory and booking_id = @booking", new { booking }));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task As_planned_needs_no_word_and_full_time_is_not_shorter()
    {
        var t = await BookingTown.BuildAsync(database);
        await t.GrantAsync(t.Rossi, Money.Euro(100));
        var (one, two) = (await t.ConfirmedAsync(t.Rossi, await t.SlotAsync(Money.Euro(18), Nine)), await t.ConfirmedAsync(t.Rossi, await t.SlotAsync(Money.Euro(18), Nine)));
        t.Clock.MoveTo(Ten);
        (await t.Bookings.DeliverAsync(t.Territory, one, t.Gelso.User, Evidence.None)).OrThrow();
        (await t.Bookings.DeliverAsync(t.Territory, two, t.Gelso.User, new Evidence(new(9, 0), new(10, 0)))).OrThrow();
        Assert.Null((await t.FindAsync(one)).Card.Took);
        Assert.False((await t.FindAsync(two)).Card.IsShorter);
        Assert.Empty(await new VoucherRegister(t.Db).ShorterAsync(t.Territory, Nine, 10));
    }

    private static LocalTime? Time(string? text) => text is null ? null : LocalTime.FromMinutesSinceMidnight((int.Parse(text[..2], null) * 60) + int.Parse(text[3..], null));

    private static Instant Rome(int day, int hour, int minute) => new LocalDateTime(2026, 10, day, hour, minute).InZoneLeniently(ClockExtensions.Rome).ToInstant();

    private static Refusal Refused(Result<Done> result)
    {
        Assert.True(result.IsRefused(out var refusal));
        return refusal;
    }
}
