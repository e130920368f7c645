using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Borsellino.Marketplace;
using Borsellino.Tests.Finance;
using Borsellino.Tests.Web;
using Borsellino.Tests.World;
using Borsellino.Web.Mail;
using Microsoft.Extensions.DependencyInjection;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.SignIn;

/// <summary>
/// Passwords through the pages: who tries too often, who has forgotten, who wants another. Each test comes from internet
/// addresses of its own, since these are counted too.
/// </summary>
public sealed partial class PasswordPagesTests(FinanceSite site) : IClassFixture<FinanceSite>
{
    private const string NewPassword = "quattro parole senza nesso";

    [Fact]
    public async Task Nobody_learns_who_has_a_sign_in_here()
    {
        var town = await site.OpenTownAsync();
        using var client = site.ClientFrom("127.0.1.1");
        var (known, unknown) = (new List<(string Html, TimeSpan Took)>(), new List<(string Html, TimeSpan Took)>());
        for (var i = 0; i < 4; i++)
        {
            known.Add(await WrongAsync(client, town, "anna@example.org"));
            unknown.Add(await WrongAsync(client, town, "nobody@example.org"));
        }

        Assert.Single(known.Concat(unknown).Select(a => a.Html).Distinct(StringComparer.Ordinal));
        // The first of each warms up. Half as long would be no hash at all.
        Assert.True(unknown.Skip(1).Min(a => a.Took) > known.Skip(1).Min(a => a.Took) / 2, "An e-mail that nobody has is answered faster.");
    }

