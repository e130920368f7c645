using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// Turns steps into instructions. What it makes depends on the steps alone, never on an answer, so the same story can
/// be told to a book, to another book and to the model.
/// </summary>
public sealed class Story
{
    private readonly List<Instruction> told = [];
    private readonly List<Id<Hold>> holds = [];

    public static readonly Instant LimitOfLastPurse = Book.Morning + Duration.FromHours(60);

    public Id<Account> Bank { get; } = Id<Account>.New();
    public IReadOnlyList<Id<Account>> Purses { get; } = [Id<Account>.New(), Id<Account>.New(), Id<Account>.New()];
    public IReadOnlyList<Id<Account>> Providers { get; } = [Id<Account>.New(), Id<Account>.New()];

    /// <summary>The accounts of the story; no hold on the last purse may last longer than 60 hours from the beginning.</summary>
    public NewAccount[] Accounts =>
    [
        new(Bank, "bank", "bank"), .. Purses.Take(2).Select(p => new NewAccount(p, "grant", "grant")),
        new(Purses[2], "grant", "grant", LimitOfLastPurse), .. Providers.Select(p => new NewAccount(p, "provider", "provider")),
    ];

    /// <summary>The instructions of a step at an instant; none for a step that passes time or moves the periods.</summary>
    public IReadOnlyList<Instruction> Tell(Step step, Instant now) => step switch
    {
        Step.Many many => [.. many.Steps.SelectMany(s => Tell(s.Step, now).Select(i => i with { Group = s.Group > 0 ? s.Group : null }))],
        Step.Wait or Step.ExpireDue or Step.ClosePeriod or Step.ReopenPeriod => [],
        _ => Remember(One(step, now)),
    };

    private Instruction[] Remember(Instruction? instruction)
    {
        if (instruction is null) return [];
        told.Add(instruction);
        return [instruction];
    }

    private Instruction? One(Step step, Instant now) => step switch
    {
        Step.Grant s => Post(now, 0, (Bank, Purse(s.Purse), s.Cents)),
        Step.Pay s => Post(now, s.DaysBack, (Purse(s.Purse), Provider(s.Provider), s.Cents)),
        Step.Refund s => Post(now, 0, (Provider(s.Provider), Purse(s.Purse), s.Cents)),
        Step.PayOut s => Post(now, 0, (Provider(s.Provider), Bank, s.Cents)),
        Step.Through s => Post(now, 0, (Bank, Purse(s.Purse), s.Given), (Purse(s.Purse), Provider(s.Provider), s.Taken)),
        Step.Authorise s => Authorise(s, now),
        Step.Capture s => new Instruction.Capture(
            Id<JournalEntry>.New(), HoldOf(s.Hold), s.Cents == 0 ? null : new(s.Cents), s.Rest, "delivered", Day(now, 0), "", "tester", ""),
        Step.Void s => Book.Void(HoldOf(s.Hold)),
        Step.Expire s => Book.Expire(HoldOf(s.Hold)),
        Step.Replay s => told.Count == 0 ? null : told[s.Which % told.Count] with { Group = null },
        Step.Alter s => told.Count == 0 ? null : Altered(told[s.Which % told.Count]),
        _ => throw new InvalidOperationException($"No instruction for {step}."),
    };

    private Instruction.Authorise Authorise(Step.Authorise s, Instant now)
    {
        List<HoldLine> lines = [new(Purse(s.First), new(s.Cents))];
        if (Purse(s.Second) != Purse(s.First)) lines.Add(new(Purse(s.Second), new(s.More)));
        var hold = new Hold(
            Id<Hold>.New(), Provider(s.Provider), lines, now + Duration.FromHours(s.Hours), "", "tester", "");
        holds.Add(hold.Id);
        return new(hold);
    }

    private static Instruction Altered(Instruction instruction) => instruction switch
    {
        Instruction.Post { Entry: var e } =>
            new Instruction.Post(new(e.Id, e.Kind, e.Reference, e.EffectiveOn, e.Actor, "altered", e.Transfers)),
        Instruction.Authorise { Hold: var h } =>
            new Instruction.Authorise(new(h.Id, h.Payee, h.Lines, h.ExpiresAt, h.Reference, h.Actor, "altered")),
        Instruction.Capture capture => capture with { Memo = "altered", Group = null },
        Instruction.Void @void => @void with { Memo = "altered", Group = null },
        Instruction.Expire expire => new Instruction.Void(expire.EventId, expire.HoldId, "tester", "altered"),
        _ => throw new InvalidOperationException(),
    };

    private static Instruction.Post Post(Instant now, int daysBack, params (Id<Account> Debit, Id<Account> Credit, int Cents)[] transfers) =>
        new(Book.Entry(Day(now, daysBack), [.. transfers.Select(t => new Transfer(t.Debit, t.Credit, new(t.Cents)))]));

    private static LocalDate Day(Instant now, int back) => now.InZone(ClockExtensions.Rome).Date.PlusDays(-back);

    private Id<Account> Purse(int which) => Purses[which % Purses.Count];
    private Id<Account> Provider(int which) => Providers[which % Providers.Count];

    /// <summary>One of the last holds; before there is any, one that nobody knows.</summary>
    private Id<Hold> HoldOf(int which) => holds.Count == 0 ? Id<Hold>.New() : holds[^(1 + (which % Math.Min(holds.Count, 4)))];
}
