using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using NodaTime;

namespace Borsellino.Web.SignIn;

/// <summary>What the section <c>SignIn</c> of the configuration says, checked.</summary>
/// <param name="TriesPerAddress">Wrong passwords and codes that one internet address may send within a quarter of an hour.</param>
/// <param name="SecondFactor">The roles that need a second factor; whoever has one of them sets it up before anything else.</param>
public sealed record SignInSettings(SessionLimits Limits, int TriesPerAddress, IReadOnlyList<Role> SecondFactor, OpenIdSettings? OpenId)
{
    /// <summary>Throws a sentence that names the setting when a value is no good.</summary>
    public static SignInSettings From(IConfiguration configuration) => new(
        new SessionLimits(
            Duration.FromMinutes(Settings.Number(configuration, "SignIn:IdleMinutes", 60, 5, 43_200)),
            Duration.FromHours(Settings.Number(configuration, "SignIn:AbsoluteHours", 12, 1, 720))),
        Settings.Number(configuration, "SignIn:TriesPerAddress", 10, 1, 100_000),
        [.. (configuration["SignIn:SecondFactor"] ?? "Officer SocialPoint Finance Administrator").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(Read)],
        OpenIdSettings.From(configuration));

    private static Role Read(string word) => Enum.TryParse<Role>(word, out var role) && Enum.IsDefined(role) && char.IsLetter(word[0])
        ? role
        : throw new InvalidOperationException($"The setting SignIn:SecondFactor must be names of roles such as 'Officer Finance', not '{word}'.");
}
