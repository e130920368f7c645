using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// The ledger's rules once more, on plain numbers in memory and one instruction at a time: what the real one is held
/// against. It copies itself before a group, so that a refused group leaves nothing.
/// </summary>
public sealed class LedgerModel
{
    private Dictionary<Id<Account>, Purse> accounts = [];
    private Dictionary<Id<Hold>, Held> holds = [];
    private Dictionary<Guid, string> entries = [];
    private Dictionary<Guid, string> events = [];
    private List<(Id<Account> Account, LocalDate On, long Cents)> moves = [];
    private LocalDate? closedThrough;

    private sealed record Purse(string Chart, AccountKind Kind, Instant? HoldsUntil, long Debits, long Credits, long OnHold)
    {
        public long Available => Kind is AccountKind.Liability ? Credits - Debits - OnHold : Debits - Credits;
    }

    private sealed record Line(Id<Account> Account, long Amount, long Captured, long Released)
    {
        public long Left => Amount - Captured - Released;
    }

    private sealed record Held(Id<Account> Payee, Instant ExpiresAt, HoldStatus Status, string Content, Line[] Lines)
    {
        public long Left => Lines.Sum(l => l.Left);
    }

    public void Open(Id<Account> id, string chart, Instant? holdsUntil = null) =>
        accounts.Add(id, new(chart, chart == "bank" ? AccountKind.Asset : AccountKind.Liability, holdsUntil, 0, 0, 0));

    /// <summary>Closes the book, unless a purse or a bank account was below nothing at the end of that day.</summary>
    public bool Close(LocalDate through)
    {
        if (through <= closedThrough) return true;
        var overdrawn = moves.Where(m => m.On <= through).GroupBy(m => m.Account)
            .Any(a => accounts[a.Key].Chart is "bank" or "grant" or "programme" && a.Sum(m => m.Cents) < 0);
        if (!overdrawn) closedThrough = through;
        return !overdrawn;
    }

    /// <summary>What two people are told who want the book open from a day on; null if it is.</summary>
    public Refusal? Reopen(LocalDate from, Id<PeriodEvent> asked, bool byAnother)
    {
        if (closedThrough is null || closedThrough < from) return new PeriodNotClosed(from, closedThrough);
        if (!byAnother) return new ReopenNeedsAnother(asked);
        closedThrough = from.PlusDays(-1);
        return null;
    }

    /// <summary>Closes all open holds whose time has passed and answers which.</summary>
    public IReadOnlyList<Id<Hold>> ExpireDue(Instant now)
    {
        List<Id<Hold>> due = [.. holds.Where(h => h.Value.Status is HoldStatus.Open && h.Value.ExpiresAt <= now).Select(h => h.Key)];
        foreach (var id in due) Do([new Instruction.Expire(Id<HoldEvent>.From("expiry", id), id)], now);
        return due;
    }

    /// <summary>The balance on the account's own side at the end of an effective day.</summary>
    public long BalanceAt(Id<Account> id, LocalDate on) => moves.Where(m => m.Account == id && m.On <= on).Sum(m => m.Cents);

    /// <summary>The totals of each account and the lines of each hold, in the words in which the book is read too.</summary>
    public string Tell() => string.Join(
        '\n',
        accounts.OrderBy(a => a.Key.ToString(), StringComparer.Ordinal)
            .Select(a => $"{a.Key.Value}: {a.Value.Debits}/{a.Value.Credits}/{a.Value.OnHold}")
            .Concat(holds.OrderBy(h => h.Key.ToString(), StringComparer.Ordinal)
                .Select(h => $"{h.Key.Value}: {h.Value.Status} {string.Join(' ', h.Value.Lines.Select(l => $"{l.Captured}/{l.Released}"))}")));

