using System.Globalization;
using System.Text.Encodings.Web;
using Npgsql;

namespace Borsellino.Web.Hosting;

/// <summary>
/// What people read while the database is away: 503 and a page of its own, in their language, that asks nothing of the
/// database. No operation is half done then: one that did not commit is not there, and one sent again is recognised by
/// its id. When the database is back the next request is answered as ever, without anybody's help.
/// </summary>
public sealed partial class Outage(RequestDelegate next, ILogger<Outage> log)
{
    private const int RetryAfterSeconds = 2;

    /// <summary>Whether it is the database that failed, as a whole, and not the question put to it.</summary>
    public static bool IsBehind(Exception failure) => failure switch
    {
        // Connections refused or lost (08, 57P), wrong or missing database (28, 3D), full disk or memory, too many
        // connections (53), broken files (58).
        PostgresException p => p.SqlState is "3D000" || p.SqlState[..2] is "08" or "28" or "53" or "58" || p.SqlState.StartsWith("57P", StringComparison.Ordinal),
        // No answer at all, or none of the connections we may have was free in time.
        NpgsqlException => true,
        _ => failure.InnerException is { } inner && IsBehind(inner),
    };

    public async Task InvokeAsync(HttpContext context)
    {
        var home = context.Request.PathBase;
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && IsBehind(e))
        {
            Away(log, context.TraceIdentifier, e.Message);
            // The headers that all answers carry are set anew by whoever is above us, before the first byte.
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers.CacheControl = "no-store";
            Language.SpeakTo(context.Request);
            await context.Response.WriteAsync(Page(context, home), context.RequestAborted);
        }
    }

    private static string Page(HttpContext context, PathString home)
    {
        var isQuestion = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var what = isQuestion
            ? Texts.Say("In questo momento non riusciamo a leggere i dati. Riprova tra qualche secondo.")
            : Texts.Say("In questo momento non riusciamo a scrivere i dati. Torna indietro e riprova tra qualche secondo: se era già andata a buon fine lo vedrai, e niente viene fatto due volte.");
        return $"""
            <!doctype html>
            <html lang="{Language.Code}">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>{Html(Texts.Say("Torniamo tra poco"))} · Borsellino</title>
              <link rel="icon" type="image/svg+xml" href="{home}/img/mark.svg">
              <link rel="stylesheet" href="{home}/lib/borsellino.css">
            </head>
            <body class="warm">
              <main>
                <div class="lane lane-narrow">
                  <section class="surface flow">
                    <h1>{Html(Texts.Say("Torniamo tra poco"))}</h1>
                    <p class="lead-text">{Html(what)}</p>
                    <p>{Html(Texts.Say("I soldi sono al sicuro: se un’operazione non è arrivata in fondo, non è stato scritto niente."))}</p>
                    <p class="fine">{Html(Texts.Say("Se chiami, leggi questo codice:"))} <span class="code">{Html(context.TraceIdentifier)}</span></p>
                  </section>
                </div>
              </main>
            </body>
            </html>

            """;
    }

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);

    [LoggerMessage(1, LogLevel.Error, "{RequestId} The database is away: {Reason}")]
    private static partial void Away(ILogger log, string requestId, string reason);
}
