using System.Net;
using Borsellino.Tests.Finance;
using Borsellino.Tests.Hosting;
using Borsellino.Tests.SignIn;
using Borsellino.Tests.World;

namespace Borsellino.Tests.Web;

/// <summary>The program behind a proxy of this machine that speaks https to the world.</summary>
public sealed class ProxiedSite(TestCluster cluster) : FinanceSite(cluster)
{
    /// <summary>Forms that a person may send in a minute.</summary>
    public const int PostsPerMinute = 5;

    /// <summary>Forms that may come from one address in a minute.</summary>
    public const int PostsPerAddress = 10 * PostsPerMinute;

    protected override IReadOnlyDictionary<string, string?> Configuration => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["SignIn:SecondFactor"] = "", ["Web:Address"] = "https://welfare.example", ["Web:KnownProxies"] = "127.0.31.1",
        ["Web:PostsPerMinute"] = $"{PostsPerMinute}",
    };
}

/// <summary>What a request may claim about itself, and what answers tell the browser (ASVS 3.3–3.5, 4.1.3, 13.4).</summary>
public sealed class RequestGuardTests(ProxiedSite site) : IClassFixture<ProxiedSite>
{
    private const string Proxy = "127.0.31.1";

    [Fact]
    public async Task Over_https_cookies_are_for_this_host_alone_and_the_browser_remembers_https()
    {
        var town = await site.OpenTownAsync();
        using var client = Proxied();
        var page = await client.GetAsync(SignInForms.At($"/{town.Slug}/entra"));
        Assert.Equal("max-age=31536000; includeSubDomains", page.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.All(page.Headers.GetValues("Set-Cookie"), c => Assert.Matches("^__Host-borsellino-form=[^;]+; path=/; secure; samesite=strict; httponly$", c));

        using var answer = await SignInAsync(client, town.Slug, "anna");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Matches($"^__Host-borsellino-{town.Slug}=[A-Za-z0-9_-]{{43}}; path=/; secure; samesite=lax; httponly$", Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.Contains(town.Slug, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nobody_but_the_proxy_says_who_asks_and_how()
    {
        var town = await site.OpenTownAsync();
        using var liar = Proxied("127.0.31.2");
        var answer = await liar.GetAsync(SignInForms.At($"/{town.Slug}/entra"));
        Assert.Equal((HttpStatusCode.PermanentRedirect, $"https://welfare.example/{town.Slug}/entra"), (answer.StatusCode, answer.Headers.Location!.ToString()));
        using var form = new FormUrlEncodedContent([]);
        Assert.Equal(HttpStatusCode.BadRequest, (await liar.PostAsync(SignInForms.At($"/{town.Slug}/entra"), form)).StatusCode);

        // The address that the proxy saw is the one that counts: somebody else's wrong passwords are not ours.
        using var proxied = Proxied();
        Assert.Equal(HttpStatusCode.OK, await proxied.StatusAsync($"/{town.Slug}/entra"));
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("TRACK")]
    [InlineData("CONNECT2")]
    public async Task Methods_that_only_help_attackers_are_refused(string method)
    {
        using var client = Proxied();
        using var request = new HttpRequestMessage(new(method), SignInForms.At("/"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    // Let through to where the form's own token is missing.
    [InlineData("same-origin", HttpStatusCode.BadRequest)]
    [InlineData("none", HttpStatusCode.BadRequest)]
    public async Task What_another_sites_page_sends_changes_nothing(string from, HttpStatusCode expected)
    {
        var town = await site.OpenTownAsync();
        using var client = Proxied();
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", from);
        using var form = new FormUrlEncodedContent([]);
        Assert.Equal(expected, (await client.PostAsync(SignInForms.At($"/{town.Slug}/entra"), form)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync($"/{town.Slug}/entra"));
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_that_keep_a_page_to_itself()
    {
        var town = await site.OpenTownAsync();
        using var client = Proxied();
        foreach (var path in new[] { $"/{town.Slug}/", $"/{town.Slug}/entra", $"/{town.Slug}/nowhere", "/lib/borsellino.css", "/errore/500" })
        {
            var headers = (await client.GetAsync(SignInForms.At(path))).Headers;
            var policy = headers.GetValues("Content-Security-Policy").Single();
            foreach (var rule in new[] { "default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'" })
                Assert.Contains(rule, policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("same-origin", headers.GetValues("Referrer-Policy").Single());
            Assert.False(headers.Contains("Server"), $"{path} says which server it is.");
        }
    }

    [Fact]
    public async Task Who_sends_forms_faster_than_people_do_waits_a_minute_and_reads_why()
    {
        var town = await site.OpenTownAsync();
        // Addresses of their own: those of the other tests shall not wait.
        using var client = Proxied(forwarded: "203.0.113.50");
        using var other = Proxied(forwarded: "203.0.113.51");
        // Refused for the missing token, but counted: what is sent is never looked at when it is too much.
        var answers = new List<HttpStatusCode>();
        while (answers.Count <= ProxiedSite.PostsPerAddress && answers.LastOrDefault() is not HttpStatusCode.TooManyRequests) answers.Add((await PostAsync(client)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        Assert.All(answers[..^1], a => Assert.Equal(HttpStatusCode.BadRequest, a));

        var (status, page, after) = await PostAsync(client);
        Assert.Equal((HttpStatusCode.TooManyRequests, "60"), (status, after));
        Assert.Contains("Troppe richieste in poco tempo", page, StringComparison.Ordinal);
        // Looking is free, and so is everybody else.
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync($"/{town.Slug}/entra"));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(other)).Status);

        async Task<(HttpStatusCode Status, string Page, string? After)> PostAsync(HttpClient who)
        {
            using var form = new FormUrlEncodedContent([]);
            using var answer = await who.PostAsync(SignInForms.At($"/{town.Slug}/entra"), form);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.TryGetValues("Retry-After", out var seconds) ? seconds.Single() : null);
        }
    }

    [Fact]
    public async Task A_person_has_a_measure_of_their_own_wherever_they_sit()
    {
        var town = await site.OpenTownAsync();
        using var first = await SignedInAsync(town.Slug, "anna", "203.0.113.60");
        using var elsewhere = await SignedInAsync(town.Slug, "anna", "203.0.113.61");
        using var colleague = await SignedInAsync(town.Slug, "bruno", "203.0.113.60");
        // Two browsers of one person share what one person may send, and a colleague behind the same address has as much again.
        for (var sent = 0; sent < ProxiedSite.PostsPerMinute; sent++)
            Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(sent % 2 == 0 ? first : elsewhere));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(first));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(elsewhere));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(colleague));

        async Task<HttpStatusCode> StatusAsync(HttpClient who)
        {
            using var form = new FormUrlEncodedContent([]);
            using var answer = await who.PostAsync(SignInForms.At($"/{town.Slug}/profilo"), form);
            return answer.StatusCode;
        }
    }

    private async Task<HttpClient> SignedInAsync(string place, string person, string forwarded)
    {
        var client = Proxied(forwarded: forwarded);
        using var answer = await SignInAsync(client, place, person);
        client.DefaultRequestHeaders.Add("Cookie", answer.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
        return client;
    }

    // Cookies that are for https alone stay at home on the way to our http port: they are carried by hand, as the proxy would.
    private static async Task<HttpResponseMessage> SignInAsync(HttpClient client, string place, string person)
    {
        using var page = await client.GetAsync(SignInForms.At($"/{place}/entra"));
        var forms = WebForm.On("/", await page.Content.ReadAsStringAsync());
        using var request = new HttpRequestMessage(HttpMethod.Post, SignInForms.At($"/{place}/entra"));
        request.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
        request.Content = new FormUrlEncodedContent(forms.Single(f => f.Fields.Any(x => x.Name == "Email")).Untouched().Select(f => f.Key switch
        {
            "Email" => new(f.Key, $"{person}@example.org"),
            "Password" => new(f.Key, FinanceTown.Password),
            _ => f,
        }));
        return await client.SendAsync(request);
    }

    private HttpClient Proxied(string address = Proxy, string forwarded = "203.0.113.7")
    {
        var client = site.ClientFrom(address);
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);
        return client;
    }
}
