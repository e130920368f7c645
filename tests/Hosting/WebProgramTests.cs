using System.Diagnostics;
using System.Net;
using Borsellino.Ledger;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Borsellino.Tests.Hosting;

/// <summary>The whole program, started inside the test on a port of its own, with databases that fail.</summary>
public sealed class WebProgramTests(TestCluster cluster) : IDisposable
{
    private readonly string data = Path.Combine("/tmp", $"borsellino-tests-{Path.GetRandomFileName()[..8]}");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(data)) Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task It_lives_is_ready_and_writes_down_routes_but_no_addresses()
    {
        await using (var program = await StartAsync())
        {
            using var client = program.CreateClient();
            Assert.Equal("live", await client.GetStringAsync("/health/live", Cancel));
            Assert.Equal("ready", await client.GetStringAsync("/health/ready", Cancel));
            using var answer = await client.GetAsync("/lib/htmx/htmx.min.js?secret=4711", Cancel);
            Assert.Single(answer.Headers.GetValues("X-Request-Id"));
        }

        var log = await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(data, "logs")).Single(), Cancel);
        Assert.Contains("\"Route\":\"lib/htmx/htmx.min.js\",\"Status\":200", log, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_serves_the_front_end_parts()
    {
        await using var program = await StartAsync();
        using var client = program.CreateClient();
        foreach (var part in (string[])["borsellino.css", "borsellino-staff.css", "bootstrap-italia/svg/sprites.svg",
            "fonts/titillium-400.woff2", "fonts/titillium-400-ext.woff2", "htmx/htmx.min.js"])
        {
            using var answer = await client.GetAsync($"/lib/{part}", Cancel);
            Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{part}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task It_answers_at_once_that_it_is_ready_while_every_connection_of_the_application_is_taken()
    {
        await using var program = await StartAsync("Maximum Pool Size=1;Timeout=30");
        using var client = program.CreateClient();
        Assert.Equal("ready", await client.GetStringAsync("/health/ready", Cancel));

        var taken = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        var work = program.Services.GetRequiredService<Database>().TransactAsync<TerritoryId>(
            new(1),
            async _ =>
            {
                taken.TrySetResult();
                await done.Task;
                return new TerritoryId(1);
            },
            Cancel);
        await taken.Task.WaitAsync(Cancel);
        var asked = Stopwatch.StartNew();
        Assert.Equal("ready", await client.GetStringAsync("/health/ready", Cancel));
        Assert.True(asked.ElapsedMilliseconds < 1000, $"it took {asked.ElapsedMilliseconds} ms");
        done.SetResult();
        await work;
    }

    [Fact]
    public async Task It_lives_but_is_not_ready_when_its_database_is_gone()
    {
        await using var program = await StartAsync();
        using var client = program.CreateClient();
        Assert.Equal("ready", await client.GetStringAsync("/health/ready", Cancel));

        await cluster.DropDatabaseAsync(program.Database);
        using var ready = await client.GetAsync("/health/ready", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using var live = await client.GetAsync("/health/live", Cancel);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    private async Task<WebProgram> StartAsync(string more = "")
    {
        var database = await cluster.CreateDatabaseAsync();
        var server = await cluster.ServerAsync();
        var program = new WebProgram(database, new(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Owner"] = $"{server.OwnerConnectionString(database)};{more}",
            ["Data:Folder"] = data,
            ["Town:Empty"] = "true",
        });
        program.UseKestrel(0);
        program.StartServer();
        return program;
    }

    private sealed class WebProgram(string database, Dictionary<string, string> settings) : WebApplicationFactory<Program>
    {
        public string Database => database;

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var (key, value) in settings) builder.UseSetting(key, value);
        }
    }
}
