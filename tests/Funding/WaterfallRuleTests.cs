using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests.Funding;

/// <summary>The dated rules in the waterfall: limits by period, listed providers, the household's part by its ISEE.</summary>
public sealed class WaterfallRuleTests
{
    // A Thursday: its week runs from Monday 28 December 2026 to Sunday 3 January 2027.
    private static readonly LocalDate Day = new(2026, 12, 31);
    private static readonly Id<Provider> Gelso = new(new Guid(7, 0, 0, new byte[8]));
    private static readonly Id<Provider> Quercia = new(new Guid(8, 0, 0, new byte[8]));
    private static readonly Purchase Thirty = new("care", Day, Money.Euro(30), 60, Gelso, "L319");

    private static PurseGrant Grant(
        int id, long euro, CopaymentRule copayment = CopaymentRule.Allowed, IReadOnlyList<PeriodLimit>? limits = null, IReadOnlyList<Use>? uses = null,
        IReadOnlyList<ListedProvider>? providers = null, ShareRule? share = null, long? isee = null, bool whole = false, int? programme = null, FringeRoom? fringe = null,
        IReadOnlyList<ListedMunicipality>? places = null) => new(
            new(new Guid(id, 0, 0, new byte[8])), new(new Guid(programme ?? id, 0, 0, new byte[8])), default, "", "", "", GrantStatus.Active, new(2026, 1, 1),
            new(2027, 12, 31), copayment, null, null, Money.Euro(euro), Money.Zero, Instant.MaxValue, whole, new HashSet<string>(["care", "school"]))
        {
            Rules = new(limits ?? [], providers ?? [], places ?? [], share is null ? [] : [share]),
            Uses = uses ?? [],
            Fringe = fringe,
            Isee = isee is { } value ? [new(default, IseeIndicator.Ordinary, Money.Euro(value), "DSU-1", new(2026, 1, 1), new(2026, 12, 31), Instant.MinValue)] : [],
        };

    private static PeriodLimit Limit(LimitPeriod period, long? euro = null, int? minutes = null, string? of = null, LocalDate? from = null, LocalDate? to = null) =>
        new(default, period, of, euro is { } e ? Money.Euro(e) : null, minutes, from ?? new(2026, 1, 1), to)
        {
            Classes = of is null ? null : new HashSet<string>([of]),
        };

    private static Use Used(int service, LocalDate on, long euro, int minutes = 60, string classCode = "care") =>
        new(new Guid(service, 1, 0, new byte[8]), new Guid(service, 0, 0, new byte[8]), classCode, on, Money.Euro(euro), minutes);

    private static FringeRoom Fringe(int company, long cents, params long[] used) => new(
        new(new Guid(company, 2, 0, new byte[8])), new(cents), WithChildren: false, new HashSet<string>(["care"]),
        [.. used.Select(u => new FringeUse(Guid.NewGuid(), new(u)))]);

    private static ShareRule Quadratic(WithoutIsee without = WithoutIsee.Most) => new(
        default, ShareFormula.Quadratic, ShareUnit.Hour, IseeIndicator.Ordinary, 300, 900, Money.Zero, Money.Euro(20_000), without, new(2026, 1, 1), null);

    private static string Draws(Purchase purchase, params PurseGrant[] grants)
    {
        var coverage = Waterfall.Choose(grants, purchase);
        return $"{string.Join(" ", coverage.Lines.Select(l => $"{Number(l.Grant)}:{l.Amount}"))} +{coverage.Copayment}".Trim();
    }

    private static int Number(PurseGrant grant) => BitConverter.ToInt32(grant.Id.Value.ToByteArray());

    private static NotPaying Refused(Purchase purchase, PurseGrant grant) => Assert.Single(Waterfall.Choose([grant], purchase).NotPaying);

