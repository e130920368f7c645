using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.World;
using Dapper;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests.SignIn;

/// <summary>Sessions are rows: they run out, end, change their token, and hold nothing that opens anything.</summary>
public sealed class SessionTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly SessionLimits Limits = new(Duration.FromHours(1), Duration.FromHours(12));

    [Fact]
    public async Task A_token_says_who_holds_it_and_the_database_does_not_know_it()
    {
        var (town, sessions, role) = await StartAsync();
        var token = await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, "Firefox, Linux"));
        var found = await sessions.FindAsync(town.Territory, token);
        Assert.Equal((town.Anna, role.Id, Role.Finance), (found!.Id, found.RoleId, found.Role));
        Assert.Null(await sessions.FindAsync(town.Territory, token[..^1] + (token[^1] == 'A' ? 'B' : 'A')));

        await using var owner = new NpgsqlConnection(database.OwnerConnection);
        var row = await owner.QuerySingleAsync<string>("select s::text from marketplace.session s where territory_id = @t", new { t = town.Territory.Value });
        Assert.DoesNotContain(token, row, StringComparison.Ordinal);
        // 256 bits in the alphabet of addresses.
        Assert.Matches("^[A-Za-z0-9_-]{43}$", token);
    }

    [Fact]
    public async Task It_runs_out_unused_and_lives_on_while_it_is_used_up_to_its_end()
    {
        var (town, sessions, role) = await StartAsync();
        var idle = await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, ""));
        var used = await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, ""));
        for (var minutes = 0; minutes < 11 * 60; minutes += 50)
        {
            town.Clock.Advance(Duration.FromMinutes(50));
            Assert.NotNull(await sessions.FindAsync(town.Territory, used));
        }

        Assert.Null(await sessions.FindAsync(town.Territory, idle));
        Assert.Single(await sessions.OfAsync(town.Territory, town.Anna));
        town.Clock.MoveTo(FinanceTown.Monday + Limits.Absolute);
        Assert.Null(await sessions.FindAsync(town.Territory, used));
        Assert.Empty(await sessions.OfAsync(town.Territory, town.Anna));
    }

    [Fact]
    public async Task Reading_pages_writes_only_now_and_then()
    {
        var (town, sessions, role) = await StartAsync();
        var token = await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, ""));
        await using var owner = new NpgsqlConnection(database.OwnerConnection);
        var versions = new HashSet<string>(StringComparer.Ordinal);
        for (var minute = 0; minute < 30; minute++)
        {
            Assert.NotNull(await sessions.FindAsync(town.Territory, token));
            // Each write of a row makes a new version of it, which says which transaction made it.
            versions.Add(await owner.QuerySingleAsync<string>("select xmin::text from marketplace.session where territory_id = @t", new { t = town.Territory.Value }));
            town.Clock.Advance(Duration.FromMinutes(1));
        }

        Assert.Equal(3, versions.Count);
    }

    [Fact]
    public async Task Another_hat_is_another_token_and_only_ones_own_hats_fit()
    {
        var (town, sessions, role) = await StartAsync();
        (await town.DoAsync<Done>(async tx =>
        {
            await Users.GrantAsync(tx, town.Anna, new(Role.Officer));
            return default(Done);
        })).OrThrow();
        var users = new Users(town.Db, town.Clock);
        var officer = (await users.RolesAsync(town.Territory, town.Anna)).Single(r => r.Role is Role.Officer);
        var others = (await users.RolesAsync(town.Territory, town.Bruno)).Single();
        var before = await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, ""));
        var session = (await sessions.FindAsync(town.Territory, before))!;

        Assert.Null(await sessions.WearAsync(town.Territory, session.SessionId, others.Id));
        Assert.Equal(Role.Finance, (await sessions.FindAsync(town.Territory, before))!.Role);
        var after = await sessions.WearAsync(town.Territory, session.SessionId, officer.Id);
        Assert.Null(await sessions.FindAsync(town.Territory, before));
        Assert.Equal((Role.Officer, session.SessionId), ((await sessions.FindAsync(town.Territory, after!))!.Role, session.SessionId));
    }

    [Fact]
    public async Task One_ends_one_or_all_others_and_nobody_elses()
    {
        var (town, sessions, role) = await StartAsync();
        var bruno = (await new Users(town.Db, town.Clock).RolesAsync(town.Territory, town.Bruno)).Single();
        var tokens = new List<string>();
        for (var i = 0; i < 4; i++) tokens.Add(await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, $"{i}")));
        var his = await sessions.StartAsync(town.Territory, new(town.Bruno, bruno.Id, ""));
        var ids = new List<Id<Session>>();
        foreach (var token in tokens) ids.Add((await sessions.FindAsync(town.Territory, token))!.SessionId);

        Assert.False(await sessions.EndAsync(town.Territory, town.Bruno, ids[0]));
        Assert.NotNull(await sessions.FindAsync(town.Territory, tokens[0]));
        Assert.True(await sessions.EndAsync(town.Territory, town.Anna, ids[0]));
        Assert.Null(await sessions.FindAsync(town.Territory, tokens[0]));
        await sessions.EndAllAsync(town.Territory, town.Anna, except: ids[2]);
        Assert.Equal([ids[2]], (await sessions.OfAsync(town.Territory, town.Anna)).Select(s => s.Id));
        Assert.NotNull(await sessions.FindAsync(town.Territory, his));
        await sessions.EndAllAsync(town.Territory, town.Anna);
        Assert.Empty(await sessions.OfAsync(town.Territory, town.Anna));
    }

    [Fact]
    public async Task Whoever_is_disabled_is_out_at_once_and_everywhere()
    {
        var (town, sessions, role) = await StartAsync();
        var tokens = new[] { await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, "")), await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, "")) };
        Assert.True(await new Users(town.Db, town.Clock).DisableAsync(town.Territory, town.Anna));
        foreach (var token in tokens) Assert.Null(await sessions.FindAsync(town.Territory, token));
        // Not even one that was made at the same moment lets them in.
        Assert.Null(await sessions.FindAsync(town.Territory, await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, ""))));
        Assert.False(await new Users(town.Db, town.Clock).DisableAsync(town.Territory, Id<User>.New()));
    }

    [Fact]
    public async Task A_role_taken_away_ends_the_sessions_that_wear_it()
    {
        var (town, sessions, role) = await StartAsync();
        var token = await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, ""));
        await database.AsOwnerAsync($"delete from marketplace.role_grant where territory_id = {town.Territory} and id = '{role.Id.Value}'");
        Assert.Null(await sessions.FindAsync(town.Territory, token));
    }

    [Fact]
    public async Task A_token_is_nothing_in_another_territory()
    {
        var (town, sessions, role) = await StartAsync();
        var other = await FinanceTown.OpenAsync(database);
        var token = await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, ""));
        Assert.Null(await sessions.FindAsync(other.Territory, token));
    }

    [Fact]
    public async Task The_oldest_makes_room_when_there_are_too_many()
    {
        var (town, sessions, role) = await StartAsync();
        var first = await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, ""));
        for (var i = 0; i < Sessions.SessionsMax; i++)
        {
            town.Clock.Advance(Duration.FromSeconds(1));
            await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, ""));
        }

        Assert.Equal(Sessions.SessionsMax, (await sessions.OfAsync(town.Territory, town.Anna)).Count);
        Assert.Null(await sessions.FindAsync(town.Territory, first));
    }

    private async Task<(FinanceTown Town, Sessions Sessions, RoleGrant Role)> StartAsync()
    {
        var town = await FinanceTown.OpenAsync(database);
        var role = (await new Users(town.Db, town.Clock).RolesAsync(town.Territory, town.Anna)).Single();
        return (town, new(town.Db, town.Clock, Limits), role);
    }
}
