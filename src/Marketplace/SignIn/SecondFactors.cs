using System.Security.Cryptography;
using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Somebody's second factor, its secret still encrypted.</summary>
public sealed record SecondFactor(byte[] Secret, long LastStep, Instant Since, int RecoveryCodes);

/// <summary>
/// Who has a second factor. Secrets arrive here encrypted and codes as the half minute they belong to; recovery codes are
/// 120 random bits each, so that a plain hash keeps them.
/// </summary>
public sealed class SecondFactors(Database db, IClock clock)
{
    public const int RecoveryCodesGiven = 8;

    private const int RecoveryLength = 24;
    private const string Remove = "delete from marketplace.second_factor where territory_id = @territory and user_id = @user";

    public Task<SecondFactor?> FindAsync(TerritoryId territory, Id<User> user, CancellationToken cancel = default) =>
        db.FindAsync<SecondFactor>(
            territory,
            """
            select secret, last_step, since,
                   (select count(*) from marketplace.recovery_code where territory_id = @territory and user_id = @user)::int as recovery_codes
            from marketplace.second_factor where territory_id = @territory and user_id = @user
            """, new { user }, cancel);

    /// <summary>
    /// Gives a person a second factor in place of any earlier one, and answers the recovery codes, which are shown once.
    /// Every other session of theirs ends.
    /// </summary>
    /// <param name="step">The half minute of the code by which they have shown that their app works.</param>
    public async Task<IReadOnlyList<string>> SetAsync(
        TerritoryId territory, Id<User> user, byte[] secret, long step, Id<Session> here, CancellationToken cancel = default)
    {
        var codes = Enumerable.Range(0, RecoveryCodesGiven)
            .Select(_ => RandomNumberGenerator.GetString(ReadableCode.Alphabet, RecoveryLength)).ToList();
        (await db.TransactAsync<Done>(territory, async tx =>
        {
            await tx.ExecuteAsync(Remove, new { user });
            await tx.ExecuteAsync(
                """
                insert into marketplace.second_factor (territory_id, user_id, secret, last_step, since) values (@territory, @user, @secret, @step, @now);
                insert into marketplace.recovery_code (territory_id, user_id, code_hash) select @territory, @user, h from unnest(@hashes) h;
                """, new { user, secret, step, now = clock.Now, hashes = codes.Select(HashOf).ToArray() });
            await Sessions.EndAllAsync(tx, user, except: here);
            return default(Done);
        }, cancel)).OrThrow();
        return [.. codes.Select(code => CodeText.InFours(code, '-'))];
    }

    /// <summary>Uses a code up. False when it, or a later one, was used before.</summary>
    public async Task<bool> UseStepAsync(TerritoryId territory, Id<User> user, long step, CancellationToken cancel = default) =>
        await db.ExecuteAsync(
            territory,
            "update marketplace.second_factor set last_step = @step where territory_id = @territory and user_id = @user and last_step < @step",
            new { user, step }, cancel) == 1;

    /// <summary>Uses a recovery code up, typed in any case and with any hyphens or spaces. False when it is none, or not any more.</summary>
    public async Task<bool> UseRecoveryCodeAsync(TerritoryId territory, Id<User> user, string typed, CancellationToken cancel = default) =>
        await db.ExecuteAsync(
            territory,
            "delete from marketplace.recovery_code where territory_id = @territory and user_id = @user and code_hash = @hash",
            new { user, hash = HashOf(string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant()) }, cancel) == 1;

    /// <summary>Takes a person's second factor away, with its recovery codes. False when there is none.</summary>
    public async Task<bool> RemoveAsync(TerritoryId territory, Id<User> user, CancellationToken cancel = default) =>
        await db.ExecuteAsync(territory, Remove, new { user }, cancel) == 1;

    private static byte[] HashOf(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));
}
