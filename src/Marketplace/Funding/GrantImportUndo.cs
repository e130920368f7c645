using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>Takes back the untouched grants of a posted list, a chunk in each transaction, each by a linked reversal.</summary>
internal sealed class GrantImportUndo(Database db, GeneralLedger ledger, IClock clock)
{
    private const int ChunkRows = 1000;

    /// <summary>Does one chunk; false if the import is not being undone any more or another worker is at it.</summary>
    public async Task<bool> StepAsync(TerritoryId territory, Id<GrantImport> id, CancellationToken cancel)
    {
        var step = await db.TransactAsync<Step>(territory, async tx =>
        {
            if (await GrantImports.LockIfFreeAsync(tx, id) is not { Status: GrantImportStatus.Undoing } import) return Step.NotOurs;
            var programme = (await Programmes.LockAsync(tx, import.ProgrammeId))!;
            var grants = await tx.ListAsync<Untouched>(
                """
                select g.id, g.account_id, g.amount, g.activation_entry_id
                from marketplace.welfare_grant g
                join ledger.account a on a.territory_id = @territory and a.id = g.account_id
                where g.territory_id = @territory and g.import_id = @id and g.status = 'Active' and a.debits = 0 and a.debits_held = 0
                order by g.id limit @ChunkRows
                for no key update of g
                """, new { id, ChunkRows });
            var undone = await TakeBackAsync(tx, import, programme, grants);
            // A grant that a booking has just reached is refused by the book and stays; the next look leaves it out.
            if (undone == 0) await FinishAsync(tx, id);
            return Step.Done;
        }, cancel);
        return step.OrThrow() is Step.Done;
    }

    private async Task<int> TakeBackAsync(Transaction tx, GrantImport import, Programme programme, List<Untouched> grants)
    {
        var answers = await ledger.DoAsync(tx, [.. grants.Select(g => new Instruction.Post(Reversal(import, programme, g)))]);
        var undone = grants.Where((_, i) => answers[i] is null).Select(g => g.Id.Value).ToArray();
        await tx.ExecuteAsync(
            "update marketplace.welfare_grant set status = 'Revoked' where territory_id = @territory and id = any(@undone)", new { undone });
        return undone.Length;
    }

    private JournalEntry Reversal(GrantImport import, Programme programme, Untouched grant) => new(
        Id<JournalEntry>.From(EntryKinds.GrantUndone, grant.Id), EntryKinds.GrantUndone, grant.Id.ToString(), clock.Today(),
        import.UndoBy!.Value.ToString(), "", [new(grant.AccountId, programme.AccountId, grant.Amount)], grant.ActivationEntryId);

    private Task<int> FinishAsync(Transaction tx, Id<GrantImport> id) =>
        tx.ExecuteAsync(
            "update marketplace.grant_import set status = 'Undone', undone_at = @now where territory_id = @territory and id = @id",
            new { id, now = clock.Now });

    private enum Step
    {
        NotOurs,
        Done,
    }

    private sealed record Untouched(Id<Grant> Id, Id<Account> AccountId, Money Amount, Id<JournalEntry> ActivationEntryId);
}