    /// <summary>Days of the week across the end of the year, the month that ends and the year that ends with it: each period by its own days.</summary>
    [Theory]
    [InlineData(LimitPeriod.Week, 2026, 12, 27, false)]
    [InlineData(LimitPeriod.Week, 2026, 12, 28, true)]
    [InlineData(LimitPeriod.Week, 2027, 1, 3, true)]
    [InlineData(LimitPeriod.Week, 2027, 1, 4, false)]
    [InlineData(LimitPeriod.Month, 2026, 11, 30, false)]
    [InlineData(LimitPeriod.Month, 2026, 12, 1, true)]
    [InlineData(LimitPeriod.Month, 2027, 1, 1, false)]
    [InlineData(LimitPeriod.Year, 2026, 1, 1, true)]
    [InlineData(LimitPeriod.Year, 2027, 1, 1, false)]
    public void A_period_counts_its_own_days(LimitPeriod period, int year, int month, int day, bool counts)
    {
        var used = Used(1, new(year, month, day), 40, 240);
        Assert.Equal(counts ? "+30.00" : "1:30.00 +0.00", Draws(Thirty, Grant(1, 50, limits: [Limit(period, euro: 40)], uses: [used])));
        Assert.Equal(counts ? "+30.00" : "1:30.00 +0.00", Draws(Thirty, Grant(1, 50, limits: [Limit(period, minutes: 240)], uses: [used])));
    }

    [Fact]
    public void Money_in_a_period_is_paid_up_to_the_limit()
    {
        var grant = Grant(1, 50, limits: [Limit(LimitPeriod.Week, euro: 40)], uses: [Used(1, Day, 25)]);
        Assert.Equal("1:15.00 +15.00", Draws(Thirty, grant));
        var line = Assert.Single(Waterfall.Choose([grant], Thirty).Lines);
        Assert.Equal(HeldBackBy.PeriodLimit, line.HeldBack!.By);
        Assert.Equal((Money.Euro(25), new LocalDate(2026, 12, 28), new LocalDate(2027, 1, 3)), (line.HeldBack.Period!.Used, line.HeldBack.Period.From, line.HeldBack.Period.To));
    }

    /// <summary>The vectors of art. 51 c. 3 TUIR: to the cent of the threshold, and not a cent past it.</summary>
    [Theory]
    [InlineData(1_000_00, 0, 1_000_00, true)]
    [InlineData(1_000_00, 0, 1_000_01, false)]
    [InlineData(2_000_00, 0, 2_000_00, true)]
    [InlineData(2_000_00, 0, 2_000_01, false)]
    [InlineData(258_23, 0, 258_23, true)]
    [InlineData(258_23, 0, 258_24, false)]
    [InlineData(1_000_00, 980_00, 20_00, true)]
    [InlineData(1_000_00, 980_00, 20_01, false)]
    [InlineData(1_000_00, 1_500_00, 1, false)]
    public void A_companys_fringe_benefits_never_pass_their_threshold(long threshold, long used, long price, bool pays)
    {
        var grant = Grant(1, 5_000, CopaymentRule.Forbidden, whole: true, fringe: Fringe(1, threshold, used));
        var purchase = Thirty with { Price = new(price) };
        Assert.Equal(pays, Waterfall.Choose([grant], purchase).IsPossible);
        if (!pays) Assert.Equal(WhyNot.FringeThresholdReached, Refused(purchase, grant).Reason);
        // Of another class nothing counts.
        Assert.True(Waterfall.Choose([grant], purchase with { ClassCode = "school" }).IsPossible);
    }

    [Fact]
    public void All_grants_of_a_company_share_its_threshold_and_another_company_has_its_own()
    {
        var (first, second) = (Grant(1, 50, fringe: Fringe(1, 25_00)), Grant(2, 60, fringe: Fringe(1, 25_00)));
        Assert.Equal("1:25.00 +5.00", Draws(Thirty, first, second));
        Assert.Equal(WhyNot.FringeThresholdReached, Assert.Single(Waterfall.Choose([first, second], Thirty).NotPaying).Reason);
        Assert.Equal(HeldBackBy.FringeThreshold, Waterfall.Choose([first, second], Thirty).Lines[0].HeldBack!.By);
        Assert.Equal("1:25.00 2:5.00 +0.00", Draws(Thirty, first, Grant(2, 60, fringe: Fringe(2, 25_00))));
        Assert.Equal("1:10.00 +20.00", Draws(Thirty, Grant(1, 10, fringe: Fringe(1, 25_00))));
    }

    [Fact]
    public void What_a_grant_pays_counts()
    {
        var grant = Grant(1, 100, fringe: Fringe(1, 40_00)).With(Thirty, Guid.NewGuid(), Money.Euro(30));
        Assert.Equal("1:10.00 +20.00", Draws(Thirty, grant));
        Assert.Equal("1:30.00 +0.00", Draws(Thirty, Grant(1, 100, fringe: Fringe(1, 40_00)).With(Thirty with { ClassCode = "school" }, Guid.NewGuid(), Money.Euro(30))));
    }

