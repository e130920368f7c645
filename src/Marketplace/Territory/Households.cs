using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A person who is to have a household of their own, as an office knows them.</summary>
/// <param name="Band">The ISEE band from 1 to 9, where it is known.</param>
public sealed record NewHousehold(
    string TaxCode, string FirstName, string LastName, string MunicipalityCode, short? Band, string Address = "", string Email = "",
    string Phone = "", int? BirthYear = null);

/// <summary>The household that a tax code belongs to.</summary>
public sealed record HouseholdOfPerson(string TaxCode, Id<Household> Household, Id<Person> Person);

/// <summary>Households and who belongs to them.</summary>
public static class Households
{
    // Households of a territory are numbered one after the other, so whoever adds some waits for the one before.
    private const int NumberingLock = 2;

    /// <summary>Holds the household's row: two windows of one family follow each other.</summary>
    internal static Task LockAsync(Transaction tx, Id<Household> household) =>
        tx.ExecuteAsync("select id from marketplace.household where territory_id = @territory and id = @household for no key update", new { household });

    /// <summary>The households of these tax codes; codes without one are left out.</summary>
    /// <remarks>Code by code through the index, whatever the planner believes of a table that has just been filled.</remarks>
    public static Task<List<HouseholdOfPerson>> OfAsync(Transaction tx, IReadOnlyCollection<string> taxCodes) =>
        tx.ListAsync<HouseholdOfPerson>(
            """
            select p.tax_code, m.household_id as household, p.id as person
            from unnest(@taxCodes) c(code)
            cross join lateral (
                select tax_code, id from marketplace.person where territory_id = @territory and tax_code = c.code offset 0) p
            cross join lateral (
                select household_id from marketplace.household_member where territory_id = @territory and person_id = p.id offset 0) m
            """, new { taxCodes = taxCodes.ToArray() });

    /// <summary>
    /// Makes sure that each of these people has a household, in a fixed number of statements: people we know keep what
    /// we know of them, people in a household stay in it, the others get one with the next number.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, HouseholdOfPerson>> RegisterAsync(
        Transaction tx, IReadOnlyCollection<NewHousehold> wanted, Instant now)
    {
        await tx.ExecuteAsync("select pg_advisory_xact_lock(@NumberingLock, @territory)", new { NumberingLock });
        var codes = wanted.Select(w => w.TaxCode).ToArray();
        var known = (await OfAsync(tx, codes)).ToDictionary(h => h.TaxCode, StringComparer.Ordinal);
        var missing = wanted.Where(w => !known.ContainsKey(w.TaxCode)).DistinctBy(w => w.TaxCode, StringComparer.Ordinal).ToList();
        if (missing.Count == 0) return known;

        await AddPeopleAsync(tx, missing);
        await AddHouseholdsAsync(tx, missing, now);
        return (await OfAsync(tx, codes)).ToDictionary(h => h.TaxCode, StringComparer.Ordinal);
    }

    private static Task<int> AddPeopleAsync(Transaction tx, List<NewHousehold> missing) =>
        tx.ExecuteAsync(
            """
            insert into marketplace.person (territory_id, id, tax_code, first_name, last_name, municipality_code, address, email, phone)
            select @territory, * from unnest(@ids, @codes, @firstNames, @lastNames, @municipalities, @addresses, @emails, @phones)
            on conflict (territory_id, tax_code) do nothing
            """,
            new
            {
                ids = missing.Select(_ => Id<Person>.New().Value).ToArray(),
                codes = missing.Select(m => m.TaxCode).ToArray(),
                firstNames = missing.Select(m => m.FirstName).ToArray(),
                lastNames = missing.Select(m => m.LastName).ToArray(),
                municipalities = missing.Select(m => m.MunicipalityCode).ToArray(),
                addresses = missing.Select(m => m.Address).ToArray(),
                emails = missing.Select(m => m.Email).ToArray(),
                phones = missing.Select(m => m.Phone).ToArray(),
            });

    private static async Task AddHouseholdsAsync(Transaction tx, List<NewHousehold> missing, Instant now)
    {
        var households = new
        {
            ids = missing.Select(_ => Id<Household>.New().Value).ToArray(),
            codes = missing.Select(m => m.TaxCode).ToArray(),
            bands = missing.Select(m => m.Band).ToArray(),
            years = missing.Select(m => (short?)m.BirthYear).ToArray(),
            now,
        };
        await tx.ExecuteAsync(
            """
            insert into marketplace.household (territory_id, id, number, reference_person_id, isee_band, created_at)
            select @territory, n.id,
                   (select coalesce(max(number), 0) from marketplace.household where territory_id = @territory) + n.position,
                   p.id, n.band, @now
            from unnest(@ids, @codes, @bands::smallint[]) with ordinality n(id, code, band, position)
            join marketplace.person p on p.territory_id = @territory and p.tax_code = n.code
            """, households);
        await tx.ExecuteAsync(
            """
            insert into marketplace.household_member (territory_id, household_id, person_id, relation, birth_year)
            select @territory, h.id, h.reference_person_id, 'Reference', n.year
            from unnest(@ids, @years::smallint[]) n(id, year)
            join marketplace.household h on h.territory_id = @territory and h.id = n.id
            """, households);
    }
}
