using Borsellino.Ledger;
using Borsellino.Marketplace;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>
/// Random lives of products, run against PostgreSQL and against a model of a few lines.
/// Goal: at every step the two agree on what was done, on what is free, held and earned, to the cent, and on what is on the shelf; at the end on
/// how each title stands. Method: a step names a title by number, so any shorter sequence still makes sense.
/// </summary>
public sealed class ProductProperties(TestDatabase database) : IClassFixture<TestDatabase>
{
    public enum Act
    {
        Buy,
        HandOver,
        HandOverAgain,
        Return,
        Unavailable,
        Restock,
        Wait,
        WaitLong,
        Sweep,
    }

    /// <param name="Which">Which title, counted from the first; modulo how many there are.</param>
    /// <param name="Count">How many pieces, or days.</param>
    public sealed record Step(Act Act, int Which, int Count);

    private static readonly Money Price = new(997), Purse = new(9001);

    private static readonly Gen<Step> AnyStep =
        from act in Gen.Frequency((5, Gen.Constant(Act.Buy)), (7, Gen.Constant(Act.HandOver)), (10, Gen.Elements(Enum.GetValues<Act>())))
        from which in Gen.Choose(0, 5)
        from count in Gen.Choose(0, 4)
        select new Step(act, which, count);

    [Fact]
    public Task Products_agree_with_their_model() =>
        Prop.ForAll(ArbMap.Default.MergeArb(AnyStep.ToArbitrary()).ArbFor<Step[]>(), RunAsync)
            .CheckAsync(Config.QuickThrowOnFailure.WithMaxTest(Effort.Times(30, 300)).WithEndSize(50));

    /// <summary>What chance meets rarely: the last piece and one more, what lapses after a part, the shelf that runs empty and is filled.</summary>
    public static TheoryData<string> Stories => new(
        "Buy3 HandOver1 HandOverAgain1 HandOver2 HandOver1 Return Unavailable",
        "Buy4 Buy4 Buy1 HandOver2 WaitLong Sweep Buy4 HandOver1 Return",
        "Buy4 HandOver1 Unavailable Unavailable Buy4 Restock3 Buy3 Buy1",
        "Buy2 Wait4 Wait4 Return HandOver1 WaitLong HandOver1 Sweep Sweep",
        "Buy0 Buy1 HandOver0 HandOver2 HandOverAgain1 Return Return Buy1");

    [Theory]
    [MemberData(nameof(Stories))]
    public Task A_story_agrees_with_the_model(string story) => RunAsync([.. story.Split(' ').Select(Read)]);

    private static Step Read(string word)
    {
        var name = word.TrimEnd([.. "0123456789"]);
        return new(Enum.Parse<Act>(name), 0, name.Length < word.Length ? int.Parse(word[name.Length..], System.Globalization.CultureInfo.InvariantCulture) : 0);
    }

    private async Task RunAsync(Step[] steps)
    {
        var town = await ProductTown.BuildAsync(database, stock: 8, price: Price);
        BookingTown.Funded[] grants =
        [
            await town.Town.GrantAsync(town.Town.Rossi, new(4500), to: new(2028, 6, 30), copayment: true),
            await town.Town.GrantAsync(town.Town.Rossi, new(4501), to: new(2028, 3, 31), copayment: true),
        ];
        var model = new Model(town.Town.Clock);
        foreach (var step in steps)
        {
            var next = (Id<Package>.New(), Id<HandOver>.New());
            var before = model.Last;
            var expected = model.Do(step, next);
            var actual = await DoAsync(town, model, step, next, before);
            Assert.True(expected == actual, $"{step}: the model says {expected}, the marketplace {actual}");
            var on = new List<(Money Balance, Money Held)>();
            foreach (var grant in grants) on.Add(await town.Town.OnAsync(grant.Account));
            var (earned, _) = await town.Town.OnAsync(town.Town.Gelso.Account);
            Assert.Equal((model.Held, model.Earned, model.Stock), (on.Sum(o => o.Held), earned, await town.StockAsync()));
            Assert.Equal(Purse, on.Sum(o => o.Balance) + earned);
            town.Town.Clock.Advance(Duration.FromMilliseconds(1));
        }

        foreach (var title in model.Titles)
        {
            var card = await town.CardAsync(title.Id);
            Assert.Equal((title.Status, title.Left, title.Held, title.Earned, title.Given), (card.Status, card.Left, card.Held, card.Paid, card.Given));
        }

        Assert.Empty(await town.AuditAsync());
    }

