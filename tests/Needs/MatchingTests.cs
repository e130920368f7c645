using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>Plans are plans, close to the best, the same each time, and say why somebody is left.</summary>
public sealed class MatchingTests
{
    private static readonly GeoPoint School = new(45.71, 8.91);
    private static readonly MatchTerms Homework = new("homework", 60, HeadPrices.Flat(2, 4, new(2000)));
    private static readonly MeetingPlace[] OneSchool = [new(Id<MeetingPlace>.From("school"), "Scuola Pellico", MeetingPlaceKind.School, School, 1)];

    private static Need Wants(int number, Func<Need, Need>? but = null)
    {
        var need = new Need(
            Id<Need>.From(number), Id<Household>.From(number), "homework", North(100 * number), 60, [Tuesday(15, 17)], 2, 4, 2000, ["it"], new(1000));
        return but?.Invoke(need) ?? need;
    }

    private static GeoPoint North(int metres) => new(School.Latitude + metres / 111_195.0, School.Longitude);
    private static WeekWindow Tuesday(int from, int to) => new(IsoDayOfWeek.Tuesday, new(from, 0), new(to, 0));

    private static MatchPlan Plan(params Need[] needs) => Matching.Plan(needs, OneSchool, [Homework]);

    [Fact]
    public void Three_who_fit_are_one_group_at_the_school_at_their_common_hour()
    {
        var plan = Plan(Wants(1), Wants(2, n => n with { Windows = [Tuesday(16, 18)] }), Wants(3));

        var group = Assert.Single(plan.Groups);
        Assert.Equal(3, group.Needs.Count);
        Assert.Equal((IsoDayOfWeek.Tuesday, new LocalTime(16, 0), new LocalTime(17, 0)), (group.Day, group.From, group.To));
        Assert.Equal((new Money(2000), 600, 300), (group.Price, group.Metres, group.Farthest));
        Assert.Equal((3, 3), (plan.Served, plan.Bound));
        Assert.Empty(plan.Unmatched);
    }

