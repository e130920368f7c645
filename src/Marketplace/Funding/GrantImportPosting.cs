using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>
/// Makes grants of an approved list's good rows, a chunk in each transaction: people, households, accounts, entries and
/// grants of a chunk stand together or not at all, and every id follows from the import and the row.
/// </summary>
internal sealed class GrantImportPosting(Database db, GeneralLedger ledger, IClock clock)
{
    internal const int ChunkRows = 1000;

    /// <summary>Does one chunk; false if the import is not being posted any more or another worker is at it.</summary>
    public async Task<bool> StepAsync(TerritoryId territory, Id<GrantImport> id, CancellationToken cancel)
    {
        var step = await db.TransactAsync<Step>(territory, async tx =>
        {
            if (await GrantImports.LockIfFreeAsync(tx, id) is not { Status: GrantImportStatus.Approved } import) return Step.NotOurs;
            // Two lists of one programme follow each other, so that no household gets a second grant in between.
            var programme = (await Programmes.LockAsync(tx, import.ProgrammeId))!;
            var rows = await tx.ListAsync<GoodRow>(
                """
                select row_number, person_code, first_name, last_name, municipality_code, band, amount
                from marketplace.grant_row
                where territory_id = @territory and import_id = @id and verdict is null and grant_id is null
                order by row_number limit @ChunkRows
                """, new { id, ChunkRows });
            if (rows.Count > 0) await PostAsync(tx, import, programme, rows);
            if (rows.Count < ChunkRows) await FinishAsync(tx, id);
            return Step.Done;
        }, cancel);
        return step.OrThrow() is Step.Done;
    }

    private async Task PostAsync(Transaction tx, GrantImport import, Programme programme, List<GoodRow> rows)
    {
        var households = await Households.RegisterAsync(
            tx, [.. rows.Select(r => new NewHousehold(r.PersonCode, r.FirstName, r.LastName, r.MunicipalityCode, r.Band))], clock.Now);
        var (grants, refused) = await ChooseAsync(tx, import, programme, rows, households);

        (await ledger.OpenAsync(
            tx, [.. grants.Select(g => new NewAccount(g.Account, ChartOfAccounts.Grant, ChartOfAccounts.GrantName(g.Id), programme.HoldsUntil))]))
            .OrThrow();
        var answers = await ledger.DoAsync(tx, [.. grants.Select(g => new Instruction.Post(Entry(import, programme, g)))]);
        for (var i = grants.Count - 1; i >= 0; i--)
        {
            if (answers[i] is not { } refusal) continue;
            refused.Add((grants[i].Row, new(GrantRowVerdict.NotPosted, null, refusal.Code)));
            grants.RemoveAt(i);
        }

        await InsertAsync(tx, import, programme, grants);
        await RefuseAsync(tx, import, refused);
        await tx.ExecuteAsync(
            """
            update marketplace.grant_import
            set posting_started_at = coalesce(posting_started_at, @now), rows_done = rows_done + @posted,
                amount_posted = amount_posted + @amount, rows_good = rows_good - @lost, amount_good = amount_good - @lostAmount
            where territory_id = @territory and id = @Id
            """,
            new
            {
                import.Id, now = clock.Now, posted = grants.Count, amount = grants.Sum(g => g.Row.Amount), lost = refused.Count,
                lostAmount = refused.Sum(r => r.Row.Amount),
            });
    }

    /// <summary>Leaves out whoever got a grant since the check, and what the budget cannot bear any more.</summary>
    private static async Task<(List<GrantToMake> Grants, List<(GoodRow Row, GrantRowVerdict Verdict)> Refused)> ChooseAsync(
        Transaction tx, GrantImport import, Programme programme, List<GoodRow> rows,
        IReadOnlyDictionary<string, HouseholdOfPerson> households)
    {
        var living = (await LivingGrant.OfAsync(tx, programme.Id, households.Values.Select(h => h.Household).Distinct()))
            .ToDictionary(g => g.HouseholdId);
        var left = (await Accounts.LockAsync(tx, [programme.AccountId]))[programme.AccountId].Available;
        var grants = new List<GrantToMake>();
        var refused = new List<(GoodRow, GrantRowVerdict)>();
        var taken = new Dictionary<Id<Household>, int>();
        foreach (var row in rows)
        {
            var household = households[row.PersonCode].Household;
            if (living.TryGetValue(household, out var grant)) refused.Add((row, grant.Verdict()));
            else if (taken.TryGetValue(household, out var above)) refused.Add((row, SameHousehold(above)));
            else if (row.Amount > left) refused.Add((row, OverBudget(left)));
            else
            {
                taken.Add(household, row.RowNumber);
                left -= row.Amount;
                grants.Add(new(row, household, Id<Grant>.From(import.Id, row.RowNumber), Id<Account>.From("grant", import.Id, row.RowNumber)));
            }
        }

        return (grants, refused);
    }

