using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web;

namespace Borsellino.Tests.Tidy;

/// <summary>The rules of the house that no compiler knows.</summary>
public sealed partial class HouseTests
{
    private static readonly Assembly[] House = [typeof(GeneralLedger).Assembly, typeof(Waterfall).Assembly, typeof(Texts).Assembly];

    [Fact]
    public void References_run_one_way()
    {
        Assert.Empty(References(typeof(GeneralLedger).Assembly));
        Assert.Equal(["Borsellino.Ledger"], References(typeof(Waterfall).Assembly));

        static string[] References(Assembly assembly) =>
            [.. assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("Borsellino", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    [Theory]
    [InlineData("src/Web", @"\b(insert\s+into|delete\s+from|update\s+\w+\.\w+\s+set|select\s+.+\sfrom\s+(ledger|marketplace)\.)")]
    [InlineData("src/Ledger", @"\bmarketplace\.")]
    [InlineData("src/Marketplace", @"\b(insert\s+into|delete\s+from|update)\s+ledger\.")]
    public void Each_room_writes_only_its_own_tables(string folder, string forbidden)
    {
        var found = Sources(folder)
            .Where(file => Regex.IsMatch(File.ReadAllText(file), forbidden, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(5)))
            .Select(Path.GetFileName);
        Assert.Empty(found);
    }

    /// <summary>"For update" alone also stops those who only point to the row by a foreign key, and two such waits are soon a deadlock.</summary>
    [Fact]
    public void A_row_of_the_marketplace_is_held_without_stopping_what_points_to_it()
    {
        var found = Sources("src/Marketplace").Where(file => WholeLock().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName);
        Assert.Empty(found);
    }

    /// <summary>
    /// Behind row-level security PostgreSQL looks a row up by its key only if what the key is compared with cannot tell anybody anything, and takes no
    /// coalesce for that: it reads the whole table instead. "= any(array[…])" is looked up.
    /// </summary>
    [Fact]
    public void No_key_is_compared_with_a_coalesce()
    {
        var found = Sources("src/Ledger").Concat(Sources("src/Marketplace"))
            .Where(file => KeyOfCoalesce().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName);
        Assert.Empty(found);
    }

    [Fact]
    public void Every_refusal_has_a_code_of_its_own_and_a_sentence()
    {
        var refusals = House.SelectMany(a => a.GetTypes())
            .Where(t => typeof(Refusal).IsAssignableFrom(t) && !t.IsAbstract)
            .Select(t => (Refusal)Make(t, 0)!)
            .ToList();
        Assert.True(refusals.Count > 20, "The refusals were not found.");
        Assert.Empty(refusals.GroupBy(r => r.Code, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.All(refusals, r => Assert.Matches("^[a-z][a-z0-9_]*$", r.Code));
        Assert.Empty(refusals.Where(r => RefusalText.Of(r) is null).Select(r => r.GetType().Name));
    }

    [Fact]
    public void Nobody_reads_the_computers_clock_but_the_clock()
    {
        var found = new[] { "src/Ledger", "src/Marketplace", "src/Web" }.SelectMany(Sources)
            .Where(file => Path.GetFileName(file) is not "Clock.cs")
            .Where(file => ComputersClock().IsMatch(File.ReadAllText(file)))
            .Select(Path.GetFileName);
        Assert.Empty(found);
    }

    [Fact]
    public void No_page_carries_inline_style_or_script()
    {
        var found = Directory.EnumerateFiles(Path.Combine(Root(), "src/Web/Pages"), "*.cshtml", SearchOption.AllDirectories)
            .Where(file => Inline().IsMatch(File.ReadAllText(file)))
            .Select(Path.GetFileName);
        Assert.Empty(found);
    }

    [Fact]
    public void Lock_files_name_no_download_address()
    {
        var root = Root();
        var files = Directory.EnumerateFiles(root, "packages.lock.json", SearchOption.AllDirectories)
            .Where(f => !f.Contains("node_modules", StringComparison.Ordinal)).Append(Path.Combine(root, "package-lock.json")).ToList();
        Assert.True(files.Count >= 5);
        Assert.All(files, file => Assert.DoesNotMatch("https?://(?!opencollective|github|www|paypal|ko-fi|tidelift|feross|patreon)", File.ReadAllText(file).Replace("\"url\"", "", StringComparison.Ordinal)));
    }

    /// <summary>Some value of a type: refusals are judged by their sentence, not by what is in it.</summary>
    private static object? Make(Type type, int depth)
    {
        if (type == typeof(string)) return "x";
        if (Nullable.GetUnderlyingType(type) is not null) return null;
        if (type.IsAbstract && type.IsAssignableTo(typeof(Refusal))) return new EntryNotFound(default);
        if (type.IsArray) return Array.CreateInstance(type.GetElementType()!, 0);
        if (type.IsGenericType && type.IsInterface)
        {
            return Array.CreateInstance(type.GetGenericArguments()[0], 0);
        }

        if (type.IsValueType) return Activator.CreateInstance(type);
        if (depth > 4) return null;
        if (type.IsAbstract)
        {
            var closed = type.Assembly.GetTypes().First(t => type.IsAssignableFrom(t) && !t.IsAbstract);
            return Make(closed, depth + 1);
        }

        var constructor = type.GetConstructors().OrderBy(c => c.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Make(p.ParameterType, depth + 1))]);
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root(), folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));

    [GeneratedRegex(@"\b(DateTime(Offset)?\.(Utc)?Now|DateTime\.Today|SystemClock\.Instance)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ComputersClock();

    [GeneratedRegex("""\sstyle="|<style|<script(?![^>]*(src=|application/ld\+json))|\son(click|load|change|submit)=""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Inline();

    [GeneratedRegex(@"(?<!no key )\bfor update\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex WholeLock();

    [GeneratedRegex(@"\.\w+\s*=\s*coalesce\(\s*\w+\.\w+", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex KeyOfCoalesce();
}