    [Fact]
    public void Hours_are_whole_services_and_the_last_minute_may_be_used()
    {
        PeriodLimit[] four = [Limit(LimitPeriod.Week, minutes: 240)];
        Assert.Equal("1:30.00 +0.00", Draws(Thirty, Grant(1, 50, limits: four, uses: [Used(1, Day, 10, 180)])));
        var refused = Refused(Thirty, Grant(1, 50, limits: four, uses: [Used(1, Day, 10, 181)]));
        Assert.Equal((WhyNot.TooManyHours, 181), (refused.Reason, refused.Period!.MinutesUsed));
        Assert.Equal(WhyNot.TooManyHours, Refused(Thirty with { Minutes = 241 }, Grant(1, 50, limits: four)).Reason);
    }

    /// <summary>Two payments for one service, as a share of a pool and what was added to it, are one service long.</summary>
    [Fact]
    public void One_service_counts_its_minutes_once()
    {
        PeriodLimit[] two = [Limit(LimitPeriod.Week, minutes: 120)];
        Use[] twice = [Used(1, Day, 5), Used(1, Day, 5) with { Source = Guid.NewGuid() }];
        Assert.Equal("1:30.00 +0.00", Draws(Thirty, Grant(1, 50, limits: two, uses: twice)));
        Assert.Equal("+30.00", Draws(Thirty, Grant(1, 50, limits: two, uses: [.. twice, Used(2, Day, 5)])));
        // What is added to that service brings its own minutes, and no others.
        Assert.Equal("1:30.00 +0.00", Draws(Thirty with { Adds = new(Used(2, Day, 5).Service, Money.Euro(5)) }, Grant(1, 50, limits: two, uses: [.. twice, Used(2, Day, 5)])));
    }

    [Fact]
    public void A_limit_of_a_class_counts_that_class()
    {
        PeriodLimit[] school = [Limit(LimitPeriod.Month, euro: 10, of: "school")];
        Assert.Equal("1:30.00 +0.00", Draws(Thirty, Grant(1, 50, limits: school, uses: [Used(1, Day, 10, classCode: "school")])));
        Assert.Equal("1:10.00 +20.00", Draws(Thirty with { ClassCode = "school" }, Grant(1, 50, limits: school, uses: [Used(1, Day, 10)])));
        Assert.Equal("+30.00", Draws(Thirty with { ClassCode = "school" }, Grant(1, 50, limits: school, uses: [Used(1, Day, 10, classCode: "school")])));
    }

    /// <summary>Whatever is booked first: services of days on which a limit does not hold neither count nor are limited.</summary>
    [Fact]
    public void A_limit_counts_only_the_days_on_which_it_holds()
    {
        PeriodLimit[] fromToday = [Limit(LimitPeriod.Week, euro: 20, from: Day)];
        Assert.Equal("1:20.00 +10.00", Draws(Thirty, Grant(1, 50, limits: fromToday, uses: [Used(1, Day.PlusDays(-1), 20)])));
        Assert.Equal("1:5.00 +25.00", Draws(Thirty, Grant(1, 50, limits: fromToday, uses: [Used(1, Day.PlusDays(1), 15)])));
        Assert.Equal("1:30.00 +0.00", Draws(Thirty with { On = Day.PlusDays(-1) }, Grant(1, 50, limits: fromToday, uses: [Used(1, Day, 20)])));
        Assert.Equal("1:30.00 +0.00", Draws(Thirty, Grant(1, 50, limits: [Limit(LimitPeriod.Week, euro: 20, to: Day.PlusDays(-1))])));
    }

    [Fact]
    public void The_lowest_of_several_limits_holds()
    {
        var grant = Grant(
            1, 50, limits: [Limit(LimitPeriod.Week, euro: 20), Limit(LimitPeriod.Month, euro: 25), Limit(LimitPeriod.Year, euro: 100, minutes: 600)],
            uses: [Used(1, Day.PlusDays(-20), 12)]);
        Assert.Equal("1:13.00 +17.00", Draws(Thirty, grant));
    }

