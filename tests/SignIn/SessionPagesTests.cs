using System.Net;
using System.Text.RegularExpressions;
using Borsellino.Marketplace;
using Borsellino.Tests.Journeys;
using Borsellino.Tests.Web;

namespace Borsellino.Tests.SignIn;

/// <summary>The same through the pages: what the browser is given, and what is left of it when a session ends.</summary>
public sealed class SessionPagesTests(RunningTown town)
{
    private const string Purse = "/tradate/borsellino";

    [Fact]
    public async Task The_cookie_is_a_token_that_scripts_and_other_sites_do_not_get()
    {
        using var client = await town.ClientAsync();
        var form = WebForm.On("/tradate/entra", await client.GetStringAsync(Address("/tradate/entra"))).First(f => f.Fields.Any(x => x.Name == "person"));
        using var fields = new FormUrlEncodedContent(form.Untouched());
        var answer = await client.PostAsync(Address(form.Action), fields);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("borsellino-tradate=", StringComparison.Ordinal));
        Assert.Matches("^borsellino-tradate=[A-Za-z0-9_-]{43}; path=/; samesite=lax; httponly$", cookie);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_itself()
    {
        using var client = await town.SignedInAsync("tradate", Role.Household);
        var cookies = town.CookiesOf(client, "/tradate/");
        Assert.Equal(HttpStatusCode.OK, await WithAsync(cookies));
        await PostAsync(client, "/tradate/profilo", f => f.Action == "/tradate/esci");
        // The browser has thrown its cookie away; whoever kept a copy has nothing either.
        Assert.Equal(HttpStatusCode.Redirect, await WithAsync(cookies));
    }

    [Fact]
    public async Task Signing_in_again_leaves_no_session_behind()
    {
        using var client = await town.SignedInAsync("tradate", Role.Household);
        var before = town.CookiesOf(client, "/tradate/");
        var form = WebForm.On("/tradate/entra", await client.GetStringAsync(Address("/tradate/entra"))).First(f => f.Fields.Any(x => x.Name == "person"));
        using var fields = new FormUrlEncodedContent(form.Untouched());
        await client.PostAsync(Address(form.Action), fields);
        Assert.NotEqual(before, town.CookiesOf(client, "/tradate/"));
        Assert.Equal(HttpStatusCode.Redirect, await WithAsync(before));
    }

    [Fact]
    public async Task The_profile_lists_where_one_is_signed_in_and_ends_what_one_chooses()
    {
        using var here = await town.SignedInAsync("biella", Role.Household);
        using var there = await town.SignedInAsync("biella", Role.Household);
        using var third = await town.SignedInAsync("biella", Role.Household);
        var forms = WebForm.On("/biella/profilo", await here.GetStringAsync(Address("/biella/profilo")));
        Assert.True(forms.Count(f => f.Action.EndsWith("handler=End", StringComparison.Ordinal)) >= 2);

        // The newest visit comes first after one's own.
        await PostAsync(here, "/biella/profilo", f => f.Action.EndsWith("handler=End", StringComparison.Ordinal));
        Assert.Equal(1, new[] { await IsInAsync(there), await IsInAsync(third) }.Count(isIn => !isIn));
        await PostAsync(here, "/biella/profilo", f => f.Action.EndsWith("handler=EndOthers", StringComparison.Ordinal));
        Assert.False(await IsInAsync(there) || await IsInAsync(third));
        Assert.True(await IsInAsync(here));

        static async Task<bool> IsInAsync(HttpClient client) => (await client.GetAsync(Address("/biella/profilo"))).StatusCode is HttpStatusCode.OK;
    }

    [Fact]
    public async Task A_token_under_another_territorys_name_is_nobodys()
    {
        using var client = await town.SignedInAsync("biella", Role.Household);
        var token = Regex.Match(town.CookiesOf(client, "/biella/"), "borsellino-biella=(?<t>[^;]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["t"].Value;
        Assert.Equal(HttpStatusCode.Redirect, await WithAsync($"borsellino-tradate={token}"));
    }

    private async Task<HttpStatusCode> WithAsync(string cookies)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = town.Origin };
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(Purse));
        request.Headers.Add("Cookie", cookies);
        return (await client.SendAsync(request)).StatusCode;
    }

    private static async Task PostAsync(HttpClient client, string page, Func<WebForm, bool> which)
    {
        var form = WebForm.On(page, await client.GetStringAsync(Address(page))).First(which);
        using var fields = new FormUrlEncodedContent(form.Untouched());
        Assert.Equal(HttpStatusCode.Redirect, (await client.PostAsync(Address(form.Action), fields)).StatusCode);
    }

    private static Uri Address(string path) => new(path, UriKind.Relative);
}
