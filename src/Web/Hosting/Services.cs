using Borsellino.Ledger;

namespace Borsellino.Web.Hosting;

/// <summary>What pages ask for by name, and where requests go. Everything here is made once and shared.</summary>
public static class Services
{
    public static IServiceCollection AddBorsellino(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Database(provider.GetRequiredService<DatabaseAddress>().Application));
        services.AddFront();
        services.AddRazorPages();
        services.AddScoped(_ => new Visitor
        {
            Place = new()
            {
                Slug = "tradate", Name = "Ambito di Tradate", ShortName = "Tradate", MunicipalityCount = 8,
                HelpPhone = "0331 555 010", HelpHours = "dal lunedì al venerdì, 8:30–18:00",
                OfficeName = "Ufficio di Piano", OfficeAddress = "piazza Mazzini 6, Tradate",
            },
        });
        return services;
    }

    public static void MapBorsellino(this WebApplication app)
    {
        app.UseLanguage();
        app.MapStaticAssets();
        app.MapRazorPages();
    }
}
