using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace Borsellino.Web.Hosting;

/// <summary>What the program writes down: short lines on the screen, JSON in <c>logs</c> of the data folder.</summary>
public static class Logs
{
    private const int FilesKept = 31;
    private const long FileBytesMax = 100_000_000;

    /// <summary>
    /// The levels come from the section <c>Serilog</c> of the configuration; <c>Logs:Screen</c>, such as <c>Warning</c>, is the least
    /// that the screen shows.
    /// </summary>
    public static void AddLogs(this WebApplicationBuilder builder, Settings settings)
    {
        var logger = new LoggerConfiguration()
            .ReadFrom.Configuration(builder.Configuration)
            // A taken port is said in one sentence by whoever started us; its trace would bury that.
            .Filter.ByExcluding(happened => happened.Exception?.InnerException is AddressInUseException)
            .WriteTo.Console(
                restrictedToMinimumLevel: builder.Configuration.GetValue("Logs:Screen", LogEventLevel.Verbose),
                outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}",
                formatProvider: CultureInfo.InvariantCulture)
            .WriteTo.File(
                new JsonFormatter(renderMessage: true),
                Path.Combine(settings.DataFolder, "logs", "borsellino-.json"),
                rollingInterval: RollingInterval.Day,
                fileSizeLimitBytes: FileBytesMax,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: FilesKept,
                shared: true)
            .CreateLogger();
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(logger, dispose: true);
    }
}
