using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>A kind of service: a node of the territory's tree of needs.</summary>
/// <param name="Code">A slug, such as <c>doposcuola</c>: addresses and programmes' rules use it.</param>
/// <param name="Icon">The name of a symbol of the icon sheet.</param>
/// <param name="Synonyms">Words and phrases people search by, separated by commas.</param>
public sealed record ServiceClass(
    string Code, string? ParentCode, string NameIt, string NameEn, string Icon, string Synonyms, short Position)
{
    public Words Name => new(NameIt, NameEn);
}

/// <summary>The kinds of service of a territory, kept in memory: what another process changes is seen within a minute.</summary>
public sealed partial class ServiceClasses(Database db)
{
    /// <summary>The most classes of one territory. A tree that people read has a few dozen.</summary>
    public const int ClassesMax = 500;

    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    /// <summary>
    /// For queries, after <c>with recursive</c>: every class beside itself and all classes above it. What is said of a
    /// class (an accreditation) holds for those below it.
    /// </summary>
    internal const string Lineage =
        """
        lineage(code, ancestor) as (
            select code, code from marketplace.service_class where territory_id = @territory
            union
            select l.code, c.parent_code from lineage l
            join marketplace.service_class c on c.territory_id = @territory and c.code = l.ancestor
            where c.parent_code is not null
        )
        """;

    private readonly ConcurrentDictionary<TerritoryId, Kept<ClassTree>> trees = new();

    /// <summary>The tree of a territory; empty for one that has no classes yet.</summary>
    public async Task<ClassTree> TreeAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        if (trees.TryGetValue(territory, out var kept) && kept.IsYoungerThan(KeptFor)) return kept.Value;
        var tree = new ClassTree(await db.ListAsync<ServiceClass>(
            territory,
            """
            select code, parent_code, name_it, name_en, icon, synonyms, position from marketplace.service_class
            where territory_id = @territory
            order by position, code limit @ClassesMax
            """, new { ClassesMax }, cancel));
        // An empty tree is a territory that is being set up: not worth remembering.
        if (tree.All.Count > 0) trees[territory] = new(tree);
        return tree;
    }

    /// <summary>Makes these classes, or changes those that exist to what is said here. A class may name one of the list as its parent.</summary>
    public async Task<Result<Done>> PutAsync(TerritoryId territory, IReadOnlyList<ServiceClass> classes, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes.Count, ClassesMax);
        var result = await db.TransactAsync<Done>(territory, tx => PutAsync(tx, classes), cancel);
        trees.TryRemove(territory, out _);
        return result;
    }

    public const int NameMin = 3, NameMax = 80, SynonymsMax = 500, PositionMax = 9_999;

    /// <summary>All that is wrong with a class as an officer typed it; nothing for one that can be taken.</summary>
    public static IReadOnlyList<FieldRefusal> Faults(ServiceClass c)
    {
        var faults = new List<FieldRefusal>();
        if (!CodeShape().IsMatch(c.Code)) faults.Add(new ServiceClassWrong("code"));
        if (c.NameIt.Length is < NameMin or > NameMax) faults.Add(new ServiceClassWrong("name_it"));
        if (c.NameEn.Length is < NameMin or > NameMax) faults.Add(new ServiceClassWrong("name_en"));
        if (c.Synonyms.Length > SynonymsMax) faults.Add(new ServiceClassWrong("synonyms"));
        if (c.Position is < 0 or > PositionMax) faults.Add(new ServiceClassWrong("position"));
        return faults;
    }

    /// <summary>
    /// Makes one class, or changes what it is called, where it stands and by which words it is found; its code stays. Refused as
    /// <see cref="Faults"/> says, for a code that is taken by another, an unknown parent, and a class that would stand below itself.
    /// </summary>
    /// <param name="isNew">Whether there must be none of this code yet.</param>
    public async Task<Result<Done>> WriteAsync(TerritoryId territory, ServiceClass c, bool isNew, CancellationToken cancel = default)
    {
        if (Faults(c) is [var fault, ..]) return fault;
        var result = await db.TransactAsync<Done>(territory, async tx =>
        {
            var exists = await ExistsAsync(tx, c.Code);
            if (isNew && exists) return new ServiceClassTaken(c.Code);
            return !isNew && !exists ? new ServiceClassNotFound(c.Code) : await PutAsync(tx, [c]);
        }, cancel);
        trees.TryRemove(territory, out _);
        return result;
    }

    [GeneratedRegex(@"^[a-z0-9-]{2,40}\z", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex CodeShape();

    /// <summary>Whether the territory has a class of this code.</summary>
    internal static async Task<bool> ExistsAsync(Transaction tx, string code) =>
        (await tx.ListAsync<int>("select 1 from marketplace.service_class where territory_id = @territory and code = @code", new { code })).Count > 0;

    private static async Task<Result<Done>> PutAsync(Transaction tx, IReadOnlyList<ServiceClass> classes)
    {
        var parents = (await tx.ListAsync<Parent>(
            "select code, parent_code from marketplace.service_class where territory_id = @territory order by code for no key update"))
            .ToDictionary(p => p.Code, p => p.ParentCode, StringComparer.Ordinal);
        foreach (var c in classes) parents[c.Code] = c.ParentCode;
        foreach (var c in classes)
        {
            if (c.ParentCode is { } parent && !parents.ContainsKey(parent)) return new ServiceClassNotFound(parent);
            if (StandsBelowItself(c.Code, parents)) return new ServiceClassCycle(c.Code);
        }

        // One statement: a foreign key looks only when it is over, so a child may stand before its parent.
        await tx.ExecuteAsync(
            """
            insert into marketplace.service_class (territory_id, code, parent_code, name_it, name_en, icon, synonyms, position)
            select @territory, c.* from unnest(@codes, @parents, @it, @en, @icons, @synonyms, @positions) c
            on conflict (territory_id, code) do update
            set parent_code = excluded.parent_code, name_it = excluded.name_it, name_en = excluded.name_en,
                icon = excluded.icon, synonyms = excluded.synonyms, position = excluded.position
            """,
            new
            {
                codes = classes.Select(c => c.Code).ToArray(),
                parents = classes.Select(c => c.ParentCode).ToArray(),
                it = classes.Select(c => c.NameIt).ToArray(),
                en = classes.Select(c => c.NameEn).ToArray(),
                icons = classes.Select(c => c.Icon).ToArray(),
                synonyms = classes.Select(c => c.Synonyms).ToArray(),
                positions = classes.Select(c => c.Position).ToArray(),
            });
        return default(Done);
    }

    private static bool StandsBelowItself(string code, Dictionary<string, string?> parents)
    {
        var above = parents[code];
        for (var steps = 0; above is not null && steps <= parents.Count; steps++)
        {
            if (above == code) return true;
            above = parents.GetValueOrDefault(above);
        }

        return false;
    }

    private sealed record Parent(string Code, string? ParentCode);
}
