using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>What a caller could have known: these throw before anything reaches the database.</summary>
public sealed class MistakeTests
{
    private static readonly Id<Account> A = Id<Account>.New();
    private static readonly Id<Account> B = Id<Account>.New();

    private static JournalEntry Entry(
        string kind = "test", string reference = "", string actor = "tester", string memo = "", params Transfer[] transfers) =>
        new(Id<JournalEntry>.New(), kind, reference, Book.Day, actor, memo, transfers.Length > 0 ? transfers : [new(A, B, new(1))]);

    private static Hold Hold(string reference = "", string actor = "tester", string memo = "", params HoldLine[] lines) =>
        new(Id<Hold>.New(), B, lines.Length > 0 ? lines : [new(A, new(1))], Book.Morning, reference, actor, memo);

    private static Instruction.Capture Capture(long? cents = null, string kind = "test", string actor = "tester") =>
        new(Id<JournalEntry>.New(), Id<Hold>.New(), cents is { } c ? new Money(c) : null, RestOfHold.Keep, kind, Book.Day, "", actor, "");

    private static readonly Dictionary<string, Action> Mistakes = new(StringComparer.Ordinal)
    {
        ["an entry without transfers"] = () => _ = new JournalEntry(Id<JournalEntry>.New(), "test", "", Book.Day, "tester", "", []),
        ["an entry of 1,001 transfers"] = () => Entry(transfers: [.. Enumerable.Repeat(new Transfer(A, B, new(1)), 1001)]),
        ["a transfer of nothing"] = () => Entry(transfers: new Transfer(A, B, Money.Zero)),
        ["a transfer of less than nothing"] = () => Entry(transfers: new Transfer(A, B, new(-1))),
        ["a transfer beyond reason"] = () => Entry(transfers: new Transfer(A, B, new(long.MaxValue))),
        ["an account that pays itself"] = () => Entry(transfers: new Transfer(A, A, new(1))),
        ["a kind with capitals"] = () => Entry(kind: "Test"),
        ["a kind of one letter"] = () => Entry(kind: "t"),
        ["a kind of 41 letters"] = () => Entry(kind: new('t', 41)),
        ["a kind with a line break"] = () => Entry(kind: "test\n"),
        ["a reference of 101 letters"] = () => Entry(reference: new('r', 101)),
        ["no actor"] = () => Entry(actor: ""),
        ["an actor of 101 letters"] = () => Entry(actor: new('a', 101)),
        ["a memo of 301 letters"] = () => Entry(memo: new('m', 301)),
        ["a memo with a null character"] = () => Entry(memo: "a\0b"),
        ["a hold without lines"] = () => _ = new Hold(Id<Hold>.New(), B, [], Book.Morning, "", "tester", ""),
        ["a hold of 101 lines"] = () => Hold(lines: [.. Enumerable.Range(0, 101).Select(_ => new HoldLine(Id<Account>.New(), new(1)))]),
        ["a hold line of nothing"] = () => Hold(lines: new HoldLine(A, Money.Zero)),
        ["a hold line of less than nothing"] = () => Hold(lines: new HoldLine(A, new(-1))),
        ["a hold line beyond reason"] = () => Hold(lines: new HoldLine(A, new(long.MaxValue))),
        ["two hold lines on one account"] = () => Hold(lines: [new(A, new(1)), new(A, new(2))]),
        ["a hold on its own payee"] = () => Hold(lines: [new(A, new(1)), new(B, new(2))]),
        ["a hold with a long reference"] = () => Hold(reference: new('r', 101)),
        ["a hold without an actor"] = () => Hold(actor: ""),
        ["a hold with a long memo"] = () => Hold(memo: new('m', 301)),
        ["a capture of nothing"] = () => Capture(0),
        ["a capture of less than nothing"] = () => Capture(-1),
        ["a capture of no kind"] = () => Capture(kind: ""),
        ["a capture without an actor"] = () => Capture(actor: ""),
        ["a void without an actor"] = () => _ = new Instruction.Void(Id<HoldEvent>.New(), Id<Hold>.New(), "", ""),
        ["a void with a long memo"] = () => _ = new Instruction.Void(Id<HoldEvent>.New(), Id<Hold>.New(), "tester", new('m', 301)),
        ["an account without a name"] = () => _ = new NewAccount(A, "grant", ""),
        ["an account with a name of 201 letters"] = () => _ = new NewAccount(A, "grant", new('n', 201)),
    };

    public static TheoryData<string> Names => new(Mistakes.Keys);

    [Theory, MemberData(nameof(Names))]
    public void A_mistake_throws(string mistake) => Assert.ThrowsAny<ArgumentException>(Mistakes[mistake]);

    [Fact]
    public void What_is_just_within_the_limits_does_not()
    {
        Entry(new('t', 40), new('r', 100), new('a', 100), new('m', 300), [.. Enumerable.Repeat(new Transfer(A, B, new(1)), 1000)]);
        Entry("a_", transfers: new Transfer(A, B, Money.Euro(100_000_000_000)));
        Hold(new('r', 100), "t", new('m', 300), [.. Enumerable.Range(0, 100).Select(_ => new HoldLine(Id<Account>.New(), new(1)))]);
        Capture(1, new('t', 40), new('a', 100));
        Assert.Equal(200, new NewAccount(A, "grant", new('n', 200)).Name.Length);
    }

    [Fact]
    public void What_is_recorded_does_not_change_with_the_list_it_was_made_from()
    {
        List<Transfer> transfers = [new(A, B, new(1))];
        List<HoldLine> lines = [new(A, new(1))];
        var entry = new JournalEntry(Id<JournalEntry>.New(), "test", "", Book.Day, "tester", "", transfers);
        var hold = new Hold(Id<Hold>.New(), B, lines, Book.Morning, "", "tester", "");
        transfers.Clear();
        lines.Clear();

        Assert.Single(entry.Transfers);
        Assert.Single(hold.Lines);
    }

    [Fact]
    public void A_result_is_a_value_or_a_refusal()
    {
        Result<Id<Account>> done = A, refused = new AccountClosed(A);
        Assert.False(done.IsRefused(out _));
        Assert.True(refused.IsRefused(out var refusal, out _));
        Assert.Equal(new AccountClosed(A), refusal);
        Assert.Equal(A, done.OrThrow());
        Assert.Throws<InvalidOperationException>(() => refused.OrThrow());
    }

    [Fact]
    public void Time_does_not_go_back()
    {
        var clock = new HandClock(Book.Morning + Duration.FromNanoseconds(1234));
        Assert.Equal(Book.Morning + Duration.FromNanoseconds(1000), clock.Now);
        clock.Advance(Duration.FromDays(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.MoveTo(Book.Morning));
        Assert.Equal(Book.Day.PlusDays(1), clock.Today());
    }

    [Fact]
    public void A_day_in_Italy_begins_and_ends_with_its_clocks()
    {
        // The days on which the clocks change have 23 and 25 hours.
        var (spring, autumn) = (new LocalDate(2027, 3, 28), new LocalDate(2026, 10, 25));
        Assert.Equal(Duration.FromHours(23), spring.EndOfDayInRome() - spring.StartOfDayInRome());
        Assert.Equal(Duration.FromHours(25), autumn.EndOfDayInRome() - autumn.StartOfDayInRome());
    }
}
