using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.OutputCaching;

namespace Borsellino.Web.Hosting;

/// <summary>
/// The pages of folder <c>Public</c> are the same for everybody who has not signed in: made once, they are handed to all who ask for
/// the same address in the same language within a few seconds, and the database is asked once. Who is signed in gets a page of
/// their own; what can be booked is decided when somebody books. Where the memory is full, the oldest pages go.
/// </summary>
public static class PublicPages
{
    private const string Policy = "public";
    private const string Folder = "/Public";

    /// <summary>A free time that has gone may be shown for so long.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    private const long MemoryMax = 8 * 1024 * 1024;
    private const long PageMax = 256 * 1024;

    public static IServiceCollection AddPublicPages(this IServiceCollection services) => services.AddOutputCache(cache =>
    {
        (cache.SizeLimit, cache.MaximumBodySize) = (MemoryMax, PageMax);
        cache.AddPolicy(Policy, policy => policy.Expire(KeptFor).VaryByValue(_ => new("language", Language.Code)));
    });

    public static void ApplyTo(PageConventionCollection pages) => pages.AddFolderApplicationModelConvention(
        Folder, page => page.EndpointMetadata.Add(new OutputCacheAttribute { PolicyName = Policy }));
}
