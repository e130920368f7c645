namespace Borsellino.Marketplace;

/// <summary>A municipality of a territory, with where its centre lies in degrees (WGS 84).</summary>
/// <param name="Code">The Belfiore code by which Italian offices name it, such as L319.</param>
/// <param name="PostalCode">Five digits; a municipality with several has its first.</param>
public sealed record Municipality(
    string Code, string Name, string PostalCode, double Latitude, double Longitude, int Residents)
{
    /// <summary>Kilometres from this centre to another place, along the surface of the earth.</summary>
    public double KilometresTo(double latitude, double longitude) =>
        Distance.Kilometres(Latitude, Longitude, latitude, longitude);
}

/// <summary>How far two places are from each other.</summary>
public static class Distance
{
    /// <summary>Kilometres of one degree of latitude on a sphere as big as the earth.</summary>
    internal const double DegreeKilometres = 111.195;

    /// <summary>
    /// Kilometres between two places given in degrees. The earth is taken as flat around them, which is right to one
    /// part in a thousand within a region; search says the same in SQL.
    /// </summary>
    public static double Kilometres(double latitude, double longitude, double otherLatitude, double otherLongitude)
    {
        var north = otherLatitude - latitude;
        var east = (otherLongitude - longitude) * Math.Cos((latitude + otherLatitude) / 2 * Math.PI / 180);
        return DegreeKilometres * Math.Sqrt(north * north + east * east);
    }
}
