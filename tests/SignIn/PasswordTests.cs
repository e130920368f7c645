using Borsellino.Marketplace;
using Borsellino.Tests.World;
using Dapper;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests.SignIn;

/// <summary>How often a secret may be tried, and how a forgotten password is set anew.</summary>
public sealed class PasswordTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Anna = "anna@example.org";

    [Fact]
    public async Task Ten_tries_are_judged_within_a_quarter_of_an_hour_also_when_they_come_at_once()
    {
        var town = await FinanceTown.OpenAsync(database);
        var attempts = new Attempts(town.Db, town.Clock);
        var judged = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => attempts.TryAsync(town.Territory, "password", Anna)));
        Assert.Equal(Attempts.AttemptsMax, judged.Count(may => may));
        Assert.False(await attempts.TryAsync(town.Territory, "password", " ANNA@example.org"));
        Assert.True(await attempts.TryAsync(town.Territory, "reset", Anna));
        Assert.True(await attempts.TryAsync(town.Territory, "password", "bruno@example.org"));

        town.Clock.Advance(Attempts.Window - Duration.FromSeconds(1));
        Assert.False(await attempts.TryAsync(town.Territory, "password", Anna));
        town.Clock.Advance(Duration.FromSeconds(1));
        Assert.True(await attempts.TryAsync(town.Territory, "password", Anna));
    }

    [Fact]
    public async Task The_right_one_begins_anew()
    {
        var town = await FinanceTown.OpenAsync(database);
        var attempts = new Attempts(town.Db, town.Clock);
        for (var i = 0; i < Attempts.AttemptsMax; i++) Assert.True(await attempts.TryAsync(town.Territory, "password", Anna));
        await attempts.ForgetAsync(town.Territory, "password", Anna);
        Assert.True(await attempts.TryAsync(town.Territory, "password", Anna));
    }

    [Fact]
    public async Task A_link_sets_a_new_password_once_and_ends_every_session()
    {
        var (town, passwords, sessions) = await StartAsync();
        var role = (await new Users(town.Db, town.Clock).RolesAsync(town.Territory, town.Anna)).Single();
        var session = await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, ""));
        var reset = (await passwords.StartResetAsync(town.Territory, " Anna@Example.org "))!;
        var second = (await passwords.StartResetAsync(town.Territory, Anna))!;
        Assert.Equal(Anna, (await passwords.FindResetAsync(town.Territory, reset.Token))!.Email);

        Assert.Equal(town.Anna, (await passwords.ResetAsync(town.Territory, reset.Token, "new hash")).OrThrow());
        Assert.Equal("new hash", (await new Users(town.Db, town.Clock).FindAsync(town.Territory, town.Anna))!.PasswordHash);
        Assert.Null(await sessions.FindAsync(town.Territory, session));
        foreach (var token in new[] { reset.Token, second.Token })
        {
            Assert.Null(await passwords.FindResetAsync(town.Territory, token));
            Assert.True((await passwords.ResetAsync(town.Territory, token, "another")).IsRefused(out var refusal));
            Assert.IsType<ResetNotValid>(refusal);
        }
    }

    [Fact]
    public async Task A_link_used_twice_at_once_sets_one_password()
    {
        var (town, passwords, _) = await StartAsync();
        var token = (await passwords.StartResetAsync(town.Territory, Anna))!.Token;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => passwords.ResetAsync(town.Territory, token, $"hash {i}")));
        Assert.Single(answers, a => !a.IsRefused(out _));
    }

    [Fact]
    public async Task A_link_lasts_an_hour_and_is_for_one_territory_and_for_people_who_may_enter()
    {
        var (town, passwords, _) = await StartAsync();
        var other = await FinanceTown.OpenAsync(database);
        var token = (await passwords.StartResetAsync(town.Territory, Anna))!.Token;
        Assert.Null(await passwords.FindResetAsync(other.Territory, token));
        town.Clock.Advance(Passwords.ResetLasts - Duration.FromSeconds(1));
        Assert.NotNull(await passwords.FindResetAsync(town.Territory, token));
        town.Clock.Advance(Duration.FromSeconds(1));
        Assert.Null(await passwords.FindResetAsync(town.Territory, token));
        Assert.True((await passwords.ResetAsync(town.Territory, token, "late")).IsRefused(out _));

        var fresh = (await passwords.StartResetAsync(town.Territory, Anna))!.Token;
        await new Users(town.Db, town.Clock).DisableAsync(town.Territory, town.Anna);
        Assert.True((await passwords.ResetAsync(town.Territory, fresh, "shut out")).IsRefused(out _));
        Assert.Null(await passwords.StartResetAsync(town.Territory, Anna));
        Assert.Null(await passwords.StartResetAsync(town.Territory, "nobody@example.org"));
    }

    [Fact]
    public async Task The_database_knows_neither_the_token_nor_whose_password_was_tried()
    {
        var (town, passwords, _) = await StartAsync();
        await new Attempts(town.Db, town.Clock).TryAsync(town.Territory, "password", Anna);
        var token = (await passwords.StartResetAsync(town.Territory, Anna))!.Token;
        await using var owner = new NpgsqlConnection(database.OwnerConnection);
        var rows = await owner.QueryAsync<string>(
            """
            select r::text from marketplace.password_reset r where territory_id = @t
            union all select a::text from marketplace.sign_in_attempt a where territory_id = @t
            """, new { t = town.Territory.Value });
        Assert.Equal(2, rows.Count());
        Assert.All(rows, row => Assert.False(row.Contains(token, StringComparison.Ordinal) || row.Contains("anna", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task A_change_leaves_only_the_session_in_which_it_was_made()
    {
        var (town, passwords, sessions) = await StartAsync();
        var role = (await new Users(town.Db, town.Clock).RolesAsync(town.Territory, town.Anna)).Single();
        var here = await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, "here"));
        var there = await sessions.StartAsync(town.Territory, new(town.Anna, role.Id, "there"));
        await passwords.ChangeAsync(town.Territory, town.Anna, "new", (await sessions.FindAsync(town.Territory, here))!.SessionId);
        Assert.NotNull(await sessions.FindAsync(town.Territory, here));
        Assert.Null(await sessions.FindAsync(town.Territory, there));
    }

    private async Task<(FinanceTown Town, Passwords Passwords, Sessions Sessions)> StartAsync()
    {
        var town = await FinanceTown.OpenAsync(database);
        return (town, new(town.Db, town.Clock), new(town.Db, town.Clock, new(Duration.FromHours(8), Duration.FromHours(12))));
    }
}
