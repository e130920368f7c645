using System.Diagnostics;
using System.Text.RegularExpressions;
using Borsellino.Marketplace;
using Borsellino.Tests.Journeys;

namespace Borsellino.Tests.Web;

/// <summary>
/// What a page asks of the database: at most eight questions, whoever looks and whatever there is to see; and a visitor who only reads
/// writes nothing. Pages are found by following links, so a new one is covered the day it is made.
/// </summary>
public sealed partial class PageCostTests(RunningTown town)
{
    private const int QuestionsMax = 8;

    /// <summary>
    /// Pages that open one thing for an accountant and follow its money step by step, each step a look-up by key: more questions, and no
    /// crowd that asks them.
    /// </summary>
    private static readonly Dictionary<string, int> FollowsMoney = new(StringComparer.Ordinal)
    {
        ["/tradate/ragioneria/scritture/-"] = 12,
        // Read in one frozen view, whose beginning and end are counted.
        ["/tradate/ragioneria/finanziatori/-"] = 10,
    };

    public static TheoryData<Role?> Visitors => new((Role?)null, Role.Household, Role.Provider, Role.Officer, Role.Finance);

    [Theory]
    [MemberData(nameof(Visitors))]
    public async Task A_page_asks_the_database_eight_times_at_most(Role? role)
    {
        using var client = role is { } wears ? await town.SignedInAsync("tradate", wears) : await town.ClientAsync();
        var pages = (await Crawl.AsAsync(client, "tradate", role)).Paths.DistinctBy(p => Crawl.Kind(p.Split('?')[0])).ToList();
        using var questions = new Questions();
        var (wrong, most) = (new List<string>(), 0);
        foreach (var (path, number) in pages.Select((p, i) => (p, i)))
        {
            // An address that nobody has asked for, so that no page made before is handed out.
            var asked = (await questions.OfAsync(client, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}conta={number}"))
                .Where(q => !Kept().IsMatch(q)).ToList();
            most = Math.Max(most, asked.Count);
            if (asked.Count > FollowsMoney.GetValueOrDefault(Crawl.Kind(path.Split('?')[0]), QuestionsMax)) wrong.Add($"{path} asks {asked.Count} times:\n{string.Join('\n', asked.Select(q => "    " + OneLine(q)))}");
            if (role is null) wrong.AddRange(asked.Where(q => Write().IsMatch(q)).Select(q => $"{path} writes: {OneLine(q)}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(most > 0 && pages.Count >= 3, $"Nothing was seen on {pages.Count} pages.");
    }

    [Fact]
    public async Task A_page_for_everybody_is_made_once_for_all_who_ask_at_the_same_time_and_never_for_who_is_signed_in()
    {
        using var visitor = await town.ClientAsync();
        using var family = await town.SignedInAsync("tradate", Role.Household);
        using var questions = new Questions();
        var path = $"/tradate/servizi?conta={Guid.NewGuid():N}";

        Assert.NotEmpty(await questions.OfAsync(visitor, path));
        Assert.Empty(await questions.OfAsync(visitor, path));
        Assert.NotEmpty(await questions.OfAsync(family, path));
        using var english = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        english.Headers.Add("Cookie", "lang=en");
        Assert.Contains("<html lang=\"en\"", await (await visitor.SendAsync(english)).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // What was made for somebody before carries the number of who asks now.
        using var first = await visitor.GetAsync(new Uri(path, UriKind.Relative));
        using var second = await visitor.GetAsync(new Uri(path, UriKind.Relative));
        Assert.NotEqual(first.Headers.GetValues("X-Request-Id"), second.Headers.GetValues("X-Request-Id"));
        Assert.Contains("default-src 'self'", Assert.Single(second.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    private static string OneLine(string sql) => Regex.Replace(sql, @"\s+", " ", RegexOptions.None, TimeSpan.FromSeconds(1)) is { Length: > 300 } longer ? longer[..300] : sql;

    /// <summary>Lists that are read once a minute for all who come: whoever happens to be the first pays for them.</summary>
    [GeneratedRegex("limit @(TerritoriesMax|MunicipalitiesMax|ClassesMax)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Kept();

    [GeneratedRegex(@"\b(insert into|update [a-z.]+ set|delete from|for (no key )?(update|share)|nextval|truncate)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Write();

    /// <summary>The statements that reach the database for one request: the request has a number, and what it asks carries it.</summary>
    private sealed class Questions : IDisposable
    {
        private readonly ActivityListener listener = new();
        private readonly Lock gate = new();
        private readonly List<string> asked = [];
        private ActivityTraceId trace;

        public Questions()
        {
            listener.ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore";
            listener.Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded;
            listener.ActivityStopped = activity =>
            {
                // Other tests run meanwhile: only what this request asks is counted.
                if (activity.Source.Name != "Npgsql" || (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is not string text) return;
                lock (gate)
                {
                    if (activity.TraceId == trace) asked.Add(text);
                }
            };
            ActivitySource.AddActivityListener(listener);
        }

        public async Task<IReadOnlyList<string>> OfAsync(HttpClient client, string path)
        {
            lock (gate)
            {
                asked.Clear();
                trace = ActivityTraceId.CreateRandom();
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
            using var answer = await client.SendAsync(request);
            Assert.True((int)answer.StatusCode is 200 or 302, $"{path} answers {answer.StatusCode}.");
            await answer.Content.ReadAsStringAsync();
            lock (gate) return [.. asked];
        }

        public void Dispose() => listener.Dispose();
    }
}
