using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Marketplace.Standards;

/// <summary>How sure an appointment is, in the words of RFC 5545.</summary>
public enum CalendarStatus
{
    Tentative,
    Confirmed,
    Cancelled,
}

/// <summary>
/// One appointment as a file that calendars read (iCalendar, RFC 5545). The same <paramref name="Uid"/> again with a later
/// <paramref name="Stamp"/> takes the place of the earlier one, so a cancelled appointment leaves the calendar too.
/// </summary>
/// <param name="Sequence">How often it has changed.</param>
/// <param name="Where">Empty for nowhere.</param>
public sealed record CalendarEvent(
    string Uid, int Sequence, Instant Stamp, Instant StartsAt, Instant EndsAt, string Summary, string Where, string Description, CalendarStatus Status)
{
    public const string ContentType = "text/calendar; charset=utf-8";

    /// <summary>A line has at most so many bytes; longer ones go on in the next, after a space.</summary>
    private const int LineBytesMax = 75;

    private static readonly InstantPattern Time = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'");

    /// <summary>The file. Times are in UTC, so that every calendar shows them right through both changes of the clock; it reminds the day before.</summary>
    public string ToText()
    {
        string[] lines =
        [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Borsellino//IT", "METHOD:PUBLISH", "BEGIN:VEVENT", $"UID:{Escape(Uid)}",
            string.Create(CultureInfo.InvariantCulture, $"SEQUENCE:{Sequence}"), $"DTSTAMP:{Time.Format(Stamp)}", $"DTSTART:{Time.Format(StartsAt)}", $"DTEND:{Time.Format(EndsAt)}",
            $"SUMMARY:{Escape(Summary)}", .. Where.Length > 0 ? [$"LOCATION:{Escape(Where)}"] : Array.Empty<string>(), $"DESCRIPTION:{Escape(Description)}",
            $"STATUS:{Status.ToString().ToUpperInvariant()}", .. Status is CalendarStatus.Cancelled ? [] : Reminder(), "END:VEVENT", "END:VCALENDAR",
        ];
        return string.Concat(lines.Select(Fold));
    }

    private string[] Reminder() => ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P1D", $"DESCRIPTION:{Escape(Summary)}", "END:VALARM"];

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)
            .Replace("\r\n", "\\n", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\n", StringComparison.Ordinal);

    /// <summary>Cuts between characters, never inside one.</summary>
    private static string Fold(string line)
    {
        var folded = new StringBuilder();
        var bytes = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > LineBytesMax)
            {
                folded.Append("\r\n ");
                bytes = 1;
            }

            folded.Append(rune.ToString());
            bytes += rune.Utf8SequenceLength;
        }

        return folded.Append("\r\n").ToString();
    }
}
