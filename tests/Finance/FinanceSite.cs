using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.Hosting;
using Borsellino.Tests.World;
using Borsellino.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Borsellino.Tests.Finance;

/// <summary>
/// The real program on a port of its own, with a database of its own and a clock that stands at the towns' morning, to be
/// visited with the browser. One for a test class, which opens a town for each test.
/// </summary>
public class FinanceSite(TestCluster cluster) : IAsyncLifetime
{
    private readonly string data = Path.Combine("/tmp", $"borsellino-finance-{Path.GetRandomFileName()[..8]}");
    private DatabaseAddress address = null!;
    private WebApplication app = null!;

    public TestDatabase Database { get; } = new(cluster);

    /// <summary>What the configuration says besides: its people enter by password alone, and a second factor has tests of its own.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Configuration =>
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["SignIn:SecondFactor"] = "" };

    public Uri Origin { get; private set; } = null!;

    public IServiceProvider Services => app.Services;

    /// <summary>The program's clock; the towns have others.</summary>
    public HandClock Clock { get; } = new(FinanceTown.Monday);

    /// <summary>A town that the program knows at once; one made behind its back is seen within a second.</summary>
    public Task<FinanceTown> OpenTownAsync() => FinanceTown.OpenAsync(Database, territories: app.Services.GetRequiredService<Territories>());

    /// <summary>Where the program leaves the letters it has no server for.</summary>
    public string Outbox => Path.Combine(data, "outbox");

    /// <summary>A client with a cookie jar of its own, at an address of this machine such as 127.0.0.7.</summary>
    public HttpClient ClientFrom(string address) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = Origin };

    public virtual async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        var (commandLine, _) = CommandLine.Parse(["--environment=Production", "--urls=http://127.0.0.1:0"]);
        var builder = WebHost.Configure(commandLine!);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Owner"] = Database.OwnerConnection,
            ["ConnectionStrings:Application"] = Database.ApplicationConnection,
            ["Data:Folder"] = data,
            ["Serilog:MinimumLevel:Default"] = "Warning",
        });
        builder.Configuration.AddInMemoryCollection(Configuration);
        builder.Services.AddSingleton<IClock>(Clock);
        // Real hashes, but quick ones: what they cost protects nobody here.
        builder.Services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = FinanceTown.HashRounds);
        var settings = Settings.From(builder.Configuration);
        address = await DatabaseAddress.OpenAsync(builder.Configuration, settings, CancellationToken.None);
        app = WebHost.Build(builder, settings, address);
        await app.StartAsync();
        Origin = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>A visitor of a town with an empty cookie jar; addresses begin with the town's own.</summary>
    public async Task<IPage> VisitAsync(FinanceTown town, bool phone = false, bool scripts = false, string language = "it")
    {
        var context = await TestBrowser.VisitAsync(new()
        {
            BaseURL = $"{Origin}{town.Slug}/",
            ViewportSize = phone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 900 },
            JavaScriptEnabled = scripts,
            ReducedMotion = ReducedMotion.Reduce,
        });
        if (language == "en") await context.AddCookiesAsync([new() { Name = "lang", Value = "en", Url = Origin.ToString() }]);
        context.SetDefaultTimeout(30_000);
        return await context.NewPageAsync();
    }

    /// <summary>A visitor who has signed in with the password of all the town's people.</summary>
    public async Task<IPage> SignInAsync(
        FinanceTown town, string name, bool phone = false, bool scripts = false, string language = "it")
    {
        var page = await VisitAsync(town, phone, scripts, language);
        // The program asks for new towns once a second at most: one that was founded since is not there yet.
        for (var (answer, tries) = (await page.GotoAsync("entra"), 0); answer?.Status == 404 && tries < 200; tries++) answer = await page.GotoAsync("entra");
        await page.Locator("#Email").FillAsync($"{name}@example.org");
        await page.Locator("#Password").FillAsync(FinanceTown.Password);
        await page.Locator("main button[type=submit]").ClickAsync();
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex("/entra$"));
        return page;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await address.DisposeAsync();
        await Database.DisposeAsync();
        if (Directory.Exists(data)) Directory.Delete(data, recursive: true);
        GC.SuppressFinalize(this);
    }
}
