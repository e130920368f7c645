using NodaTime;
using NodaTime.Text;

namespace Borsellino.Web;

/// <summary>Reads days that browsers send or people type.</summary>
public static class Days
{
    private static readonly LocalDatePattern[] Patterns =
    [
        LocalDatePattern.Iso, LocalDatePattern.CreateWithInvariantCulture("d.M.uuuu"), LocalDatePattern.CreateWithInvariantCulture("d/M/uuuu"),
    ];

    private static readonly LocalDate Earliest = new(1900, 1, 1);
    private static readonly LocalDate Latest = new(2199, 12, 31);

    /// <summary>The day a text says, as 2026-11-20, 20.11.2026 or 20/11/2026; null for anything else.</summary>
    public static LocalDate? Read(string? text)
    {
        foreach (var pattern in Patterns)
        {
            if (pattern.Parse(text?.Trim() ?? "").TryGetValue(default, out var day) && day >= Earliest && day <= Latest) return day;
        }

        return null;
    }

    /// <summary>As <c>&lt;input type="date"&gt;</c> and addresses write it.</summary>
    public static string Iso(LocalDate day) => LocalDatePattern.Iso.Format(day);
}