    public Refusal?[] Do(IReadOnlyList<Instruction> list, Instant now)
    {
        var answers = new Refusal?[list.Count];
        var done = new HashSet<int>();
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Group is not { } group) answers[i] = Do(list[i], now);
            else if (done.Add(group)) DoGroup(group, [.. Enumerable.Range(0, list.Count).Where(n => list[n].Group == group)], list, answers, now);
        }

        return answers;
    }

    private void DoGroup(int group, int[] members, IReadOnlyList<Instruction> list, Refusal?[] answers, Instant now)
    {
        var before = (new Dictionary<Id<Account>, Purse>(accounts), new Dictionary<Id<Hold>, Held>(holds),
            new Dictionary<Guid, string>(entries), new Dictionary<Guid, string>(events), moves.ToList());
        foreach (var member in members)
        {
            if (Do(list[member], now) is not { } refusal) continue;
            (accounts, holds, entries, events, moves) = before;
            foreach (var other in members) answers[other] = other == member ? refusal : new GroupRefused(group, refusal);
            return;
        }
    }

    private Refusal? Do(Instruction instruction, Instant now) => instruction switch
    {
        Instruction.Post post => Post(post.Entry),
        Instruction.Authorise authorise => Authorise(authorise.Hold, now),
        Instruction.Capture capture => Capture(capture, now),
        Instruction.Void v => End(v.HoldId, v.EventId, HoldStatus.Voided, $"void {v.HoldId} {v.Memo}", now),
        Instruction.Expire e => End(e.HoldId, e.EventId, HoldStatus.Expired, $"expire {e.HoldId}", now),
        _ => throw new InvalidOperationException(),
    };

    private Refusal? Post(JournalEntry entry)
    {
        var content = $"post {entry.Memo} {entry.EffectiveOn} {string.Join(' ', entry.Transfers)}";
        if (entries.TryGetValue(entry.Id.Value, out var earlier)) return earlier == content ? null : new EntryIdReused(entry.Id);
        if (entry.EffectiveOn <= closedThrough) return new PeriodClosed(entry.EffectiveOn, closedThrough.Value);
        var touched = entry.Transfers.SelectMany(t => new[] { t.Debit, t.Credit }).Distinct().ToList();
        foreach (var id in touched)
        {
            var net = entry.Transfers.Sum(t => (t.Debit == id ? t.Amount.Cents : 0) - (t.Credit == id ? t.Amount.Cents : 0));
            var needed = accounts[id].Kind switch { AccountKind.Liability => net, AccountKind.Asset => -net, _ => 0 };
            if (needed > 0 && needed > accounts[id].Available) return new InsufficientFunds(id, new(accounts[id].Available), new(needed));
        }

        foreach (var t in entry.Transfers) Move(t.Debit, t.Credit, t.Amount.Cents, entry.EffectiveOn);
        entries.Add(entry.Id.Value, content);
        return null;
    }

    private Refusal? Authorise(Hold hold, Instant now)
    {
        var content = $"{hold.Memo} {hold.Payee} {hold.ExpiresAt} {string.Join(' ', hold.Lines)}";
        if (holds.TryGetValue(hold.Id, out var earlier)) return earlier.Content == content ? null : new HoldIdReused(hold.Id);
        if (hold.ExpiresAt <= now) return new HoldAlreadyOver(hold.Id, hold.ExpiresAt);
        foreach (var (id, amount) in hold.Lines)
        {
            if (accounts[id].Kind is not AccountKind.Liability) return new AccountHoldsNothing(id, accounts[id].Kind);
            if (accounts[id].HoldsUntil < hold.ExpiresAt) return new HoldOutlivesAccount(id, hold.ExpiresAt, accounts[id].HoldsUntil!.Value);
            if (amount.Cents > accounts[id].Available) return new InsufficientFunds(id, new(accounts[id].Available), amount);
        }

        foreach (var (id, amount) in hold.Lines) accounts[id] = accounts[id] with { OnHold = accounts[id].OnHold + amount.Cents };
        holds.Add(hold.Id, new(hold.Payee, hold.ExpiresAt, HoldStatus.Open, content, [.. hold.Lines.Select(l => new Line(l.Account, l.Amount.Cents, 0, 0))]));
        return null;
    }

    private Refusal? Capture(Instruction.Capture capture, Instant now)
    {
        var content = $"capture {capture.HoldId} {capture.Amount} {capture.Rest} {capture.EffectiveOn} {capture.Memo}";
        if (entries.TryGetValue(capture.EntryId.Value, out var earlier)) return earlier == content ? null : new EntryIdReused(capture.EntryId);
        if (!holds.TryGetValue(capture.HoldId, out var hold)) return new HoldNotFound(capture.HoldId);
        if (hold.Status is not HoldStatus.Open) return new HoldNotOpen(capture.HoldId, hold.Status);
        if (hold.ExpiresAt <= now) return new HoldExpired(capture.HoldId, hold.ExpiresAt);
        var left = capture.Amount?.Cents ?? hold.Left;
        if (left > hold.Left) return new ExceedsHold(capture.HoldId, new(hold.Left), new(left));
        if (capture.EffectiveOn <= closedThrough) return new PeriodClosed(capture.EffectiveOn, closedThrough.Value);

        var lines = hold.Lines.ToArray();
        for (var i = 0; i < lines.Length; i++)
        {
            var taken = Math.Min(left, lines[i].Left);
            var released = capture.Rest is RestOfHold.Release ? lines[i].Left - taken : 0;
            left -= taken;
            lines[i] = lines[i] with { Captured = lines[i].Captured + taken, Released = lines[i].Released + released };
            accounts[lines[i].Account] = accounts[lines[i].Account] with { OnHold = accounts[lines[i].Account].OnHold - taken - released };
            Move(lines[i].Account, hold.Payee, taken, capture.EffectiveOn);
        }

        hold = hold with { Lines = lines };
        holds[capture.HoldId] = hold with { Status = hold.Left == 0 ? HoldStatus.Captured : HoldStatus.Open };
        entries.Add(capture.EntryId.Value, content);
        return null;
    }

    private Refusal? End(Id<Hold> id, Id<HoldEvent> eventId, HoldStatus status, string content, Instant now)
    {
        if (events.TryGetValue(eventId.Value, out var earlier)) return earlier == content ? null : new EventIdReused(eventId);
        if (!holds.TryGetValue(id, out var hold)) return new HoldNotFound(id);
        if (hold.Status is not HoldStatus.Open) return new HoldNotOpen(id, hold.Status);
        if (status is HoldStatus.Expired && hold.ExpiresAt > now) return new HoldNotExpired(id, hold.ExpiresAt);
        foreach (var line in hold.Lines) accounts[line.Account] = accounts[line.Account] with { OnHold = accounts[line.Account].OnHold - line.Left };
        holds[id] = hold with { Status = status, Lines = [.. hold.Lines.Select(l => l with { Released = l.Released + l.Left })] };
        events.Add(eventId.Value, content);
        return null;
    }

    private void Move(Id<Account> debit, Id<Account> credit, long cents, LocalDate on)
    {
        accounts[debit] = accounts[debit] with { Debits = accounts[debit].Debits + cents };
        accounts[credit] = accounts[credit] with { Credits = accounts[credit].Credits + cents };
        moves.Add((debit, on, accounts[debit].Kind is AccountKind.Asset ? cents : -cents));
        moves.Add((credit, on, accounts[credit].Kind is AccountKind.Asset ? -cents : cents));
    }
}
