using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Borsellino.Web.Hosting;
using Microsoft.AspNetCore.Diagnostics;

namespace Borsellino.Web.SignIn;

/// <summary>
/// How many forms somebody may send in a minute (ASVS 2.4.1): nobody types so fast, so it is a program. Counted for each person who has
/// signed in, and for each internet address of those who have not; an address may have ten times as many, for an office shares one.
/// Kept in memory alone, each process for itself. Whoever has had theirs gets 429 and the page that says to wait.
/// </summary>
public static class PostLimit
{
    private const int PeopleBehindAnAddress = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Parts of a minute that are forgotten one by one, so that a full minute's worth never comes twice in a moment.</summary>
    private const int Parts = 6;

    public static IServiceCollection AddPostLimit(this IServiceCollection services, Settings settings) => services.AddRateLimiter(limits =>
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = (refused, _) =>
        {
            refused.HttpContext.Response.Headers.RetryAfter = Window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return ValueTask.CompletedTask;
        };
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Of(context, settings.PostsPerMinute));
    });

    private static RateLimitPartition<string> Of(HttpContext context, int perPerson)
    {
        // The page that says so is asked for by the request that was refused, with its own method.
        var isSayingSo = context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
        if (isSayingSo || !RequestGuard.IsUnsafe(context.Request.Method)) return RateLimitPartition.GetNoLimiter("");
        var person = context.User.FindFirstValue(ClaimTypes.NameIdentifier);
        return person is not null
            ? RateLimitPartition.GetSlidingWindowLimiter("p" + person, _ => Limit(perPerson))
            : RateLimitPartition.GetSlidingWindowLimiter("a" + AddressLimit.Key(context.Connection.RemoteIpAddress), _ => Limit(checked(perPerson * PeopleBehindAnAddress)));
    }

    private static SlidingWindowRateLimiterOptions Limit(int permits) => new() { PermitLimit = permits, Window = Window, SegmentsPerWindow = Parts };
}
