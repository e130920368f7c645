using NodaTime;

namespace Borsellino.Ledger;

/// <summary>Reading holds, now or as they were at any past instant.</summary>
public sealed class Holds(Database db)
{
    public Task<HoldState?> FindAsync(TerritoryId territory, Id<Hold> id, CancellationToken cancel = default) =>
        AtAsync(territory, id, Instant.MaxValue, cancel);

    /// <summary>The hold as it stood at an instant, told from its events; null if it did not exist yet.</summary>
    public async Task<HoldState?> AtAsync(TerritoryId territory, Id<Hold> id, Instant at, CancellationToken cancel = default)
    {
        var until = at == Instant.MaxValue ? Instant.FromUtc(9999, 1, 1, 0, 0) : at;
        var head = await db.FindAsync<Head>(
            territory,
            """
            select h.id, h.payee_id, h.reference, h.authorised_at, h.expires_at,
                   (select v.kind from ledger.hold_event v
                    where v.territory_id = @territory and v.hold_id = h.id and v.recorded_at <= @until and v.kind in ('Voided', 'Expired')
                    limit 1) as closed_by
            from ledger.hold h where h.territory_id = @territory and h.id = @id and h.authorised_at <= @until
            """, new { id, until }, cancel);
        if (head is null) return null;
        var lines = await db.ListAsync<HoldLineState>(
            territory,
            """
            select l.account_id as account, l.amount,
                   coalesce(sum(e.captured) filter (where v.recorded_at <= @until), 0)::bigint as captured,
                   coalesce(sum(e.released) filter (where v.recorded_at <= @until), 0)::bigint as released
            from ledger.hold_line l
            left join ledger.hold_event_line e on e.territory_id = @territory and e.hold_id = l.hold_id and e.line = l.line
            left join ledger.hold_event v on v.territory_id = @territory and v.id = e.event_id
            where l.territory_id = @territory and l.hold_id = @id
            group by l.line, l.account_id, l.amount order by l.line
            """, new { id, until }, cancel);
        var status = head.ClosedBy is { } kind ? Enum.Parse<HoldStatus>(kind)
            : lines.Sum(l => l.Remaining).IsZero ? HoldStatus.Captured : HoldStatus.Open;
        return new(head.Id, head.PayeeId, head.Reference, status, head.AuthorisedAt, head.ExpiresAt, lines);
    }

    private sealed record Head(
        Id<Hold> Id, Id<Account> PayeeId, string Reference, Instant AuthorisedAt, Instant ExpiresAt, string? ClosedBy);
}
