using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCompression;

namespace Borsellino.Web.Hosting;

/// <summary>
/// The pages of folder <c>Public</c> are the same for everybody who has not signed in: made once, they are handed to all who ask for
/// the same address in the same language within a few seconds, and the database is asked once. Who is signed in gets a page of
/// their own; what can be booked is decided when somebody books. Where the memory is full, the oldest pages go.
/// They travel packed and are kept packed. Pages of who has signed in do not: what they say beside words from the address could be
/// guessed from their packed length (CVE-2013-3587, BREACH).
/// </summary>
public static class PublicPages
{
    private const string Policy = "public";
    private const string Folder = "/Public";

    /// <summary>A free time that has gone may be shown for so long.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    private const long MemoryMax = 1024 * 1024;
    private const long PageMax = 256 * 1024;

    public static IServiceCollection AddPublicPages(this IServiceCollection services) => services
        .AddResponseCompression(packing => packing.EnableForHttps = true)
        .AddOutputCache(cache =>
        {
            (cache.SizeLimit, cache.MaximumBodySize) = (MemoryMax, PageMax);
            cache.AddPolicy(
                Policy,
                policy => policy.Expire(KeptFor).VaryByValue(_ => new("language", Language.Code)).VaryByValue(context => new("packing", Packing(context))));
        });

    /// <summary>After the visitor is known.</summary>
    public static void UsePublicPages(this WebApplication app)
    {
        app.UseOutputCache();
        app.UseWhen(IsForEverybody, pages => pages.UseResponseCompression());
    }

    private static bool IsForEverybody(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<OutputCacheAttribute>() is not null && context.User.Identity?.IsAuthenticated is not true;

    /// <summary>How the answer will be packed for this browser, by name: a few words however many ways there are to ask.</summary>
    private static string Packing(HttpContext context) =>
        context.RequestServices.GetRequiredService<IResponseCompressionProvider>().GetCompressionProvider(context)?.EncodingName ?? "";

    public static void ApplyTo(PageConventionCollection pages) => pages.AddFolderApplicationModelConvention(
        Folder, page => page.EndpointMetadata.Add(new OutputCacheAttribute { PolicyName = Policy }));
}
