using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Marketplace;

/// <summary>The pool is not below quorum, or nothing is missing any more.</summary>
public sealed record NothingToCover(Id<Pool> Pool) : Refusal("nothing_to_cover");

/// <summary>
/// A funder covers what is missing below quorum: a list of grants, each of what one family would pay more, under a programme. It goes the way of
/// every list, so two people answer for it; then the families say yes, and what they were given pays.
/// </summary>
public sealed class PoolCovers(Database db, GrantImports imports)
{
    /// <summary>
    /// Makes the list and takes it in. The same list again answers the earlier one. Refused: a pool that misses nothing, and what a list
    /// is refused for.
    /// </summary>
    public async Task<Result<UploadedList>> CoverAsync(
        TerritoryId territory, Id<GrantImport> id, Id<Pool> pool, Id<Programme> programme, Id<User> by, CancellationToken cancel = default)
    {
        var read = await db.TransactAsync<List<string[]>>(territory, async tx =>
        {
            if (await Pools.FindAsync(tx, pool) is not { } found) return new PoolNotFound(pool);
            if (found.Status is not PoolStatus.BelowQuorum) return new NothingToCover(pool);
            var missing = Shortfall.Of(found.Prices, await tx.ListAsync<Shortfall.Row>(Shortfall.Select, new { pool }));
            if (missing.IsWhole || missing.ToCover.Count == 0) return new NothingToCover(pool);
            var families = (await tx.ListAsync<Family>(
                """
                select h.id, p.tax_code, p.first_name, p.last_name, m.name as municipality
                from marketplace.household h
                join marketplace.person p on p.territory_id = @territory and p.id = h.reference_person_id
                join marketplace.municipality m on m.territory_id = @territory and m.code = p.municipality_code
                where h.territory_id = @territory and h.id = any(@households)
                """, new { households = missing.ToCover.Select(m => m.Who.Household.Value).ToArray() })).ToDictionary(f => f.Id);
            return missing.ToCover.Select(m => families[m.Who.Household].Row(m.More, pool)).ToList();
        }, cancel);
        if (read.IsRefused(out var refusal, out var rows)) return refusal;
        // The last column is not one that a list knows: it comes back with the list, and makes two groups' lists two.
        string[] heads = ["codice_fiscale", "nome", "cognome", "comune", "fascia_isee", "importo", "gruppo"];
        var name = string.Create(CultureInfo.InvariantCulture, $"gruppo-{pool.Value.ToString("N")[..8]}.csv");
        return await imports.UploadAsync(territory, id, programme, name, CsvWriter.File([heads, .. rows]), by, cancel);
    }

    private sealed record Family(Id<Household> Id, string TaxCode, string FirstName, string LastName, string Municipality)
    {
        public string[] Row(Money more, Id<Pool> pool) => [TaxCode, FirstName, LastName, Municipality, "", ItalianAmount.Format(more), pool.ToString()];
    }
}
