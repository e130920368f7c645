using System.Runtime.InteropServices;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A point on the map, in degrees (WGS 84).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GeoPoint(double Latitude, double Longitude)
{
    /// <summary>Metres to another point as the crow flies, rounded: plans compare whole numbers and so come out the same on every machine.</summary>
    public int MetresTo(GeoPoint other) =>
        (int)Math.Round(1000 * Distance.Kilometres(Latitude, Longitude, other.Latitude, other.Longitude));
}

/// <summary>A time that somebody could every week, by the wall clock in Italy.</summary>
public sealed record WeekWindow(IsoDayOfWeek Day, LocalTime From, LocalTime To);

/// <summary>What a household looks for together with others: one service, for so long, once a week.</summary>
/// <param name="Minutes">How long it takes; with others only if they want the same.</param>
/// <param name="SizeMin">The fewest households in its group, itself included; two or more. SizeMax: the most.</param>
/// <param name="ReachMetres">How far from home the place may be.</param>
/// <param name="Languages">The languages it can be served in; a group needs one that all have. At most 32 different ones in a plan.</param>
/// <param name="Cap">Cents at most that it pays each time.</param>
public sealed record Need(
    Id<Need> Id, Id<Household> HouseholdId, string ClassCode, GeoPoint Home, int Minutes, IReadOnlyList<WeekWindow> Windows,
    int SizeMin, int SizeMax, int ReachMetres, IReadOnlyList<string> Languages, Money Cap) : IIdentified
{
    public static string Prefix => "need";

    /// <summary>The places it does not want to go to, however near they are.</summary>
    public IReadOnlyList<Id<MeetingPlace>> NotAt { get; init; } = [];
}

/// <summary>Where a need stands.</summary>
public enum NeedStatus
{
    /// <summary>It waits for a plan that has a group for it.</summary>
    Open,

    /// <summary>It is in a proposal, and not everybody has said yes.</summary>
    Asked,

    /// <summary>Everybody has said yes: the group waits for a provider.</summary>
    Agreed,

    /// <summary>A provider has made a pool of the group; what follows is the pool's.</summary>
    Taken,
    Withdrawn,

    /// <summary>Its time was over before a group came about.</summary>
    Expired,
}

/// <summary>How a household consented to what an operator does for it.</summary>
public enum ConsentKind
{
    /// <summary>It signed a form, which the office keeps.</summary>
    Paper,

    /// <summary>It said so at the desk.</summary>
    Spoken,

    /// <summary>It said so on the telephone.</summary>
    Telephone,

    /// <summary>It typed its PIN at the desk: see <see cref="HouseholdPins"/>.</summary>
    Pin,

    /// <summary>It said yes to a message, itself: see <see cref="ConsentRequests"/>. No operator can say so for it.</summary>
    Reply,
}

/// <summary>The consent of a household to one thing that an operator does for it.</summary>
/// <param name="Reference">Where it can be found, in 3 to 120 characters, such as the number of the form: the household reads it.</param>
public sealed record Consent(ConsentKind Kind, string Reference)
{
    public const int ReferenceMin = 3, ReferenceMax = 120;

    /// <summary>Whose PIN was right; nobody says so but <see cref="HouseholdPins"/>.</summary>
    internal Id<Household>? ProvenBy { get; init; }

    /// <summary>Whether it is a household's: a PIN that was not typed is none, nor is a reply that somebody else tells.</summary>
    internal bool IsOf(Id<Household> household) => Kind is not (ConsentKind.Pin or ConsentKind.Reply) || ProvenBy == household;

    /// <summary>Without spaces around it; null where it does not say where the consent can be found.</summary>
    internal Consent? Trimmed() =>
        Reference.Trim() is { Length: >= ReferenceMin and <= ReferenceMax } reference ? this with { Reference = reference } : null;
}

/// <summary>What a meeting place is, which is also what its neighbours know it as.</summary>
public enum MeetingPlaceKind
{
    School,
    Room,
    Home,
}

/// <summary>Where a group may meet: a school, a municipal room, a home that offers itself.</summary>
/// <param name="Rooms">How many groups it has room for at a time.</param>
public sealed record MeetingPlace(Id<MeetingPlace> Id, string Name, MeetingPlaceKind Kind, GeoPoint At, int Rooms) : IIdentified
{
    public static string Prefix => "place";
}

/// <summary>What providers ask for a service of a class and length, by the number of households that share it.</summary>
public sealed record MatchTerms(string ClassCode, int Minutes, HeadPrices Prices);

/// <summary>A room of a place that is taken every week.</summary>
public sealed record TakenRoom(Id<MeetingPlace> Place, IsoDayOfWeek Day, LocalTime From, LocalTime To);
