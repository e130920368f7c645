using System.Globalization;
using Npgsql;

namespace Borsellino.Benchmarks;

/// <summary>
/// What our pages are held against, in a process of its own: <c>/bytes/NAME</c> writes the bytes of a file and asks nobody, which is as
/// fast as this framework is; <c>/plain</c> is a Razor page of two queries.
/// </summary>
internal static class PlainSite
{
    public const string Verb = "plain-site";

    public static Task PrepareAsync(BenchCluster cluster) => cluster.ExecuteAsync(
        """
        create schema plain;
        create table plain.category (id int primary key, name text not null);
        create table plain.product (id int primary key, category_id int not null references plain.category, name text not null, about text not null, price numeric not null);
        create index on plain.product (category_id, name);
        insert into plain.category select c, 'Category ' || c from generate_series(1, 20) c;
        insert into plain.product select p, 1 + p % 20, 'Product ' || p, 'What it is, who it is for and when it comes, in one sentence of product ' || p, 1 + p % 90 from generate_series(1, 2000) p;
        analyze plain.category, plain.product;
        """);

    /// <summary>Serves on a port until it is ended.</summary>
    public static async Task RunAsync(string port, string connection, string bytes)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = bytes, EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton(NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { MaxAutoPrepare = 20, NoResetOnClose = true }));
        // Only the page of this program: those of ours are no part of the rival.
        builder.Services.AddRazorPages().ConfigureApplicationPartManager(manager =>
        {
            foreach (var part in manager.ApplicationParts.Where(p => p.Name != "Borsellino.Benchmarks").ToList()) manager.ApplicationParts.Remove(part);
        });
        var app = builder.Build();
        var pages = Directory.EnumerateFiles(bytes, "*.html").ToDictionary(f => Path.GetFileNameWithoutExtension(f), File.ReadAllBytes, StringComparer.Ordinal);
        app.MapGet("/bytes/{name}", async (HttpContext context, string name) =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.ContentLength = pages[name].Length;
            await context.Response.Body.WriteAsync(pages[name]);
        });
        app.MapRazorPages();
        await app.RunAsync();
    }

    public static string[] Words(int port, string connection, string bytes) => [Verb, port.ToString(CultureInfo.InvariantCulture), connection, bytes];
}
