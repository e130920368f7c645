using Microsoft.AspNetCore.Connections;

namespace Borsellino.Web.Hosting.Verbs;

/// <summary><c>./run</c>: schema, demo town, web pages, until it is stopped.</summary>
public static class Serve
{
    public static async Task<int> RunAsync(
        WebApplicationBuilder builder, Settings settings, DatabaseAddress address, CancellationToken cancel)
    {
        await address.MigrateAsync(cancel);
        if (!settings.IsEmpty) await DemoTown.EnsureAsync(settings, address, Console.Out, cancel);

        await using var app = WebHost.Build(builder, settings, address);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new InvalidOperationException(
                $"Port {settings.Port} is taken by another program: choose another with --port.", e);
        }

        await Console.Out.WriteLineAsync($"Borsellino: {string.Join(' ', app.Urls)} (Ctrl-C stops it)");
        if (!settings.IsEmpty) await DemoTown.PrintPeopleAsync(address, cancel);
        await app.WaitForShutdownAsync(cancel);
        return 0;
    }
}
