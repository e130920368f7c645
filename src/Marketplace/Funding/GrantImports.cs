using System.Security.Cryptography;
using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>What an upload led to: the import, and whether the same file was there before.</summary>
public sealed record UploadedList(Id<GrantImport> Id, bool WasThere);

/// <summary>
/// Lists of grants: uploaded by one officer, checked row by row in the background, approved by another, posted in the
/// background. No money moves before the approval; nothing a crash interrupts is lost or done twice.
/// </summary>
public sealed class GrantImports(Database db, GeneralLedger ledger, IClock clock)
{
    private const int WaitingMax = 20;

    private readonly GrantImportCheck check = new(db, clock);
    private readonly GrantImportPosting posting = new(db, ledger, clock);
    private readonly GrantImportUndo undo = new(db, ledger, clock);

    /// <summary>
    /// Takes a file in; its rows are checked later. The same bytes for the same programme answer the earlier import,
    /// unless that was rejected, withdrawn or undone. Refused: a closed or ended programme, a file above 10 MB.
    /// </summary>
    public Task<Result<UploadedList>> UploadAsync(
        TerritoryId territory, Id<GrantImport> id, Id<Programme> programmeId, string fileName, byte[] content, Id<User> by,
        CancellationToken cancel = default) =>
        db.TransactAsync<UploadedList>(territory, async tx =>
        {
            if (content.LongLength > GrantImport.BytesMax) return new ImportFileTooLarge(content.LongLength, GrantImport.BytesMax);
            if (await Programmes.LockAsync(tx, programmeId) is not { } programme) return new ProgrammeNotFound(programmeId);

            var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
            var known = await tx.ListAsync<KnownFile>(
                """
                select id, sha256, programme_id from marketplace.grant_import
                where territory_id = @territory and (id = @id or (programme_id = @programmeId and sha256 = @sha256
                    and status not in ('Rejected', 'Withdrawn', 'Undone')))
                """, new { id, programmeId, sha256 });
            if (known.Find(k => k.Id == id) is { } repeated)
            {
                if (repeated.Sha256 == sha256 && repeated.ProgrammeId == programmeId) return new UploadedList(id, WasThere: false);
                return new ImportIdReused(id);
            }

            if (known.Count > 0) return new UploadedList(known[0].Id, WasThere: true);
            if (programme.RefuseNewMoney(clock.Today()) is { } refusal) return refusal;

            await tx.ExecuteAsync(
                """
                insert into marketplace.grant_import
                    (territory_id, id, programme_id, file_name, sha256, content, status, uploaded_by, uploaded_at)
                values (@territory, @id, @programmeId, @name, @sha256, @content, 'Checking', @by, @now)
                """, new { id, programmeId, name = PlainName(fileName), sha256, content, by, now = clock.Now });
            return new UploadedList(id, WasThere: false);
        }, cancel);

