using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A household as an office looks it up: who it is, and what it has of the grants that pay now.</summary>
/// <param name="Granted">What its living grants began with: spent, held and free together.</param>
/// <param name="FirstEnd">The last day of the grant that ends first; null when none pays.</param>
public sealed record HouseholdLine(
    Id<Household> Id, int Number, string FirstName, string LastName, string Municipality, short? Band, int Grants, Money Granted, Money Held,
    Money Free, LocalDate? FirstEnd)
{
    public Money Spent => Granted - Held - Free;
}

/// <summary>Some of the households that were found, and how many there are in all.</summary>
public sealed record HouseholdsFound(IReadOnlyList<HouseholdLine> Lines, int Count);

/// <summary>The households of a territory with their money, for officers. Nothing is written by looking.</summary>
public sealed class HouseholdRegister(Database db)
{
    public const int WordsMax = 100;

    private const string Named =
        """
        select h.id, h.number, p.first_name, p.last_name, m.name as municipality, h.isee_band as band, p.tax_code
        from marketplace.household h
        join marketplace.person p on p.territory_id = @territory and p.id = h.reference_person_id
        join marketplace.municipality m on m.territory_id = @territory and m.code = p.municipality_code
        where h.territory_id = @territory
        """;

    private const string Money =
        """
        cross join lateral (
            select count(*)::int as grants, coalesce(sum(g.amount), 0)::bigint as granted, coalesce(sum(a.debits_held), 0)::bigint as held,
                   coalesce(sum(a.credits - a.debits - a.debits_held), 0)::bigint as free, min(g.valid_to) as first_end
            from marketplace.welfare_grant g
            join ledger.account a on a.territory_id = @territory and a.id = g.account_id
            where g.territory_id = @territory and g.household_id = f.id and g.status in ('Active', 'Suspended')) money
        """;

    /// <summary>
    /// Households whose first person's name or tax code, municipality or number contains every word, by name. At most
    /// <see cref="WordsMax"/> characters are looked for; longer words throw.
    /// </summary>
    public async Task<HouseholdsFound> PageAsync(
        TerritoryId territory, string words, int limit, int offset, CancellationToken cancel = default)
    {
        if (words.Length > WordsMax) throw new ArgumentException($"At most {WordsMax} characters are looked for.", nameof(words));
        var rows = await db.ListAsync<Row>(
            territory,
            $"""
            with named as ({Named}), found as (
                select n.*, (count(*) over ())::int as count from named n
                where (select coalesce(bool_and(position(w in label) > 0), true)
                       from marketplace.plain(concat_ws(' ', n.first_name, n.last_name, n.tax_code, n.municipality, lpad(n.number::text, 4, '0'))) label,
                            unnest(string_to_array(marketplace.plain(@words), ' ')) w where w <> '')
                order by n.last_name, n.first_name, n.number
                limit @limit offset @offset
            )
            select f.id, f.number, f.first_name, f.last_name, f.municipality, f.band, money.*, f.count
            from found f {Money}
            order by f.last_name, f.first_name, f.number
            """, new { words = words.Trim(), limit, offset }, cancel);
        return new([.. rows.Select(r => r.ToLine())], rows is [{ } first, ..] ? first.Count : 0);
    }

    public async Task<HouseholdLine?> FindAsync(TerritoryId territory, Id<Household> id, CancellationToken cancel = default) =>
        (await db.FindAsync<Row>(
            territory,
            $"""
            select f.id, f.number, f.first_name, f.last_name, f.municipality, f.band, money.*, 1 as count
            from ({Named} and h.id = @id) f {Money}
            """, new { id }, cancel))?.ToLine();

    private sealed record Row(
        Id<Household> Id, int Number, string FirstName, string LastName, string Municipality, short? Band, int Grants, Money Granted, Money Held,
        Money Free, LocalDate? FirstEnd, int Count)
    {
        public HouseholdLine ToLine() =>
            new(Id, Number, FirstName, LastName, Municipality, Band, Grants, Granted, Held, Free, FirstEnd);
    }
}
