using System.Globalization;
using Borsellino.Ledger;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Web;

/// <summary>How pages write amounts, days and hours, in the visitor's language. Days and hours are Rome's.</summary>
public static class Display
{
    /// <summary>Keeps a number and its unit on one line.</summary>
    private const char NoBreak = '\u00A0';
    private const char Minus = '\u2212';

    public static DateTimeZone Rome { get; } = DateTimeZoneProviders.Tzdb["Europe/Rome"];

    /// <summary>An amount that stands alone: "1.234,56 €", with a true minus when it is negative.</summary>
    public static string Money(long cents) =>
        Language.IsEnglish ? Sign(cents) + "€" + Digits(cents) : Sign(cents) + Digits(cents) + NoBreak + "€";

    /// <inheritdoc cref="Money(long)"/>
    public static string Money(Money amount) => Money(amount.Cents);

    /// <summary>An amount in a table whose caption names the euro: "1.234,56".</summary>
    public static string Figure(long cents) => Sign(cents) + Digits(cents);

    /// <inheritdoc cref="Figure(long)"/>
    public static string Figure(Money amount) => Figure(amount.Cents);

    /// <summary>A change, with its sign always written: "+12,50 €" or "−12,50 €".</summary>
    public static string Change(long cents) => cents > 0 ? "+" + Money(cents) : Money(cents);

    /// <inheritdoc cref="Change(long)"/>
    public static string Change(Money amount) => Change(amount.Cents);

    /// <summary>A whole number with its thousands set apart: "1.248".</summary>
    public static string Number(long number) =>
        (number < 0 ? Minus.ToString() : "") + decimal.Abs(number).ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>A share with one decimal: "64,0 %". Of nothing there is no share: "0,0 %".</summary>
    public static string Percent(long part, long whole) =>
        (whole == 0 ? 0 : 100m * part / whole).ToString("0.0", CultureInfo.CurrentCulture)
        + (Language.IsEnglish ? "%" : NoBreak + "%");

    /// <summary>"sabato 31 ottobre 2026"; the first of a month is "1º" in Italian.</summary>
    public static string Day(LocalDate day) => Write(day, "dddd ") + DayMonth(day) + Write(day, " yyyy");

    /// <summary>The same where a sentence or a heading begins: "Sabato 31 ottobre 2026".</summary>
    public static string DayFirst(LocalDate day)
    {
        var text = Day(day);
        return char.ToUpper(text[0], CultureInfo.CurrentCulture) + text[1..];
    }

    /// <summary>"31 ottobre", where the year is plain from what stands around it.</summary>
    public static string DayMonth(LocalDate day) =>
        (day.Day == 1 && !Language.IsEnglish ? "1º" : day.Day.ToString(CultureInfo.InvariantCulture)) + Write(day, " MMMM");

    /// <summary>"sab 31 ottobre".</summary>
    public static string DayBrief(LocalDate day) => Write(day, "ddd ") + DayMonth(day);

    /// <summary>"31.10.2026", for tables.</summary>
    public static string DayShort(LocalDate day) => Write(day, Language.IsEnglish ? "dd/MM/yyyy" : "dd.MM.yyyy");

    /// <summary>"ottobre 2026".</summary>
    public static string Month(YearMonth month) => Write(month.OnDayOfMonth(1), "MMMM yyyy");

    /// <summary>How long a service takes, a quarter of an hour or more: "45 minuti", "1 ora", "2 ore e 30 minuti".</summary>
    public static string Length(int minutes)
    {
        var hours = minutes / 60 == 1 ? Texts.Say("1 ora") : Texts.Say("{0} ore", minutes / 60);
        return (minutes / 60, minutes % 60) switch
        {
            (0, _) => Texts.Say("{0} minuti", minutes),
            (_, 0) => hours,
            (_, var rest) => Texts.Say("{0} e {1} minuti", hours, rest),
        };
    }

    public static string Weekday(LocalDate day) => Write(day, "dddd");

    public static string MonthName(LocalDate day) => Write(day, "MMMM");

    /// <summary>How far a day is: "oggi", "domani", "tra 25 giorni", "3 giorni fa".</summary>
    public static string Distance(LocalDate day, LocalDate today) => Period.DaysBetween(today, day) switch
    {
        0 => Texts.Say("oggi"),
        1 => Texts.Say("domani"),
        -1 => Texts.Say("ieri"),
        > 1 and var days => Texts.Say("tra {0} giorni", Number(days)),
        var days => Texts.Say("{0} giorni fa", Number(-days)),
    };

    /// <summary>"16:30", "9:00".</summary>
    public static string Time(LocalTime time) => time.ToString(Language.IsEnglish ? "HH:mm" : "H:mm", CultureInfo.InvariantCulture);

    /// <summary>"16:30–18:00", which never breaks at its dash.</summary>
    /// <summary>The time in Italy as <c>&lt;input type="time"&gt;</c> writes it.</summary>
    public static string Clock(Instant at) => TimeOf(at).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    public static string Hours(LocalTime from, LocalTime to) => Time(from) + "\u2060–\u2060" + Time(to);

    /// <summary>When something was recorded: "31.10.2026, 16:30".</summary>
    public static string Moment(Instant instant) => DayShort(DayOf(instant)) + ", " + Time(TimeOf(instant));

    public static LocalDate DayOf(Instant instant) => instant.InZone(Rome).Date;

    public static LocalTime TimeOf(Instant instant) => instant.InZone(Rome).TimeOfDay;

    /// <summary>The size of a file: "90 kB", "1,1 MB".</summary>
    public static string Size(long bytes) => bytes < 1_000_000
        ? Number(Math.Max(1, (bytes + 500) / 1000)) + NoBreak + "kB"
        : (bytes / 1_000_000m).ToString("0.0", CultureInfo.CurrentCulture) + NoBreak + "MB";

    /// <summary>A reference in groups of four, as it is read aloud on the phone: "K7HM 3WQP 92DT".</summary>
    public static string Reference(string code) =>
        string.Join(NoBreak, code.Chunk(4).Select(group => new string(group)));

    private static string Sign(long cents) => cents < 0 ? Minus.ToString() : "";

    private static string Digits(long cents) => (decimal.Abs(cents) / 100).ToString("N2", CultureInfo.CurrentCulture);

    private static string Write(LocalDate day, string pattern) =>
        LocalDatePattern.Create(pattern, CultureInfo.CurrentCulture).Format(day);
}
