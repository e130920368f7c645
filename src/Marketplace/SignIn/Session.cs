using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>One place where a person is signed in, as they see it themselves.</summary>
/// <param name="Device">Browser and system, such as "Firefox, Android".</param>
/// <param name="SeenAt">The last visit, to a few minutes.</param>
public sealed record Session(Id<Session> Id, string Device, Role Role, Instant SignedInAt, Instant SeenAt) : IIdentified
{
    public static string Prefix => "session";
}

/// <summary>How long a session lasts unused, and how long at most.</summary>
public sealed record SessionLimits(Duration Idle, Duration Absolute);

/// <summary>A person who has just shown who they are, the role they enter with and the device they hold.</summary>
public sealed record NewSession(Id<User> User, Id<RoleGrant> Role, string Device);
