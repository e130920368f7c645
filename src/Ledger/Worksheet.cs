using NodaTime;
using NpgsqlTypes;

namespace Borsellino.Ledger;

/// <summary>
/// The sheet one call works on: the accounts it locked, the holds and ids it knows, what it decided. Deciding touches
/// memory only; <c>Worksheet.Record.cs</c> writes the outcome. A worksheet lives inside one transaction.
/// </summary>
internal sealed partial class Worksheet
{
    private readonly Instant now;
    private readonly ChartRules rules;
    private readonly byte[][] digests;
    private readonly Dictionary<Id<Account>, AccountRow> accounts = [];
    private readonly Dictionary<Id<Hold>, HoldRow> holds = [];
    private readonly Dictionary<Guid, byte[]> entryDigests = [];
    private readonly Dictionary<Guid, KnownEvent> knownEvents = [];
    private readonly List<EntryRow> entries = [];
    private readonly List<PostingRow> postings = [];
    private readonly List<EventRow> events = [];
    private readonly Stack<Action> undo = [];
    private bool grouped;
    private LocalDate? closedThrough;
    private LocalDate? sealedThrough;
    private Instant recordedAt;

    /// <summary>What each instruction says is digested here, while nothing is locked yet.</summary>
    private Worksheet(IReadOnlyList<Instruction> instructions, Instant now, ChartRules rules)
    {
        (this.now, this.rules) = (now, rules);
        digests = [.. instructions.Select(Digest)];
    }

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
            if (instructions[i].Group is not { } group) answers[i] = DecideOne(instructions[i], digests[i]);
            else if (groups[group][0] == i) DecideGroup(group, groups[group], instructions, answers);
        }

        return answers;
    }

    private void DecideGroup(int group, List<int> members, IReadOnlyList<Instruction> instructions, Refusal?[] answers)
    {
        var mark = (entries.Count, postings.Count, events.Count);
        grouped = true;
        foreach (var i in members)
        {
            if (DecideOne(instructions[i], digests[i]) is not { } refusal) continue;
            while (undo.TryPop(out var back)) back();
            entries.RemoveRange(mark.Item1, entries.Count - mark.Item1);
            postings.RemoveRange(mark.Item2, postings.Count - mark.Item2);
            events.RemoveRange(mark.Item3, events.Count - mark.Item3);
            foreach (var other in members) answers[other] = new GroupRefused(group, refusal);
            answers[i] = refusal;
            break;
        }

        undo.Clear();
        grouped = false;
    }

    private static byte[] Digest(Instruction instruction) => instruction switch
    {
        Instruction.Post { Entry: var entry } => entry.Digest(),
        Instruction.Authorise { Hold: var hold } => hold.Digest(),
        Instruction.Capture capture => capture.Digest(),
        _ => [],
    };

    private Refusal? DecideOne(Instruction instruction, byte[] digest) => instruction switch
    {
        Instruction.Post post => Post(post.Entry, digest),
        Instruction.Authorise authorise => Authorise(authorise.Hold, digest),
        Instruction.Capture capture => Capture(capture, digest),
        Instruction.Void @void => Close(@void.EventId, @void.HoldId, HoldStatus.Voided, @void.Actor, @void.Memo),
        Instruction.Expire expire => Close(expire.EventId, expire.HoldId, HoldStatus.Expired, "system", ""),
        _ => throw new InvalidOperationException($"No decision for {instruction.GetType().Name}."),
    };

    private Refusal? Post(JournalEntry entry, byte[] digest)
    {
        if (entryDigests.TryGetValue(entry.Id.Value, out var earlier))
        {
            return earlier.AsSpan().SequenceEqual(digest) ? null : new EntryIdReused(entry.Id);
        }

        if (entry.Reverses is { } reversed && !entryDigests.ContainsKey(reversed.Value)) return new EntryNotFound(reversed);
        var legs = entry.Postings();
        if (RefuseEntry(entry, legs, releasing: null) is { } refusal) return refusal;

        Add(entry, legs, digest);
        return null;
    }

    private Refusal? Authorise(Hold hold, byte[] digest)
    {
        if (holds.TryGetValue(hold.Id, out var earlier))
        {
            return earlier.Digest.AsSpan().SequenceEqual(digest) ? null : new HoldIdReused(hold.Id);
        }

        if (knownEvents.ContainsKey(hold.Id.Value)) return new HoldIdReused(hold.Id);
        if (hold.ExpiresAt <= recordedAt) return new HoldAlreadyOver(hold.Id, hold.ExpiresAt);
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
        if (grouped) undo.Push(() => holds.Remove(row.Id));
        AddEvent(new(hold.Id.Value, row, nameof(HoldEventKind.Authorised), hold.Actor, hold.Memo, null, []));
        return null;
    }

    private Refusal? Capture(Instruction.Capture capture, byte[] digest)
    {
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
        if (RefuseEntry(entry, legs, parts) is { } refusal) return refusal;

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
    private Refusal? RefuseEntry(JournalEntry entry, IReadOnlyList<Posting> legs, List<HoldMove>? releasing)
    {
        if (closedThrough is { } closed && entry.EffectiveOn <= closed) return new PeriodClosed(entry.EffectiveOn, closed);
        foreach (var leg in legs)
        {
            if (!accounts.TryGetValue(leg.Account, out var account)) return new AccountNotFound(leg.Account);
            if (account.IsClosed) return new AccountClosed(leg.Account);
            var side = leg.Debit.IsPositive ? EntrySide.Debit : EntrySide.Credit;
            if (!rules.Allow(entry.Kind, account.Chart, side)) return new EntryOutsideChart(entry.Kind, account.Chart, side);
        }

        foreach (var leg in legs) accounts[leg.Account].Pending += leg.Debit - leg.Credit;
        Refusal? refusal = null;
        foreach (var leg in legs)
        {
            var account = accounts[leg.Account];
            var needed = account.Kind is AccountKind.Liability ? account.Pending : -account.Pending;
            account.Pending = Money.Zero;
            if (refusal is not null || !needed.IsPositive || account.Kind is not (AccountKind.Liability or AccountKind.Asset)) continue;
            var freed = releasing?.Where(p => p.Line.Account == leg.Account).Sum(p => p.Captured + p.Released) ?? Money.Zero;
            if (account.Available + freed < needed) refusal = new InsufficientFunds(leg.Account, account.Available + freed, needed);
        }

        return refusal;
    }

    private void Add(JournalEntry entry, IReadOnlyList<Posting> legs, byte[] digest)
    {
        entries.Add(new(entry, (short)legs.Count, digest));
        entryDigests.Add(entry.Id.Value, digest);
        if (grouped) undo.Push(() => entryDigests.Remove(entry.Id.Value));
        var day = entry.EffectiveOn.ToDateOnly();
        short line = 0;
        foreach (var leg in legs)
        {
            var account = accounts[leg.Account];
            if (grouped) undo.Push(account.Keep());
            var latestBefore = account.LatestOn;
            account.Debits += leg.Debit;
            account.Credits += leg.Credit;
            account.Movements++;
            if (day > latestBefore) account.LatestOn = day;
            postings.Add(new(entries.Count, ++line, account, leg, account.Movements, account.Debits, account.Credits, latestBefore));
        }
    }

    private void Move(List<HoldMove> moves)
    {
        foreach (var move in moves)
        {
            var (line, captured, released) = move;
            line.Captured += captured;
            line.Released += released;
            if (grouped) undo.Push(move.TakeBack);
            Hold(accounts[line.Account], -(captured + released));
        }
    }

    private void Hold(AccountRow account, Money amount)
    {
        if (grouped) undo.Push(account.Keep());
        account.Held += amount;
    }

    private void SetStatus(HoldRow hold, HoldStatus status)
    {
        hold.Status = status;
        if (grouped) undo.Push(hold.Reopen);
    }

    private void AddEvent(EventRow row)
    {
        events.Add(row);
        knownEvents.Add(row.Id, new(row.Hold.Id.Value, row.Kind, row.Actor, row.Memo));
        if (grouped) undo.Push(() => knownEvents.Remove(row.Id));
    }

    private enum HoldEventKind
    {
        Authorised,
        Captured,
    }

    /// <summary>An account as it was read under lock, and as it is after what was decided so far.</summary>
    private sealed record AccountState(Money Debits, Money Credits, Money Held, long Movements, DateOnly LatestOn);

    private sealed class AccountRow(
        Id<Account> id, string chart, AccountKind kind, AccountState before, DateOnly recordedOn, Instant? holdsUntil, bool isClosed,
        NpgsqlTid place)
    {
        public Id<Account> Id => id;

        /// <summary>Where the row that was locked lies in its table: the way back to it without a look-up.</summary>
        public NpgsqlTid Place => place;

        public string Chart => chart;
        public AccountKind Kind => kind;
        public AccountState Before => before;

        /// <summary>The day its newest posting was recorded.</summary>
        public DateOnly RecordedOn => recordedOn;

        public Instant? HoldsUntil => holdsUntil;
        public bool IsClosed => isClosed;
        public Money Debits { get; set; } = before.Debits;
        public Money Credits { get; set; } = before.Credits;
        public Money Held { get; set; } = before.Held;
        public long Movements { get; set; } = before.Movements;
        public DateOnly LatestOn { get; set; } = before.LatestOn;

        /// <summary>What an entry that is being judged would debit, less what it would credit.</summary>
        public Money Pending { get; set; }

        /// <summary>Its number in the list that is written, from 1; and how many postings of the list stand before its own.</summary>
        public int Number { get; set; }

        public int FirstPosting { get; set; }

        public Money Available => (Kind is AccountKind.Liability ? Credits - Debits : Debits - Credits) - Held;
        public int NewPostings => (int)(Movements - before.Movements);
        public bool Changed => NewPostings != 0 || Held != before.Held;

        /// <summary>A way back to how it is now.</summary>
        public Action Keep()
        {
            var (debits, credits, held, movements, latestOn) = (Debits, Credits, Held, Movements, LatestOn);
            return () => (Debits, Credits, Held, Movements, LatestOn) = (debits, credits, held, movements, latestOn);
        }
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

        public void Reopen() => Status = HoldStatus.Open;
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

    private sealed record HoldMove(HoldLineRow Line, Money Captured, Money Released)
    {
        public void TakeBack()
        {
            Line.Captured -= Captured;
            Line.Released -= Released;
        }
    }

    private sealed record EntryRow(JournalEntry Entry, short Lines, byte[] Digest);

    /// <param name="EntryNumber">Which entry of the list, from 1.</param>
    private readonly record struct PostingRow(
        int EntryNumber, short Line, AccountRow Account, Posting Leg, long Position, Money DebitsAfter, Money CreditsAfter,
        DateOnly LatestBefore);

    private sealed record KnownEvent(Guid Hold, string Kind, string Actor, string Memo);

    private sealed record EventRow(
        Guid Id, HoldRow Hold, string Kind, string Actor, string Memo, Guid? EntryId, List<HoldMove> Moves);
}
