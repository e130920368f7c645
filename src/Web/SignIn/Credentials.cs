using System.Net;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.AspNetCore.Identity;

namespace Borsellino.Web.SignIn;

/// <summary>The e-mail or the password is wrong, or either was tried too often: which of them is not said.</summary>
public sealed record WrongCredentials() : Refusal("wrong_credentials");

/// <summary>Too much was tried wrongly from the visitor's internet address.</summary>
public sealed record TooManyTries() : Refusal("too_many_tries");

/// <summary>
/// Checks e-mails and passwords. For an e-mail that nobody has, the same is done and answered as for one that somebody
/// has: the same count of tries, the same hash, the same sentence.
/// </summary>
public sealed partial class Credentials(
    Users users, Passwords passwords, Attempts attempts, AddressLimit addresses, IPasswordHasher<User> hasher, ILogger<Credentials> log)
{
    private const string What = "password";

    private readonly Lazy<string> nobodysHash = new(() => hasher.HashPassword(null!, Guid.NewGuid().ToString()));

    /// <summary>Who has this e-mail and this password. The caller says when the tries are forgotten: once the person is really in.</summary>
    public async Task<Result<User>> CheckAsync(TerritoryId territory, string email, string password, IPAddress? from, CancellationToken cancel)
    {
        if (addresses.IsReached(from)) return new TooManyTries();
        var mayTry = await attempts.TryAsync(territory, What, email, cancel);
        var user = await users.FindByEmailAsync(territory, email, cancel);
        if (!mayTry)
        {
            addresses.Count(from);
            Locked(log, user?.Id.ToString() ?? "nobody");
            return new WrongCredentials();
        }

        var verdict = hasher.VerifyHashedPassword(user!, user?.PasswordHash ?? nobodysHash.Value, password);
        if (user is null || user.DisabledAt is not null || verdict is PasswordVerificationResult.Failed)
        {
            addresses.Count(from);
            Wrong(log, user?.Id.ToString() ?? "nobody");
            return new WrongCredentials();
        }

        if (verdict is PasswordVerificationResult.SuccessRehashNeeded)
            await passwords.RenewHashAsync(territory, user.Id, hasher.HashPassword(user, password), cancel);
        return user;
    }

    /// <summary>The sentence for a present password that was left out and need not be judged; null for one that can be.</summary>
    public static string? MissingSentence(string? current) =>
        current is { Length: > 0 and <= PasswordRules.LengthMax } ? null : Texts.Say("Scrivi la password che usi adesso.");

    /// <summary>Judges the password of somebody who is signed in and shows it again; null when it is right, or the sentence that says why not.</summary>
    public async Task<string?> ConfirmAsync(TerritoryId territory, string email, string current, IPAddress? from, CancellationToken cancel) =>
        (await CheckAsync(territory, email, current, from, cancel)).IsRefused(out var refusal, out _)
            ? refusal is WrongCredentials
                ? Texts.Say("Non è la password che usi adesso. Dopo dieci errori si aspetta un quarto d’ora.") : RefusalText.For(refusal)
            : null;

    /// <summary>What is kept of a password.</summary>
    public string HashOf(string password) => hasher.HashPassword(null!, password);

    /// <summary>Forgets the wrong passwords before the right one.</summary>
    public Task ForgetTriesAsync(TerritoryId territory, string email, CancellationToken cancel) =>
        attempts.ForgetAsync(territory, What, email, cancel);

    [LoggerMessage(1, LogLevel.Warning, "A wrong password was tried for {User}")]
    private static partial void Wrong(ILogger log, string user);

    [LoggerMessage(2, LogLevel.Warning, "Passwords were tried too often for {User}")]
    private static partial void Locked(ILogger log, string user);
}