    [Fact]
    public void Two_grants_of_one_programme_share_its_limit()
    {
        PeriodLimit[] twenty = [Limit(LimitPeriod.Week, euro: 20)];
        Assert.Equal("1:15.00 2:5.00 +10.00", Draws(Thirty, Grant(1, 15, limits: twenty, programme: 9), Grant(2, 16, limits: twenty, programme: 9)));
    }

    [Fact]
    public void Only_what_is_given_in_listed_municipalities_is_paid_from_the_first_row_on()
    {
        ListedMunicipality[] list = [new(default, "L319", new(2026, 6, 1), new(2026, 12, 31))];
        var grant = Grant(1, 50, places: list);
        Assert.Equal("1:30.00 +0.00", Draws(Thirty, grant));
        Assert.Equal(WhyNot.OtherMunicipalities, Refused(Thirty with { GivenIn = "C300" }, grant).Reason);
        Assert.Equal("1:30.00 +0.00", Draws(Thirty with { GivenIn = "C300", On = new(2026, 5, 31) }, grant));
        // Online is nowhere in particular.
        Assert.Equal("1:30.00 +0.00", Draws(Thirty with { GivenIn = null }, grant));
        // The list stays one when its last row has ended, and one that was taken back never was.
        Assert.Equal(WhyNot.OtherMunicipalities, Refused(Thirty with { On = new(2027, 1, 1) }, grant).Reason);
        Assert.Equal("1:30.00 +0.00", Draws(Thirty with { GivenIn = "C300" }, Grant(1, 50, places: [new(default, "L319", new(2026, 6, 1), new(2026, 5, 31))])));
    }

    [Fact]
    public void Only_listed_providers_are_paid_from_the_first_row_on()
    {
        ListedProvider[] list = [new(default, Gelso, new(2026, 6, 1), new(2026, 12, 31))];
        Assert.Equal("1:30.00 +0.00", Draws(Thirty, Grant(1, 50, providers: list)));
        Assert.Equal(WhyNot.OtherProviders, Refused(Thirty with { Provider = Quercia }, Grant(1, 50, providers: list)).Reason);
        Assert.Equal("1:30.00 +0.00", Draws(Thirty with { Provider = Quercia, On = new(2026, 5, 31) }, Grant(1, 50, providers: list)));
        // The list stays one when its last row has ended: nobody is on it.
        Assert.Equal(WhyNot.OtherProviders, Refused(Thirty with { On = new(2027, 1, 1) }, Grant(1, 50, providers: list)).Reason);
        // A row that was taken back before it began never was.
        Assert.Equal("1:30.00 +0.00", Draws(Thirty with { Provider = Quercia }, Grant(1, 50, providers: [list[0] with { ValidTo = new(2026, 5, 31) }])));
    }

    /// <summary>Of two that are alike else, the one that pays fewer providers is the more restricted.</summary>
    [Fact]
    public void A_grant_for_listed_providers_goes_before_one_for_all() =>
        Assert.Equal("2:30.00 +0.00", Draws(Thirty, Grant(1, 40), Grant(2, 50, providers: [new(default, Gelso, new(2026, 1, 1), null)])));

    [Theory]
    [InlineData(12_345, "1:24.71 +5.29")]
    [InlineData(0, "1:27.00 +3.00")]
    [InlineData(20_000, "1:21.00 +9.00")]
    public void The_part_by_the_isee_is_left_to_the_household(int isee, string draws) =>
        Assert.Equal(draws, Draws(Thirty, Grant(1, 50, CopaymentRule.Required, share: Quadratic(), isee: isee)));

    [Fact]
    public void Without_an_isee_that_holds_the_programme_says_what_then()
    {
        Assert.Equal("1:21.00 +9.00", Draws(Thirty, Grant(1, 50, CopaymentRule.Required, share: Quadratic())));
        Assert.Equal("1:21.00 +9.00", Draws(Thirty with { On = new(2027, 1, 1) }, Grant(1, 50, CopaymentRule.Required, share: Quadratic(), isee: 0)));
        Assert.Equal(WhyNot.IseeMissing, Refused(Thirty, Grant(1, 50, CopaymentRule.Required, share: Quadratic(WithoutIsee.NotPaid))).Reason);
        Assert.Equal("1:27.00 +3.00", Draws(Thirty, Grant(1, 50, CopaymentRule.Required, share: Quadratic(WithoutIsee.NotPaid), isee: 0)));
        Assert.Equal(WhyNot.NoShareRule, Refused(Thirty, Grant(1, 50, CopaymentRule.Required)).Reason);
    }

