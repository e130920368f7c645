using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>The link by which a forgotten password is set anew has been used, has run out, or never was.</summary>
public sealed record ResetNotValid() : Refusal("reset_not_valid");

/// <summary>Somebody who has forgotten their password, and where to write to them.</summary>
public sealed record ResetOwner(Id<User> Id, string Email, string DisplayName);

/// <summary>To whom a link for a new password goes, and the token in it.</summary>
public sealed record PasswordReset(ResetOwner Owner, string Token);

/// <summary>Passwords that change, because their owner wants it or has forgotten the old one. They arrive here hashed.</summary>
public sealed class Passwords(Database db, IClock clock)
{
    /// <summary>So long a link may be used.</summary>
    public static readonly Duration ResetLasts = Duration.FromHours(1);

    private const string SetHash = "update marketplace.app_user set password_hash = @hash where territory_id = @territory and id = @user";

    /// <summary>Sets a new password and ends every session but the one in which it was done.</summary>
    public Task ChangeAsync(TerritoryId territory, Id<User> user, string hash, Id<Session> here, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            await SetAsync(tx, user, hash, here);
            return default(Done);
        }, cancel);

    /// <summary>Keeps the same password under a newer hash. Nothing else changes for its owner.</summary>
    public Task RenewHashAsync(TerritoryId territory, Id<User> user, string hash, CancellationToken cancel = default) =>
        db.ExecuteAsync(territory, SetHash, new { user, hash }, cancel);

    /// <summary>Makes the token by which the owner of an e-mail may set a new password; null when nobody has it.</summary>
    public async Task<PasswordReset?> StartResetAsync(TerritoryId territory, string email, CancellationToken cancel = default)
    {
        var token = SecretToken.New();
        PasswordReset? reset = null;
        (await db.TransactAsync<Done>(territory, async tx =>
        {
            reset = null;
            var owner = await tx.FindAsync<ResetOwner>(
                """
                select id, email, display_name from marketplace.app_user
                where territory_id = @territory and email = @email and disabled_at is null
                """, new { email = email.Trim().ToLowerInvariant() });
            if (owner is null) return default(Done);
            await tx.ExecuteAsync("delete from marketplace.password_reset where territory_id = @territory and expires_at <= @now", new { now = clock.Now });
            await tx.ExecuteAsync(
                "insert into marketplace.password_reset (territory_id, token_hash, user_id, expires_at) values (@territory, @hash, @Id, @until)",
                new { hash = SecretToken.HashOf(token), owner.Id, until = clock.Now + ResetLasts });
            reset = new(owner, token);
            return default(Done);
        }, cancel)).OrThrow();
        return reset;
    }

    /// <summary>Whose password a token may set, as long as it is good: null when it is not.</summary>
    public Task<ResetOwner?> FindResetAsync(TerritoryId territory, string token, CancellationToken cancel = default) =>
        db.FindAsync<ResetOwner>(
            territory,
            """
            select u.id, u.email, u.display_name from marketplace.password_reset r
            join marketplace.app_user u on u.territory_id = @territory and u.id = r.user_id and u.disabled_at is null
            where r.territory_id = @territory and r.token_hash = @hash and r.expires_at > @now
            """, new { hash = SecretToken.HashOf(token), now = clock.Now }, cancel);

    /// <summary>Sets a new password by a token, once, and ends every session of its owner.</summary>
    public Task<Result<Id<User>>> ResetAsync(TerritoryId territory, string token, string hash, CancellationToken cancel = default) =>
        db.TransactAsync<Id<User>>(territory, async tx =>
        {
            var used = await tx.FindAsync<Id<User>?>(
                """
                delete from marketplace.password_reset r using marketplace.app_user u
                where r.territory_id = @territory and r.token_hash = @token and r.expires_at > @now
                  and u.territory_id = @territory and u.id = r.user_id and u.disabled_at is null
                returning r.user_id
                """, new { token = SecretToken.HashOf(token), now = clock.Now });
            if (used is not { } user) return new ResetNotValid();
            await SetAsync(tx, user, hash, except: null);
            return user;
        }, cancel);

    private static async Task SetAsync(Transaction tx, Id<User> user, string hash, Id<Session>? except)
    {
        await tx.ExecuteAsync(SetHash, new { user, hash });
        // Links that are still under way were asked for by whoever did not know the new password.
        await tx.ExecuteAsync("delete from marketplace.password_reset where territory_id = @territory and user_id = @user", new { user });
        await Sessions.EndAllAsync(tx, user, except);
    }
}
