using System.Text;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Tests.Standards;

/// <summary>Files for calendars, as RFC 5545 wants them.</summary>
public sealed class CalendarEventTests
{
    private static readonly CalendarEvent Lesson = new(
        "book_1@valle.borsellino", 2, Instant.FromUtc(2026, 10, 20, 8, 0), Instant.FromUtc(2026, 10, 25, 7, 30), Instant.FromUtc(2026, 10, 25, 8, 30),
        "Ripetizioni, Tommaso", "via Roma 1; scala B", "Cooperativa\nNumero 1", CalendarStatus.Confirmed);

    [Fact]
    public void It_is_a_calendar_with_one_event_and_a_reminder_the_day_before() => Assert.Equal(
        """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Borsellino//IT
        METHOD:PUBLISH
        BEGIN:VEVENT
        UID:book_1@valle.borsellino
        SEQUENCE:2
        DTSTAMP:20261020T080000Z
        DTSTART:20261025T073000Z
        DTEND:20261025T083000Z
        SUMMARY:Ripetizioni\, Tommaso
        LOCATION:via Roma 1\; scala B
        DESCRIPTION:Cooperativa\nNumero 1
        STATUS:CONFIRMED
        BEGIN:VALARM
        ACTION:DISPLAY
        TRIGGER:-P1D
        DESCRIPTION:Ripetizioni\, Tommaso
        END:VALARM
        END:VEVENT
        END:VCALENDAR

        """.ReplaceLineEndings("\r\n"), Lesson.ToText());

    [Fact]
    public void What_is_called_off_says_so_and_reminds_nobody()
    {
        var text = (Lesson with { Status = CalendarStatus.Cancelled, Where = "" }).ToText();
        Assert.Contains("STATUS:CANCELLED\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("VALARM", text, StringComparison.Ordinal);
        Assert.DoesNotContain("LOCATION", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("à", 200)]
    [InlineData("🙂", 90)]
    [InlineData("x\\", 100)]
    public void No_line_is_longer_than_75_bytes_and_unfolded_nothing_is_lost(string what, int times)
    {
        var summary = string.Concat(Enumerable.Repeat(what, times));
        var text = (Lesson with { Summary = summary }).ToText();
        Assert.All(text.Split("\r\n"), line => Assert.True(Encoding.UTF8.GetByteCount(line) <= 75, line));
        var unfolded = text.Replace("\r\n ", "", StringComparison.Ordinal);
        Assert.Contains($"SUMMARY:{summary.Replace("\\", "\\\\", StringComparison.Ordinal)}\r\n", unfolded, StringComparison.Ordinal);
    }
}
