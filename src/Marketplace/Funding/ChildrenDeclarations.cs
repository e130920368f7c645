using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>That children depend on an employee, declared to one company for one year.</summary>
public sealed record ChildrenDeclaration(Id<ChildrenDeclaration> Id) : IIdentified
{
    public static string Prefix => "children";
}

/// <summary>A company that funds a household, with what it may still give it this year as fringe benefits.</summary>
/// <param name="General">The threshold without children; <paramref name="WithChildren"/> the one with them.</param>
/// <param name="Used">What the household has had this year.</param>
/// <param name="Declaration">The declaration that holds; null for none.</param>
public sealed record FundingCompany(
    Id<Funder> Id, string Name, Money General, Money WithChildren, Money Used, Id<ChildrenDeclaration>? Declaration, Instant? DeclaredAt)
{
    public Money Threshold => Declaration is null ? General : WithChildren;

    /// <summary>What it may still give.</summary>
    public Money Left => Money.Max(Money.Zero, Threshold - Used);

    /// <summary>Whether more was had than the threshold lets: then all of it is taxed.</summary>
    public bool IsPast => Used > Threshold;
}

/// <summary>Nobody of the household was named.</summary>
public sealed record NoChildNamed() : FieldRefusal("no_child_named", "children");

/// <summary>Somebody who was named is not a child in the household.</summary>
public sealed record NotAChildHere() : FieldRefusal("not_a_child_here", "children");

/// <summary>No company with this id gives the household money.</summary>
public sealed record CompanyNotFound(Id<Funder> Company) : Refusal("company_not_found");

/// <summary>A declaration is the employee's own word: no delegate gives it or takes it back.</summary>
public sealed record OwnWordOnly() : Refusal("own_word_only");

/// <summary>Something else was declared under this id.</summary>
public sealed record DeclarationIdReused() : Refusal("declaration_id_reused");

/// <summary>
/// Declarations of children that depend on an employee, without which the higher threshold of fringe benefits does not hold (TUIR art. 51
/// c. 3, as L. 207/2024 art. 1 c. 390 has it). The law asks for their tax codes: those the household is registered with are named.
/// </summary>
public sealed class ChildrenDeclarations(Database db, IClock clock)
{
    /// <summary>The companies that fund a household, with the threshold of this year.</summary>
    public Task<List<FundingCompany>> CompaniesAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        db.ListAsync<FundingCompany>(
            territory,
            """
            select f.id, f.name, t.general, t.with_children,
                   coalesce((select sum(u.amount)::bigint from marketplace.fringe_uses(@territory, @household, f.id) u
                             where extract(year from u.asked_on) = extract(year from @today)), 0) as used,
                   d.id as declaration, d.declared_at
            from marketplace.funder f
            join marketplace.fringe_threshold t on @today between t.valid_from and t.valid_to
            left join marketplace.children_declaration d on d.territory_id = @territory and d.household_id = @household and d.funder_id = f.id
                and d.tax_year = extract(year from @today) and d.withdrawn_at is null
            where f.territory_id = @territory and f.kind = 'Company' and exists (
                select from marketplace.welfare_grant g
                join marketplace.programme p on p.territory_id = @territory and p.id = g.programme_id
                where g.territory_id = @territory and g.household_id = @household and p.funder_id = f.id)
            order by f.name, f.id
            """, new { household, today = clock.Today() }, cancel);

    /// <summary>Who can be named: the children of the household.</summary>
    public Task<List<FamilyMember>> ChildrenAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        db.ListAsync<FamilyMember>(
            territory,
            """
            select p.id, p.first_name, p.last_name
            from marketplace.household_member m
            join marketplace.person p on p.territory_id = @territory and p.id = m.person_id
            where m.territory_id = @territory and m.household_id = @household and m.relation = 'Child'
            order by m.birth_year, p.first_name, p.id
            """, new { household }, cancel);

