using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.Hosting;
using Borsellino.Tests.Journeys;
using Borsellino.Web.Hosting;
using Borsellino.Web.Hosting.Verbs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(RunningTown))]

namespace Borsellino.Tests.Journeys;

/// <summary>
/// A demo town of two hundred households, served by the real program on a port of its own, to be visited with the browser.
/// Started by the first story that asks; all stories share the town, so each uses people and bookings of its own.
/// When the last story is told, the books of the town must prove themselves, and its log must have kept quiet about people.
/// </summary>
public class RunningTown : IAsyncDisposable
{
    // One assembly fixture cannot have another, so the town has a server of its own; it starts with the first story.
    private readonly TestCluster cluster = new();
    private readonly SemaphoreSlim starting = new(1);
    private readonly string data = Path.Combine("/tmp", $"borsellino-town-{Path.GetRandomFileName()[..8]}");
    private readonly ConcurrentDictionary<HttpClient, CookieContainer> jars = [];
    private DatabaseAddress? address;
    private WebApplication? app;

    /// <summary>The clock of the served town; null for the real one.</summary>
    protected virtual IClock? Clock => null;

    /// <summary>What the town's configuration says besides.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Configuration => new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Where the town is served, such as <c>http://127.0.0.1:40123</c>.</summary>
    public Uri Origin { get; private set; } = null!;

    public IServiceProvider Services => app!.Services;

