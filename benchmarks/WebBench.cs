using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Benchmarks;

/// <summary>
/// The catalogue, a service's card and a family's purse, beside the same bytes without a database and beside a plain page of two
/// queries: same machine, same cluster, same run, in turns. Programs and load share the processors, so read the ratios.
/// </summary>
internal static class WebBench
{
    private const string Ours = "Borsellino.Web.dll", Rival = "Borsellino.Benchmarks.dll", Place = "tradate";

    public static async Task<WebReport> RunAsync(BenchCluster cluster, Options options)
    {
        var folder = Directory.CreateTempSubdirectory("borsellino-bench-web-").FullName;
        try
        {
            return await RunAsync(cluster, options, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<WebReport> RunAsync(BenchCluster cluster, Options options, string folder)
    {
        string[] Words(int port) =>
        [
            "--connection", cluster.Owner, "--data", folder, "--households", "1000", "--port", port.ToString(CultureInfo.InvariantCulture),
            "--environment=Production", "--Serilog:MinimumLevel:Default=Warning",
        ];
        Say("founding a town of 1,000 families");
        await PlainSite.PrepareAsync(cluster);
        await (await WebProgram.StartAsync(Ours, Words, "/health/ready")).DisposeAsync();
        await cluster.ExecuteAsync("vacuum analyze");

        await using var ours = await WebProgram.StartAsync(Ours, Words, "/health/ready");
        var report = new WebReport(ours.Ready);
        var (card, cookie) = await VisitAsync(cluster, ours);
        (string Name, string Path, string? Cookie)[] pages =
        [
            (WebReport.Catalogue, $"/{Place}/servizi", null), (WebReport.Card, card, null), (WebReport.Purse, $"/{Place}/borsellino", cookie),
        ];
        foreach (var (name, path, wears) in pages) await File.WriteAllBytesAsync(Path.Combine(folder, $"{Key(name)}.html"), await FetchAsync(ours, path, wears));
        await using var rival = await WebProgram.StartAsync(Rival, port => PlainSite.Words(port, cluster.Owner, folder), "/plain");

        foreach (var (name, path, wears) in pages) report.Asks(name, await QuestionsAsync(cluster, ours, path, wears));
        (string Name, WebProgram Program, string Path, string? Cookie)[] sides =
        [
            (WebReport.PlainPage, rival, "/plain", null),
            .. pages.Select(p => (WebReport.BytesOf(p.Name), rival, $"/bytes/{Key(p.Name)}", (string?)null)),
            .. pages.Select(p => (p.Name, ours, p.Path, p.Cookie)),
            // No page that was made for somebody before fits: what a search costs.
            (WebReport.Unasked, ours, $"/{Place}/servizi?fino=#", null),
        ];
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var (name, program, path, wears) in sides.Where(s => s.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
            {
                Say($"round {round} of {options.Rounds}: {name}");
                report.Add(name, await WebLoad.RunAsync(cluster, program, path, wears, options.Seconds));
            }
        }

        return report;
    }

    private static string Key(string name) => Regex.Replace(name.ToLowerInvariant(), "[^a-z]+", "-", RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>A service's address, and the cookies of a family that has signed in by one click.</summary>
    private static async Task<(string Card, string Cookie)> VisitAsync(BenchCluster cluster, WebProgram ours)
    {
        var catalogue = System.Text.Encoding.UTF8.GetString(await FetchAsync(ours, $"/{Place}/servizi", null));
        var card = Regex.Match(catalogue, $"/{Place}/servizi/offer_[0-9a-f]{{32}}", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        await using var db = new Database(cluster.Application);
        var family = (await new Users(db, new SystemClock()).DemoPeopleAsync(new(1))).First(p => p.Role is Role.Household);

        var jar = new CookieContainer();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = jar };
        using var client = new HttpClient(handler) { BaseAddress = ours.Origin };
        var form = await client.GetStringAsync(new Uri($"/{Place}/entra", UriKind.Relative));
        var token = Regex.Match(form, "name=\"__RequestVerificationToken\"[^>]*value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["token"].Value;
        using var fields = new FormUrlEncodedContent([new("person", family.Id.ToString()), new("__RequestVerificationToken", token)]);
        using var answer = await client.PostAsync(new Uri($"/{Place}/entra?handler=Demo", UriKind.Relative), fields);
        if (answer.StatusCode is not HttpStatusCode.Redirect) throw new InvalidOperationException($"The sign-in answers {answer.StatusCode}.");
        return (card, jar.GetCookieHeader(new Uri(ours.Origin, $"/{Place}/")));
    }

    private static async Task<byte[]> FetchAsync(WebProgram program, string path, string? cookie)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = program.Origin };
        if (cookie is not null) client.DefaultRequestHeaders.Add("Cookie", cookie);
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        if (answer.StatusCode is not HttpStatusCode.OK) throw new InvalidOperationException($"{path} answers {answer.StatusCode}.");
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>
    /// How often a page asks the database: each question is a transaction of its own, and the database counts those. What the workers ask
    /// in the same time is taken off. The exact number, page by page, is a test's.
    /// </summary>
    private static async Task<double> QuestionsAsync(BenchCluster cluster, WebProgram program, string path, string? cookie)
    {
        const int Requests = 200;
        for (var i = 0; i < 20; i++) await FetchAsync(program, path, cookie);
        // The database's counters come a second late; so do those of the workers, who ask a few times a second in the same silence.
        await Task.Delay(1_500);
        var quiet = await TransactionsAsync(cluster);
        await Task.Delay(3_000);
        var perSecond = (await TransactionsAsync(cluster) - quiet) / 3.0;
        var (before, watch) = (await TransactionsAsync(cluster), System.Diagnostics.Stopwatch.StartNew());
        for (var i = 0; i < Requests; i++) await FetchAsync(program, path, cookie);
        await Task.Delay(1_500);
        var asked = await TransactionsAsync(cluster) - before;
        return Math.Max(0, asked - (perSecond * watch.Elapsed.TotalSeconds)) / Requests;
    }

    private static Task<long> TransactionsAsync(BenchCluster cluster) => cluster.AskAsync<long>(
        "select (xact_commit + xact_rollback)::bigint from pg_stat_database where datname = current_database()");

    private static void Say(string what) => Console.Error.WriteLine($"[{DateTime.Now:HH:mm:ss}] {what}");
}
