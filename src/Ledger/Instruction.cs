using NodaTime;

namespace Borsellino.Ledger;

/// <summary>What happens to the part of a hold that a capture does not take.</summary>
public enum RestOfHold
{
    /// <summary>It is given back at once and the hold is closed.</summary>
    Release,

    /// <summary>It stays set aside for a later capture.</summary>
    Keep,
}

/// <summary>
/// One thing to do in the book. Instructions of one list that name the same group are done all together or not at
/// all; the others stand alone.
/// </summary>
public abstract record Instruction
{
    private Instruction()
    {
    }

    public int? Group { get; init; }

    /// <summary>Records an entry and moves the balances.</summary>
    public sealed record Post(JournalEntry Entry) : Instruction;

    /// <summary>Sets money aside.</summary>
    public sealed record Authorise(Hold Hold) : Instruction;

    /// <summary>
    /// Pays the payee of a hold: all that is left, or <paramref name="Amount"/> of it, taken from its lines in order.
    /// Recorded as a journal entry with the given id. Throws for an amount that is not positive and for texts that are
    /// too long for the book.
    /// </summary>
    public sealed record Capture(
        Id<JournalEntry> EntryId, Id<Hold> HoldId, Money? Amount, RestOfHold Rest, string Kind, LocalDate EffectiveOn,
        string Reference, string Actor, string Memo) : Instruction
    {
        public Money? Amount { get; init; } = Amount is { } amount ? Limits.Amount(amount) : null;
        public string Kind { get; init; } = Limits.Kind(Kind);
        public string Reference { get; init; } = Limits.Reference(Reference);
        public string Actor { get; init; } = Limits.Actor(Actor);
        public string Memo { get; init; } = Limits.Memo(Memo);

        internal byte[] Digest() => new Digest()
            .Add(HoldId.Value).Add(Amount?.Cents ?? -1).Add((long)Rest).Add(Kind).Add(EffectiveOn).Add(Reference).Add(Actor).Add(Memo).Hash();
    }

    /// <summary>Gives back what is left of a hold and closes it, also after it should have expired.</summary>
    public sealed record Void(Id<HoldEvent> EventId, Id<Hold> HoldId, string Actor, string Memo) : Instruction
    {
        public string Actor { get; init; } = Limits.Actor(Actor);
        public string Memo { get; init; } = Limits.Memo(Memo);
    }

    /// <summary>Closes a hold whose time has passed; refused before.</summary>
    public sealed record Expire(Id<HoldEvent> EventId, Id<Hold> HoldId) : Instruction;
}
