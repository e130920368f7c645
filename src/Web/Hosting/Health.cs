namespace Borsellino.Web.Hosting;

/// <summary>
/// Two addresses for whoever watches over the program: <c>/health/live</c>, always 200, and <c>/health/ready</c>, 503
/// while no visitors should be sent. They come before everything else, so that no sign-in, no database and no log has
/// a part in them.
/// </summary>
public sealed class Health(RequestDelegate next, Readiness readiness, IHostApplicationLifetime life)
{
    public async Task InvokeAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/health/live":
                await AnswerAsync(context, StatusCodes.Status200OK, "live");
                break;
            // A program on its way down finishes what it has and wants nothing new.
            case "/health/ready" when !life.ApplicationStopping.IsCancellationRequested && await readiness.IsReadyAsync():
                await AnswerAsync(context, StatusCodes.Status200OK, "ready");
                break;
            case "/health/ready":
                await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "not ready");
                break;
            default:
                await next(context);
                break;
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string word)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(word, context.RequestAborted);
    }
}