    [Fact]
    public void Other_money_may_pay_the_part_and_money_that_wants_none_beside_it_does_so_too()
    {
        var withPart = Grant(1, 50, CopaymentRule.Required, share: Quadratic(), isee: 0);
        Assert.Equal("1:27.00 2:3.00 +0.00", Draws(Thirty, withPart, Grant(2, 60)));
        Assert.Equal("1:27.00 2:3.00 +0.00", Draws(Thirty, withPart, Grant(2, 60, CopaymentRule.Forbidden)));
        Assert.Equal("1:27.00 +3.00", Draws(Thirty, withPart, Grant(2, 60, CopaymentRule.Forbidden, providers: [new(default, Quercia, new(2026, 1, 1), null)])));
    }

    [Fact]
    public void A_price_that_is_all_the_households_part_is_said_to_be()
    {
        Assert.Equal(WhyNot.AllIsOwnPart, Refused(Thirty with { Price = Money.Euro(3) }, Grant(1, 50, CopaymentRule.Required, share: Quadratic(), isee: 0)).Reason);
        Assert.Equal("1:0.01 +3.00", Draws(Thirty with { Price = new(301) }, Grant(1, 50, CopaymentRule.Required, share: Quadratic(), isee: 0)));
    }

    /// <summary>What is added to a service that is paid already leaves the part of the whole price, once.</summary>
    [Fact]
    public void A_price_that_goes_up_leaves_the_part_once()
    {
        var grant = Grant(1, 50, CopaymentRule.Required, share: Quadratic(), isee: 0, uses: [Used(1, Day, 17)]);
        Assert.Equal("1:10.00 +0.00", Draws(Thirty with { Price = Money.Euro(10), Adds = new(Used(1, Day, 17).Service, Money.Euro(20)) }, grant));
        // So much of it as a part by percent grows with the price.
        var percent = Quadratic() with { Unit = ShareUnit.Price, Least = 10_00, Most = 10_00 };
        var half = Grant(1, 50, CopaymentRule.Required, share: percent, isee: 0, uses: [Used(1, Day, 18)]);
        Assert.Equal("1:9.00 +1.00", Draws(Thirty with { Price = Money.Euro(10), Adds = new(Used(1, Day, 18).Service, Money.Euro(20)) }, half));
    }

    private static readonly Gen<PeriodLimit> AnyLimit =
        from period in Gen.Elements(LimitPeriod.Week, LimitPeriod.Month, LimitPeriod.Year)
        from euro in Gen.Elements<long?>(null, 10, 25, 60)
        from minutes in Gen.Elements<int?>(null, 60, 150, 240)
        from of in Gen.Elements(null, "care", "school")
        from begins in Gen.Choose(-10, 3)
        from lasts in Gen.Elements<int?>(null, 0, 8, 30)
        select Limit(period, euro ?? (minutes is null ? 40 : null), minutes, of, Day.PlusDays(begins), lasts is { } days ? Day.PlusDays(begins + days) : null);

    private static readonly Gen<Use> AnyUse =
        from service in Gen.Choose(1, 4)
        from day in Gen.Choose(-40, 20)
        from euro in Gen.Choose(1, 30)
        from classCode in Gen.Elements("care", "school")
        select Used(service, Day.PlusDays(day), euro, 30 * service, classCode) with { Service = Guid.NewGuid() };

    private static readonly Gen<PurseGrant> AnyGrant =
        from id in Gen.Choose(1, 1_000_000)
        from euro in Gen.Choose(0, 60)
        from copayment in Gen.Elements(CopaymentRule.Allowed, CopaymentRule.Forbidden, CopaymentRule.Required)
        from limits in Gen.ListOf(AnyLimit, 2)
        from uses in Gen.ListOf(AnyUse, 3)
        from listed in Gen.Elements<Id<Provider>?>(null, null, Gelso, Quercia)
        from isee in Gen.Elements<long?>(null, 0, 9_000, 30_000)
        from unit in Gen.Elements(ShareUnit.Booking, ShareUnit.Hour, ShareUnit.Price)
        from without in Gen.Elements(WithoutIsee.Most, WithoutIsee.NotPaid)
        from whole in Gen.Elements(false, false, false, true)
        from company in Gen.Elements(0, 0, 1, 2)
        select Grant(
            id, euro, copayment, [.. limits], [.. uses], listed is { } only ? [new(default, only, Day, null)] : [], Quadratic(without) with { Unit = unit }, isee, whole,
            // A company has one threshold, which all its grants share.
            fringe: company == 0 ? null : Fringe(company, 20_00 * company, 5_00));

