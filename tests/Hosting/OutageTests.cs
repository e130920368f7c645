using System.Net;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Borsellino.Tests.Hosting;

/// <summary>
/// The database dies while pages are asked for. The program is served here with a cluster of its own, whose server is
/// killed; the shell that would start it again at once is held back meanwhile, so that "away" lasts as long as it must.
/// </summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly string data = Path.Combine("/tmp", $"borsellino-outage-{Path.GetRandomFileName()[..8]}");
    private EmbeddedPostgres postgres = null!;
    private DatabaseAddress address = null!;
    private WebApplication app = null!;
    private HttpClient visitor = null!;
    private int asked;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        postgres = await EmbeddedPostgres.StartAsync(new(data), Cancel);
        var (commandLine, _) = CommandLine.Parse(["--environment=Production", "--urls=http://127.0.0.1:0"]);
        var builder = WebHost.Configure(commandLine!);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Owner"] = postgres.OwnerConnectionString(),
            ["ConnectionStrings:Application"] = postgres.ApplicationConnectionString(),
            ["Data:Folder"] = data,
            // What goes wrong here does so on purpose.
            ["Serilog:MinimumLevel:Default"] = "Fatal",
        });
        var settings = Settings.From(builder.Configuration);
        address = await DatabaseAddress.OpenAsync(builder.Configuration, settings, Cancel);
        await address.MigrateAsync(Cancel);
        app = WebHost.Build(builder, settings, address);
        (await app.Services.GetRequiredService<Territories>().CreateAsync(
            new(
                new(1), "valle", "Ambito della Valle", "Valle", "Ufficio di Piano", "piazza Uno 1", "Vallecorta", "0331 555 010", "sempre",
                "always", "Comune di Vallecorta, Tesoreria", Iban.ForItaly("05428", "11101", "123456"),
                [new("L319", "Vallecorta", "21049", 45.7, 8.9, 18_000)]),
            Cancel)).OrThrow();
        await app.StartAsync(Cancel);
        var origin = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        visitor = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new(origin) };
    }

    public async ValueTask DisposeAsync()
    {
        visitor.Dispose();
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        await address.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await postgres.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task While_the_database_is_away_people_read_so_and_afterwards_work_goes_on_by_itself()
    {
        await AssertServedAsync();
        var form = await FormAsync();
        var supervisor = await SupervisorAsync();

        await Shell.MustRunAsync(["kill", "-STOP", supervisor], Cancel);
        await KillServerAsync();
        await AssertReadyAsync(HttpStatusCode.ServiceUnavailable);
        try
        {
            // It lives, it serves what needs no data, and every page says so in the visitor's language.
            Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/health/live", Cancel)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/lib/borsellino.css", Cancel)).StatusCode);
            await AssertAwayAsync(await visitor.GetAsync(Unasked(), Cancel), "Torniamo tra poco", "lang=\"it\"", "leggere i dati");
            await AssertAwayAsync(await AskInEnglishAsync(Unasked()), "Back soon", "lang=\"en\"", "cannot read the data");
            await AssertAwayAsync(await visitor.PostAsync("/valle/entra", form, Cancel), "Torniamo tra poco", "niente viene fatto due volte");
        }
        finally
        {
            await Shell.MustRunAsync(["kill", "-CONT", supervisor], Cancel);
        }

        await AssertReadyAsync(HttpStatusCode.OK);
        await AssertServedAsync();
    }

    [Fact]
    public async Task Whoever_asks_while_the_server_dies_and_comes_back_gets_the_page_or_the_sentence()
    {
        await AssertServedAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var askers = Enumerable.Range(0, 8).Select(_ => AskAsync(enough.Token)).ToList();
        for (var deaths = 0; deaths < 3; deaths++)
        {
            // The orphans of a killed server answer for a moment longer: ready counts from the next server on.
            var killed = await KillServerAsync();
            await NextServerAsync(killed);
            await AssertReadyAsync(HttpStatusCode.OK);
        }

        await enough.CancelAsync();
        var answers = (await Task.WhenAll(askers)).SelectMany(a => a).ToList();
        Assert.All(answers, a => Assert.True(a is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{a}"));
        Assert.Contains(HttpStatusCode.OK, answers);
        await AssertServedAsync();
    }

    private async Task<List<HttpStatusCode>> AskAsync(CancellationToken enough)
    {
        var answers = new List<HttpStatusCode>();
        while (!enough.IsCancellationRequested)
        {
            using var answer = await visitor.GetAsync(Unasked(), Cancel);
            answers.Add(answer.StatusCode);
        }

        return answers;
    }

    /// <summary>A page that needs the database: nobody has asked for it before, so that none is kept from when it was there.</summary>
    private string Unasked() => $"/valle/servizi?cerca=aiuto+{Interlocked.Increment(ref asked)}";

    private async Task AssertServedAsync()
    {
        using var answer = await visitor.GetAsync(Unasked(), Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task AssertAwayAsync(HttpResponseMessage answer, params string[] says)
    {
        using (answer)
        {
            var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel));
            Assert.True(answer.StatusCode is HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}: {page}");
            Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter!.Delta);
            Assert.Contains("default-src 'self'", string.Join(' ', answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.All(says, s => Assert.Contains(s, page, StringComparison.Ordinal));
            Assert.DoesNotContain("Npgsql", page, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", page, StringComparison.Ordinal);
        }
    }

    private async Task<HttpResponseMessage> AskInEnglishAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", "lang=en");
        using var english = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = visitor.BaseAddress };
        return await english.SendAsync(request, Cancel);
    }

    /// <summary>The sign-in form as the page gives it, filled in.</summary>
    private async Task<FormUrlEncodedContent> FormAsync()
    {
        var page = await visitor.GetStringAsync("/valle/entra", Cancel);
        var token = page.Split("__RequestVerificationToken\" type=\"hidden\" value=\"")[1].Split('"')[0];
        return new(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Email"] = "anna@example.org", ["Password"] = "una frase lunga", ["__RequestVerificationToken"] = token,
        });
    }

    /// <summary>Asks again and again, for a minute at most, until the program says of itself what it should.</summary>
    private async Task AssertReadyAsync(HttpStatusCode expected)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            using var answer = await visitor.GetAsync("/health/ready", limit.Token);
            if (answer.StatusCode == expected) return;
        }
    }

    private async Task<string> SupervisorAsync() => (await File.ReadAllTextAsync(
        Path.Combine(new NpgsqlConnectionStringBuilder(postgres.OwnerConnectionString()).Host!, "supervisor.pid"), Cancel)).Trim();

    /// <returns>The process that was killed.</returns>
    private async Task<string> KillServerAsync()
    {
        var server = await ServerAsync() ?? throw new InvalidOperationException("no server to kill");
        await Shell.MustRunAsync(["kill", "-KILL", server], Cancel);
        return server;
    }

    /// <summary>Looks again and again, for a minute at most, until another server than the killed one has taken the folder.</summary>
    private async Task NextServerAsync(string killed)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (await ServerAsync() is not { } server || string.Equals(server, killed, StringComparison.Ordinal))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>The process that holds the cluster's folder; null while nobody does.</summary>
    private async Task<string?> ServerAsync()
    {
        var file = Path.Combine(Directory.GetDirectories(data, "pg*").Single(), "postmaster.pid");
        if (!File.Exists(file)) return null;
        try
        {
            return (await File.ReadAllLinesAsync(file, Cancel)) is [var first, ..] ? first.Trim() : null;
        }
        catch (FileNotFoundException)
        {
            // Taken away between the two looks.
            return null;
        }
    }
}
