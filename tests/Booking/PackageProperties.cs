using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>
/// Random lives of packages, run against PostgreSQL and against a model of a few lines.
/// Goal: at every step the two agree on what was done and on what is free, held and earned, to the cent; at the end on every unit and on how
/// each package stands. Method: a step names a package and a unit by number, so any shorter sequence still makes sense.
/// </summary>
public sealed class PackageProperties(TestDatabase database) : IClassFixture<TestDatabase>
{
    public enum Act
    {
        Buy,
        Take,
        Wait,
        WaitLong,
        Confirm,
        Decline,
        Withdraw,
        Cancel,
        CancelByProvider,
        Deliver,
        NoShow,
        Accept,
        Dispute,
        Reverse,
        Return,
        Sweep,
    }

    /// <param name="Which">Which package or unit, counted from the first; modulo how many there are.</param>
    /// <param name="Hours">How long to wait.</param>
    public sealed record Step(Act Act, int Which, int Hours);

    private const int Units = 4;
    private static readonly Money Price = new(997), Fee = new(400), Purse = new(9001);

    private static readonly Gen<Step> AnyStep =
        from act in Gen.Frequency(
            (3, Gen.Constant(Act.Buy)), (9, Gen.Constant(Act.Take)), (5, Gen.Constant(Act.Wait)), (7, Gen.Constant(Act.Confirm)), (5, Gen.Constant(Act.Deliver)),
            (5, Gen.Constant(Act.Accept)), (14, Gen.Elements(Enum.GetValues<Act>())))
        from which in Gen.Choose(0, 7)
        from hours in Gen.Choose(1, 32)
        select new Step(act, which, hours);

    [Fact]
    public Task Packages_agree_with_their_model() =>
        Prop.ForAll(ArbMap.Default.MergeArb(AnyStep.ToArbitrary()).ArbFor<Step[]>(), RunAsync)
            .CheckAsync(Config.QuickThrowOnFailure.WithMaxTest(Effort.Times(30, 300)).WithEndSize(60));

    /// <summary>What chance meets rarely: all units used with a fee among them, a lapse with one in dispute, a rest that is given back late.</summary>
    public static TheoryData<string> Stories => new(
        "Buy Take Confirm Wait31 Deliver Accept Take Confirm1 Wait31 NoShow1 Take Confirm2 Wait7 Cancel2 Take Confirm3 Wait31 Deliver3 Accept3 Take",
        "Buy Take Confirm Wait31 Deliver Dispute WaitLong WaitLong WaitLong Sweep Return Reverse Take Sweep",
        "Buy Take Confirm Wait31 Deliver Dispute WaitLong WaitLong WaitLong Sweep Accept Sweep Return",
        "Buy Return Buy Take Return Withdraw Return Buy Buy Take1 Take2 Take3 Take1 Take1 Take1 Take1",
        "Buy WaitLong Return Take Wait25 Sweep WaitLong WaitLong Sweep Take");

    [Theory]
    [MemberData(nameof(Stories))]
    public Task A_story_agrees_with_the_model(string story) => RunAsync([.. story.Split(' ').Select(Read)]);

    private static Step Read(string word)
    {
        var name = word.TrimEnd([.. "0123456789"]);
        var number = name.Length < word.Length ? int.Parse(word[name.Length..], System.Globalization.CultureInfo.InvariantCulture) : 0;
        return new(Enum.Parse<Act>(name), number, number);
    }

    private async Task RunAsync(Step[] steps)
    {
        var town = await PackageTown.BuildAsync(database, Units, Price, Fee);
        BookingTown.Funded[] grants =
        [
            await town.Town.GrantAsync(town.Town.Rossi, new(4500), to: new(2028, 6, 30), copayment: true),
            await town.Town.GrantAsync(town.Town.Rossi, new(4501), to: new(2028, 3, 31), copayment: true),
        ];
        var model = new Model(town.Town.Clock);
        foreach (var step in steps)
        {
            var next = (Id<Package>.New(), Id<Booking>.New());
            var actual = await DoAsync(town, model, step, next);
            var expected = model.Do(step, next);
            Assert.True(expected == actual, $"{step}: the model says {expected}, the marketplace {actual}");
            var on = new List<(Money Balance, Money Held)>();
            foreach (var grant in grants) on.Add(await town.Town.OnAsync(grant.Account));
            var (earned, _) = await town.Town.OnAsync(town.Town.Gelso.Account);
            Assert.Equal((model.Held, model.Earned), (on.Sum(o => o.Held), earned));
            Assert.Equal(Purse, on.Sum(o => o.Balance) + earned);
            town.Town.Clock.Advance(Duration.FromMilliseconds(1));
        }

        foreach (var package in model.Packages)
        {
            var card = await town.CardAsync(package.Id);
            Assert.Equal((package.Status, package.Left, package.Held, package.Earned), (card.Status, card.Left, card.Held, card.Paid));
            foreach (var unit in package.Units) Assert.Equal(unit.Status, await town.Town.StatusAsync(unit.Id));
        }

        Assert.Empty(await town.AuditAsync());
    }

