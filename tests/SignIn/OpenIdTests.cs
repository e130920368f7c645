using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Borsellino.Tests.Finance;
using Borsellino.Tests.Hosting;
using Borsellino.Tests.World;
using Dapper;
using Npgsql;

namespace Borsellino.Tests.SignIn;

/// <summary>The program beside a real OpenID Connect server: npm's oidc-provider, on a port of its own.</summary>
public sealed class OpenIdSite(TestCluster cluster) : FinanceSite(cluster)
{
    private const string ClientId = "borsellino", Secret = "only for tests: 0123456789";

    private Process node = null!;
    private string issuer = "";

    protected override IReadOnlyDictionary<string, string?> Configuration => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["SignIn:SecondFactor"] = "", ["SignIn:OpenId:Authority"] = issuer, ["SignIn:OpenId:ClientId"] = ClientId, ["SignIn:OpenId:ClientSecret"] = Secret,
    };

    public override async ValueTask InitializeAsync()
    {
        node = Process.Start(new ProcessStartInfo("node", [Script(), ClientId, Secret])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        node.ErrorDataReceived += (_, _) => { };
        node.BeginErrorReadLine();
        issuer = await node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("oidc-provider did not start: npm ci brings it.");
        await base.InitializeAsync();
    }

    /// <summary>Lets the other server send people back to a town.</summary>
    public async Task AllowAsync(FinanceTown town)
    {
        await node.StandardInput.WriteLineAsync($"{Origin}{town.Slug}/entra/identita/ritorno");
        await node.StandardInput.FlushAsync();
        await node.StandardOutput.ReadLineAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        node.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string Script([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "openid-server.mjs");
}

/// <summary>Sign-in by SPID or CIE, against a server that speaks the protocol and not a mirror of our own client.</summary>
public sealed class OpenIdTests(OpenIdSite site) : IClassFixture<OpenIdSite>
{
    private const string Anna = "RSSMRA80A01H501U";

    [Fact]
    public async Task A_known_tax_code_enters_where_it_wanted_to_go()
    {
        var town = await TownAsync();
        using var browser = site.ClientFrom("127.0.21.1");
        var wanted = $"/{town.Slug}/ragioneria/conti";
        Assert.Contains("/entra/identita", await browser.GetStringAsync(SignInForms.At($"/{town.Slug}/entra")), StringComparison.Ordinal);
        Assert.Equal(wanted, await ComeBackAsync(browser, await ThereAsync(browser, town, Anna, wanted)));
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync(wanted));
    }

    [Fact]
    public async Task An_unknown_one_gets_a_sentence_and_no_sign_in()
    {
        var town = await TownAsync();
        using var browser = site.ClientFrom("127.0.22.1");
        var before = await UsersAsync(town);
        var page = await ComeBackAsync(browser, await ThereAsync(browser, town, "VRDLGI85M41F205X"));
        Assert.Contains("un accesso a tuo nome", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await browser.StatusAsync($"/{town.Slug}/profilo"));
        Assert.Equal(before, await UsersAsync(town));
    }

    [Fact]
    public async Task The_way_back_works_once_and_only_in_the_browser_that_began()
    {
        var town = await TownAsync();
        using var browser = site.ClientFrom("127.0.23.1");
        using var other = site.ClientFrom("127.0.23.2");
        var back = await ThereAsync(browser, town, Anna);
        Assert.Contains("notice-bad", await ComeBackAsync(other, back), StringComparison.Ordinal);
        Assert.Equal($"/{town.Slug}/ragioneria", await ComeBackAsync(browser, back));
        Assert.Contains("notice-bad", await ComeBackAsync(browser, back), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_to_another_question_is_refused()
    {
        var town = await TownAsync();
        using var browser = site.ClientFrom("127.0.24.1");
        var first = await ThereAsync(browser, town, Anna);
        // The browser has begun again since: what it keeps belongs to the second question.
        await ThereAsync(browser, town, Anna);
        Assert.Contains("notice-bad", await ComeBackAsync(browser, first), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await browser.StatusAsync($"/{town.Slug}/profilo"));
    }

    /// <summary>State, code and verifier are right; only the token answers a question that was never asked.</summary>
    [Fact]
    public async Task A_token_with_another_nonce_is_refused()
    {
        var town = await TownAsync();
        using var browser = site.ClientFrom("127.0.26.1");
        var back = await ThereAsync(browser, town, Anna, onTheWay: address => Regex.Replace(address, "nonce=[^&]+", "nonce=another", RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.Contains("notice-bad", await ComeBackAsync(browser, back), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await browser.StatusAsync($"/{town.Slug}/profilo"));
    }

    [Fact]
    public async Task A_disabled_person_stays_out()
    {
        var town = await TownAsync();
        await new Borsellino.Marketplace.Users(town.Db, town.Clock).DisableAsync(town.Territory, town.Anna);
        using var browser = site.ClientFrom("127.0.25.1");
        Assert.Contains("notice-bad", await ComeBackAsync(browser, await ThereAsync(browser, town, Anna)), StringComparison.Ordinal);
    }

    private async Task<FinanceTown> TownAsync()
    {
        var town = await site.OpenTownAsync();
        await site.AllowAsync(town);
        await site.Database.AsOwnerAsync($"update marketplace.app_user set tax_code = '{Anna}' where territory_id = {town.Territory} and id = '{town.Anna.Value}'");
        return town;
    }

    /// <summary>Goes to the other server and says who one is; answers the address it sends the browser back to.</summary>
    private async Task<Uri> ThereAsync(HttpClient browser, FinanceTown town, string taxCode, string wanted = "", Func<string, string>? onTheWay = null)
    {
        var at = new Uri(site.Origin, $"{town.Slug}/entra/identita{(wanted.Length > 0 ? "?dopo=" + Uri.EscapeDataString(wanted) : "")}");
        for (var steps = 0; steps < 12; steps++)
        {
            var answer = await browser.GetAsync(at);
            if (answer.StatusCode is HttpStatusCode.OK && at.AbsolutePath.StartsWith("/interaction/", StringComparison.Ordinal)) at = new(at, $"?as={taxCode}");
            else if (answer.Headers.Location is { } next) at = new(at, onTheWay?.Invoke(next.OriginalString) ?? next.OriginalString);
            else throw new InvalidOperationException($"{at} answers {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            if (at.AbsolutePath.EndsWith("/entra/identita/ritorno", StringComparison.Ordinal)) return at;
        }

        throw new InvalidOperationException("The way never ends: " + at);
    }

    /// <summary>Goes back; answers where that leads, or the page it shows.</summary>
    private static async Task<string> ComeBackAsync(HttpClient browser, Uri back)
    {
        var answer = await browser.GetAsync(back);
        return answer.StatusCode is HttpStatusCode.Redirect ? answer.Headers.Location!.ToString() : await answer.Content.ReadAsStringAsync();
    }

    private async Task<int> UsersAsync(FinanceTown town)
    {
        await using var owner = new NpgsqlConnection(site.Database.OwnerConnection);
        return await owner.QuerySingleAsync<int>("select count(*)::int from marketplace.app_user where territory_id = @t", new { t = town.Territory.Value });
    }
}
