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
        // One statement, so that a void made meanwhile is in the status and in the lines or in neither.
        var rows = await db.ListAsync<Row>(
            territory,
            """
            select h.payee_id, h.reference, h.authorised_at, h.expires_at,
                   max(v.kind) filter (where v.kind in ('Voided', 'Expired')) as closed_by,
                   l.account_id, l.amount,
                   coalesce(sum(e.captured) filter (where v.id is not null), 0)::bigint as captured,
                   coalesce(sum(e.released) filter (where v.id is not null), 0)::bigint as released
            from ledger.hold h
            join ledger.hold_line l on l.territory_id = @territory and l.hold_id = h.id
            left join ledger.hold_event_line e on e.territory_id = @territory and e.hold_id = l.hold_id and e.line = l.line
            left join ledger.hold_event v on v.territory_id = @territory and v.id = e.event_id and v.recorded_at <= @until
            where h.territory_id = @territory and h.id = @id and h.authorised_at <= @until
            group by h.payee_id, h.reference, h.authorised_at, h.expires_at, l.line, l.account_id, l.amount
            order by l.line
            """, new { id, until }, cancel);
        if (rows.Count == 0) return null;
        var head = rows[0];
        List<HoldLineState> lines = [.. rows.Select(r => new HoldLineState(r.AccountId, r.Amount, r.Captured, r.Released))];
        // A closing gives back what the lines still had, so it stands on one of them at least.
        var closedBy = rows.Select(r => r.ClosedBy).FirstOrDefault(kind => kind is not null);
        var status = closedBy is not null ? Enum.Parse<HoldStatus>(closedBy)
            : lines.Sum(l => l.Remaining).IsZero ? HoldStatus.Captured : HoldStatus.Open;
        return new(id, head.PayeeId, head.Reference, status, head.AuthorisedAt, head.ExpiresAt, lines);
    }

    private sealed record Row(
        Id<Account> PayeeId, string Reference, Instant AuthorisedAt, Instant ExpiresAt, string? ClosedBy, Id<Account> AccountId,
        Money Amount, Money Captured, Money Released);
}
