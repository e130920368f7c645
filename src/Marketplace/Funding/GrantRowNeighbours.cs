using Borsellino.Ledger;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Marketplace;

/// <summary>
/// Judges rows by what stands around them: the rows above, the grants that exist, the lists on their way, the budget
/// that is left. Everything is asked once for a chunk; the rows are then decided in the order of the file.
/// </summary>
internal sealed class GrantRowNeighbours
{
    private readonly Dictionary<string, Id<Household>> households = new(StringComparer.Ordinal);
    private readonly Dictionary<Id<Household>, LivingGrant> granted = [];
    private readonly Dictionary<string, int> rowOfPerson = new(StringComparer.Ordinal);
    private readonly Dictionary<Id<Household>, int> rowOfHousehold = [];
    private readonly Dictionary<string, ListedRow> listedPeople = new(StringComparer.Ordinal);
    private readonly Dictionary<Id<Household>, ListedRow> listedHouseholds = [];
    private Money left;
    private bool isUsedUp;

    private GrantRowNeighbours()
    {
    }

    /// <summary>Completes the verdicts of a chunk's rows. Rows that have one already keep it and count for nothing.</summary>
    public static async Task JudgeAsync(Transaction tx, GrantImport import, Programme programme, IReadOnlyList<GrantRowReading> rows)
    {
        var around = new GrantRowNeighbours();
        await around.AskAsync(tx, import, programme, rows);
        foreach (var row in rows.Where(r => r.Verdict is null)) around.Judge(row);
    }

    private void Judge(GrantRowReading row)
    {
        if (households.TryGetValue(row.PersonCode!, out var household)) row.Household = household;
        row.Verdict = Refuse(row);
        if (row.Verdict is not null) return;
        left -= row.Money!.Value;
        rowOfPerson.Add(row.PersonCode!, row.Number);
        if (row.Household is { } known) rowOfHousehold.Add(known, row.Number);
    }

    private GrantRowVerdict? Refuse(GrantRowReading row)
    {
        const string Column = GrantColumns.TaxCode;
        if (rowOfPerson.TryGetValue(row.PersonCode!, out var above)) return new(GrantRowVerdict.DoubleRow, Column, GrantRowVerdict.Text(above));
        if (listedPeople.TryGetValue(row.PersonCode!, out var listed)) return AlreadyListed(listed);
        if (row.Household is { } household)
        {
            if (rowOfHousehold.TryGetValue(household, out above)) return new(GrantRowVerdict.SameHousehold, Column, GrantRowVerdict.Text(above));
            if (granted.TryGetValue(household, out var grant)) return grant.Verdict();
            if (listedHouseholds.TryGetValue(household, out listed)) return AlreadyListed(listed);
        }

        // The order of the file may be a ranking: once a row does not fit, none below it takes what is left.
        if (!isUsedUp && row.Money <= left) return null;
        isUsedUp = true;
        return new(GrantRowVerdict.OverBudget, GrantColumns.Amount, GrantRowVerdict.Text(Money.Max(left, Money.Zero).Cents));
    }

    private static GrantRowVerdict AlreadyListed(ListedRow row) =>
        new(GrantRowVerdict.AlreadyListed, GrantColumns.TaxCode, row.FileName, GrantRowVerdict.Text(row.RowNumber));

    private async Task AskAsync(Transaction tx, GrantImport import, Programme programme, IReadOnlyList<GrantRowReading> rows)
    {
        var codes = rows.Where(r => r.Verdict is null).Select(r => r.PersonCode!).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var person in await Households.OfAsync(tx, codes)) households.Add(person.TaxCode, person.Household);
        var ours = households.Values.Distinct().ToList();
        foreach (var grant in await LivingGrant.OfAsync(tx, programme.Id, ours)) granted.Add(grant.HouseholdId, grant);

        await AskRowsAsync(tx, import, codes, ours);
        left = await GrantImports.LeftAsync(tx, programme, import.Id) - import.AmountGood;
        isUsedUp = (await tx.ListAsync<int>(
            """
            select 1 from marketplace.grant_row
            where territory_id = @territory and import_id = @Id and verdict = @OverBudget limit 1
            """, new { import.Id, GrantRowVerdict.OverBudget })).Count > 0;
    }

    private async Task AskRowsAsync(Transaction tx, GrantImport import, string[] codes, List<Id<Household>> ours)
    {
        var rows = await tx.ListAsync<ListedRow>(
            """
            with around as (
                select r.* from unnest(@codes) c(code) cross join lateral (
                    select import_id, row_number, person_code, household_id from marketplace.grant_row
                    where territory_id = @territory and person_code = c.code and verdict is null and grant_id is null offset 0) r
                union
                select r.* from unnest(@ours) c(id) cross join lateral (
                    select import_id, row_number, person_code, household_id from marketplace.grant_row
                    where territory_id = @territory and household_id = c.id and verdict is null and grant_id is null offset 0) r
            )
            select r.import_id, i.file_name, r.row_number, r.person_code, r.household_id
            from around r
            join marketplace.grant_import i on i.territory_id = @territory and i.id = r.import_id
            where i.id = @Id or (i.programme_id = @ProgrammeId and i.status in ('Requested', 'Approved'))
            order by i.id, r.row_number
            """, new { codes, ours = ours.Select(h => h.Value).ToArray(), import.Id, import.ProgrammeId });
        foreach (var row in rows)
        {
            var isOurs = row.ImportId == import.Id;
            if (isOurs) rowOfPerson.TryAdd(row.PersonCode, row.RowNumber);
            else listedPeople.TryAdd(row.PersonCode, row);
            if (row.HouseholdId is not { } household) continue;
            if (isOurs) rowOfHousehold.TryAdd(household, row.RowNumber);
            else listedHouseholds.TryAdd(household, row);
        }
    }

    private sealed record ListedRow(Id<GrantImport> ImportId, string FileName, int RowNumber, string PersonCode, Id<Household>? HouseholdId);
}

/// <summary>A grant that a household has now under a programme.</summary>
internal sealed record LivingGrant(Id<Household> HouseholdId, Money Amount, Instant ActivatedAt)
{
    public static Task<List<LivingGrant>> OfAsync(Transaction tx, Id<Programme> programme, IEnumerable<Id<Household>> households) =>
        tx.ListAsync<LivingGrant>(
            """
            select g.* from unnest(@households) h(id) cross join lateral (
                select household_id, amount, activated_at from marketplace.welfare_grant
                where territory_id = @territory and programme_id = @programme and household_id = h.id
                  and status in ('Active', 'Suspended') offset 0) g
            """, new { programme, households = households.Select(h => h.Value).ToArray() });

    /// <summary>What a row says for this household gets to hear.</summary>
    public GrantRowVerdict Verdict() => new(
        GrantRowVerdict.AlreadyGranted, GrantColumns.TaxCode, GrantRowVerdict.Text(Amount.Cents),
        LocalDatePattern.Iso.Format(ActivatedAt.InZone(ClockExtensions.Rome).Date));
}
