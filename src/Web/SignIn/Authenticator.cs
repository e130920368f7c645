using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;

namespace Borsellino.Web.SignIn;

/// <summary>The code is wrong, too old, or was used already.</summary>
public sealed record WrongCode() : Refusal("wrong_code");

/// <summary>A secret that somebody may put into their app, and the same sealed, to come back with the form.</summary>
public sealed record OfferedSecret(byte[] Secret, string Sealed);

/// <summary>What opens once each when the telephone is lost. Shown once.</summary>
public sealed record RecoveryCodes(IReadOnlyList<string> All);

/// <summary>
/// Second factors as pages use them. Their secrets are encrypted under a key of the data folder before they reach the
/// database, and are read here only to judge a code.
/// </summary>
public sealed partial class Authenticator(
    IDataProtectionProvider protection, SecondFactors factors, Attempts attempts, AddressLimit addresses, IClock clock, ILogger<Authenticator> log)
{
    private const string What = "code";

    private static readonly Duration OfferLasts = Duration.FromMinutes(30);

    private readonly IDataProtector stored = protection.CreateProtector("second-factor");
    private readonly IDataProtector offered = protection.CreateProtector("second-factor-offer");

    public async Task<bool> HasAsync(TerritoryId territory, Id<User> user, CancellationToken cancel) =>
        await factors.FindAsync(territory, user, cancel) is not null;

    /// <summary>Judges a code of the app, or a recovery code, and uses it up. Counted like passwords.</summary>
    public async Task<Result<Done>> CheckAsync(TerritoryId territory, Id<User> user, string code, IPAddress? from, CancellationToken cancel)
    {
        if (addresses.IsReached(from)) return new TooManyTries();
        if (await attempts.TryAsync(territory, What, user.ToString(), cancel) && await IsRightAsync(territory, user, Compact(code), cancel))
        {
            await attempts.ForgetAsync(territory, What, user.ToString(), cancel);
            return default(Done);
        }

        addresses.Count(from);
        Wrong(log, user.ToString());
        return new WrongCode();
    }

    /// <summary>A new secret for a person.</summary>
    public OfferedSecret Offer(Id<User> user)
    {
        var secret = Totp.NewSecret();
        var text = string.Create(CultureInfo.InvariantCulture, $"{user}\n{clock.Now.ToUnixTimeSeconds()}\n{Convert.ToHexString(secret)}");
        return new(secret, offered.Protect(text));
    }

    /// <summary>The secret that was offered to this person half an hour ago at most, or null.</summary>
    public OfferedSecret? Read(Id<User> user, string? text)
    {
        if (text is not { Length: > 0 and <= 1_000 }) return null;
        try
        {
            if (offered.Unprotect(text).Split('\n') is not [var whose, var since, var secret] || whose != user.ToString()) return null;
            var age = clock.Now - Instant.FromUnixTimeSeconds(long.Parse(since, CultureInfo.InvariantCulture));
            return age <= OfferLasts ? new(Convert.FromHexString(secret), text) : null;
        }
        catch (CryptographicException)
        {
            // Somebody else's text, or made up.
            return null;
        }
    }

    /// <summary>
    /// Sets a person's second factor, once a code shows that their app has the secret; answers the recovery codes, which
    /// are shown once.
    /// </summary>
    public async Task<Result<RecoveryCodes>> SetAsync(
        TerritoryId territory, SignedInUser user, OfferedSecret offer, string code, CancellationToken cancel)
    {
        if (!await attempts.TryAsync(territory, What, user.Id.ToString(), cancel)) return new TooManyTries();
        if (Totp.StepOf(offer.Secret, Compact(code), clock.Now) is not { } step) return new WrongCode();
        await attempts.ForgetAsync(territory, What, user.Id.ToString(), cancel);
        var codes = await factors.SetAsync(territory, user.Id, stored.Protect(offer.Secret), step, user.SessionId, cancel);
        Enrolled(log, user.Id.ToString());
        return new RecoveryCodes(codes);
    }

    private async Task<bool> IsRightAsync(TerritoryId territory, Id<User> user, string code, CancellationToken cancel)
    {
        if (await factors.FindAsync(territory, user, cancel) is not { } factor) return false;
        if (code.Length != Totp.Digits) return await factors.UseRecoveryCodeAsync(territory, user, code, cancel);
        return Totp.StepOf(stored.Unprotect(factor.Secret), code, clock.Now) is { } step
            && await factors.UseStepAsync(territory, user, step, cancel);
    }

    /// <summary>As people write codes: with spaces or hyphens in between.</summary>
    private static string Compact(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit));

    [LoggerMessage(1, LogLevel.Warning, "A wrong code was tried for {User}")]
    private static partial void Wrong(ILogger log, string user);

    [LoggerMessage(2, LogLevel.Information, "{User} has a new second factor")]
    private static partial void Enrolled(ILogger log, string user);
}
