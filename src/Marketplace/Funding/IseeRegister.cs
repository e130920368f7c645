using System.Text.RegularExpressions;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// What offices know of households' ISEE. A declaration is written down once and never changed: a later one, or the same written anew, takes
/// its place.
/// </summary>
public sealed partial class IseeRegister(Database db, IClock clock)
{
    /// <summary>The most that is believed: a hundred million euro.</summary>
    public static readonly Money Max = Money.Euro(100_000_000);

    private const int MatchMillisecondsMax = 1_000;
    private const int RowsMax = 50;

    /// <summary>A household's declarations, the latest first.</summary>
    public Task<List<HouseholdIsee>> OfAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        db.ListAsync<HouseholdIsee>(
            territory,
            $"""
            select id, indicator, value, dsu_number, presented_on, valid_to, recorded_at from marketplace.household_isee
            where territory_id = @territory and household_id = @household order by presented_on desc, recorded_at desc, id limit {RowsMax}
            """, new { household }, cancel);

    /// <summary>Writes a declaration down. The same again changes nothing. Refused: what cannot be read on one, days that no declaration has.</summary>
    /// <param name="validTo">Null for the end of the year, as a rule; a current ISEE may end sooner.</param>
    public Task<Result<Id<HouseholdIsee>>> RecordAsync(
        TerritoryId territory, Id<HouseholdIsee> id, Id<Household> household, IseeIndicator indicator, Money value, string dsuNumber, LocalDate presentedOn,
        LocalDate? validTo, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<HouseholdIsee>>(territory, async tx =>
        {
            var number = dsuNumber.Trim().ToUpperInvariant();
            var earlier = await tx.ListAsync<Id<Household>>(
                "select household_id from marketplace.household_isee where territory_id = @territory and id = @id", new { id });
            if (earlier is [var whose]) return whose == household ? id : new IseeIdReused(id);
            if (value < Money.Zero || value > Max) return new IseeOutside(Max);
            if (!DsuShape().IsMatch(number)) return new DsuNumberMalformed();
            if (presentedOn > clock.Today()) return new DsuInTheFuture(clock.Today());
            LocalDate endOfYear = new(presentedOn.Year, 12, 31);
            var last = validTo ?? endOfYear;
            if (last < presentedOn || last > endOfYear) return new DsuDaysWrong(presentedOn, endOfYear);
            var known = await tx.ListAsync<int>("select 1 from marketplace.household where territory_id = @territory and id = @household", new { household });
            if (known.Count == 0) return new HouseholdNotFound(household);
            await tx.ExecuteAsync(
                """
                insert into marketplace.household_isee
                    (territory_id, id, household_id, indicator, value, dsu_number, presented_on, valid_to, recorded_by, recorded_at)
                values (@territory, @id, @household, @kind, @value, @number, @presentedOn, @last, @by, @now)
                """, new { id, household, kind = indicator.ToString(), value, number, presentedOn, last, by, now = clock.Now });
            return id;
        }, cancel);

    // As INPS-ISEE-2026-12345678X-00 on the attestation; other numbering is taken as it is written.
    [GeneratedRegex(@"^[A-Z0-9][A-Z0-9/.-]{3,39}\z", RegexOptions.CultureInvariant, MatchMillisecondsMax)]
    private static partial Regex DsuShape();
}