    /// <summary>Does a step for real and answers whether it was done.</summary>
    private static async Task<bool> DoAsync(PackageTown town, Model model, Step step, (Id<Package> Package, Id<Booking> Booking) next)
    {
        var (bookings, household, provider) = (town.Town.Bookings, town.Town.Rossi.User, town.Town.Gelso.User);
        switch (step.Act)
        {
            case Act.Wait or Act.WaitLong:
                town.Town.Clock.Advance(WaitOf(step));
                return true;
            case Act.Sweep:
                await bookings.AcceptDueAsync(town.Territory);
                await bookings.LapseDueAsync(town.Territory);
                await bookings.RunOutDueAsync(town.Territory);
                await town.Packages.LapseDueAsync(town.Territory);
                return true;
            case Act.Buy:
                return !(await town.BuyAsync(id: next.Package)).IsRefused(out _);
            case Act.Take or Act.Return when model.Packages.Count == 0:
                return false;
            case Act.Take:
                return !(await town.TakeAsync(model.Package(step).Id, await town.SlotAsync(town.Town.Clock.Now + Duration.FromHours(30)), next.Booking)).IsRefused(out _);
            case Act.Return:
                return !(await town.Packages.ReturnAsync(town.Territory, model.Package(step).Id, household)).IsRefused(out _);
        }

        if (model.Units.Count == 0) return false;
        var id = model.Units[step.Which % model.Units.Count].Id;
        var result = step.Act switch
        {
            Act.Confirm => await bookings.ConfirmAsync(town.Territory, id, provider),
            Act.Decline => await bookings.DeclineAsync(town.Territory, id, provider, "No."),
            Act.Withdraw => await bookings.WithdrawAsync(town.Territory, id, household),
            Act.Cancel => await bookings.CancelByHouseholdAsync(town.Territory, id, household, Fee),
            Act.CancelByProvider => await bookings.CancelByProviderAsync(town.Territory, id, provider, "No."),
            Act.Deliver => await bookings.DeliverAsync(town.Territory, id, provider),
            Act.NoShow => await bookings.ReportNoShowAsync(town.Territory, id, provider),
            Act.Accept => await bookings.AcceptAsync(town.Territory, id, household),
            Act.Dispute => await bookings.DisputeAsync(town.Territory, id, household, "No."),
            Act.Reverse => await bookings.ReverseAsync(town.Territory, id, provider),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
        };
        return !result.IsRefused(out _);
    }

    private static Duration WaitOf(Step step) => step.Act is Act.WaitLong ? Duration.FromDays(25) : Duration.FromHours(step.Hours);

    private static LocalDate DayOf(Instant at) => at.InZone(ClockExtensions.Rome).Date;

    /// <summary>The same rules on numbers and lists: money is one heap, a package a number of cents with units in it.</summary>
    private sealed class Model(HandClock clock)
    {
        public List<Bought> Packages { get; } = [];
        public List<Unit> Units { get; } = [];
        public Money Held => Packages.Sum(p => p.Held);
        public Money Earned => Packages.Sum(p => p.Earned);

        public Bought Package(Step step) => Packages[step.Which % Packages.Count];

        public bool Do(Step step, (Id<Package> Package, Id<Booking> Booking) next)
        {
            var now = clock.Now;
            switch (step.Act)
            {
                case Act.Wait or Act.WaitLong:
                    return true;
                case Act.Sweep:
                    foreach (var u in Units.Where(u => u.Status is BookingStatus.Delivered && u.AcceptBy <= now)) u.Settle(u.Worth, BookingStatus.Settled, "system", now);
                    foreach (var u in Units.Where(u => u.Status is BookingStatus.Requested && u.AnswerBy <= now)) u.End(BookingStatus.Expired, "system", now);
                    foreach (var p in Packages) p.EndIfOver(now);
                    return true;
                case Act.Buy:
                    var covered = Money.Min(Price * PackageProperties.Units, Purse - Held - Earned);
                    if (covered.Cents < PackageProperties.Units) return false;
                    Packages.Add(new(next.Package, covered, now));
                    return true;
                case Act.Take:
                    if (Packages.Count == 0 || Package(step).Take(next.Booking, now) is not { } taken) return false;
                    Units.Add(taken);
                    return true;
                case Act.Return:
                    return Packages.Count > 0 && Package(step).Return(now);
                default:
                    return Units.Count > 0 && Units[step.Which % Units.Count].Do(step.Act, now);
            }
        }
    }

    private sealed class Bought(Id<Package> id, Money covered, Instant at)
    {
        public Id<Package> Id { get; } = id;
        public List<Unit> Units { get; } = [];
        public PackageStatus Status { get; private set; } = PackageStatus.Open;
        public Money Earned => Units.Sum(u => u.Earned);
        public Money Held => Status is PackageStatus.Open ? covered - Earned : Money.Zero;
        public int Left => Status is PackageStatus.Open ? PackageProperties.Units - Units.Count(u => u.IsOut) : 0;

