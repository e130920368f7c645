namespace Borsellino.Web.Hosting;

/// <summary>Two addresses for whoever watches over the program: is it alive, and may it be sent visitors.</summary>
public static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live"));
        app.MapGet(
            "/health/ready",
            async (Readiness readiness, IHostApplicationLifetime life, HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "no-store";
                // A program on its way down finishes what it has and wants nothing new.
                var ready = !life.ApplicationStopping.IsCancellationRequested && await readiness.IsReadyAsync();
                return ready
                    ? Results.Text("ready")
                    : Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
            });
    }
}