    public static TheoryData<string, Func<Need, Need>> Misfits => new()
    {
        { nameof(WhyUnmatched.NoSupply), n => n with { ClassCode = "gardening" } },
        { nameof(WhyUnmatched.NoSupply), n => n with { Minutes = 90 } },
        { nameof(WhyUnmatched.NoSuchSize), n => n with { SizeMin = 5, SizeMax = 6 } },
        { nameof(WhyUnmatched.CapTooLow), n => n with { Cap = new(499) } },
        // Twenty euros in three: two pay 6.67, and nobody knows which.
        { nameof(WhyUnmatched.CapTooLow), n => n with { Cap = new(666), SizeMin = 3, SizeMax = 3 } },
        { nameof(WhyUnmatched.NoPlaceInReach), n => n with { ReachMetres = 99 } },
        { nameof(WhyUnmatched.TimesTooShort), n => n with { Windows = [new(IsoDayOfWeek.Tuesday, new(15, 15), new(16, 15))] } },
        { nameof(WhyUnmatched.NoCommonTime), n => n with { Windows = [Tuesday(9, 11)] } },
        { nameof(WhyUnmatched.NoCommonTerms), n => n with { Languages = ["ar"] } },
        { nameof(WhyUnmatched.NoCommonTerms), n => n with { SizeMin = 4 } },
        { nameof(WhyUnmatched.NoCommonTerms), n => n with { Cap = new(500) } },
        { nameof(WhyUnmatched.NobodyNear), n => n with { HouseholdId = Id<Household>.From(2) } },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Whoever_fits_nowhere_is_told_why(string why, Func<Need, Need> but)
    {
        Need[] others = why == nameof(WhyUnmatched.NobodyNear) ? [Wants(2)] : [Wants(2), Wants(3)];

        var plan = Plan([Wants(1, but), .. others]);

        Assert.Equal(Enum.Parse<WhyUnmatched>(why), plan.Unmatched.Single(u => u.Need.Id == Wants(1).Id).Why);
        Assert.Equal(others.Length > 1 ? 2 : 0, plan.Served);
    }

    [Fact]
    public void Whoever_is_left_because_others_fit_better_is_told_so()
    {
        var plan = Plan(Wants(1, n => n with { SizeMax = 2 }), Wants(2, n => n with { SizeMax = 2 }), Wants(3, n => n with { SizeMax = 2 }));

        Assert.Equal((2, 2), (plan.Served, plan.Bound));
        Assert.Equal(WhyUnmatched.OthersServed, Assert.Single(plan.Unmatched).Why);
    }

    [Fact]
    public void Of_many_who_could_only_meet_the_same_neighbour_the_bound_counts_one()
    {
        // Fifteen hours of the week, each of somebody who could then and never else; one could always.
        WeekWindow[] hours = [.. Enumerable.Range(0, 15).Select(i => new WeekWindow((IsoDayOfWeek)(1 + i / 3), new(9 + 2 * (i % 3), 0), new(10 + 2 * (i % 3), 0)))];
        var lonely = hours.Select((hour, i) => Wants(i + 1, n => n with { Windows = [hour] }));

        var plan = Plan([.. lonely, Wants(16, n => n with { Windows = hours })]);

        Assert.Equal((2, 2), (plan.Served, plan.Bound));
        Assert.All(plan.Unmatched, u => Assert.Equal(WhyUnmatched.OthersServed, u.Why));
    }

    [Fact]
    public void Of_thirteen_who_all_want_to_be_two_the_bound_leaves_one()
    {
        Assert.Equal(12, Plan([.. Enumerable.Range(1, 13).Select(i => Wants(i, n => n with { SizeMax = 2 }))]).Bound);
    }

    [Fact]
    public void A_group_of_the_greedy_first_choice_is_broken_up_to_serve_more()
    {
        // The first two would suit each other best, and then the other two have nobody.
        var plan = Plan(
            Wants(1, n => n with { SizeMax = 2, Windows = [Tuesday(15, 16), Tuesday(17, 18)] }),
            Wants(2, n => n with { SizeMax = 2, Windows = [Tuesday(15, 16), Tuesday(18, 19)] }),
            Wants(3, n => n with { SizeMax = 2, Windows = [Tuesday(17, 18)] }),
            Wants(4, n => n with { SizeMax = 2, Windows = [Tuesday(18, 19)] }));

        Assert.Equal(4, plan.Served);
    }

    [Fact]
    public void A_full_room_sends_the_second_group_to_another_hour()
    {
        var plan = Plan([.. Enumerable.Range(1, 4).Select(i => Wants(i, n => n with { SizeMax = 2 }))]);

        Assert.Equal([new LocalTime(15, 0), new LocalTime(16, 0)], plan.Groups.Select(g => g.From).Order());
    }

    [Fact]
    public void A_group_goes_to_another_hour_for_one_that_could_only_meet_at_its_own()
    {
        // The first two could meet at three or at four, the others, free as each is, at three alone.
        WeekWindow Free(IsoDayOfWeek day) => new(day, new(8, 0), new(20, 0));
        var plan = Plan(
            Wants(1, n => n with { Windows = [Tuesday(15, 17)] }),
            Wants(2, n => n with { Windows = [Tuesday(15, 17)] }),
            Wants(3, n => n with { Languages = ["ar"], Windows = [Tuesday(15, 16), Free(IsoDayOfWeek.Monday)] }),
            Wants(4, n => n with { Languages = ["ar"], Windows = [Tuesday(15, 16), Free(IsoDayOfWeek.Friday)] }));

        Assert.Equal((4, 2), (plan.Served, plan.Groups.Count));
        Assert.Equal([new LocalTime(15, 0), new LocalTime(16, 0)], plan.Groups.Select(g => g.From).Order());
    }

    [Fact]
    public void A_place_that_was_refused_and_a_room_that_is_taken_are_left_out()
    {
        Assert.Equal(WhyUnmatched.NoPlaceInReach, Plan(Wants(1, n => n with { NotAt = [OneSchool[0].Id] }), Wants(2), Wants(3)).Unmatched.Single().Why);
        var plan = Matching.Plan([Wants(1), Wants(2)], OneSchool, [Homework], [
            new(OneSchool[0].Id, IsoDayOfWeek.Tuesday, new(14, 45), new(15, 15)), new(OneSchool[0].Id, IsoDayOfWeek.Monday, new(16, 0), new(17, 0)),
            new(Id<MeetingPlace>.From("unknown"), IsoDayOfWeek.Tuesday, new(16, 0), new(17, 0)),
        ]);
        Assert.Equal(new LocalTime(15, 30), plan.Groups.Single().From);
    }

    public static TheoryData<int, int, int[]> Cuts => new()
    {
        // What is refused of 14 to 18, and what is left.
        { 10, 14, [14, 18] }, { 18, 19, [14, 18] }, { 14, 15, [15, 18] }, { 17, 18, [14, 17] }, { 15, 16, [14, 15, 16, 18] }, { 13, 19, [] },
    };

    [Theory]
    [MemberData(nameof(Cuts))]
    public void A_time_that_was_refused_is_cut_out(int from, int to, int[] left)
    {
        WeekWindow[] windows = [new(IsoDayOfWeek.Monday, new(14, 0), new(18, 0)), Tuesday(14, 18)];
        Assert.Equal([windows[0], .. left.Chunk(2).Select(x => Tuesday(x[0], x[1]))], windows.Without(Tuesday(from, to)));
    }

    [Fact]
    public void A_dissolved_group_saves_its_price()
    {
        var plan = Plan([.. Enumerable.Range(1, 4).Select(i => Wants(i))]);

        Assert.Equal(new Money(2000), plan.Cost);
    }

    [Fact]
    public void What_is_no_question_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Plan(Wants(1, n => n with { Windows = [Tuesday(17, 15)] })));
        Assert.Throws<ArgumentOutOfRangeException>(() => Matching.Plan([], [OneSchool[0] with { Rooms = 0 }], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => Matching.Plan([], [], [Homework with { Minutes = 721 }]));
        Assert.Throws<ArgumentException>(() => Matching.Plan([], [], [Homework, Homework]));
    }

