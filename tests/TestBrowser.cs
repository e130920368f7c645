using System.Collections.Concurrent;
using System.Reflection;
using Borsellino.Tests;
using Borsellino.Web.Hosting;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(TestBrowser))]
[assembly: VisitorsLeave]

namespace Borsellino.Tests;

/// <summary>The browser that all stories share: each visitor has a context of its own. Opened by the first, closed after the last.</summary>
public sealed class TestBrowser : IAsyncDisposable
{
    private static readonly string[] Paths = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly string[] AxeRules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    private static readonly SemaphoreSlim Opening = new(1);
    private static IPlaywright? playwright;
    private static IBrowser? browser;

    private static readonly ConcurrentDictionary<string, ConcurrentBag<IBrowserContext>> Visitors = new(StringComparer.Ordinal);
    private static readonly ConcurrentBag<Task> Leaving = [];

    /// <summary>A new visitor, who leaves when the test ends: pages that nobody looks at any more would go on asking and drawing.</summary>
    public static async Task<IBrowserContext> VisitAsync(BrowserNewContextOptions options)
    {
        var context = await (await OpenAsync()).NewContextAsync(options);
        if (TestContext.Current.Test is { } test) Visitors.GetOrAdd(test.UniqueID, _ => []).Add(context);
        return context;
    }

    /// <summary>Lets a test's visitors leave, without waiting for it: a test that ended holds one of the few threads that run them all.</summary>
    public static void Leave(string test)
    {
        if (!Visitors.TryRemove(test, out var visitors)) return;
        Leaving.Add(Task.Run(async () =>
        {
            foreach (var visitor in visitors) await visitor.CloseAsync();
        }));
    }

    private static async Task<IBrowser> OpenAsync()
    {
        await Opening.WaitAsync();
        try
        {
            playwright ??= await Playwright.CreateAsync();
            // A page that must say something has as long as a person's patience lasts, however busy the machine.
            Assertions.SetDefaultExpectTimeout(15_000);
            return browser ??= await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = Paths.FirstOrDefault(File.Exists)
                    ?? throw new InvalidOperationException("The stories need a browser: apt-get install chromium."),
                Args =
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync",
                ],
            });
        }
        finally
        {
            Opening.Release();
        }
    }

    /// <summary>What axe finds against WCAG 2.2 AA and its best practice on a page, each with the first places where it is.</summary>
    public static async Task<List<string>> AxeAsync(IPage page)
    {
        // In one go inside the page: there are no frames, for which it would open a blank page each time.
#pragma warning disable CS0618 // It is to go when frames need nothing else; ours has none, and the other way costs half of the time.
        var found = await page.Locator("html").RunAxeLegacy(new AxeRunOptions
        {
            RunOnly = new() { Type = "tag", Values = [.. AxeRules] },
            // What passes need not be told node by node.
            ResultTypes = [ResultType.Violations],
        });
#pragma warning restore CS0618
        return [.. found.Violations.Select(v => $"axe says {v.Id} ({v.Impact}): {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}")];
    }

    /// <summary>What a telephone reads in a picture of a page, by a reader that is not ours; null for nothing.</summary>
    public static async Task<string?> ReadQrAsync(ILocator picture)
    {
        await picture.Page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Folders.Migrations, "../../node_modules/jsqr/dist/jsQR.js")));
        return await picture.EvaluateAsync<string?>(
            """
            async picture => {
                await picture.decode();
                const canvas = document.createElement('canvas');
                canvas.width = canvas.height = 600;
                const pen = canvas.getContext('2d');
                pen.fillStyle = 'white';
                pen.fillRect(0, 0, 600, 600);
                pen.drawImage(picture, 40, 40, 520, 520);
                return jsQR(pen.getImageData(0, 0, 600, 600).data, 600, 600)?.data ?? null;
            }
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Leaving);
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }
}

/// <summary>When a test ends, its visitors leave the browser.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class VisitorsLeaveAttribute : BeforeAfterTestAttribute
{
    public override void After(MethodInfo methodUnderTest, IXunitTest test) => TestBrowser.Leave(test.UniqueID);
}
