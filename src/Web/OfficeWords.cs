using Borsellino.Marketplace;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Web;

/// <summary>How pages speak of the offices and of coming there.</summary>
public static class OfficeWords
{
    private static readonly LocalDateTimePattern Pattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");

    public static string Topic(AppointmentTopic topic) => topic switch
    {
        AppointmentTopic.Purse => Texts.Say("I soldi del borsellino"),
        AppointmentTopic.Booking => Texts.Say("Una prenotazione, o un aiuto per farla"),
        AppointmentTopic.Benefit => Texts.Say("Chiedere un contributo"),
        AppointmentTopic.Group => Texts.Say("Un gruppo con altre famiglie"),
        AppointmentTopic.Other => Texts.Say("Altro"),
    };

    /// <summary>A time of Italy's clock as addresses and forms carry it: 2026-11-24T09:30.</summary>
    public static string Write(Instant time) => Pattern.Format(time.InZone(Ledger.ClockExtensions.Rome).LocalDateTime);

    /// <summary>The instant that <see cref="Write"/> wrote; null for anything else.</summary>
    public static Instant? Read(string? text) =>
        Pattern.Parse(text ?? "").TryGetValue(default, out var time) && time.Year is > 1900 and < 2200
            ? time.InZoneLeniently(Ledger.ClockExtensions.Rome).ToInstant()
            : null;

    public static string Weekday(IsoDayOfWeek day) => Display.Weekday(new LocalDate(2026, 1, 4).PlusDays((int)day));
}
