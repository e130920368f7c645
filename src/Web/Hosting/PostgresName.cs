namespace Borsellino.Web.Hosting;

/// <summary>Names of databases, which cannot be parameters of a statement.</summary>
public static class PostgresName
{
    /// <summary>Quotes a name so that it is read as a name, whatever stands in it. Refuses an empty one.</summary>
    public static string Quote(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