    /// <summary>Judges all rows again, for example after more budget came in. Only before anybody is asked to approve.</summary>
    public Task<Result<Id<GrantImport>>> CheckAgainAsync(TerritoryId territory, Id<GrantImport> id, CancellationToken cancel = default) =>
        db.TransactAsync<Id<GrantImport>>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } import) return new ImportNotFound(id);
            if (import.Status is GrantImportStatus.Checking) return id;
            if (import.Status is not GrantImportStatus.Checked) return new ImportStandsElsewhere(id, import.Status);
            await tx.ExecuteAsync("delete from marketplace.grant_row where territory_id = @territory and import_id = @id", new { id });
            await tx.ExecuteAsync(
                """
                update marketplace.grant_import
                set status = 'Checking', rows_done = 0, rows_good = 0, amount_good = 0, checked_at = null
                where territory_id = @territory and id = @id
                """, new { id });
            return id;
        }, cancel);

    /// <summary>
    /// Asks a second person to approve the good rows and keeps the budget for them. Refused without a good row, or when
    /// the programme has too little left beside the other lists on their way.
    /// </summary>
    public Task<Result<Id<GrantImport>>> RequestApprovalAsync(
        TerritoryId territory, Id<GrantImport> id, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<GrantImport>>(territory, async tx =>
        {
            if (await LockWithProgrammeAsync(tx, id) is not var (import, programme)) return new ImportNotFound(id);
            if (import.Status is GrantImportStatus.Requested && import.RequestedBy == by) return id;
            if (import.Status is not GrantImportStatus.Checked) return new ImportStandsElsewhere(id, import.Status);
            if (import.RowsGood == 0) return new ImportWithoutGoodRows(id);
            if (programme.RefuseNewMoney(clock.Today()) is { } refusal) return refusal;
            if (await RefuseBudgetAsync(tx, import, programme) is { } tooSmall) return tooSmall;
            await MoveAsync(tx, id, "status = 'Requested', requested_by = @by, requested_at = @now", new { id, by, now = clock.Now });
            return id;
        }, cancel);

    /// <summary>Takes a list back before it is decided. Nothing was written; the same file may be uploaded again.</summary>
    public Task<Result<Id<GrantImport>>> WithdrawAsync(
        TerritoryId territory, Id<GrantImport> id, CancellationToken cancel = default) =>
        db.TransactAsync<Id<GrantImport>>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } import) return new ImportNotFound(id);
            if (import.Status is GrantImportStatus.Withdrawn) return id;
            if (import.Status is not (GrantImportStatus.Checking or GrantImportStatus.Checked or GrantImportStatus.Unreadable
                or GrantImportStatus.Requested))
            {
                return new ImportStandsElsewhere(id, import.Status);
            }

            await MoveAsync(tx, id, "status = 'Withdrawn'", new { id });
            return id;
        }, cancel);

    /// <summary>
    /// Says yes: the good rows are posted in the background, the first within moments. Only by a person who neither
    /// uploaded nor asked; all or nothing against the budget.
    /// </summary>
    public Task<Result<Id<GrantImport>>> ApproveAsync(
        TerritoryId territory, Id<GrantImport> id, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<GrantImport>>(territory, async tx =>
        {
            if (await LockWithProgrammeAsync(tx, id) is not var (import, programme)) return new ImportNotFound(id);
            if (import.Status is GrantImportStatus.Approved or GrantImportStatus.Posted && import.DecidedBy == by) return id;
            if (import.Status is not GrantImportStatus.Requested) return new ImportStandsElsewhere(id, import.Status);
            if (!import.MayBeDecidedBy(by)) return new SecondPersonNeeded(id);
            if (programme.RefuseNewMoney(clock.Today()) is { } refusal) return refusal;
            if (await RefuseBudgetAsync(tx, import, programme) is { } tooSmall) return tooSmall;
            await MoveAsync(
                tx, id, "status = 'Approved', decided_by = @by, decided_at = @now, rows_done = 0", new { id, by, now = clock.Now });
            return id;
        }, cancel);

    /// <summary>Says no, with a note for whoever asked. Only by a second person too.</summary>
    public Task<Result<Id<GrantImport>>> RejectAsync(
        TerritoryId territory, Id<GrantImport> id, Id<User> by, string note, CancellationToken cancel = default) =>
        db.TransactAsync<Id<GrantImport>>(territory, async tx =>
        {
            var text = note.Trim();
            if (await LockAsync(tx, id) is not { } import) return new ImportNotFound(id);
            if (import.Status is GrantImportStatus.Rejected && import.DecidedBy == by) return id;
            if (import.Status is not GrantImportStatus.Requested) return new ImportStandsElsewhere(id, import.Status);
            if (!import.MayBeDecidedBy(by)) return new SecondPersonNeeded(id);
            if (text.Length is 0 or > GrantImport.NoteMax) return new TextLength("note", 1, GrantImport.NoteMax);
            await MoveAsync(
                tx, id, "status = 'Rejected', decided_by = @by, decided_at = @now, decision_note = @text",
                new { id, by, now = clock.Now, text });
            return id;
        }, cancel);

    /// <summary>
    /// Takes back a posted list within 24 hours: the grants of which nothing was spent or is held, each by a linked
    /// reversal, in the background. The others stay with their families.
    /// </summary>
    public Task<Result<Id<GrantImport>>> UndoAsync(
        TerritoryId territory, Id<GrantImport> id, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<GrantImport>>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } import) return new ImportNotFound(id);
            if (import.Status is GrantImportStatus.Undoing or GrantImportStatus.Undone && import.UndoBy == by) return id;
            if (import.Status is not GrantImportStatus.Posted) return new ImportStandsElsewhere(id, import.Status);
            if (clock.Now >= import.UndoUntil) return new UndoTooLate(id, import.UndoUntil.Value);
            await MoveAsync(tx, id, "status = 'Undoing', undo_by = @by, undo_asked_at = @now", new { id, by, now = clock.Now });
            return id;
        }, cancel);

    /// <summary>
    /// Advances one waiting import by one chunk: checking, posting or undoing. False when nothing waits, or only what
    /// another worker is at.
    /// </summary>
    public async Task<bool> WorkAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var waiting = await db.ListAsync<Waiting>(
            territory,
            """
            select id, status from marketplace.grant_import
            where territory_id = @territory and status in ('Checking', 'Approved', 'Undoing')
            order by coalesce(undo_asked_at, decided_at, uploaded_at), id limit @WaitingMax
            """, new { WaitingMax }, cancel);
        foreach (var import in waiting)
        {
            var done = import.Status switch
            {
                GrantImportStatus.Checking => await check.StepAsync(territory, import.Id, cancel),
                GrantImportStatus.Approved => await posting.StepAsync(territory, import.Id, cancel),
                _ => await undo.StepAsync(territory, import.Id, cancel),
            };
            if (done) return true;
        }

        return false;
    }

    /// <summary>Works until nothing waits: for the command line, the demo town and tests.</summary>
    public async Task WorkThroughAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        while (await WorkAsync(territory, cancel)) cancel.ThrowIfCancellationRequested();
    }

    public Task<GrantImport?> FindAsync(TerritoryId territory, Id<GrantImport> id, CancellationToken cancel = default) =>
        db.FindAsync<GrantImport>(territory, $"{GrantImport.Select} and i.id = @id", new { id }, cancel);

    /// <summary>Imports, newest first; those of one programme if it is named.</summary>
    public Task<List<GrantImport>> ListAsync(
        TerritoryId territory, Id<Programme>? programme = null, int limit = 50, int offset = 0, CancellationToken cancel = default) =>
        db.ListAsync<GrantImport>(
            territory,
            $"""
            {GrantImport.Select} and (@programme::uuid is null or i.programme_id = @programme)
            order by i.uploaded_at desc, i.id desc limit @limit offset @offset
            """, new { programme, limit, offset }, cancel);

    /// <summary>What waits for somebody: checked lists for whoever uploads, requested ones for a second person. Oldest first.</summary>
    public Task<List<GrantImport>> WaitingAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<GrantImport>(
            territory,
            $"""
            {GrantImport.Select} and i.status in ('Requested', 'Checked', 'Unreadable', 'Checking', 'Approved', 'Undoing')
            order by i.status <> 'Requested', coalesce(i.requested_at, i.uploaded_at), i.id limit 50
            """, cancel: cancel);

    /// <summary>How many grants of the list families still have: after an undo, those that were in use.</summary>
    public async Task<int> LivingGrantsAsync(TerritoryId territory, Id<GrantImport> id, CancellationToken cancel = default) =>
        (await db.ListAsync<int>(
            territory,
            """
            select count(*)::int from marketplace.welfare_grant
            where territory_id = @territory and import_id = @id and status in ('Active', 'Suspended')
            """, new { id }, cancel))[0];

    internal static Task<GrantImport?> LockAsync(Transaction tx, Id<GrantImport> id) =>
        tx.FindAsync<GrantImport>($"{GrantImport.Select} and i.id = @id for no key update of i", new { id });

    /// <summary>The import, locked now; null if it is unknown or another transaction is at it.</summary>
    internal static Task<GrantImport?> LockIfFreeAsync(Transaction tx, Id<GrantImport> id) =>
        tx.FindAsync<GrantImport>($"{GrantImport.Select} and i.id = @id for no key update of i skip locked", new { id });

    /// <summary>What the programme could still grant beside the lists that are promised already, this one left out.</summary>
    internal static async Task<Money> LeftAsync(Transaction tx, Programme programme, Id<GrantImport> except) =>
        (await tx.ListAsync<Money>(
            """
            select (a.credits - a.debits - a.debits_held - coalesce((
                select sum(o.amount_good - o.amount_posted) from marketplace.grant_import o
                where o.territory_id = @territory and o.programme_id = @Id and o.id <> @except and o.status in ('Requested', 'Approved')), 0))::bigint
            from ledger.account a where a.territory_id = @territory and a.id = @AccountId
            """, new { programme.Id, programme.AccountId, except }))[0];

    private static async Task<Refusal?> RefuseBudgetAsync(Transaction tx, GrantImport import, Programme programme)
    {
        var left = await LeftAsync(tx, programme, import.Id);
        return left < import.AmountGood ? new BudgetTooSmall(left, import.AmountGood) : null;
    }

    // The programme first: two lists that promise the same budget follow each other.
    private static async Task<(GrantImport Import, Programme Programme)?> LockWithProgrammeAsync(Transaction tx, Id<GrantImport> id)
    {
        var programme = await tx.ListAsync<Id<Programme>>(
            "select programme_id from marketplace.grant_import where territory_id = @territory and id = @id", new { id });
        if (programme.Count == 0) return null;
        var locked = await Programmes.LockAsync(tx, programme[0]);
        return ((await LockAsync(tx, id))!, locked!);
    }

    private static Task<int> MoveAsync(Transaction tx, Id<GrantImport> id, string set, object parameters) =>
        tx.ExecuteAsync($"update marketplace.grant_import set {set} where territory_id = @territory and id = @id", parameters);

    private static string PlainName(string fileName)
    {
        var name = new string([.. fileName.Split('/', '\\')[^1].Where(c => !char.IsControl(c))]).Trim();
        if (name.Length == 0) return "grants.csv";
        return name.Length <= GrantImport.FileNameMax ? name : name[^GrantImport.FileNameMax..];
    }

    private sealed record KnownFile(Id<GrantImport> Id, string Sha256, Id<Programme> ProgrammeId);

    private sealed record Waiting(Id<GrantImport> Id, GrantImportStatus Status);
}
