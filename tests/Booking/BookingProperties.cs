using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>
/// Random lives of bookings, run against PostgreSQL and against a model of a few lines.
/// Goal: at every step the two agree on every booking's state and on what is free, held and earned; no money appears
/// or is lost. Method: a step names a booking by number, so any shorter sequence still makes sense.
/// </summary>
public sealed class BookingProperties(TestDatabase database) : IClassFixture<TestDatabase>
{
    public enum Act
    {
        Book,
        Wait,
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
        Sweep,
    }

    /// <param name="Which">Which booking, counted from the first; modulo how many there are.</param>
    /// <param name="Size">The price in euro, or how many hours to wait.</param>
    public sealed record Step(Act Act, int Which, int Size);

    private static readonly Gen<Step> AnyStep =
        from act in Gen.Frequency(
            (6, Gen.Constant(Act.Book)), (5, Gen.Constant(Act.Wait)), (6, Gen.Constant(Act.Confirm)), (4, Gen.Constant(Act.Deliver)),
            (4, Gen.Constant(Act.Accept)), (12, Gen.Elements(Enum.GetValues<Act>())))
        from which in Gen.Choose(0, 5)
        from size in Gen.Choose(1, 40)
        select new Step(act, which, size);

    [Fact]
    public Task Bookings_agree_with_their_model() =>
        Prop.ForAll(ArbMap.Default.MergeArb(AnyStep.ToArbitrary()).ArbFor<Step[]>(), RunAsync)
            .CheckAsync(Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(50));

    private async Task RunAsync(Step[] steps)
    {
        var town = await BookingTown.BuildAsync(database);
        BookingTown.Funded[] grants = [await town.GrantAsync(town.Rossi, Money.Euro(90), to: new(2027, 6, 30)), await town.GrantAsync(town.Rossi, new(5050), to: new(2027, 3, 31))];
        var model = new Model(town.Clock, new(14050));
        foreach (var step in steps)
        {
            var actual = await DoAsync(town, model, step);
            var expected = model.Do(step);
            Assert.True(expected == actual, $"{step}: the model says {expected}, the marketplace {actual}");
            var on = new List<(Money Balance, Money Held)>();
            foreach (var grant in grants) on.Add(await town.OnAsync(grant.Account));
            var (earned, _) = await town.OnAsync(town.Gelso.Account);
            Assert.Equal((model.Held, model.Earned), (on.Sum(o => o.Held), earned));
            Assert.Equal(new Money(14050), on.Sum(o => o.Balance) + earned);
            // A person cannot do two things at one instant; if they could, nobody could tell which came first.
            town.Clock.Advance(Duration.FromMilliseconds(1));
        }

        foreach (var booking in model.Bookings) Assert.Equal(booking.Status, await town.StatusAsync(booking.Id));
        var told = await new PurseStatements(town.Db).BetweenAsync(
            town.Territory, town.Rossi.Id, BookingTown.Monday, town.Clock.Now + Duration.FromSeconds(1));
        Assert.Equal((new Money(14050) - model.Earned, model.Held), (told.ClosingBalance, told.ClosingHeld));
        Assert.All(told.Movements, m => Assert.True(m.AvailableAfter >= Money.Zero));
        foreach (var count in new[] { 1, 3, 1_000 })
        {
            var latest = await new PurseStatements(town.Db).LatestAsync(town.Territory, town.Rossi.Id, count);
            Assert.Equal(told.Movements.Reverse().Take(count).Select(Line), latest.Movements.Select(Line));
        }

        Assert.Equal(model.Earned, (await new ProviderCredits(town.Db).OfAsync(town.Territory, town.Gelso.Id)).Open);
        Assert.Empty(await new Audit(town.Db).RunAsync(town.Territory));
    }

    /// <summary>All that a movement says, to be compared.</summary>
    private static string Line(PurseMovement m) =>
        $"{m.At} {m.Kind} {m.Amount} {m.About} {m.EntryKind} {string.Join('+', m.Funders)} {m.AvailableAfter} {m.BalanceAfter}";

    /// <summary>Does a step for real and answers whether it was done.</summary>
    private static async Task<bool> DoAsync(BookingTown town, Model model, Step step)
    {
        if (step.Act is Act.Wait)
        {
            town.Clock.Advance(Duration.FromHours(step.Size));
            return true;
        }

        if (step.Act is Act.Sweep)
        {
            await town.Bookings.AcceptDueAsync(town.Territory);
            await town.Bookings.LapseDueAsync(town.Territory);
            return true;
        }

        if (step.Act is Act.Book)
        {
            var slot = await town.SlotAsync(Money.Euro(step.Size), town.Clock.Now + Duration.FromHours(30), cancelFee: Money.Euro(Math.Min(5, step.Size)));
            var asked = await town.BookAsync(town.Rossi, slot, model.NextId);
            return !asked.IsRefused(out _);
        }

        if (model.Bookings.Count == 0) return false;
        var id = model.At(step.Which).Id;
        var (household, provider) = (town.Rossi.User, town.Gelso.User);
        var result = step.Act switch
        {
            Act.Confirm => await town.Bookings.ConfirmAsync(town.Territory, id, provider),
            Act.Decline => await town.Bookings.DeclineAsync(town.Territory, id, provider, "No."),
            Act.Withdraw => await town.Bookings.WithdrawAsync(town.Territory, id, household),
            Act.Cancel => await town.Bookings.CancelByHouseholdAsync(town.Territory, id, household, Money.Euro(5)),
            Act.CancelByProvider => await town.Bookings.CancelByProviderAsync(town.Territory, id, provider, "No."),
            Act.Deliver => await town.Bookings.DeliverAsync(town.Territory, id, provider),
            Act.NoShow => await town.Bookings.ReportNoShowAsync(town.Territory, id, provider),
            Act.Accept => await town.Bookings.AcceptAsync(town.Territory, id, household),
            Act.Dispute => await town.Bookings.DisputeAsync(town.Territory, id, household, "No."),
            Act.Reverse => await town.Bookings.ReverseAsync(town.Territory, id, provider),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
        };
        return !result.IsRefused(out _);
    }