    [Fact]
    public async Task After_ten_wrong_passwords_not_even_the_right_one_opens_for_a_quarter_of_an_hour()
    {
        var town = await site.OpenTownAsync();
        for (var i = 0; i < Attempts.AttemptsMax; i++)
        {
            using var other = site.ClientFrom($"127.0.2.{i + 1}");
            Assert.Equal(HttpStatusCode.OK, await SignInAsync(other, town, "wrong password"));
        }

        using var client = site.ClientFrom("127.0.2.99");
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(client, town, FinanceTown.Password));
        site.Clock.Advance(Attempts.Window);
        Assert.Equal(HttpStatusCode.Redirect, await SignInAsync(client, town, FinanceTown.Password));
    }

    [Fact]
    public async Task After_ten_wrong_passwords_an_address_waits_and_others_do_not()
    {
        var town = await site.OpenTownAsync();
        using var client = site.ClientFrom("127.0.3.1");
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.OK, await SignInAsync(client, town, "wrong password", $"person{i}@example.org"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await SignInAsync(client, town, FinanceTown.Password));
        using var other = site.ClientFrom("127.0.3.2");
        Assert.Equal(HttpStatusCode.Redirect, await SignInAsync(other, town, FinanceTown.Password));
        site.Clock.Advance(Attempts.Window);
        Assert.Equal(HttpStatusCode.Redirect, await SignInAsync(client, town, FinanceTown.Password));
    }

    [Fact]
    public async Task A_forgotten_password_is_set_anew_by_a_letter_that_works_once()
    {
        var town = await site.OpenTownAsync();
        using var client = site.ClientFrom("127.0.4.1");
        var known = await ForgetAsync(client, town, "anna@example.org");
        var unknown = await ForgetAsync(client, town, "nobody@example.org");
        Assert.Equal(known.Replace("anna@", "nobody@", StringComparison.Ordinal), unknown);

        var letter = await LetterAsync(town);
        var link = Link().Match(letter).Value;
        Assert.StartsWith($"{site.Origin}{town.Slug}/password/nuova#codice=", link, StringComparison.Ordinal);
        var (page, code) = ($"/{town.Slug}/password/nuova", link.Split('=')[^1]);
        // Whose browser runs no scripts copies it from the letter.
        Assert.Contains($": {code}", letter, StringComparison.Ordinal);
        Assert.Contains("href=\"#Token\"", await PostAsync(client, page, ("Token", " "), ("Password", NewPassword)), StringComparison.Ordinal);
        Assert.Contains("href=\"#Password\"", await PostAsync(client, page, ("Token", code), ("Password", "password")), StringComparison.Ordinal);
        Assert.Equal($"/{town.Slug}/entra?fatto=password", await PostAsync(client, page, ("Token", $" {code} "), ("Password", NewPassword)));
        foreach (var dead in new[] { code, code[..^1], new('x', 500) })
            Assert.Contains("Chiedi un nuovo codice", await PostAsync(client, page, ("Token", dead), ("Password", "un’altra ancora, diversa")), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, await SignInAsync(client, town, FinanceTown.Password));
        Assert.Equal(HttpStatusCode.Redirect, await SignInAsync(client, town, NewPassword));
    }

    [Fact]
    public async Task The_letters_link_brings_its_code_to_the_browser_and_to_no_server()
    {
        var town = await site.OpenTownAsync();
        using var client = site.ClientFrom("127.0.7.1");
        await ForgetAsync(client, town, "anna@example.org");
        var link = Link().Match(await LetterAsync(town)).Value;
        var code = link.Split('=')[^1];

        var page = await site.VisitAsync(town, scripts: true);
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);
        await page.GotoAsync(link);
        await Expect(page.Locator("#Token")).ToHaveValueAsync(code);
        Assert.DoesNotContain(code, page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(asked, address => address.Split('#')[0].Contains(code, StringComparison.Ordinal));
        await page.Locator("#Password").FillAsync(NewPassword);
        await page.Locator("main form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".notice-ok")).ToContainTextAsync("La nuova password è salvata");
    }

    [Fact]
    public async Task Whose_password_it_is_changes_it_by_the_old_one()
    {
        var town = await site.OpenTownAsync();
        using var here = site.ClientFrom("127.0.5.1");
        using var there = site.ClientFrom("127.0.5.2");
        Assert.Equal(HttpStatusCode.Redirect, await SignInAsync(here, town, FinanceTown.Password));
        Assert.Equal(HttpStatusCode.Redirect, await SignInAsync(there, town, FinanceTown.Password));

        var page = $"/{town.Slug}/profilo/password";
        Assert.Contains("href=\"#Current\"", await PostAsync(here, page, ("Current", "not this"), ("Password", NewPassword)), StringComparison.Ordinal);
        Assert.Contains("href=\"#Password\"", await PostAsync(here, page, ("Current", FinanceTown.Password), ("Password", "short")), StringComparison.Ordinal);
        Assert.Equal($"/{town.Slug}/profilo?fatto=password", await PostAsync(here, page, ("Current", FinanceTown.Password), ("Password", NewPassword)));
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync(At($"/{town.Slug}/profilo"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync(At($"/{town.Slug}/profilo"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(there, town, FinanceTown.Password));
        Assert.Equal(HttpStatusCode.Redirect, await SignInAsync(there, town, NewPassword));
    }

    [Fact]
    public async Task Where_a_letter_leads_is_not_for_the_request_to_say()
    {
        var town = await site.OpenTownAsync();
        using var client = site.ClientFrom("127.0.6.1");
        client.DefaultRequestHeaders.Host = "evil.example";
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        await ForgetAsync(client, town, "anna@example.org");
        Assert.DoesNotContain("evil.example", await LetterAsync(town), StringComparison.Ordinal);
    }

    private static async Task<(string Html, TimeSpan Took)> WrongAsync(HttpClient client, FinanceTown town, string email)
    {
        var form = await FormAsync(client, $"/{town.Slug}/entra");
        using var fields = new FormUrlEncodedContent(Filled(form, ("Email", email), ("Password", "wrong password")));
        var start = Stopwatch.GetTimestamp();
        var answer = await client.PostAsync(At(form.Action), fields);
        var took = Stopwatch.GetElapsedTime(start);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (Token().Replace(await answer.Content.ReadAsStringAsync(), "").Replace(email, "", StringComparison.Ordinal), took);
    }

    private static async Task<HttpStatusCode> SignInAsync(HttpClient client, FinanceTown town, string password, string email = "anna@example.org")
    {
        var form = await FormAsync(client, $"/{town.Slug}/entra");
        using var fields = new FormUrlEncodedContent(Filled(form, ("Email", email), ("Password", password)));
        return (await client.PostAsync(At(form.Action), fields)).StatusCode;
    }

    private static async Task<string> ForgetAsync(HttpClient client, FinanceTown town, string email) =>
        Token().Replace(await PostAsync(client, $"/{town.Slug}/password/dimenticata", ("Email", email)), "");

    /// <summary>The one letter that was sent to people of a town.</summary>
    private async Task<string> LetterAsync(FinanceTown town)
    {
        await site.Services.GetRequiredService<PasswordMail>().FlushAsync();
        return Assert.Single(Directory.GetFiles(site.Outbox, "*.eml").Select(File.ReadAllText), l => l.Contains($"/{town.Slug}/", StringComparison.Ordinal));
    }

    /// <summary>Sends a page's form; answers where it leads, or the page it shows.</summary>
    private static async Task<string> PostAsync(HttpClient client, string page, params (string Name, string Value)[] answers)
    {
        var form = await FormAsync(client, page, answers[0].Name);
        using var fields = new FormUrlEncodedContent(Filled(form, answers));
        var answer = await client.PostAsync(At(form.Action), fields);
        return answer.StatusCode is HttpStatusCode.Redirect ? answer.Headers.Location!.ToString() : await answer.Content.ReadAsStringAsync();
    }

    private static async Task<WebForm> FormAsync(HttpClient client, string page, string field = "Email") =>
        WebForm.On(page, await client.GetStringAsync(At(page))).Single(f => f.Fields.Any(x => x.Name == field));

    private static IEnumerable<KeyValuePair<string, string>> Filled(WebForm form, params (string Name, string Value)[] answers) =>
        form.Untouched().Select(f => answers.Any(a => a.Name == f.Key) ? new(f.Key, answers.First(a => a.Name == f.Key).Value) : f);

    private static Uri At(string path) => new(path, UriKind.Relative);

    [GeneratedRegex("http://[^ \r\n]+", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"[^\"]*\"", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
