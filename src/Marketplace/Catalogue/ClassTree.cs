namespace Borsellino.Marketplace;

/// <summary>The kinds of service of a territory as a tree that does not change: ask again for a newer one.</summary>
public sealed class ClassTree
{
    private readonly Dictionary<string, ServiceClass> byCode;
    private readonly ILookup<string, ServiceClass> children;
    private ClassHints? hints;

    /// <summary>Takes the classes in the order in which sisters are to stand. A parent that is missing throws.</summary>
    public ClassTree(IReadOnlyList<ServiceClass> classes)
    {
        byCode = classes.ToDictionary(c => c.Code, StringComparer.Ordinal);
        children = classes.ToLookup(c => c.ParentCode ?? "", StringComparer.Ordinal);
        if (classes.FirstOrDefault(c => c.ParentCode is { } p && !byCode.ContainsKey(p)) is { } orphan)
        {
            throw new ArgumentException($"The parent of the class {orphan.Code} is missing.", nameof(classes));
        }

        All = [.. Roots.SelectMany(WithBelow)];
    }

    /// <summary>Which words mean which of these classes.</summary>
    internal ClassHints Hints => hints ??= new(this);

    /// <summary>Every class, each parent before its children.</summary>
    public IReadOnlyList<ServiceClass> All { get; }

    /// <summary>The classes with none above them.</summary>
    public IEnumerable<ServiceClass> Roots => children[""];

    public ServiceClass? Find(string? code) => code is null ? null : byCode.GetValueOrDefault(code);

    public IEnumerable<ServiceClass> ChildrenOf(string code) => children[code];

    /// <summary>The codes of the class and of all below it; none for an unknown code.</summary>
    public IReadOnlyList<string> Within(string code) =>
        Find(code) is { } c ? [.. WithBelow(c).Select(below => below.Code)] : [];

    /// <summary>From the root down to the class itself; empty for an unknown code.</summary>
    public IReadOnlyList<ServiceClass> PathTo(string code)
    {
        var path = new List<ServiceClass>();
        for (var c = Find(code); c is not null; c = Find(c.ParentCode)) path.Add(c);
        path.Reverse();
        return path;
    }

    private IEnumerable<ServiceClass> WithBelow(ServiceClass c) => children[c.Code].SelectMany(WithBelow).Prepend(c);
}