    /// <summary>The same rules on one number and a list: money is one heap, a booking a price and a state.</summary>
    private sealed class Model(HandClock clock, Money money)
    {
        public List<One> Bookings { get; } = [];
        public Id<Booking> NextId { get; private set; } = Id<Booking>.New();
        public Money Held => Bookings.Where(b => b.IsOpen).Sum(b => b.Price);
        public Money Earned => Bookings.Sum(b => b.Earned);

        public One At(int which) => Bookings[which % Bookings.Count];

        public bool Do(Step step)
        {
            switch (step.Act)
            {
                case Act.Wait:
                    return true;
                case Act.Sweep:
                    foreach (var b in Bookings.Where(b => b.Status is BookingStatus.Delivered && b.AcceptBy <= clock.Now)) b.Settle(b.Price, BookingStatus.Settled, "system");
                    foreach (var b in Bookings.Where(b => b.Status is BookingStatus.Requested && b.AnswerBy <= clock.Now)) b.End(BookingStatus.Expired, "system");
                    return true;
                case Act.Book:
                    var price = Money.Euro(step.Size);
                    if (money - Held - Earned < price) return false;
                    Bookings.Add(new(NextId, price, Money.Euro(Math.Min(5, step.Size)), clock.Now));
                    NextId = Id<Booking>.New();
                    return true;
                default:
                    return Bookings.Count > 0 && Do(step.Act, At(step.Which));
            }
        }

        private bool Do(Act act, One b)
        {
            var now = clock.Now;
            switch (act, b.Status)
            {
                case (Act.Confirm, BookingStatus.Requested) when now < b.AnswerBy:
                    return b.Go(BookingStatus.Confirmed, "provider");
                case (Act.Decline, BookingStatus.Requested):
                    return b.End(BookingStatus.Declined, "provider");
                case (Act.Withdraw, BookingStatus.Requested):
                    return b.End(BookingStatus.Withdrawn, "household");
                case (Act.Cancel, BookingStatus.Confirmed) when now < b.FreeUntil:
                    return b.End(BookingStatus.CancelledByHousehold, "household");
                case (Act.Cancel, BookingStatus.Confirmed) when now < b.Starts:
                    return b.Settle(b.Fee, BookingStatus.CancelledByHousehold, "household");
                case (Act.CancelByProvider, BookingStatus.Confirmed):
                    return b.End(BookingStatus.CancelledByProvider, "provider");
                case (Act.Deliver, BookingStatus.Confirmed) when now >= b.Starts:
                    b.AcceptBy = now + Duration.FromDays(2);
                    return b.Go(BookingStatus.Delivered, "provider");
                case (Act.NoShow, BookingStatus.Confirmed) when now >= b.Starts:
                    return b.Settle(b.Fee, BookingStatus.NoShow, "provider");
                case (Act.Accept, BookingStatus.Delivered or BookingStatus.Disputed):
                    return b.Settle(b.Price, BookingStatus.Settled, "household");
                case (Act.Dispute, BookingStatus.Delivered):
                    return b.Go(BookingStatus.Disputed, "household");
                case (Act.Reverse, BookingStatus.Disputed):
                    return b.End(BookingStatus.Reversed, "provider");
                default:
                    // The same step again, by whoever took it: already done.
                    return (act, b.Status, b.By) is
                        (Act.Confirm, BookingStatus.Confirmed, _) or (Act.Decline, BookingStatus.Declined, _)
                        or (Act.Withdraw, BookingStatus.Withdrawn, _) or (Act.Cancel, BookingStatus.CancelledByHousehold, _)
                        or (Act.CancelByProvider, BookingStatus.CancelledByProvider, _) or (Act.Deliver, BookingStatus.Delivered, _)
                        or (Act.NoShow, BookingStatus.NoShow, _) or (Act.Accept, BookingStatus.Settled, "household")
                        or (Act.Dispute, BookingStatus.Disputed, _) or (Act.Reverse, BookingStatus.Reversed, _);
            }
        }
    }

    private sealed class One(Id<Booking> id, Money price, Money fee, Instant asked)
    {
        public Id<Booking> Id { get; } = id;
        public Money Price { get; } = price;
        public Money Fee { get; } = fee;
        public Instant AnswerBy { get; } = asked + Duration.FromHours(24);
        public Instant Starts { get; } = asked + Duration.FromHours(30);
        public Instant FreeUntil { get; } = asked + Duration.FromHours(6);
        public Instant AcceptBy { get; set; } = Instant.MaxValue;
        public BookingStatus Status { get; private set; } = BookingStatus.Requested;
        public string By { get; private set; } = "household";
        public Money Earned { get; private set; }

        public bool IsOpen => Status is BookingStatus.Requested or BookingStatus.Confirmed or BookingStatus.Delivered or BookingStatus.Disputed;

        public bool Go(BookingStatus status, string by)
        {
            (Status, By) = (status, by);
            return true;
        }

        public bool End(BookingStatus status, string by) => Go(status, by);

        public bool Settle(Money earned, BookingStatus status, string by)
        {
            Earned = earned;
            return Go(status, by);
        }
    }
}