    /// <summary>Does a step for real and answers whether it was done.</summary>
    /// <param name="before">The last hand-over that was done before this step; null for none.</param>
    private static async Task<bool> DoAsync(ProductTown town, Model model, Step step, (Id<Package> Title, Id<HandOver> HandOver) next, Model.Handed? before)
    {
        switch (step.Act)
        {
            case Act.Wait or Act.WaitLong:
                town.Town.Clock.Advance(Model.WaitOf(step));
                return true;
            case Act.Sweep:
                await town.Packages.LapseDueAsync(town.Territory);
                return true;
            case Act.Buy:
                return !(await town.BuyAsync(step.Count, id: next.Title)).IsRefused(out _);
            case Act.Restock:
                return !(await town.Offers.SetStockAsync(town.Territory, town.Offer, await town.StockAsync(), step.Count, town.Town.Gelso.User)).IsRefused(out _);
            case Act.HandOverAgain:
                return before is not null && !(await town.HandAsync(before.Title, step.Count, before.Id)).IsRefused(out _);
        }

        if (model.Titles.Count == 0) return false;
        var id = model.Title(step).Id;
        return step.Act switch
        {
            Act.HandOver => !(await town.HandAsync(id, step.Count, next.HandOver)).IsRefused(out _),
            Act.Return => !(await town.Packages.ReturnAsync(town.Territory, id, town.Town.Rossi.User)).IsRefused(out _),
            Act.Unavailable => !(await town.Packages.MakeUnavailableAsync(town.Territory, id, town.Town.Gelso.User, "No.")).IsRefused(out _),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
        };
    }

    /// <summary>The same rules on numbers and lists: money is one heap, a title a number of cents with pieces in it.</summary>
    private sealed class Model(HandClock clock)
    {
        public sealed record Handed(Id<HandOver> Id, Id<Package> Title, int Count);

        public List<Bought> Titles { get; } = [];
        public int Stock { get; private set; } = 8;
        public Handed? Last { get; private set; }
        public Money Held => Titles.Sum(t => t.Held);
        public Money Earned => Titles.Sum(t => t.Earned);

        public Bought Title(Step step) => Titles[step.Which % Titles.Count];

        public static Duration WaitOf(Step step) => step.Act is Act.WaitLong ? Duration.FromDays(31) : Duration.FromDays(step.Count);

        private LocalDate Today => clock.Now.InZone(ClockExtensions.Rome).Date;

        public bool Do(Step step, (Id<Package> Title, Id<HandOver> HandOver) next)
        {
            switch (step.Act)
            {
                case Act.Wait or Act.WaitLong:
                    return true;
                case Act.Sweep:
                    foreach (var title in Titles.Where(t => t.Status is PackageStatus.Open && Today > t.LastDay)) Stock += title.End(PackageStatus.Lapsed);
                    return true;
                case Act.Restock:
                    Stock = step.Count;
                    return true;
                case Act.Buy:
                    var covered = Money.Min(Price * step.Count, Purse - Held - Earned);
                    if (step.Count == 0 || step.Count > Stock || covered.Cents < step.Count) return false;
                    Titles.Add(new(next.Title, step.Count, covered, Today));
                    Stock -= step.Count;
                    return true;
                case Act.HandOverAgain:
                    return Last is { } last && last.Count == step.Count;
            }

            if (Titles.Count == 0) return false;
            var bought = Title(step);
            switch (step.Act)
            {
                case Act.HandOver:
                    if (bought.Status is not PackageStatus.Open || Today > bought.LastDay || step.Count == 0 || step.Count > bought.Left) return false;
                    bought.Give(step.Count);
                    Last = new(next.HandOver, bought.Id, step.Count);
                    return true;
                case Act.Return:
                    if (bought.Status is PackageStatus.Returned) return true;
                    if (bought.Status is not PackageStatus.Open || bought.Given > 0 || Today > bought.On.PlusDays(7)) return false;
                    Stock += bought.End(PackageStatus.Returned);
                    return true;
                case Act.Unavailable:
                    if (bought.Status is PackageStatus.Unavailable) return true;
                    if (bought.Status is not PackageStatus.Open) return false;
                    bought.End(PackageStatus.Unavailable);
                    return true;
                default:
                    throw new ArgumentOutOfRangeException(nameof(step), step, null);
            }
        }
    }

    private sealed class Bought(Id<Package> id, int pieces, Money covered, LocalDate on)
    {
        public Id<Package> Id { get; } = id;
        public LocalDate On { get; } = on;
        public LocalDate LastDay { get; } = on.PlusDays(30);
        public PackageStatus Status { get; private set; } = PackageStatus.Open;
        public int Given { get; private set; }

        /// <summary>The cents of the pieces up to the last that was given, whole.</summary>
        public Money Earned => new(covered.Cents * Given / pieces);

        public Money Held => Status is PackageStatus.Open ? covered - Earned : Money.Zero;
        public int Left => Status is PackageStatus.Open ? pieces - Given : 0;

        public void Give(int count)
        {
            Given += count;
            if (Given == pieces) Status = PackageStatus.UsedUp;
        }

        /// <summary>Ends it and answers how many were not given.</summary>
        public int End(PackageStatus status)
        {
            var left = Left;
            Status = status;
            return left;
        }
    }
}
