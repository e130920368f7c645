using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>What somebody is to the person a household is registered under.</summary>
public enum Relation
{
    Reference,
    Spouse,
    Child,
    Parent,
    Other,
}

/// <summary>Somebody who is to belong to a household that exists.</summary>
public sealed record NewMember(
    Id<Household> Household, Id<Person> Id, string TaxCode, string FirstName, string LastName, Relation Relation, int BirthYear);

/// <summary>Who lives in a household besides the person it is registered under.</summary>
public static class Members
{
    /// <summary>The most members one call adds.</summary>
    public const int MembersMax = 10_000;

    /// <summary>
    /// Adds people to households, in two statements however many they are. They live where the household lives. Who is
    /// known by tax code already, or is in a household already, stays as they are.
    /// </summary>
    public static async Task AddAsync(Transaction tx, IReadOnlyCollection<NewMember> members)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(members.Count, MembersMax);
        if (members.Any(m => m.Relation is Relation.Reference)) throw new ArgumentException("A household has its reference person.", nameof(members));
        if (members.Count == 0) return;
        var parameters = new
        {
            households = members.Select(m => m.Household.Value).ToArray(),
            ids = members.Select(m => m.Id.Value).ToArray(),
            codes = members.Select(m => m.TaxCode).ToArray(),
            firstNames = members.Select(m => m.FirstName).ToArray(),
            lastNames = members.Select(m => m.LastName).ToArray(),
            relations = members.Select(m => m.Relation.ToString()).ToArray(),
            years = members.Select(m => (short)m.BirthYear).ToArray(),
        };
        await tx.ExecuteAsync(
            """
            insert into marketplace.person (territory_id, id, tax_code, first_name, last_name, municipality_code, address)
            select @territory, n.id, n.code, n.first_name, n.last_name, r.municipality_code, r.address
            from unnest(@households, @ids, @codes, @firstNames, @lastNames) n(household, id, code, first_name, last_name)
            join marketplace.household h on h.territory_id = @territory and h.id = n.household
            join marketplace.person r on r.territory_id = @territory and r.id = h.reference_person_id
            on conflict (territory_id, tax_code) do nothing
            """, parameters);
        await tx.ExecuteAsync(
            """
            insert into marketplace.household_member (territory_id, household_id, person_id, relation, birth_year)
            select @territory, n.household, p.id, n.relation, n.year
            from unnest(@households, @codes, @relations, @years) n(household, code, relation, year)
            join marketplace.person p on p.territory_id = @territory and p.tax_code = n.code
            on conflict (territory_id, person_id) do nothing
            """, parameters);
    }
}
