using System.Globalization;
using Borsellino.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// Something that happens to a little book of one bank account, three purses and two providers. Everything is named by
/// a small number that wraps around, so that any shorter story still makes sense and FsCheck can shrink a failure.
/// </summary>
public abstract record Step
{
    private Step()
    {
    }

    public sealed record Grant(int Purse, int Cents) : Step;
    public sealed record Pay(int Purse, int Provider, int Cents, int DaysBack) : Step;
    public sealed record Refund(int Provider, int Purse, int Cents) : Step;
    public sealed record PayOut(int Provider, int Cents) : Step;

    /// <summary>One entry that gives to a purse and takes from it.</summary>
    public sealed record Through(int Purse, int Provider, int Given, int Taken) : Step;

    /// <summary>A hold on one purse or, if the second is another, on two.</summary>
    public sealed record Authorise(int First, int Second, int Provider, int Cents, int More, int Hours) : Step;

    /// <summary>Captures so many cents, or what is left for 0.</summary>
    public sealed record Capture(int Hold, int Cents, RestOfHold Rest) : Step;

    public sealed record Void(int Hold) : Step;
    public sealed record Expire(int Hold) : Step;

    /// <summary>Sends an earlier instruction again, word for word.</summary>
    public sealed record Replay(int Which) : Step;

    /// <summary>Sends an earlier instruction's id with another content.</summary>
    public sealed record Alter(int Which) : Step;

    public sealed record Wait(int Hours) : Step;

    /// <summary>Closes the holds whose time has passed, as the worker does.</summary>
    public sealed record ExpireDue : Step;

    public sealed record ClosePeriod(int DaysBack) : Step;

    /// <summary>One person asks to open the periods again from a day on, and the same or another one does it.</summary>
    public sealed record ReopenPeriod(int DaysBack, bool ByAnother) : Step;

    /// <summary>Several of those that instruct the ledger, in one list; those with the same number above zero are a group.</summary>
    public sealed record Many(params IReadOnlyList<(Step Step, int Group)> Steps) : Step;

    /// <summary>The step as C#, so that what fails can be pasted into a test.</summary>
    public sealed override string ToString()
    {
        var said = this is Many many
            ? many.Steps.Select(s => $"({s.Step}, {s.Group.ToString(CultureInfo.InvariantCulture)})")
            : GetType().GetConstructors().Single().GetParameters().Select(p => Code(GetType().GetProperty(p.Name!)!.GetValue(this)!));
        return $"new Step.{GetType().Name}({string.Join(", ", said)})";
    }

    private static string Code(object value) => value switch
    {
        bool b => b ? "true" : "false",
        Enum e => $"{e.GetType().Name}.{e}",
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };

    private static readonly Gen<int> AnyOne = Gen.Choose(0, 8);
    private static readonly Gen<int> SomeCents = Gen.Choose(1, 400);

    private static readonly Gen<Step> OneStep = Gen.Frequency(
        (4, from purse in AnyOne from cents in Gen.Choose(200, 2000) select Of(new Grant(purse, cents))),
        (4, from purse in AnyOne
            from provider in AnyOne
            from cents in SomeCents
            from back in Gen.Choose(0, 3)
            select Of(new Pay(purse, provider, cents, back))),
        (1, from provider in AnyOne from purse in AnyOne from cents in SomeCents select Of(new Refund(provider, purse, cents))),
        (1, from provider in AnyOne from cents in SomeCents select Of(new PayOut(provider, cents))),
        (1, from purse in AnyOne
            from provider in AnyOne
            from given in SomeCents
            from taken in SomeCents
            select Of(new Through(purse, provider, given, taken))),
        (5, from first in AnyOne
            from second in AnyOne
            from provider in AnyOne
            from cents in SomeCents
            from more in SomeCents
            from hours in Gen.Choose(0, 100)
            select Of(new Authorise(first, second, provider, cents, more, hours))),
        (4, from hold in AnyOne
            from cents in Gen.Choose(0, 300)
            from rest in Gen.Elements(RestOfHold.Keep, RestOfHold.Release)
            select Of(new Capture(hold, cents, rest))),
        (2, from hold in AnyOne select Of(new Void(hold))),
        (2, from hold in AnyOne select Of(new Expire(hold))),
        (2, from which in Gen.Choose(0, 99) select Of(new Replay(which))),
        (1, from which in Gen.Choose(0, 99) select Of(new Alter(which))));

    private static readonly Gen<Step> ManySteps =
        from size in Gen.Choose(1, 6)
        from steps in Gen.ArrayOf(from step in OneStep from @group in Gen.Choose(0, 2) select (step, @group), size)
        select Of(new Many(steps));

    /// <summary>Any step at all.</summary>
    public static Gen<Step> Any { get; } = Gen.Frequency(
        (20, OneStep),
        (2, from hours in Gen.Choose(1, 40) select Of(new Wait(hours))),
        (1, Gen.Constant(Of(new ExpireDue()))),
        (1, from days in Gen.Choose(1, 4) select Of(new ClosePeriod(days))),
        (1, from days in Gen.Choose(0, 6) from another in Gen.Elements(true, true, false) select Of(new ReopenPeriod(days, another))),
        (5, ManySteps));

    /// <summary>Stories of steps. Merged into FsCheck's map, because a bare generator of arrays would not shrink.</summary>
    public static Arbitrary<Step[]> Stories { get; } = ArbMap.Default.MergeArb(Arb.From(Any, Shorter)).ArbFor<Step[]>();

    /// <summary>A list is tried as each of its steps alone, and without each of them.</summary>
    private static IEnumerable<Step> Shorter(Step step) => step is not Many many
        ? []
        : [.. many.Steps.Select(s => s.Step), .. many.Steps.Count < 2 ? [] : many.Steps.Select((_, i) => new Many([.. many.Steps.Where((_, n) => n != i)]))];

    private static Step Of(Step step) => step;
}