    [Fact]
    public void Any_plan_keeps_its_promises_and_comes_out_the_same_in_any_order()
    {
        for (var seed = 0; seed < Effort.Times(60, 3000); seed++)
        {
            var (needs, places) = AnyTown.Of(seed, needs: 1 + seed % 60, places: 1 + seed % 4, rooms: 1 + seed % 2);

            var plan = Matching.Plan(needs, places, AnyTown.Terms);

            Prove(plan, needs, places, seed);
            var again = Matching.Plan([.. needs.Reverse()], [.. places.Reverse()], [.. AnyTown.Terms.Reverse()]);
            Assert.Equal(Say(plan), Say(again));
        }
    }

    [Fact]
    public void On_small_towns_it_is_as_good_as_the_best_plan_there_is_or_nearly()
    {
        var (best, found, bound, cheaper, same, towns) = (0, 0, 0, 0L, 0, Effort.Times(150, 3000));
        for (var seed = 0; seed < towns; seed++)
        {
            var (needs, places) = AnyTown.Of(seed, needs: 6 + seed % 9, places: 1 + seed % 3, rooms: 50);
            var plan = Matching.Plan(needs, places, AnyTown.Terms);
            var optimum = BestPlan.Of(needs, places, AnyTown.Terms);

            Assert.InRange(plan.Served, 0, optimum.Served);
            Assert.True(optimum.Served <= plan.Bound, $"town {seed}: the best plan serves {optimum.Served}, more than the bound {plan.Bound}");
            (best, found, bound) = (best + optimum.Served, found + plan.Served, bound + plan.Bound);
            if (plan.Served < optimum.Served) continue;
            same++;
            cheaper += plan.Cost.Cents - optimum.Price;
            Assert.InRange(plan.Cost.Cents, optimum.Price, long.MaxValue);
        }

        Effort.Say($"{towns} towns of 6 to 14 needs: {found} of {best} households served, as many as the best in {same}; the bound said {bound}");
        Assert.InRange(bound, best, best * 1.02);
        Assert.InRange(found, best * 0.99, best);
        Assert.InRange(cheaper, 0, best * 10);
    }

    [Fact]
    public void On_towns_too_large_to_try_all_it_leaves_one_in_a_hundred_at_most()
    {
        var (found, bound, towns) = (0, 0, Effort.Times(60, 600));
        for (var seed = 0; seed < towns; seed++)
        {
            var (needs, places) = AnyTown.Of(seed, needs: 30 + seed % 60, places: 3, rooms: 50);
            var plan = Matching.Plan(needs, places, AnyTown.Terms);
            Prove(plan, needs, places, seed);
            (found, bound) = (found + plan.Served, bound + plan.Bound);
        }

        Effort.Say($"{towns} towns of 30 to 89 needs: {found} households served, and no plan serves more than {bound}");
        Assert.InRange(found, bound * 0.99, bound);
    }

