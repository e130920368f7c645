using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using NodaTime;

namespace Borsellino.Web.SignIn;

/// <summary>What the section <c>SignIn</c> of the configuration says, checked.</summary>
public sealed record SignInSettings(SessionLimits Limits)
{
    /// <summary>Throws a sentence that names the setting when a value is no good.</summary>
    public static SignInSettings From(IConfiguration configuration) => new(
        new SessionLimits(
            Duration.FromMinutes(Settings.Number(configuration, "SignIn:IdleMinutes", 60, 5, 43_200)),
            Duration.FromHours(Settings.Number(configuration, "SignIn:AbsoluteHours", 12, 1, 720))));
}
