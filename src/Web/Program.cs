using Borsellino.Web;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddFront();
builder.Services.AddRazorPages();
builder.Services.AddScoped(_ => new Visitor
{
    Place = new()
    {
        Slug = "tradate", Name = "Ambito di Tradate", ShortName = "Tradate", MunicipalityCount = 8,
        HelpPhone = "0331 555 010", HelpHours = "dal lunedì al venerdì, 8:30–18:00",
        OfficeName = "Ufficio di Piano", OfficeAddress = "piazza Mazzini 6, Tradate",
    },
});
var app = builder.Build();
app.UseLanguage();
app.MapStaticAssets();
app.MapRazorPages();
await app.RunAsync();