    /// <summary>
    /// For any purse, rules and service: lines and the household's part make exactly the price, no limit of any period is passed by any line
    /// and no company's threshold by all of its lines, who is not listed is not paid, the part by the ISEE is never paid from its programme, and the same question has the same answer.
    /// </summary>
    [Fact]
    public void Whatever_the_rules_they_hold()
    {
        var cases =
            from grants in Gen.ArrayOf(AnyGrant)
            from euro in Gen.Choose(1, 90)
            from minutes in Gen.Elements(30, 60, 120, 240)
            from classCode in Gen.Elements("care", "school")
            select (grants.DistinctBy(g => g.Id).ToArray(), Thirty with { Price = Money.Euro(euro), Minutes = minutes, ClassCode = classCode });
        Prop.ForAll(cases.ToArbitrary(), c => Holds(c.Item1, c.Item2)).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    private static void Holds(PurseGrant[] grants, Purchase purchase)
    {
        var coverage = Waterfall.Choose(grants, purchase);
        // A list of services may say that more is left to pay, never less.
        Assert.True(Waterfall.ReachOf(grants, purchase.ClassCode, purchase.On).LeftOf(purchase.Price) >= (coverage.IsPossible ? coverage.Copayment : purchase.Price));
        Assert.Equal(purchase.Price, coverage.Covered + coverage.Copayment);
        Assert.Equal(grants.Length, coverage.Lines.Count + coverage.NotPaying.Count);
        Assert.True(coverage.OwnPart >= Money.Zero && coverage.OwnPart <= coverage.Copayment);
        foreach (var company in coverage.Lines.GroupBy(l => l.Grant.FringeOf(purchase.ClassCode)?.Company))
        {
            Assert.True(company.Key is null || company.Sum(l => l.Amount) <= company.First().Grant.Fringe!.Left);
        }

        foreach (var line in coverage.Lines)
        {
            var grant = line.Grant;
            Assert.True(line.Amount.IsPositive && line.Amount <= grant.Available);
            Assert.True(coverage.Copayment.IsZero || grant.Copayment is not CopaymentRule.Forbidden);
            Assert.True(grant.Rules.Providers.Count == 0 || grant.Rules.Providers[0].Provider == purchase.Provider);
            var after = grant.With(purchase, Guid.NewGuid(), line.Amount);
            foreach (var limit in grant.Rules.Limits.Where(l => l.Counts(purchase.ClassCode, purchase.On)))
            {
                var (from, to) = limit.PeriodOf(purchase.On);
                var counted = after.Uses.Where(u => u.On >= from && u.On <= to && limit.Counts(u.ClassCode, u.On)).ToList();
                Assert.True(limit.Max is not { } max || counted.Sum(u => u.Amount) <= max);
                Assert.True(limit.MinutesMax is not { } minutes || counted.DistinctBy(u => u.Service).Sum(u => u.Minutes) <= minutes);
            }

            if (grant.Copayment is not CopaymentRule.Required) continue;
            var rule = grant.Rules.Shares[0];
            var isee = grant.Isee.Count == 0 ? (Money?)null : grant.Isee[0].Value;
            Assert.True(line.Amount + rule.PartOf(isee, purchase.Minutes).Of(purchase.Price) <= purchase.Price);
            Assert.True(isee is not null || rule.Without is WithoutIsee.Most);
        }

        // Who may pay and has something is left out only where nothing was missing, or by a rule that is named.
        foreach (var one in coverage.NotPaying.Where(n => n.Reason is WhyNot.NotNeeded))
            Assert.True(coverage.Copayment.IsZero || one.Grant.WholePrice || coverage.Lines.Any(l => l.Grant.WholePrice));
        var turned = Waterfall.Choose([.. grants.Reverse()], purchase);
        Assert.Equal(coverage.Lines.Select(l => (l.Grant.Id, l.Amount)), turned.Lines.Select(l => (l.Grant.Id, l.Amount)));
        Assert.Equal(coverage.Payable, turned.Payable);
    }
}
