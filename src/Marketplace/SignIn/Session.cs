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

/// <summary>What a person has still to do before a session is a sign-in.</summary>
public enum Awaited
{
    /// <summary>To show a code of their second factor.</summary>
    Code,

    /// <summary>To set up a second factor, which their role needs.</summary>
    Enrolment,
}

/// <summary>A person who has shown who they are, the role they enter with and the device they hold.</summary>
/// <param name="Awaits">What is still missing; null when they are in.</param>
public sealed record NewSession(Id<User> User, Id<RoleGrant> Role, string Device, Awaited? Awaits = null);
