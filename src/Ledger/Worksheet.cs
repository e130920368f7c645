using NodaTime;

namespace Borsellino.Ledger;

/// <summary>
/// The sheet one call works on: the accounts it locked, the holds and ids it knows, what it decided. Deciding touches
/// memory only; <c>Worksheet.Record.cs</c> writes the outcome. A worksheet lives inside one transaction.
/// </summary>
internal sealed partial class Worksheet
{
    private readonly Instant now;
    private readonly Dictionary<Id<Account>, AccountRow> accounts = [];
    private readonly Dictionary<Id<Hold>, HoldRow> holds = [];
    private readonly Dictionary<Guid, byte[]> entryDigests = [];
    private readonly Dictionary<Guid, KnownEvent> knownEvents = [];
    private readonly List<EntryRow> entries = [];
    private readonly List<PostingRow> postings = [];
    private readonly List<EventRow> events = [];
    private readonly Stack<Action> undo = [];
    private LocalDate? closedThrough;

    private Worksheet(Instant now) => this.now = now;

    /// <summary>Decides every instruction in list order; a group is decided where its first instruction stands.</summary>
    public Refusal?[] Decide(IReadOnlyList<Instruction> instructions)
    {
        var answers = new Refusal?[instructions.Count];
        var groups = instructions.Select((instruction, index) => (instruction, index))
            .Where(i => i.instruction.Group is not null)
            .GroupBy(i => i.instruction.Group!.Value)
            .ToDictionary(g => g.Key, g => g.Select(i => i.index).ToList());
        for (var i = 0; i < instructions.Count; i++)
        {
            if (instructions[i].Group is not { } group) answers[i] = DecideOne(instructions[i]);
            else if (groups[group][0] == i) DecideGroup(group, groups[group], instructions, answers);
        }

        return answers;
    }

    private void DecideGroup(int group, List<int> members, IReadOnlyList<Instruction> instructions, Refusal?[] answers)
    {
        var mark = (entries.Count, postings.Count, events.Count);
        undo.Clear();
        foreach (var i in members)
        {
            if (DecideOne(instructions[i]) is not { } refusal) continue;
            while (undo.TryPop(out var back)) back();
            entries.RemoveRange(mark.Item1, entries.Count - mark.Item1);
            postings.RemoveRange(mark.Item2, postings.Count - mark.Item2);
            events.RemoveRange(mark.Item3, events.Count - mark.Item3);
            foreach (var other in members) answers[other] = new GroupRefused(group, refusal);
            answers[i] = refusal;
            return;
        }
    }

    private Refusal? DecideOne(Instruction instruction) => instruction switch
    {
        Instruction.Post post => Post(post.Entry),
        Instruction.Authorise authorise => Authorise(authorise.Hold),
        Instruction.Capture capture => Capture(capture),
        Instruction.Void @void => Close(@void.EventId, @void.HoldId, HoldStatus.Voided, @void.Actor, @void.Memo),
        Instruction.Expire expire => Close(expire.EventId, expire.HoldId, HoldStatus.Expired, "system", ""),
        _ => throw new InvalidOperationException($"No decision for {instruction.GetType().Name}."),
    };

    private Refusal? Post(JournalEntry entry)
    {
        var digest = entry.Digest();
        if (entryDigests.TryGetValue(entry.Id.Value, out var earlier))
        {
            return earlier.AsSpan().SequenceEqual(digest) ? null : new EntryIdReused(entry.Id);
        }

        if (entry.Reverses is { } reversed && !entryDigests.ContainsKey(reversed.Value)) return new EntryNotFound(reversed);
        var legs = entry.Postings();
        if (RefuseEntry(entry.EffectiveOn, legs, releasing: null) is { } refusal) return refusal;

        Add(entry, legs, digest);
        return null;
    }

    private Refusal? Authorise(Hold hold)
    {
        var digest = hold.Digest();
        if (holds.TryGetValue(hold.Id, out var earlier))
        {
            return earlier.Digest.AsSpan().SequenceEqual(digest) ? null : new HoldIdReused(hold.Id);
        }

        if (knownEvents.ContainsKey(hold.Id.Value)) return new HoldIdReused(hold.Id);
        if (hold.ExpiresAt <= now) return new HoldAlreadyOver(hold.Id, hold.ExpiresAt);
        if (!accounts.TryGetValue(hold.Payee, out var payee)) return new AccountNotFound(hold.Payee);
        if (payee.IsClosed) return new AccountClosed(hold.Payee);
        foreach (var line in hold.Lines)
        {
            if (!accounts.TryGetValue(line.Account, out var account)) return new AccountNotFound(line.Account);
            if (account.IsClosed) return new AccountClosed(line.Account);
            if (account.Kind is not AccountKind.Liability) return new AccountHoldsNothing(line.Account, account.Kind);
            if (account.HoldsUntil < hold.ExpiresAt) return new HoldOutlivesAccount(line.Account, hold.ExpiresAt, account.HoldsUntil.Value);
            if (account.Available < line.Amount) return new InsufficientFunds(line.Account, account.Available, line.Amount);
        }

        var row = new HoldRow(hold.Id, hold.Payee, hold.ExpiresAt, digest, hold);
        foreach (var line in hold.Lines)
        {
            row.Lines.Add(new HoldLineRow(line.Account, line.Amount));
            Hold(accounts[line.Account], line.Amount);
        }

        holds.Add(hold.Id, row);
        undo.Push(() => holds.Remove(hold.Id));
        AddEvent(new(hold.Id.Value, row, nameof(HoldEventKind.Authorised), hold.Actor, hold.Memo, null, []));
        return null;
    }

