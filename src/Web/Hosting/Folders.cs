namespace Borsellino.Web.Hosting;

/// <summary>Where the program finds its own files, run from a clone of the repository or published elsewhere.</summary>
public static class Folders
{
    private static readonly string? Repository = Above("Marketplace.sln");

    /// <summary>The SQL files of the schema.</summary>
    public static string Migrations { get; } =
        Path.Combine(
            Repository ?? Above(Path.Combine("db", "migrations"))
                ?? throw new InvalidOperationException("The folder db/migrations is missing beside the program."),
            "db", "migrations");

    /// <summary>What is served: published beside the program, else where it stands in the repository.</summary>
    public static string Content { get; } =
        Repository is null || Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot"))
            ? AppContext.BaseDirectory
            : Path.Combine(Repository, "src", "Web");

    /// <summary>The data folder when none is chosen.</summary>
    public static string Data { get; } = Path.Combine(Repository ?? Environment.CurrentDirectory, ".data");

    private static string? Above(string child)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, child);
            if (File.Exists(path) || Directory.Exists(path)) return folder.FullName;
        }

        return null;
    }
}
