using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Who is signed in where. A session is a row that its token's hash finds; ending it is deleting the row, and the next
/// request is nobody's. Each entry and each change of role has a token of its own.
/// </summary>
public sealed class Sessions(Database db, IClock clock, SessionLimits limits)
{
    /// <summary>Nobody needs more at once: the one unused for longest makes room.</summary>
    public const int SessionsMax = 20;

    /// <summary>A visit is written down when the last one is older than this, or than a sixth of the idle limit.</summary>
    private static readonly Duration TouchAfter = Duration.FromMinutes(10);

    /// <summary>So long one may look for the telephone with the codes.</summary>
    public static readonly Duration AwaitedFor = Duration.FromMinutes(15);

    private const string Alive = "s.signed_in_at > case when s.awaits is null then @signedInAfter else @awaitedAfter end and s.seen_at > @seenAfter";

    private const string EndOfPerson =
        "delete from marketplace.session where territory_id = @territory and user_id = @user and id is distinct from @except";

    /// <summary>Signs a person in and answers the token, which is shown to nobody but their browser.</summary>
    public async Task<string> StartAsync(TerritoryId territory, NewSession session, CancellationToken cancel = default)
    {
        var token = SecretToken.New();
        (await db.TransactAsync<Done>(territory, async tx =>
        {
            var now = clock.Now;
            // Those that have run out go with the next entry, so that no sweep need look for them.
            await tx.ExecuteAsync(
                $"""
                delete from marketplace.session s
                where s.territory_id = @territory and s.user_id = @User
                  and (not ({Alive})
                       or s.id in (select id from marketplace.session where territory_id = @territory and user_id = @User
                                   order by seen_at desc, id offset @kept))
                """,
                new { session.User, kept = SessionsMax - 1, signedInAfter = now - limits.Absolute, awaitedAfter = now - AwaitedFor, seenAfter = now - limits.Idle });
            await tx.ExecuteAsync(
                """
                insert into marketplace.session (territory_id, id, token_hash, user_id, role_id, device, awaits, signed_in_at, seen_at)
                values (@territory, @id, @hash, @User, @Role, @Device, @awaits, @now, @now)
                """,
                new
                {
                    id = Id<Session>.New(), hash = SecretToken.HashOf(token), session.User, session.Role, session.Device,
                    awaits = session.Awaits?.ToString(), now,
                });
            return default(Done);
        }, cancel)).OrThrow();
        return token;
    }

    /// <summary>
    /// Who holds this token, read afresh with the role they wear, and whether something is still awaited of them: null when the session has ended or run out, or the
    /// user was disabled. One statement; now and then a second one, which writes down that they were here.
    /// </summary>
    public async Task<SignedInUser?> FindAsync(TerritoryId territory, string token, CancellationToken cancel = default)
    {
        var now = clock.Now;
        var found = await db.FindAsync<SignedInUser>(
            territory,
            $"""
            select s.id as session_id, s.seen_at, s.awaits, u.id, u.display_name, u.culture, r.id as role_id, r.role, r.household_id, r.provider_id,
                   {Users.About}, r.valid_to as acts_until,
                   (select count(*) from marketplace.role_grant r where r.territory_id = @territory and r.user_id = u.id and {Users.InForce})::int as role_count
            from marketplace.session s
            join marketplace.app_user u on u.territory_id = @territory and u.id = s.user_id and u.disabled_at is null
            join marketplace.role_grant r on r.territory_id = @territory and r.id = s.role_id and r.user_id = u.id and {Users.InForce}
            where s.territory_id = @territory and s.token_hash = @hash and {Alive}
            """,
            new { hash = SecretToken.HashOf(token), today = clock.Today(), signedInAfter = now - limits.Absolute, awaitedAfter = now - AwaitedFor, seenAfter = now - limits.Idle }, cancel);
        if (found is null || now - found.SeenAt < Duration.Min(TouchAfter, limits.Idle / 6)) return found;
        await db.ExecuteAsync(
            territory, "update marketplace.session set seen_at = greatest(seen_at, @now) where territory_id = @territory and id = @SessionId",
            new { found.SessionId, now }, cancel);
        return found;
    }

