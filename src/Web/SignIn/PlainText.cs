namespace Borsellino.Web.SignIn;

/// <summary>Addresses with the character zero in their query: no browser sends one, and no text in the database can hold one.</summary>
public static class PlainText
{
    /// <summary>Answers such a request with 400 before any page reads it. Paths and forms with one are refused by the server itself.</summary>
    public static IApplicationBuilder UsePlainText(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) != true) return next(context);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    });
}