    /// <summary>A new visitor with an empty cookie jar, on a phone (390 px) or at a desk (1280 px).</summary>
    public async Task<IPage> VisitAsync(bool phone = false, bool scripts = true, string language = "it")
    {
        await StartAsync();
        var context = await TestBrowser.VisitAsync(new()
        {
            BaseURL = Origin.ToString(),
            ViewportSize = phone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 900 },
            JavaScriptEnabled = scripts,
            Locale = "it-IT",
            TimezoneId = "Europe/Rome",
            ReducedMotion = ReducedMotion.Reduce,
        });
        if (language == "en") await context.AddCookiesAsync([new() { Name = "lang", Value = "en", Url = Origin.ToString() }]);
        context.SetDefaultTimeout(30_000);
        return await context.NewPageAsync();
    }

    /// <summary>A plain client without cookies or redirects, for what needs no browser.</summary>
    public async Task<HttpClient> ClientAsync()
    {
        await StartAsync();
        return new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = Origin };
    }

    /// <summary>A client signed in, by one click, as the first of the town's people who have a role, or as a later one.</summary>
    public async Task<HttpClient> SignedInAsync(string place, Role role, int which = 0)
    {
        await StartAsync();
        var territory = (await Services.GetRequiredService<Territories>().FindAsync(place))!.Id;
        var person = (await Services.GetRequiredService<Users>().DemoPeopleAsync(territory)).Where(p => p.Role == role).ElementAt(which);
        var jar = new CookieContainer();
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = jar }) { BaseAddress = Origin };
        jars[client] = jar;
        var form = await client.GetStringAsync(new Uri($"/{place}/entra", UriKind.Relative));
        var token = Regex.Match(form, "name=\"__RequestVerificationToken\"[^>]*value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        using var fields = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["person"] = person.Id.ToString(),
            ["__RequestVerificationToken"] = token.Groups["token"].Value,
        });
        var answer = await client.PostAsync(new Uri($"/{place}/entra?handler=Demo", UriKind.Relative), fields);
        if (answer.StatusCode is not HttpStatusCode.Redirect) throw new InvalidOperationException($"{person.DisplayName} could not sign in: {answer.StatusCode}.");
        return client;
    }

    /// <summary>Signs a visitor in through the page, by the one-click button of the first person with a role.</summary>
    public async Task<DemoPerson> EnterAsync(IPage page, string place, Role role, string? name = null)
    {
        var territory = (await Services.GetRequiredService<Territories>().FindAsync(place))!.Id;
        var person = (await Services.GetRequiredService<Users>().DemoPeopleAsync(territory))
            .First(p => p.Role == role && (name is null || p.DisplayName == name));
        await page.GotoAsync($"/{place}/entra");
        await page.Locator($"form:has(input[name=person][value='{person.Id}']) button").ClickAsync();
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex("/entra$"));
        return person;
    }

    /// <summary>The cookies a client would send below a path, as one header.</summary>
    public string CookiesOf(HttpClient client, string path) => jars[client].GetCookieHeader(new Uri(Origin, path));

    /// <summary>The pictures of the pages, kept in the repository; a run overwrites them only when asked to.</summary>
    public static async Task PhotographAsync(IPage page, string name, [CallerFilePath] string here = "")
    {
        if (Environment.GetEnvironmentVariable("BORSELLINO_SCREENSHOTS") is null) return;
        var folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../docs/screenshots"));
        Directory.CreateDirectory(folder);
        // As tall as the page, so that what stays at the foot of a phone's screen stands at the foot of the picture.
        var (width, height) = (page.ViewportSize!.Width, page.ViewportSize.Height);
        await page.SetViewportSizeAsync(width, Math.Max(height, await page.EvaluateAsync<int>("document.documentElement.scrollHeight")));
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.{width}.png") });
        await page.SetViewportSizeAsync(width, height);
    }

    public async Task StartAsync()
    {
        await starting.WaitAsync();
        try
        {
            if (app is not null) return;
            var server = await cluster.ServerAsync();
            var database = await cluster.CreateDatabaseAsync();
            var (commandLine, _) = CommandLine.Parse(["--environment=Production", "--urls=http://127.0.0.1:0"]);
            var builder = WebHost.Configure(commandLine!);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings:Owner"] = server.OwnerConnectionString(database),
                ["ConnectionStrings:Application"] = server.ApplicationConnectionString(database),
                ["Data:Folder"] = data,
                ["Town:Households"] = "200",
                ["Demo:Enabled"] = "true",
                // Everything is written down, to be read when the stories are told; the screen shows what is wrong.
                ["Logs:Screen"] = "Warning",
                ["Web:PostsPerMinute"] = "1000000",
            });
            builder.Configuration.AddInMemoryCollection(Configuration);
            var settings = Settings.From(builder.Configuration);
            address = await DatabaseAddress.OpenAsync(builder.Configuration, settings, CancellationToken.None);
            await Migrator.MigrateAsync(address.Owner, Folders.Migrations);
            await DemoTown.EnsureAsync(settings, address, TextWriter.Null, CancellationToken.None);
            if (Clock is { } clock) builder.Services.AddSingleton(clock);
            var built = WebHost.Build(builder, settings, address);
            await built.StartAsync();
            app = built;
            Origin = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        starting.Dispose();
        if (app is not null)
        {
            var audit = app.Services.GetRequiredService<Audit>();
            var marketplace = app.Services.GetRequiredService<MarketplaceAudit>();
            await app.StopAsync();
            foreach (var book in await audit.BooksAsync())
            {
                var found = (await audit.RunAsync(book)).Concat(await marketplace.RunAsync(book)).ToList();
                if (found.Count > 0) throw new InvalidOperationException($"The town's book {book} after the stories: {string.Join("; ", found)}");
            }

            var people = await TellTale.AboutAsync(address!.Owner);
            await app.DisposeAsync();
            var (told, read) = await TellTale.ReadAsync(Path.Combine(data, "logs"), people);
            if (told.Count > 0 || read == 0) throw new InvalidOperationException($"Of {read} lines of the log these name people: {string.Join('\n', told)}");
        }

        if (address is not null) await address.DisposeAsync();
        await cluster.DisposeAsync();
        if (Directory.Exists(data)) Directory.Delete(data, recursive: true);
        GC.SuppressFinalize(this);
    }
}