    /// <summary>What the law lets a company give on a day.</summary>
    public async Task<FringeThreshold> ThresholdAsync(LocalDate on, CancellationToken cancel = default) =>
        (await db.ListSharedAsync<FringeThreshold>(
            "select valid_from, valid_to, general, with_children, law from marketplace.fringe_threshold where @on between valid_from and valid_to", new { on }, cancel)).Single();

    /// <summary>
    /// Declares the children to a company for this year. The same again changes nothing, and where one holds already it goes on to hold.
    /// Refused: a delegate, a company that gives the household nothing, no child, somebody who is not a child of the household.
    /// </summary>
    public Task<Result<Done>> DeclareAsync(
        TerritoryId territory, Id<ChildrenDeclaration> id, Id<Funder> company, IReadOnlyCollection<Id<Person>> children, HouseholdUser by,
        CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            var named = children.Select(c => c.Value).Distinct().ToArray();
            if (named.Length == 0) return new NoChildNamed();
            if (!await Delegations.IsOwnAsync(tx, by)) return new OwnWordOnly();
            // Two at once follow each other.
            await Households.LockAsync(tx, by.Household);
            if (await OtherAsync(tx, id, company, by)) return new DeclarationIdReused();
            if (!await FundsAsync(tx, company, by.Household)) return new CompanyNotFound(company);
            var known = await tx.ListAsync<Id<Person>>(
                """
                select person_id from marketplace.household_member
                where territory_id = @territory and household_id = @Household and relation = 'Child' and person_id = any(@named)
                """, new { by.Household, named });
            if (known.Count < named.Length) return new NotAChildHere();
            await tx.ExecuteAsync(
                """
                with declared as (
                    insert into marketplace.children_declaration (territory_id, id, household_id, funder_id, tax_year, declared_by, declared_at)
                    values (@territory, @id, @Household, @company, @year, @User, @now)
                    on conflict do nothing returning id
                )
                insert into marketplace.declared_child (territory_id, declaration_id, person_id)
                select @territory, d.id, n.person_id from declared d cross join unnest(@named) n(person_id)
                """, new { id, by.Household, company, year = (short)clock.Today().Year, by.User, now = clock.Now, named });
            return default(Done);
        }, cancel);

    /// <summary>
    /// Takes back what was declared to a company for this year: from now on the lower threshold holds, also for what was had already. What is
    /// held or paid stays. Where none holds nothing changes. Refused to a delegate.
    /// </summary>
    public Task<Result<Done>> WithdrawAsync(TerritoryId territory, Id<Funder> company, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (!await Delegations.IsOwnAsync(tx, by)) return new OwnWordOnly();
            await Households.LockAsync(tx, by.Household);
            await tx.ExecuteAsync(
                """
                update marketplace.children_declaration set withdrawn_by = @User, withdrawn_at = @now
                where territory_id = @territory and household_id = @Household and funder_id = @company and tax_year = @year and withdrawn_at is null
                """, new { by.Household, by.User, company, year = (short)clock.Today().Year, now = clock.Now });
            return default(Done);
        }, cancel);

    private static async Task<bool> OtherAsync(Transaction tx, Id<ChildrenDeclaration> id, Id<Funder> company, HouseholdUser by) =>
        (await tx.ListAsync<bool>(
            """
            select household_id <> @Household or funder_id <> @company from marketplace.children_declaration
            where territory_id = @territory and id = @id
            """, new { id, by.Household, company })).Contains(true);

    private static async Task<bool> FundsAsync(Transaction tx, Id<Funder> company, Id<Household> household) =>
        (await tx.ListAsync<bool>(
            """
            select exists (
                select from marketplace.funder f
                join marketplace.programme p on p.territory_id = @territory and p.funder_id = f.id
                join marketplace.welfare_grant g on g.territory_id = @territory and g.programme_id = p.id and g.household_id = @household
                where f.territory_id = @territory and f.id = @company and f.kind = 'Company')
            """, new { company, household }))[0];
}
