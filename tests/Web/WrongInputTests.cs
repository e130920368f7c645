using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.Journeys;
using Microsoft.Extensions.DependencyInjection;

namespace Borsellino.Tests.Web;

/// <summary>
/// Every form that anybody can reach is sent with what nobody should send: rubbish, nothing, too much, days that do not exist,
/// amounts below zero, ids of nothing. No answer is a failure of ours, and what a person typed wrong is said at its field. The forms are
/// found by following links, so a new one is covered the day it is made. What is sent changes the town, so it is one of their own
/// and not the one that all stories share.
/// </summary>
public sealed class WrongInputTests(RunningTown town) : IClassFixture<RunningTown>
{
    private static readonly string Huge = new('x', 5_000);

    public static TheoryData<Role?, int> Visitors => new()
    {
        // With how many forms that change something each role has at least.
        { null, 2 }, { Role.Household, 6 }, { Role.Provider, 3 }, { Role.Officer, 5 }, { Role.Finance, 3 }, { Role.SocialPoint, 2 },
        { Role.Administrator, 4 },
    };

    [Theory]
    [MemberData(nameof(Visitors))]
    public async Task No_form_breaks_and_each_says_what_is_wrong(Role? role, int formsMin)
    {
        using var client = role is { } wears ? await town.SignedInAsync("tradate", wears) : await town.ClientAsync();
        if (role is Role.Finance) await SomethingToPayAsync();
        var wrong = new List<string>();
        var crawl = await Crawl.AsAsync(client, "tradate", role);
        var (forms, paths) = (crawl.Forms, crawl.Paths);
        wrong.AddRange(crawl.Broken);
        foreach (var form in forms) wrong.AddRange(await TryAsync(client, form));
        foreach (var path in paths.Select(p => p.Split('?')[0]).Where(p => Crawl.AnId().IsMatch(p)).Distinct(StringComparer.Ordinal)) wrong.AddRange(await AskForNothingAsync(client, path));

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(forms.Count(f => f.Method == "post") >= formsMin, "Too few forms were found: " + string.Join(' ', forms.Select(f => f.Action)));
    }

    private static async Task<List<string>> TryAsync(HttpClient client, WebForm form)
    {
        var wrong = new List<string>();
        if (form.Method == "post")
        {
            var forged = await PostAsync(client, form, form.Untouched().Where(f => f.Key != WebForm.Token));
            if (forged.StatusCode is not HttpStatusCode.BadRequest) wrong.Add($"{form.Action} without its token: {forged.StatusCode}");
        }

        if (form.Action.EndsWith("/esci", StringComparison.Ordinal)) return wrong;
        var now = Answered(form);
        for (var i = 0; i < form.Fields.Count; i++)
        {
            var field = form.Fields[i];
            if (field.Name == WebForm.Token) continue;
            foreach (var (value, isWrong) in Values(field))
            {
                var answer = form.Method == "get"
                    ? await client.GetAsync(new Uri(form.Action.Split('?')[0] + "?" + Crawl.Query(now.With(i, value)), UriKind.Relative))
                    : await PostAsync(client, form, now.With(i, value), field.Kind is "file" ? value : null);
                if (await JudgeAsync(answer, form, field, isWrong) is { } why)
                    wrong.Add($"{form.Method} {Crawl.Kind(form.Action)} with {field.Name} ({field.Kind}) = «{(value.Length > 30 ? value[..30] + "…" : value)}»: {why}");

                // What was taken is done: the page has a new form, or none.
                if (answer.StatusCode is not HttpStatusCode.Redirect) continue;
                if (await FindAgainAsync(client, form) is not { } fresh) return wrong;
                now = Answered(fresh);
            }
        }

        return wrong;
    }

    /// <summary>The form with something plausible in each field that is empty, so that one wrong answer is the only one.</summary>
    private static WebForm Answered(WebForm form) => form with
    {
        Fields = [.. form.Fields.Select(f => f.Value.Length > 0 || f.Kind is "hidden" or "file" ? f : f with
        {
            Value = f.Name switch
            {
                "Code" => $"P-{Random.Shared.Next(100_000, 999_999)}",
                "Email" => "nessuno@borsellino.example",
                "FunderName" or "NameEn" or "UnitMax" or "MonthMax" or "BandTo" or "BandMax" => "",
                _ => f.Kind switch { "decimal" => "1,00", "numeric" => "1", "date" => "2026-12-01", "search" => "", _ => "Prova" },
            },
        }), .. form.Fields.Any(f => f.Name == "FunderKind") ? [new WebField("Classes", "assistenza", "checkbox")] : Array.Empty<WebField>()],
    };

    private static async Task<WebForm?> FindAgainAsync(HttpClient client, WebForm form)
    {
        var answer = await client.GetAsync(new Uri(form.Page, UriKind.Relative));
        if (answer.StatusCode is not HttpStatusCode.OK) return null;
        return WebForm.On(form.Page, await answer.Content.ReadAsStringAsync()).FirstOrDefault(f =>
            Crawl.Kind(f.Action) == Crawl.Kind(form.Action) && f.Fields.Select(x => x.Name).SequenceEqual(form.Fields.Select(x => x.Name), StringComparer.Ordinal));
    }

