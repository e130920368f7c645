using Borsellino.Ledger;

namespace Borsellino.Marketplace;

public enum FunderKind
{
    Municipality,
    Region,
    State,
    Company,
    Foundation,
}

/// <summary>Who puts the money in.</summary>
public sealed record Funder(Id<Funder> Id, FunderKind Kind, string Name) : IIdentified
{
    public static string Prefix => "fund";
}

/// <summary>The funders of a territory.</summary>
public sealed class Funders(Database db)
{
    private const int NameMax = 120;

    /// <summary>Adds a funder. The same one again changes nothing; a name or an id that is another's is refused.</summary>
    public Task<Result<Id<Funder>>> AddAsync(TerritoryId territory, Funder funder, CancellationToken cancel = default) =>
        db.TransactAsync(territory, tx => AddAsync(tx, funder), cancel);

    /// <summary>The same inside a transaction, for whoever founds a town.</summary>
    public static async Task<Result<Id<Funder>>> AddAsync(Transaction tx, Funder funder)
    {
        var name = funder.Name.Trim();
        if (name.Length is 0 or > NameMax) return new TextLength("name", 1, NameMax);
        var known = await tx.ListAsync<Funder>(
            "select id, kind, name from marketplace.funder where territory_id = @territory and (id = @Id or name = @name)",
            new { funder.Id, name });
        if (known.Find(f => f.Id == funder.Id) is { } same)
        {
            if (same.Name == name && same.Kind == funder.Kind) return funder.Id;
            return new FunderIdReused(funder.Id);
        }

        if (known.Count > 0) return new FunderNameTaken(name);
        await tx.ExecuteAsync(
            "insert into marketplace.funder (territory_id, id, kind, name) values (@territory, @Id, @kind, @name)",
            new { funder.Id, kind = funder.Kind.ToString(), name });
        return funder.Id;
    }

    /// <summary>All funders by name; at most 500.</summary>
    public Task<List<Funder>> ListAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<Funder>(
            territory, "select id, kind, name from marketplace.funder where territory_id = @territory order by name limit 500", cancel: cancel);
}