    private Refusal? Capture(Instruction.Capture capture)
    {
        var digest = capture.Digest();
        if (entryDigests.TryGetValue(capture.EntryId.Value, out var earlier))
        {
            return earlier.AsSpan().SequenceEqual(digest) ? null : new EntryIdReused(capture.EntryId);
        }

        if (knownEvents.ContainsKey(capture.EntryId.Value)) return new EntryIdReused(capture.EntryId);
        if (!holds.TryGetValue(capture.HoldId, out var hold)) return new HoldNotFound(capture.HoldId);
        if (hold.Status is not HoldStatus.Open) return new HoldNotOpen(hold.Id, hold.Status);
        if (hold.ExpiresAt <= now) return new HoldExpired(hold.Id, hold.ExpiresAt);
        var amount = capture.Amount ?? hold.Remaining;
        if (amount > hold.Remaining) return new ExceedsHold(hold.Id, hold.Remaining, amount);

        var parts = new List<HoldMove>();
        var left = amount;
        foreach (var line in hold.Lines)
        {
            var taken = Money.Min(left, line.Remaining);
            left -= taken;
            var released = capture.Rest is RestOfHold.Release ? line.Remaining - taken : Money.Zero;
            if (taken.IsPositive || released.IsPositive) parts.Add(new(line, taken, released));
        }

        var entry = new JournalEntry(
            capture.EntryId, capture.Kind, capture.Reference, capture.EffectiveOn, capture.Actor, capture.Memo,
            [.. parts.Where(p => p.Captured.IsPositive).Select(p => new Transfer(p.Line.Account, hold.Payee, p.Captured))]);
        var legs = entry.Postings();
        if (RefuseEntry(entry.EffectiveOn, legs, parts) is { } refusal) return refusal;

        Move(parts);
        Add(entry, legs, digest);
        AddEvent(new(capture.EntryId.Value, hold, nameof(HoldEventKind.Captured), capture.Actor, capture.Memo, capture.EntryId.Value, parts));
        if (hold.Remaining.IsZero) SetStatus(hold, HoldStatus.Captured);
        return null;
    }

    private Refusal? Close(Id<HoldEvent> eventId, Id<Hold> id, HoldStatus status, string actor, string memo)
    {
        if (knownEvents.TryGetValue(eventId.Value, out var known))
        {
            return known == new KnownEvent(id.Value, status.ToString(), actor, memo) ? null : new EventIdReused(eventId);
        }

        if (!holds.TryGetValue(id, out var hold)) return new HoldNotFound(id);
        if (hold.Status is not HoldStatus.Open) return new HoldNotOpen(id, hold.Status);
        if (status is HoldStatus.Expired && hold.ExpiresAt > now) return new HoldNotExpired(id, hold.ExpiresAt);

        var parts = hold.Lines.Where(l => l.Remaining.IsPositive).Select(l => new HoldMove(l, Money.Zero, l.Remaining)).ToList();
        Move(parts);
        AddEvent(new(eventId.Value, hold, status.ToString(), actor, memo, null, parts));
        SetStatus(hold, status);
        return null;
    }

    /// <summary>All that can be wrong with an entry, judged on its net effect: what the check constraint judges too.</summary>
    private Refusal? RefuseEntry(LocalDate effectiveOn, IReadOnlyList<Posting> legs, List<HoldMove>? releasing)
    {
        if (closedThrough is { } closed && effectiveOn <= closed) return new PeriodClosed(effectiveOn, closed);
        foreach (var leg in legs)
        {
            if (!accounts.TryGetValue(leg.Account, out var account)) return new AccountNotFound(leg.Account);
            if (account.IsClosed) return new AccountClosed(leg.Account);
        }

        foreach (var net in legs.GroupBy(l => l.Account))
        {
            var account = accounts[net.Key];
            if (account.Kind is not (AccountKind.Liability or AccountKind.Asset)) continue;
            var debit = net.Sum(l => l.Debit);
            var credit = net.Sum(l => l.Credit);
            var needed = account.Kind is AccountKind.Liability ? debit - credit : credit - debit;
            var freed = releasing?.Where(p => p.Line.Account == net.Key).Sum(p => p.Captured + p.Released) ?? Money.Zero;
            if (needed.IsPositive && account.Available + freed < needed)
            {
                return new InsufficientFunds(net.Key, account.Available + freed, needed);
            }
        }

        return null;
    }