    /// <summary>Where a person is signed in now, the latest visit first.</summary>
    public Task<List<Session>> OfAsync(TerritoryId territory, Id<User> user, CancellationToken cancel = default)
    {
        var now = clock.Now;
        return db.ListAsync<Session>(
            territory,
            $"""
            select s.id, s.device, r.role, s.signed_in_at, s.seen_at
            from marketplace.session s
            join marketplace.role_grant r on r.territory_id = @territory and r.id = s.role_id
            where s.territory_id = @territory and s.user_id = @user and s.awaits is null and {Alive}
            order by s.seen_at desc, s.id limit @SessionsMax
            """, new { user, SessionsMax, signedInAfter = now - limits.Absolute, awaitedAfter = now, seenAfter = now - limits.Idle }, cancel);
    }

    /// <summary>
    /// Puts on another hat, which must be one of the person's own, and answers the new token; the old one is worth
    /// nothing from then on. Null when there is no such session, or no such role of theirs.
    /// </summary>
    public async Task<string?> WearAsync(TerritoryId territory, Id<Session> session, Id<RoleGrant> role, CancellationToken cancel = default)
    {
        var token = SecretToken.New();
        var worn = await db.ExecuteAsync(
            territory,
            $"""
            update marketplace.session s set role_id = @role, token_hash = @hash
            where s.territory_id = @territory and s.id = @session
              and exists (select from marketplace.role_grant r
                          where r.territory_id = @territory and r.id = @role and r.user_id = s.user_id and {Users.InForce})
            """, new { session, role, today = clock.Today(), hash = SecretToken.HashOf(token) }, cancel);
        return worn == 1 ? token : null;
    }

    /// <summary>Makes a session that awaited something a sign-in, and answers its new token. Null when it has run out.</summary>
    public async Task<string?> CompleteAsync(TerritoryId territory, Id<Session> session, CancellationToken cancel = default)
    {
        var token = SecretToken.New();
        var now = clock.Now;
        var completed = await db.ExecuteAsync(
            territory,
            """
            update marketplace.session set awaits = null, token_hash = @hash, signed_in_at = @now, seen_at = @now
            where territory_id = @territory and id = @session and signed_in_at > @awaitedAfter
            """, new { session, hash = SecretToken.HashOf(token), now, awaitedAfter = now - AwaitedFor }, cancel);
        return completed == 1 ? token : null;
    }

    /// <summary>Ends one of a person's own sessions. False when there is none: it has ended already, or is another's.</summary>
    public async Task<bool> EndAsync(TerritoryId territory, Id<User> user, Id<Session> session, CancellationToken cancel = default) =>
        await db.ExecuteAsync(
            territory, "delete from marketplace.session where territory_id = @territory and user_id = @user and id = @session",
            new { user, session }, cancel) == 1;

    /// <summary>Ends the session that a token opens, whoever's it is: a browser that signs in again leaves none behind.</summary>
    public Task EndAsync(TerritoryId territory, string token, CancellationToken cancel = default) =>
        db.ExecuteAsync(
            territory, "delete from marketplace.session where territory_id = @territory and token_hash = @hash",
            new { hash = SecretToken.HashOf(token) }, cancel);

    /// <summary>Ends every session of a person, or every one but <paramref name="except"/>; with what made it necessary, in one transaction.</summary>
    public static Task EndAllAsync(Transaction tx, Id<User> user, Id<Session>? except = null) =>
        tx.ExecuteAsync(EndOfPerson, new { user, except });

    /// <inheritdoc cref="EndAllAsync(Transaction, Id{User}, Id{Session}?)"/>
    public Task EndAllAsync(TerritoryId territory, Id<User> user, Id<Session>? except = null, CancellationToken cancel = default) =>
        db.ExecuteAsync(territory, EndOfPerson, new { user, except }, cancel);
}
