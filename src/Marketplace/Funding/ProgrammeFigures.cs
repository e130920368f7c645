using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Where a programme's money is, in the five words of the office. All from the book: committed = granted + left, and
/// granted = spent + held + free, to the cent.
/// </summary>
/// <param name="Committed">Stanziato: what acts put in.</param>
/// <param name="Granted">Assegnato: what went to families and did not come back.</param>
/// <param name="Spent">Speso: what families' grants paid out.</param>
/// <param name="Held">Impegnato: set aside for bookings. Free: what families may still spend.</param>
/// <param name="Waiting">Good rows of lists that wait for approval or for posting: still part of what is left.</param>
public sealed record ProgrammeFigures(
    Id<Programme> Id, string Code, string NameIt, string NameEn, string Funder, ProgrammeStatus Status, LocalDate ValidFrom,
    LocalDate ValidTo, Money Committed, Money Granted, Money Spent, Money Held, Money Free, Money Waiting, int Grants)
{
    /// <summary>Residuo: what is not granted yet.</summary>
    public Money Left => Committed - Granted;
}

/// <summary>Programmes in figures.</summary>
public sealed class ProgrammeReport(Database db)
{
    private const string Select =
        """
        select p.id, p.code, p.name_it, p.name_en, f.name as funder, p.status, p.valid_from, p.valid_to,
               r.debits as committed,
               (r.debits - (a.credits - a.debits)) as granted,
               (r.debits - (a.credits - a.debits) - coalesce(g.balance, 0))::bigint as spent,
               coalesce(g.held, 0)::bigint as held,
               coalesce(g.balance - g.held, 0)::bigint as free,
               coalesce(i.waiting, 0)::bigint as waiting,
               coalesce(g.number, 0)::int as grants
        from marketplace.programme p
        join marketplace.funder f on f.territory_id = @territory and f.id = p.funder_id
        join ledger.account a on a.territory_id = @territory and a.id = p.account_id
        join ledger.account r on r.territory_id = @territory and r.id = p.receivable_account_id
        left join (
            select w.programme_id, count(*) as number, sum(ga.credits - ga.debits) as balance, sum(ga.debits_held) as held
            from marketplace.welfare_grant w
            join ledger.account ga on ga.territory_id = @territory and ga.id = w.account_id
            where w.territory_id = @territory and (@one::uuid is null or w.programme_id = @one)
            group by w.programme_id) g on g.programme_id = p.id
        left join (
            select programme_id, sum(amount_good - amount_posted) as waiting
            from marketplace.grant_import
            where territory_id = @territory and status in ('Requested', 'Approved')
            group by programme_id) i on i.programme_id = p.id
        where p.territory_id = @territory and (@one::uuid is null or p.id = @one) and (@funder::uuid is null or p.funder_id = @funder)
        """;

    private static object Which(Id<Programme>? one = null, Id<Funder>? funder = null) => new { one, funder };

    /// <summary>All programmes, open ones first; at most 500.</summary>
    public Task<List<ProgrammeFigures>> ListAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<ProgrammeFigures>(
            territory, $"{Select} order by p.status desc, p.name_it limit 500", Which(), cancel);

    /// <summary>One programme; null for an unknown id.</summary>
    public Task<ProgrammeFigures?> FindAsync(TerritoryId territory, Id<Programme> id, CancellationToken cancel = default) =>
        db.FindAsync<ProgrammeFigures>(territory, Select, Which(id), cancel);

    /// <summary>Those of one funder, by name, inside a transaction.</summary>
    internal static Task<List<ProgrammeFigures>> OfFunderAsync(Transaction tx, Id<Funder> funder) =>
        tx.ListAsync<ProgrammeFigures>($"{Select} order by p.name_it, p.code", Which(funder: funder));
}
