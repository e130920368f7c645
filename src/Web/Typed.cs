using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Web;

/// <summary>Numbers and times as people type them; nothing for what cannot be read.</summary>
public static class Typed
{
    private static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("H:mm");

    /// <summary>A whole number without sign, as 60; null for anything else.</summary>
    public static int? Whole(string? text) => int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A percentage without sign, as 5 or 4,25, in hundredths of a per cent; null for anything else, and above 100.</summary>
    public static int? Percent(string? text) =>
        decimal.TryParse(text?.Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number <= 100 && decimal.IsInteger(number * 100) ? (int)(number * 100) : null;

    /// <summary>A time of the day, as 9:30 or 9.30; null for anything else.</summary>
    public static LocalTime? Hour(string? text) =>
        Time.Parse(text?.Trim().Replace('.', ':') ?? "").TryGetValue(default, out var time) ? time : null;
}
