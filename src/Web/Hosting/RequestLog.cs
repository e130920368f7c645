namespace Borsellino.Web.Hosting;

/// <summary>
/// One line for each request: its id, method, route, status and milliseconds. Never the address itself, whose query or
/// path may say who is asking; and nothing of a request's content.
/// </summary>
public sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = TimeProvider.System.GetTimestamp();
        // The visitor may quote this number to us. It is set last, so that a page made for somebody before has the number of who asks now.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["X-Request-Id"] = context.TraceIdentifier;
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
            Write(context, context.Response.StatusCode, started);
        }
        catch
        {
            Write(context, StatusCodes.Status500InternalServerError, started);
            throw;
        }
    }

    private void Write(HttpContext context, int status, long started)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
        var milliseconds = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        if (status >= 500) Failed(log, context.TraceIdentifier, context.Request.Method, route, status, milliseconds);
        else Answered(log, context.TraceIdentifier, context.Request.Method, route, status, milliseconds);
    }

    [LoggerMessage(1, LogLevel.Information, "{RequestId} {Method} {Route} answered {Status} in {Milliseconds:0.0} ms")]
    private static partial void Answered(
        ILogger log, string requestId, string method, string route, int status, double milliseconds);

    [LoggerMessage(2, LogLevel.Error, "{RequestId} {Method} {Route} failed with {Status} in {Milliseconds:0.0} ms")]
    private static partial void Failed(
        ILogger log, string requestId, string method, string route, int status, double milliseconds);
}
