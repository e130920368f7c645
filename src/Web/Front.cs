using Borsellino.Web.Shared;
using Microsoft.Extensions.Localization;

namespace Borsellino.Web;

/// <summary>What the pages need to be drawn: words and icons.</summary>
public static class Front
{
    public static IServiceCollection AddFront(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<Texts>();
        services.AddSingleton<IStringLocalizer>(provider => provider.GetRequiredService<Texts>());
        services.AddScoped<Icons>();
        return services;
    }
}
