using Borsellino.Marketplace;

namespace Borsellino.Web.Pages.Public;

/// <summary>A municipality on the plan: where it is drawn, how big, and where its link leads.</summary>
public sealed record PlanSpot(string Code, string Name, int Count, string Href, bool Current, double X, double Y, double Radius)
{
    /// <summary>The name, a word to a line, with where each line stands: below the spot.</summary>
    public IEnumerable<(string Word, double Y)> Lines => Name.Split(' ').Select((word, i) => (word, Y + Radius + 15 + i * Plan.LineHeight));
}

/// <summary>
/// The municipalities of a territory on a sheet of our own: north is up, distances are true, and the bigger the spot,
/// the more services. Pure.
/// </summary>
public sealed record Plan(IReadOnlyList<PlanSpot> Spots, string Land, double Height)
{
    public const double Width = 360;
    internal const double LineHeight = 14;
    private const double Margin = 48;

    // Room for two lines of a name below the lowest spot.
    private const double Below = 22;
    private const double HeightMin = 200;
    private const double HeightMax = 520;

    /// <summary>Draws the municipalities. <paramref name="spot"/> says count, address and whether it is chosen.</summary>
    public static Plan Of(IReadOnlyList<Municipality> municipalities, Func<Municipality, (int Count, string Href, bool Current)> spot)
    {
        if (municipalities.Count == 0) return new([], "", HeightMin);
        var (south, north) = (municipalities.Min(m => m.Latitude), municipalities.Max(m => m.Latitude));
        var (west, east) = (municipalities.Min(m => m.Longitude), municipalities.Max(m => m.Longitude));
        // A degree of longitude is shorter than one of latitude, by the cosine.
        var narrow = Math.Cos((south + north) / 2 * Math.PI / 180);
        var (wide, tall) = ((east - west) * narrow, north - south);
        var room = (Width: Width - 2 * Margin, Height: HeightMax - 2 * Margin);
        var scale = Math.Min(wide > 0 ? room.Width / wide : double.MaxValue, tall > 0 ? room.Height / tall : double.MaxValue);
        if (scale == double.MaxValue) scale = 1;
        var height = Math.Clamp(tall * scale + 2 * Margin, HeightMin, HeightMax);
        var (left, top) = ((Width - wide * scale) / 2, (height - tall * scale) / 2);

        var most = Math.Max(1, municipalities.Max(m => spot(m).Count));
        var spots = municipalities.Select(m =>
        {
            var (count, href, current) = spot(m);
            return new PlanSpot(
                m.Code, m.Name, count, href, current, Round(left + (m.Longitude - west) * narrow * scale), Round(top + (north - m.Latitude) * scale),
                Round(13 + 9 * Math.Sqrt((double)count / most)));
        }).ToList();
        return new(spots, string.Join(' ', Hull(spots).Select(p => FormattableString.Invariant($"{p.X},{p.Y}"))), Round(height + Below));
    }

    /// <summary>The corners of the smallest convex shape around the spots, in order.</summary>
    private static List<PlanSpot> Hull(IReadOnlyList<PlanSpot> spots)
    {
        var sorted = spots.OrderBy(s => s.X).ThenBy(s => s.Y).ToList();
        if (sorted.Count < 3) return sorted;
        return [.. Half(sorted), .. Half(sorted.AsEnumerable().Reverse())];

        static IEnumerable<PlanSpot> Half(IEnumerable<PlanSpot> along)
        {
            var corners = new List<PlanSpot>();
            foreach (var next in along)
            {
                while (corners.Count >= 2 && Turn(corners[^2], corners[^1], next) <= 0) corners.RemoveAt(corners.Count - 1);
                corners.Add(next);
            }

            return corners.SkipLast(1);
        }

        static double Turn(PlanSpot a, PlanSpot b, PlanSpot c) => (b.X - a.X) * (c.Y - a.Y) - (b.Y - a.Y) * (c.X - a.X);
    }

    private static double Round(double value) => Math.Round(value, 1);
}