    private static GrantRowVerdict SameHousehold(int above) =>
        new(GrantRowVerdict.SameHousehold, GrantColumns.TaxCode, GrantRowVerdict.Text(above));

    private static GrantRowVerdict OverBudget(Money left) =>
        new(GrantRowVerdict.OverBudget, GrantColumns.Amount, GrantRowVerdict.Text(left.Cents));

    private JournalEntry Entry(GrantImport import, Programme programme, GrantToMake grant) => new(
        grant.EntryId(import), EntryKinds.GrantActivated, grant.Id.ToString(), clock.Today(), import.DecidedBy!.Value.ToString(), "",
        [new(programme.AccountId, grant.Account, grant.Row.Amount)]);

    private async Task InsertAsync(Transaction tx, GrantImport import, Programme programme, List<GrantToMake> grants)
    {
        var made = new
        {
            import.Id,
            programme = programme.Id,
            ids = grants.Select(g => g.Id.Value).ToArray(),
            households = grants.Select(g => g.Household.Value).ToArray(),
            accounts = grants.Select(g => g.Account.Value).ToArray(),
            amounts = grants.Select(g => g.Row.Amount.Cents).ToArray(),
            entries = grants.Select(g => g.EntryId(import).Value).ToArray(),
            numbers = grants.Select(g => g.Row.RowNumber).ToArray(),
            programme.ValidFrom,
            programme.ValidTo,
            now = clock.Now,
        };
        await tx.ExecuteAsync(
            """
            insert into marketplace.welfare_grant
                (territory_id, id, programme_id, household_id, import_id, account_id, amount, status, valid_from, valid_to,
                 activation_entry_id, activated_at)
            select @territory, g.id, @programme, g.household, @Id, g.account, g.amount, 'Active', @ValidFrom, @ValidTo, g.entry, @now
            from unnest(@ids, @households, @accounts, @amounts, @entries) g(id, household, account, amount, entry)
            """, made);
        await tx.ExecuteAsync(
            """
            update marketplace.grant_row r set grant_id = g.id
            from unnest(@ids, @numbers) g(id, number)
            where r.territory_id = @territory and r.import_id = @Id and r.row_number = g.number
            """, made);
    }

    private static async Task RefuseAsync(Transaction tx, GrantImport import, List<(GoodRow Row, GrantRowVerdict Verdict)> refused)
    {
        if (refused.Count == 0) return;
        await tx.ExecuteAsync(
            """
            update marketplace.grant_row r set verdict = v.code, verdict_column = v.of_column, verdict_detail = v.detail
            from unnest(@numbers, @codes, @columns, @details) v(number, code, of_column, detail)
            where r.territory_id = @territory and r.import_id = @Id and r.row_number = v.number
            """,
            new
            {
                import.Id,
                numbers = refused.Select(r => r.Row.RowNumber).ToArray(),
                codes = refused.Select(r => r.Verdict.Code).ToArray(),
                columns = refused.Select(r => r.Verdict.Column).ToArray(),
                details = refused.Select(r => VerdictDetail.Join(r.Verdict.Details)).ToArray(),
            });
    }

    private Task<int> FinishAsync(Transaction tx, Id<GrantImport> id) =>
        tx.ExecuteAsync(
            """
            update marketplace.grant_import
            set status = 'Posted', posting_started_at = coalesce(posting_started_at, @now), posted_at = @now
            where territory_id = @territory and id = @id
            """, new { id, now = clock.Now });

    private enum Step
    {
        NotOurs,
        Done,
    }

    private sealed record GoodRow(
        int RowNumber, string PersonCode, string FirstName, string LastName, string MunicipalityCode, short? Band, Money Amount);

    private sealed record GrantToMake(GoodRow Row, Id<Household> Household, Id<Grant> Id, Id<Account> Account)
    {
        public Id<JournalEntry> EntryId(GrantImport import) =>
            Id<JournalEntry>.From(EntryKinds.GrantActivated, import.Id, Row.RowNumber);
    }
}
