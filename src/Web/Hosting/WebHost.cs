using System.Net;
using Borsellino.Web.Mail;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;

namespace Borsellino.Web.Hosting;

/// <summary>The web program, put together but not started.</summary>
public static class WebHost
{
    private static readonly TimeSpan GraceForRequests = TimeSpan.FromSeconds(30);

    /// <summary>The configuration: appsettings.json, then the environment, then what was typed.</summary>
    public static WebApplicationBuilder Configure(CommandLine commandLine)
    {
        var isContentRootGiven = commandLine.Passed.Any(
            word => word.StartsWith("--contentRoot=", StringComparison.OrdinalIgnoreCase));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = commandLine.Passed,
            // Pages and static files are this assembly's, also when tests are the program that runs.
            ApplicationName = typeof(WebHost).Assembly.GetName().Name,
            ContentRootPath = isContentRootGiven ? null : Folders.Content,
        });
        builder.Configuration.AddInMemoryCollection(commandLine.Settings);
        // Built and not published, the static files stand where the build's list says; published ones need no list.
        builder.WebHost.UseStaticWebAssets();
        return builder;
    }

    public static WebApplication Build(WebApplicationBuilder builder, Settings settings, DatabaseAddress address)
    {
        var keys = Path.Combine(settings.DataFolder, "keys");
        PrivateFolder.Make(keys);
        PrivateFolder.Make(Path.Combine(settings.DataFolder, "logs"));
        builder.AddLogs(settings);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        // An address in the configuration (ASPNETCORE_URLS) is somebody's decision; ours is only for this machine.
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
            builder.WebHost.UseUrls($"http://{IPAddress.Loopback}:{settings.Port}");

        var services = builder.Services;
        services.AddSingleton(address);
        services.AddSingleton<Readiness>();
        services.AddSingleton(MapSettings.Of(builder.Configuration));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = GraceForRequests);
        services.AddDataProtection()
            .SetApplicationName("Borsellino")
            .PersistKeysToFileSystem(new(keys));
        services.AddBorsellino(settings, SignInSettings.From(builder.Configuration), MailSettings.Of(builder.Configuration, settings));

        var app = builder.Build();
        app.UseMiddleware<Health>();
        app.UseMiddleware<RequestLog>();
        if (settings.KnownProxies.Count > 0) app.UseForwardedHeaders(Forwarded(settings));
        app.MapBorsellino();
        return app;
    }

    /// <summary>What a proxy says of who asked and how counts when it is one of ours, one step back and no further.</summary>
    private static ForwardedHeadersOptions Forwarded(Settings settings)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };
        // Without this, whoever is on this machine would be believed too.
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in settings.KnownProxies) options.KnownProxies.Add(proxy);
        return options;
    }
}
