using NodaTime.Text;

namespace Borsellino.Ledger;

/// <summary>
/// The heart: records entries and holds in a territory's book. Everything goes through one list, so that one posting
/// and ten thousand take the same path and the same number of statements: lock the accounts in id order, read what is
/// known of the ids, decide each instruction in list order (<see cref="Worksheet"/>), write what was accepted.
/// </summary>
public sealed class GeneralLedger(IClock clock)
{
    public const int InstructionsMax = 10_000;

    private ChartRules? rules;

    /// <summary>
    /// Records an entry and moves the balances. The same entry again changes nothing; the same id with another content
    /// is refused. No liability falls below what it holds, no asset below zero, nothing enters a closed period.
    /// </summary>
    public async Task<Result<Id<JournalEntry>>> PostAsync(Transaction tx, JournalEntry entry)
    {
        if (await DoOneAsync(tx, new Instruction.Post(entry)) is { } refusal) return refusal;
        return entry.Id;
    }

    /// <summary>Sets money aside on one or more accounts, all lines or none. Repeating it changes nothing.</summary>
    public async Task<Result<Id<Hold>>> AuthoriseAsync(Transaction tx, Hold hold)
    {
        if (await DoOneAsync(tx, new Instruction.Authorise(hold)) is { } refusal) return refusal;
        return hold.Id;
    }

    /// <summary>Pays a hold, whole or in part. Refused once it has expired, is closed, or has too little left.</summary>
    public async Task<Result<Id<JournalEntry>>> CaptureAsync(Transaction tx, Instruction.Capture capture)
    {
        if (await DoOneAsync(tx, capture) is { } refusal) return refusal;
        return capture.EntryId;
    }

    /// <summary>Gives back what is left of a hold. A hold that is closed already is refused, unless by this same void.</summary>
    public async Task<Result<Done>> VoidAsync(Transaction tx, Instruction.Void @void)
    {
        if (await DoOneAsync(tx, @void) is { } refusal) return refusal;
        return default(Done);
    }

    private async Task<Refusal?> DoOneAsync(Transaction tx, Instruction instruction) =>
        (await DoAsync(tx, [instruction]))[0];

    /// <summary>
    /// Does a list of instructions and answers in the same order: null for done (now or earlier), or why not. Accepted
    /// ones are written together; refused ones, and groups with a refused one in them, leave nothing.
    /// </summary>
    public Task<Refusal?[]> DoAsync(Transaction tx, IReadOnlyList<Instruction> instructions) => DoAsync(tx, instructions, alone: false);

    /// <summary>
    /// The same as the one and only thing of a transaction, saving a round trip: what is written is sent with the commit.
    /// </summary>
    internal Task<Refusal?[]> DoAloneAsync(Transaction tx, IReadOnlyList<Instruction> instructions) => DoAsync(tx, instructions, alone: true);

    private async Task<Refusal?[]> DoAsync(Transaction tx, IReadOnlyList<Instruction> instructions, bool alone)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(instructions.Count, InstructionsMax);
        if (instructions.Count == 0) return [];
        rules ??= await ChartRules.ReadAsync(tx);
        var sheet = await Worksheet.LockAsync(tx, instructions, clock.Now, rules, alone);
        var answers = sheet.Decide(instructions);

        // From here on what was accepted must be recorded: every refusal is behind us.
        await sheet.RecordAsync(tx, alone);
        return answers;
    }

    /// <summary>
    /// Opens accounts, up to ten thousand at once. The same account again changes nothing; the limit for holds is not
    /// compared, because it may have been moved since. Throws for a place that the chart of accounts does not have.
    /// </summary>
    public async Task<Result<Done>> OpenAsync(Transaction tx, params IReadOnlyList<NewAccount> accounts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(accounts.Count, InstructionsMax);
        await tx.ExecuteAsync(
            """
            insert into ledger.account (territory_id, id, chart, kind, name, holds_until, opened_at)
            select @territory, a.id, a.chart, c.kind, a.name, a.holds_until, @now
            from unnest(@ids, @charts, @names, @holdsUntil::timestamptz[]) a(id, chart, name, holds_until)
            join ledger.chart c on c.code = a.chart
            order by a.id
            on conflict (territory_id, id) do nothing
            """,
            new
            {
                ids = accounts.Select(a => a.Id.Value).ToArray(),
                charts = accounts.Select(a => a.Chart).ToArray(),
                names = accounts.Select(a => a.Name).ToArray(),
                // As text: an array of dates that begins with none would be taken for one without time zone.
                holdsUntil = accounts.Select(a => a.HoldsUntil is { } until ? InstantPattern.ExtendedIso.Format(until) : null).ToArray(),
                now = clock.Now,
            });
        var other = await tx.ListAsync<Mismatch>(
            """
            select a.id, a.chart, o.id is not null as exists
            from unnest(@ids, @charts, @names) a(id, chart, name)
            left join ledger.account o on o.territory_id = @territory and o.id = a.id
            where o.chart is distinct from a.chart or o.name is distinct from a.name
            """,
            new
            {
                ids = accounts.Select(a => a.Id.Value).ToArray(),
                charts = accounts.Select(a => a.Chart).ToArray(),
                names = accounts.Select(a => a.Name).ToArray(),
            });
        if (other.Find(m => !m.Exists) is { } unknown)
        {
            throw new ArgumentException($"The chart of accounts has no place '{unknown.Chart}'.", nameof(accounts));
        }

        if (other.Count > 0) return new AccountIdReused(other[0].Id);
        return default(Done);
    }

    private sealed record Mismatch(Id<Account> Id, string Chart, bool Exists);

    /// <summary>Closes an account for good. Refused while anything is left on it or held. Repeatable.</summary>
    public async Task<Result<Done>> CloseAsync(Transaction tx, Id<Account> id)
    {
        var account = await tx.FindAsync<Account>($"{Accounts.Select} where territory_id = @territory and id = @id for update", new { id });
        if (account is null) return new AccountNotFound(id);
        if (account.ClosedAt is not null) return default(Done);
        if (!account.Balance.IsZero || !account.DebitsHeld.IsZero) return new AccountNotEmpty(id, account.Balance);
        await tx.ExecuteAsync(
            "update ledger.account set closed_at = @now where territory_id = @territory and id = @id", new { id, now = clock.Now });
        return default(Done);
    }

    /// <summary>
    /// Closes the holds whose time has passed, at most <paramref name="limit"/> of them, and answers their ids.
    /// A hold that another transaction is working on is waited for: if that one paid it or gave it back, it is not among the
    /// answers; if that one expired it too, it is in both.
    /// </summary>
    public async Task<Result<IReadOnlyList<Id<Hold>>>> ExpireDueAsync(Transaction tx, int limit = 1000)
    {
        var due = await tx.ListAsync<Id<Hold>>(
            """
            select id from ledger.hold
            where territory_id = @territory and status = 'Open' and expires_at <= @now
            order by expires_at limit @limit
            """, new { now = clock.Now, limit });
        var answers = await DoAsync(tx, [.. due.Select(id => new Instruction.Expire(Id<HoldEvent>.From("expiry", id), id))]);
        return due.Where((_, i) => answers[i] is null).ToList();
    }
}