    private void Add(JournalEntry entry, IReadOnlyList<Posting> legs, byte[] digest)
    {
        entries.Add(new(entry, (short)legs.Count, digest));
        entryDigests.Add(entry.Id.Value, digest);
        undo.Push(() => entryDigests.Remove(entry.Id.Value));
        short line = 0;
        foreach (var leg in legs)
        {
            var account = accounts[leg.Account];
            account.Debits += leg.Debit;
            account.Credits += leg.Credit;
            account.Movements++;
            undo.Push(() =>
            {
                account.Debits -= leg.Debit;
                account.Credits -= leg.Credit;
                account.Movements--;
            });
            postings.Add(new(entry, ++line, (short)legs.Count, leg, account.Movements, account.Debits, account.Credits));
        }
    }

    private void Move(List<HoldMove> moves)
    {
        foreach (var (line, captured, released) in moves)
        {
            line.Captured += captured;
            line.Released += released;
            undo.Push(() =>
            {
                line.Captured -= captured;
                line.Released -= released;
            });
            Hold(accounts[line.Account], -(captured + released));
        }
    }

    private void Hold(AccountRow account, Money amount)
    {
        account.Held += amount;
        undo.Push(() => account.Held -= amount);
    }

    private void SetStatus(HoldRow hold, HoldStatus status)
    {
        hold.Status = status;
        undo.Push(() => hold.Status = HoldStatus.Open);
    }

    private void AddEvent(EventRow row)
    {
        events.Add(row);
        knownEvents.Add(row.Id, new(row.Hold.Id.Value, row.Kind, row.Actor, row.Memo));
        undo.Push(() => knownEvents.Remove(row.Id));
    }

    private enum HoldEventKind
    {
        Authorised,
        Captured,
    }

    private sealed class AccountRow(Account account, long movements)
    {
        private readonly Account before = account;
        private readonly long movementsBefore = movements;

        public Id<Account> Id => before.Id;
        public AccountKind Kind => before.Kind;
        public Instant? HoldsUntil => before.HoldsUntil;
        public bool IsClosed => before.ClosedAt is not null;
        public Money Debits { get; set; } = account.Debits;
        public Money Credits { get; set; } = account.Credits;
        public Money Held { get; set; } = account.DebitsHeld;
        public long Movements { get; set; } = movements;

        public Money Available => (Kind is AccountKind.Liability ? Credits - Debits : Debits - Credits) - Held;
        public Money AddedDebits => Debits - before.Debits;
        public Money AddedCredits => Credits - before.Credits;
        public Money AddedHeld => Held - before.DebitsHeld;
        public long AddedMovements => Movements - movementsBefore;
        public bool Changed => AddedMovements != 0 || !AddedHeld.IsZero;
    }

    private sealed class HoldRow(Id<Hold> id, Id<Account> payee, Instant expiresAt, byte[] digest, Hold? isNew)
    {
        public Id<Hold> Id { get; } = id;
        public Id<Account> Payee { get; } = payee;
        public Instant ExpiresAt { get; } = expiresAt;
        public byte[] Digest { get; } = digest;
        public Hold? New { get; } = isNew;
        public HoldStatus StatusBefore { get; init; }
        public HoldStatus Status { get; set; }
        public List<HoldLineRow> Lines { get; } = [];
        public Money Remaining => Lines.Sum(l => l.Remaining);
    }

    private sealed class HoldLineRow(Id<Account> account, Money amount)
    {
        public Id<Account> Account { get; } = account;
        public Money Amount { get; } = amount;
        public Money CapturedBefore { get; init; }
        public Money ReleasedBefore { get; init; }
        public Money Captured { get; set; }
        public Money Released { get; set; }
        public Money Remaining => Amount - Captured - Released;
    }

    private sealed record HoldMove(HoldLineRow Line, Money Captured, Money Released);

    private sealed record EntryRow(JournalEntry Entry, short Lines, byte[] Digest);

    private sealed record PostingRow(
        JournalEntry Entry, short Line, short Lines, Posting Leg, long Position, Money DebitsAfter, Money CreditsAfter);

    private sealed record KnownEvent(Guid Hold, string Kind, string Actor, string Memo);

    private sealed record EventRow(
        Guid Id, HoldRow Hold, string Kind, string Actor, string Memo, Guid? EntryId, List<HoldMove> Moves);
}