    /// <summary>What may be typed into a control, and whether it can never be right.</summary>
    private static IEnumerable<(string Value, bool IsWrong)> Values(WebField field) => field.Kind switch
    {
        "date" => [("", false), ("ieri", true), ("2026-02-30", true), ("0000-00-00", true), ("9999-99-99", true), ("-2026-11-11", true), (Huge, true)],
        "decimal" => [("", false), ("tanto", true), ("-5,00", true), ("1.2.3,4", true), ("12,345", true), ("99999999999999999999999", true), (Huge, true)],
        "numeric" => [("", false), ("tanti", true), ("-1", true), ("1,5", true), ("99999999999999", true), (Huge, true)],
        "text" or "textarea" or "search" => [("", false), ("<script>'\";--", false), ("\u0000", false), (Huge, true)],
        "email" or "password" => [("", true), ("\u0000", false), (Huge, true)],
        "file" => [("", !field.IsOptional), ("non è un elenco", false), ("\u0000\u0001\u00ff", false), ("codice_fiscale;nome\n;;;;;;;\n", false)],
        // Nobody types these: a forged form must not break us, and may be refused without a word.
        _ => [("", false), ("boh", false), ("\u0000", false), ("-1", false), ("99999999999999999999", false), (Unknown(field.Value), false), (Huge, false)],
    };

    private static async Task<string?> JudgeAsync(HttpResponseMessage answer, WebForm form, WebField field, bool isWrong)
    {
        var status = (int)answer.StatusCode;
        if (status >= 500) return $"answers {status}";
        var isTyped = field.Kind is not ("hidden" or "radio" or "checkbox" or "select");
        if (!isWrong || !isTyped) return null;
        if (form.Method == "get") return null;
        if (status != 200) return $"answers {status}, not the form with a sentence";
        var html = await answer.Content.ReadAsStringAsync();
        if (!html.Contains("class=\"error-summary\"", StringComparison.Ordinal)) return "is shown again without a sentence";
        // A sign-in does not say which of the two was wrong.
        if (field.Kind is "email" or "password") return null;
        var named = Regex.IsMatch(html, $"href=\"#{Regex.Escape(field.Name)}(_[0-9]+_)?\"", RegexOptions.None, TimeSpan.FromSeconds(1));
        return named ? null : "does not name the field";
    }

    /// <summary>An address with the id of nothing in it is a page that is not there.</summary>
    private static async Task<List<string>> AskForNothingAsync(HttpClient client, string path)
    {
        var wrong = new List<string>();
        foreach (var id in new[] { null, "x", "0", "%00", "'%3B--", new string('9', 400) })
        {
            var asked = Crawl.AnId().Replace(path, m => id ?? Unknown(m.Value, "def"), 1);
            var status = (await client.GetAsync(new Uri(asked, UriKind.Relative))).StatusCode;
            // An address with the character zero in it is not even asked for.
            if (status is not HttpStatusCode.NotFound && !(id is "%00" && status is HttpStatusCode.BadRequest)) wrong.Add($"{asked[..Math.Min(asked.Length, 90)]} answers {status}");
        }

        return wrong;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, WebForm form, IEnumerable<KeyValuePair<string, string>> fields, string? file = null)
    {
        if (!form.HasFiles) return client.PostAsync(new Uri(form.Action, UriKind.Relative), new FormUrlEncodedContent(fields));
        var parts = new MultipartFormDataContent();
        foreach (var (name, value) in fields) parts.Add(new StringContent(value), name);
        parts.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(file ?? "codice_fiscale")), form.Fields.First(f => f.Kind is "file").Name, "elenco.csv");
        return client.PostAsync(new Uri(form.Action, UriKind.Relative), parts);
    }

    /// <summary>The demo leaves a service that a family has not answered yet: it answers, so that there is something to pay.</summary>
    private async Task SomethingToPayAsync()
    {
        var (db, territory) = (town.Services.GetRequiredService<Database>(), await new Story(town).TerritoryAsync());
        var delivered = await db.ListAsync<Delivered>(
            territory, "select id, household_id, requested_by from marketplace.booking where territory_id = @territory and status = 'Delivered' order by id desc");
        foreach (var one in delivered.Take(1))
        {
            await town.Services.GetRequiredService<Bookings>().AcceptAsync(territory, one.Id, new(one.HouseholdId, one.RequestedBy));
        }
    }

    private sealed record Delivered(Id<Booking> Id, Id<Household> HouseholdId, Id<User> RequestedBy);

    /// <summary>A well-formed id, of the same kind, of nothing.</summary>
    private static string Unknown(string id, string end = "abc") => Crawl.AnId().Replace(id, m => m.Value[..(m.Value.LastIndexOf('_') + 1)] + "00000000000070008000000000000" + end);
}