        public Unit? Take(Id<Booking> booking, Instant now)
        {
            if (Left == 0 || DayOf(now + Duration.FromHours(30)) > DayOf(at).PlusDays(60)) return null;
            var number = Enumerable.Range(1, PackageProperties.Units).First(n => Units.TrueForAll(u => u.Number != n || !u.IsOut));
            // The cents of the units before it and with it, whole: the difference is its own.
            var worth = new Money((covered.Cents * number / PackageProperties.Units) - (covered.Cents * (number - 1) / PackageProperties.Units));
            Units.Add(new(this, booking, number, worth, now));
            return Units[^1];
        }

        public bool Return(Instant now)
        {
            if (Status is PackageStatus.Returned) return true;
            if (Status is not PackageStatus.Open || Units.Exists(u => u.IsOut) || now >= DayOf(at).PlusDays(7).EndOfDayInRome()) return false;
            Status = PackageStatus.Returned;
            return true;
        }

        public void EndIfOver(Instant now)
        {
            if (Status is not PackageStatus.Open || Units.Exists(u => u.IsOpen)) return;
            if (Left == 0) Status = PackageStatus.UsedUp;
            else if (DayOf(now) > DayOf(at).PlusDays(60)) Status = PackageStatus.Lapsed;
        }
    }

    private sealed class Unit(Bought package, Id<Booking> id, int number, Money worth, Instant asked)
    {
        private readonly Instant starts = asked + Duration.FromHours(30), freeUntil = asked + Duration.FromHours(6);

        public Id<Booking> Id { get; } = id;
        public int Number { get; } = number;
        public Money Worth { get; } = worth;
        public Instant AnswerBy { get; } = asked + Duration.FromHours(24);
        public Instant AcceptBy { get; private set; }
        public BookingStatus Status { get; private set; } = BookingStatus.Requested;
        public Money Earned { get; private set; }
        private string by = "household";

        public bool IsOpen => Status is BookingStatus.Requested or BookingStatus.Confirmed or BookingStatus.Delivered or BookingStatus.Disputed;
        public bool IsOut => IsOpen || Earned.IsPositive;
        private Money FeeOf => Money.Min(Fee, Worth);

        public bool End(BookingStatus status, string who, Instant now) => Settle(Money.Zero, status, who, now);

        public bool Settle(Money earned, BookingStatus status, string who, Instant now)
        {
            (Earned, Status, by) = (earned, status, who);
            package.EndIfOver(now);
            return true;
        }

        public bool Do(Act act, Instant now)
        {
            switch (act, Status)
            {
                case (Act.Confirm, BookingStatus.Requested) when now < AnswerBy:
                    return End(BookingStatus.Confirmed, "provider", now);
                case (Act.Decline, BookingStatus.Requested):
                    return End(BookingStatus.Declined, "provider", now);
                case (Act.Withdraw, BookingStatus.Requested):
                    return End(BookingStatus.Withdrawn, "household", now);
                case (Act.Cancel, BookingStatus.Confirmed) when now < starts:
                    return Settle(now < freeUntil ? Money.Zero : FeeOf, BookingStatus.CancelledByHousehold, "household", now);
                case (Act.CancelByProvider, BookingStatus.Confirmed):
                    return End(BookingStatus.CancelledByProvider, "provider", now);
                case (Act.Deliver, BookingStatus.Confirmed) when now >= starts:
                    AcceptBy = now + Duration.FromDays(2);
                    return End(BookingStatus.Delivered, "provider", now);
                case (Act.NoShow, BookingStatus.Confirmed) when now >= starts:
                    return Settle(FeeOf, BookingStatus.NoShow, "provider", now);
                case (Act.Accept, BookingStatus.Delivered or BookingStatus.Disputed):
                    return Settle(Worth, BookingStatus.Settled, "household", now);
                case (Act.Dispute, BookingStatus.Delivered):
                    return End(BookingStatus.Disputed, "household", now);
                case (Act.Reverse, BookingStatus.Disputed):
                    return End(BookingStatus.Reversed, "provider", now);
                default:
                    // The same step again, by whoever took it: already done.
                    return (act, Status, by) is
                        (Act.Confirm, BookingStatus.Confirmed, _) or (Act.Decline, BookingStatus.Declined, _)
                        or (Act.Withdraw, BookingStatus.Withdrawn, _) or (Act.Cancel, BookingStatus.CancelledByHousehold, _)
                        or (Act.CancelByProvider, BookingStatus.CancelledByProvider, _) or (Act.Deliver, BookingStatus.Delivered, _)
                        or (Act.NoShow, BookingStatus.NoShow, _) or (Act.Accept, BookingStatus.Settled, "household")
                        or (Act.Dispute, BookingStatus.Disputed, _) or (Act.Reverse, BookingStatus.Reversed, _);
            }
        }
    }
}