    [Fact]
    public void Where_rooms_are_few_groups_go_elsewhere_for_those_who_cannot()
    {
        var (found, bound, towns) = (0, 0, Effort.Times(60, 600));
        for (var seed = 0; seed < towns; seed++)
        {
            var (needs, places) = AnyTown.Of(seed, needs: 40, places: 3, rooms: 1);
            var plan = Matching.Plan(needs, places, AnyTown.Terms);
            Prove(plan, needs, places, seed);
            (found, bound) = (found + plan.Served, bound + plan.Bound);
        }

        Effort.Say($"{towns} towns with a room in each place: {found} households served, and with rooms for all no more than {bound}");
        Assert.InRange(found, bound * 0.96, bound);
    }

    private static void Prove(MatchPlan plan, IReadOnlyList<Need> needs, IReadOnlyList<MeetingPlace> places, int seed)
    {
        var all = plan.Groups.SelectMany(g => g.Needs).Concat(plan.Unmatched.Select(u => u.Need)).Select(n => n.Id).ToList();
        Assert.Equal(needs.Select(n => n.Id).ToHashSet(), [.. all]);
        Assert.Equal(needs.Count, all.Count);
        Assert.InRange(plan.Served, 0, plan.Bound);
        var used = new Dictionary<(Id<MeetingPlace>, int), int>();
        foreach (var group in plan.Groups)
        {
            var worth = BestPlan.WorthOf(group.Needs, [group.Place], AnyTown.Terms);
            Assert.True(worth is not null, $"town {seed}: {Say(group)} is no group");
            Assert.Equal((worth.Price, worth.Metres), (group.Price.Cents, group.Metres));
            Assert.Equal(group.Needs.Max(n => n.Home.MetresTo(group.Place.At)), group.Farthest);
            var half = ((int)group.Day - 1) * 48 + (group.From.Hour * 60 + group.From.Minute) / 30;
            Assert.All(group.Needs, n => Assert.True(BestPlan.CanBegin(n, half), $"town {seed}: {n.Id} has no time for {Say(group)}"));
            for (var h = 0; h < (group.Needs[0].Minutes + 29) / 30; h++)
            {
                var rooms = used[(group.Place.Id, half + h)] = used.GetValueOrDefault((group.Place.Id, half + h)) + 1;
                Assert.True(rooms <= group.Place.Rooms, $"town {seed}: {group.Place.Name} is too full for {Say(group)}");
            }
        }

        if (needs.Count <= 14) Assert.All(plan.Unmatched, u => Assert.Equal(u.Why is WhyUnmatched.OthersServed, IsPossible(u.Need, needs, places)));
    }

    /// <summary>Whether somebody's need could be in any group at all, by trying all.</summary>
    private static bool IsPossible(Need need, IReadOnlyList<Need> needs, IReadOnlyList<MeetingPlace> places) =>
        Groups([need], [.. needs.Where(n => n.Id != need.Id && n.ClassCode == need.ClassCode)], 0).Any(g => BestPlan.WorthOf(g, places, AnyTown.Terms) is not null);

    private static IEnumerable<IReadOnlyList<Need>> Groups(IReadOnlyList<Need> begun, IReadOnlyList<Need> others, int next)
    {
        if (begun.Count >= 2) yield return begun;
        if (begun.Count == 5) yield break;
        for (var i = next; i < others.Count; i++)
        {
            foreach (var group in Groups([.. begun, others[i]], others, i + 1)) yield return group;
        }
    }

    private static string Say(MatchPlan plan) =>
        $"{string.Join(" + ", plan.Groups.Select(Say))}; {string.Join(", ", plan.Unmatched.Select(u => $"{u.Need.Id}: {u.Why}"))}; {plan.Bound}";

    private static string Say(MatchedGroup g) => $"{string.Join(" ", g.Needs.Select(n => n.Id))} at {g.Place.Name} {g.Day} {g.From} for {g.Price} and {g.Metres} m";
}
