using System.Net;
using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Tests.Finance;
using Borsellino.Tests.Hosting;
using Borsellino.Tests.Web;
using Borsellino.Tests.World;
using Dapper;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests.SignIn;

/// <summary>The same program where finance people must have a second factor.</summary>
public sealed class StaffSite(TestCluster cluster) : FinanceSite(cluster)
{
    protected override IReadOnlyDictionary<string, string?> Configuration =>
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["SignIn:SecondFactor"] = "Finance" };
}

/// <summary>The second factor through the pages: set up before anything else, then asked for each time, each code once.</summary>
public sealed partial class SecondFactorTests(StaffSite site) : IClassFixture<StaffSite>
{
    private static readonly Duration HalfMinute = Duration.FromSeconds(30);

    [Fact]
    public async Task Whoever_must_have_one_sets_it_up_before_anything_else()
    {
        var town = await site.OpenTownAsync();
        using var client = site.ClientFrom("127.0.11.1");
        Assert.StartsWith($"/{town.Slug}/entra/app", await PasswordAsync(client, town), StringComparison.Ordinal);
        // Until then it is nobody's session.
        Assert.Equal(HttpStatusCode.Redirect, await client.StatusAsync($"/{town.Slug}/ragioneria"));
        Assert.Equal(HttpStatusCode.Redirect, await client.StatusAsync($"/{town.Slug}/profilo"));

        var (secret, done) = await EnrolAsync(client, town);
        Assert.Equal(SecondFactors.RecoveryCodesGiven, RecoveryCode().Count(done));
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync($"/{town.Slug}/ragioneria"));
        await using var owner = new NpgsqlConnection(site.Database.OwnerConnection);
        var rows = (await owner.QueryAsync<string>(
            """
            select f::text from marketplace.second_factor f where territory_id = @t
            union all select c::text from marketplace.recovery_code c where territory_id = @t
            """, new { t = town.Territory.Value })).ToList();
        Assert.Equal(1 + SecondFactors.RecoveryCodesGiven, rows.Count);
        Assert.DoesNotContain(rows, r => r.Contains(Convert.ToHexString(secret), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_wrong_code_sets_nothing_up()
    {
        var town = await site.OpenTownAsync();
        using var client = site.ClientFrom("127.0.12.1");
        await PasswordAsync(client, town);
        Assert.Contains("href=\"#Code\"", await client.SendAsync($"/{town.Slug}/entra/app", ("Code", "000000")), StringComparison.Ordinal);
        Assert.Contains("href=\"#Code\"", await client.SendAsync($"/{town.Slug}/entra/app", ("Code", "abc")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await client.StatusAsync($"/{town.Slug}/ragioneria"));
    }

    [Fact]
    public async Task Then_each_entry_asks_for_a_code_and_each_code_opens_once()
    {
        var town = await site.OpenTownAsync();
        var (secret, _) = await SetUpAsync(town, "127.0.13.1");
        site.Clock.Advance(HalfMinute * 2);
        var code = Totp.CodeAt(secret, Totp.StepAt(site.Clock.Now));

        using var client = site.ClientFrom("127.0.13.2");
        Assert.StartsWith($"/{town.Slug}/entra/codice", await PasswordAsync(client, town), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await client.StatusAsync($"/{town.Slug}/ragioneria"));
        Assert.Contains("error-summary", await client.SendAsync($"/{town.Slug}/entra/codice", ("Code", "000000")), StringComparison.Ordinal);
        Assert.Equal($"/{town.Slug}/ragioneria", await client.SendAsync($"/{town.Slug}/entra/codice", ("Code", $"{code[..3]} {code[3..]}")));
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync($"/{town.Slug}/ragioneria"));

        using var thief = site.ClientFrom("127.0.13.3");
        await PasswordAsync(thief, town);
        Assert.Contains("error-summary", await thief.SendAsync($"/{town.Slug}/entra/codice", ("Code", code)), StringComparison.Ordinal);
        // Nor one that is older than it.
        Assert.Contains("error-summary", await thief.SendAsync($"/{town.Slug}/entra/codice", ("Code", Totp.CodeAt(secret, Totp.StepAt(site.Clock.Now) - 1))), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await thief.StatusAsync($"/{town.Slug}/ragioneria"));
    }

    [Fact]
    public async Task A_code_on_paper_opens_once()
    {
        var town = await site.OpenTownAsync();
        var (_, done) = await SetUpAsync(town, "127.0.14.1");
        var paper = RecoveryCode().Match(done).Groups["code"].Value;
        using var client = site.ClientFrom("127.0.14.2");
        await PasswordAsync(client, town);
        Assert.Equal($"/{town.Slug}/ragioneria", await client.SendAsync($"/{town.Slug}/entra/codice?riserva=true", ("Code", paper.ToLowerInvariant())));
        Assert.Contains("7", Left().Match(await client.GetStringAsync(SignInForms.At($"/{town.Slug}/profilo"))).Value, StringComparison.Ordinal);

        using var again = site.ClientFrom("127.0.14.3");
        await PasswordAsync(again, town);
        Assert.Contains("error-summary", await again.SendAsync($"/{town.Slug}/entra/codice?riserva=true", ("Code", paper)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_wrong_codes_close_the_door_even_to_who_knows_the_password()
    {
        var town = await site.OpenTownAsync();
        var (secret, _) = await SetUpAsync(town, "127.0.15.1");
        site.Clock.Advance(HalfMinute * 2);
        for (var i = 0; i < Attempts.AttemptsMax; i++)
        {
            using var thief = site.ClientFrom($"127.0.15.{i + 10}");
            // Some of the entries are turned away by then: the password's tries are not forgotten either.
            if ((await PasswordAsync(thief, town)).StartsWith($"/{town.Slug}/entra/codice", StringComparison.Ordinal))
                await thief.SendAsync($"/{town.Slug}/entra/codice", ("Code", "000000"));
        }

        using var owner = site.ClientFrom("127.0.15.99");
        Assert.Contains("error-summary", await PasswordAsync(owner, town), StringComparison.Ordinal);
        site.Clock.Advance(Attempts.Window);
        await PasswordAsync(owner, town);
        Assert.Equal($"/{town.Slug}/ragioneria", await owner.SendAsync($"/{town.Slug}/entra/codice", ("Code", Totp.CodeAt(secret, Totp.StepAt(site.Clock.Now)))));
    }

    [Fact]
    public async Task A_family_is_not_asked_and_may_have_one()
    {
        var town = await site.OpenTownAsync();
        using var client = site.ClientFrom("127.0.16.1");
        Assert.Equal($"/{town.Slug}/borsellino", await PasswordAsync(client, town, "carla@example.org"));
        var page = $"/{town.Slug}/entra/app";
        var form = WebForm.On(page, await client.GetStringAsync(SignInForms.At(page))).Single(f => f.Fields.Any(x => x.Name == "Code"));
        var code = Totp.CodeAt(Secret(await client.GetStringAsync(SignInForms.At(page))), 1);
        // The password is asked for again, and the code must be the one of the secret that the form carries.
        Assert.Contains("href=\"#Current\"", await client.SendAsync(form, ("Code", code), ("Current", "wrong")), StringComparison.Ordinal);
        var html = await client.GetStringAsync(SignInForms.At(page));
        form = WebForm.On(page, html).Single(f => f.Fields.Any(x => x.Name == "Code"));
        var done = await client.SendAsync(form, ("Code", Totp.CodeAt(Secret(html), Totp.StepAt(site.Clock.Now))), ("Current", FinanceTown.Password));
        Assert.Equal(SecondFactors.RecoveryCodesGiven, RecoveryCode().Count(done));
        using var again = site.ClientFrom("127.0.16.2");
        Assert.StartsWith($"/{town.Slug}/entra/codice", await PasswordAsync(again, town, "carla@example.org"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_takes_too_long_begins_again()
    {
        var town = await site.OpenTownAsync();
        var (secret, _) = await SetUpAsync(town, "127.0.17.1");
        using var client = site.ClientFrom("127.0.17.2");
        await PasswordAsync(client, town);
        site.Clock.Advance(Sessions.AwaitedFor);
        Assert.DoesNotContain("name=\"Code\"", await client.GetStringAsync(SignInForms.At($"/{town.Slug}/entra/codice")), StringComparison.Ordinal);
        Assert.NotEmpty(secret);
    }

    [Fact]
    public async Task Whoever_looks_after_sign_ins_takes_a_lost_phone_away()
    {
        var town = await site.OpenTownAsync();
        await SetUpAsync(town, "127.0.18.1");
        using var lost = site.ClientFrom("127.0.18.2");
        Assert.StartsWith($"/{town.Slug}/entra/codice", await PasswordAsync(lost, town), StringComparison.Ordinal);

        using var admin = await AdministratorAsync(town, "127.0.18.3");
        var person = $"/{town.Slug}/amministrazione/persone/{town.Anna}";
        Assert.Contains(person, await admin.GetStringAsync(SignInForms.At($"/{town.Slug}/amministrazione?cerca=ANNA")), StringComparison.Ordinal);
        Assert.Contains("href=\"#IsSure\"", await ActAsync(admin, person, "Phone"), StringComparison.Ordinal);
        Assert.StartsWith($"/{town.Slug}/entra/codice", await PasswordAsync(lost, town), StringComparison.Ordinal);
        Assert.Equal($"{person}?fatto=telefono", await ActAsync(admin, person, "Phone", ("IsSure", "true")));

        Assert.StartsWith($"/{town.Slug}/entra/app", await PasswordAsync(lost, town), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_looks_after_sign_ins_ends_them_and_shuts_people_out_but_not_themselves()
    {
        var town = await site.OpenTownAsync();
        using var carla = site.ClientFrom("127.0.19.1");
        var home = await PasswordAsync(carla, town, "carla@example.org");
        Assert.Equal(HttpStatusCode.OK, await carla.StatusAsync(home));
        using var admin = await AdministratorAsync(town, "127.0.19.2");
        var line = (await new SignInRegister(town.Db).SearchAsync(town.Territory, "carla@")).Single();
        var person = $"/{town.Slug}/amministrazione/persone/{line.Id}";
        Assert.Equal(1, line.Sessions);

        await ActAsync(admin, person, "Sessions");
        Assert.Equal(HttpStatusCode.Redirect, await carla.StatusAsync(home));
        Assert.Equal(home, await PasswordAsync(carla, town, "carla@example.org"));

        await ActAsync(admin, person, "Disable");
        Assert.Equal(HttpStatusCode.Redirect, await carla.StatusAsync(home));
        Assert.DoesNotContain(home, await PasswordAsync(carla, town, "carla@example.org"), StringComparison.Ordinal);
        await ActAsync(admin, person, "Enable");
        Assert.Equal(home, await PasswordAsync(carla, town, "carla@example.org"));

        var me = (await new SignInRegister(town.Db).SearchAsync(town.Territory, "prova admin@")).Single().Id;
        var mine = $"/{town.Slug}/amministrazione/persone/{me}";
        Assert.DoesNotContain("handler=Disable", await admin.GetStringAsync(SignInForms.At(mine)), StringComparison.Ordinal);
        var form = WebForm.On(person, await admin.GetStringAsync(SignInForms.At(person))).First(f => f.Action.EndsWith("handler=Disable", StringComparison.Ordinal));
        await admin.SendAsync(form with { Action = $"{mine}?handler=Disable" });
        Assert.Equal(HttpStatusCode.OK, await admin.StatusAsync(mine));
        var elsewhere = await site.OpenTownAsync();
        Assert.Equal(HttpStatusCode.NotFound, await admin.StatusAsync($"/{town.Slug}/amministrazione/persone/{elsewhere.Anna}"));
        Assert.Empty(await new SignInRegister(town.Db).SearchAsync(town.Territory, "%"));
    }

    private async Task<HttpClient> AdministratorAsync(FinanceTown town, string address)
    {
        var user = new NewUser(Id<User>.New(), "admin@example.org", "Ivo Prova", FinanceTown.HashOfPassword, [new(Role.Administrator)]);
        (await town.DoAsync(tx => Users.CreateAsync(tx, user, town.Clock.Now))).OrThrow();
        var client = site.ClientFrom(address);
        Assert.Equal($"/{town.Slug}/amministrazione", await PasswordAsync(client, town, "admin@example.org"));
        return client;
    }

    private static async Task<string> ActAsync(HttpClient admin, string page, string handler, params (string Name, string Value)[] answers)
    {
        var form = WebForm.On(page, await admin.GetStringAsync(SignInForms.At(page))).First(f => f.Action.EndsWith($"handler={handler}", StringComparison.Ordinal));
        if (answers is [var (name, value)]) form = form with { Fields = [.. form.Fields.Where(f => f.Name != name), new(name, value, "hidden")] };
        return await admin.SendAsync(form);
    }

    private static Task<string> PasswordAsync(HttpClient client, FinanceTown town, string email = "anna@example.org") =>
        client.SendAsync($"/{town.Slug}/entra", ("Email", email), ("Password", FinanceTown.Password));

    private async Task<(byte[] Secret, string Done)> SetUpAsync(FinanceTown town, string address)
    {
        using var client = site.ClientFrom(address);
        await PasswordAsync(client, town);
        return await EnrolAsync(client, town);
    }

    private async Task<(byte[] Secret, string Done)> EnrolAsync(HttpClient client, FinanceTown town)
    {
        var page = $"/{town.Slug}/entra/app";
        var html = await client.GetStringAsync(SignInForms.At(page));
        var secret = Secret(html);
        var form = WebForm.On(page, html).Single(f => f.Fields.Any(x => x.Name == "Code"));
        return (secret, await client.SendAsync(form, ("Code", Totp.CodeAt(secret, Totp.StepAt(site.Clock.Now)))));
    }

    /// <summary>The secret as a person would type it into their app.</summary>
    private static byte[] Secret(string html)
    {
        var (bits, count, bytes) = (0, 0, new List<byte>());
        foreach (var letter in SecretText().Match(html).Groups["secret"].Value.Where(c => c != ' '))
        {
            (bits, count) = (((bits & 0xFF) << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), count + 5);
            if (count < 8) continue;
            bytes.Add((byte)((bits >> (count - 8)) & 0xFF));
            count -= 8;
        }

        return [.. bytes];
    }

    [GeneratedRegex("Segreto: <span class=\"code\">(?<secret>[A-Z2-7 ]+)</span>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SecretText();

    [GeneratedRegex("<li class=\"code\">(?<code>[0-9A-Z-]{29})</li>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RecoveryCode();

    [GeneratedRegex("Ti restano [0-9]+ codici", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Left();
}
