using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>A member of a pool below quorum that has not left, and what it said about paying more.</summary>
/// <param name="Price">What it pays as long as nothing is decided.</param>
/// <param name="Answer">Its yes or no; null while it has said nothing.</param>
/// <param name="Agreed">The most it would pay in all; null for a no, and while it has said nothing.</param>
public sealed record Staying(
    Id<Share> Share, Id<Household> Household, Id<Booking> Booking, int Weight, Money Price, Id<Raise>? Answer, Money? Agreed)
{
    public bool HasRefused => Answer is not null && Agreed is null;
}

/// <summary>One of those who go on, with what it pays from now on.</summary>
public sealed record Raised(Staying Who, Money Price);

/// <summary>
/// A slot that too few share after the freeze: what it costs so few by the table, what is there of it, and who would pay how much more.
/// </summary>
/// <param name="Price">The table's price for so few, in cents.</param>
/// <param name="Fees">What those who left paid for it, and nobody who took their place: it need not be paid again.</param>
/// <param name="Members">Who stays, in the order of joining.</param>
public sealed record Shortfall(Money Price, Money Fees, IReadOnlyList<Staying> Members)
{
    /// <summary>What those who go on pay together. Never less than they pay today: a fee makes nothing cheaper.</summary>
    private Money PriceOf(IEnumerable<Staying> group) => Money.Max(Price - Fees, group.Sum(m => m.Price));

    /// <summary>What is missing if everybody pays what they pay today.</summary>
    public Money Missing => PriceOf(Members) - Members.Sum(m => m.Price);

    public bool IsWhole => Missing == Money.Zero;

    /// <summary>How many have said that they would pay more.</summary>
    public int Yes => Members.Count(m => m.Agreed is not null);

    public Staying? Of(Id<Household> household) => Members.FirstOrDefault(m => m.Household == household);

    /// <summary>
    /// What a member would pay if so many go on, from all of them to itself alone. Who the fewer would be nobody knows, so it is as if
    /// the others weighed one. It is a cent more than today at the least: a yes says yes to something.
    /// </summary>
    public IReadOnlyList<LadderStep> StepsOf(Staying member)
    {
        var whole = PriceOf(Members);
        return [.. Enumerable.Range(1, Members.Count).Reverse().Select(n => new LadderStep(n, whole, Money.Max(ShareAt(n), member.Price + new Money(1))))];

        Money ShareAt(int heads) => heads == Members.Count
            ? SharesOf(Members).Single(r => r.Who == member).Price
            : PriceSplit.Of(whole, [member.Weight, .. Enumerable.Repeat(1, heads - 1)])[0];
    }

    /// <summary>What each would pay more than today if all who have not said no go on; a cent at the least, for a yes says yes to something.</summary>
    public IReadOnlyList<(Staying Who, Money More)> ToCover =>
        Members.All(m => m.HasRefused) ? []
            : [.. SharesOf([.. Members.Where(m => !m.HasRefused)]).Select(r => (r.Who, Money.Max(r.Price - r.Who.Price, new Money(1))))];

    /// <summary>
    /// The largest group of those who agreed in which nobody pays above what they agreed to; empty where there is none. Fewer never pay
    /// less, so it is the only one of its size, as at the freeze (<see cref="PoolGroup"/>).
    /// </summary>
    public IReadOnlyList<Raised> Choose()
    {
        List<Staying> group = [.. Members.Where(m => m.Agreed is not null)];
        while (group.Count > 0)
        {
            var shares = SharesOf(group);
            var able = shares.Where(r => r.Price <= r.Who.Agreed).ToList();
            if (able.Count == group.Count) return shares;
            group = [.. able.Select(r => r.Who)];
        }

        return [];
    }

    private List<Raised> SharesOf(IReadOnlyList<Staying> group) =>
        [.. group.Zip(PriceSplit.Of(PriceOf(group), [.. group.Select(m => m.Weight)]), (who, price) => new Raised(who, price))];

    internal static Shortfall Of(HeadPrices prices, IReadOnlyList<Row> rows)
    {
        List<Staying> members = [.. rows.Where(r => !r.IsGone).Select(r => new Staying(r.Share, r.Household, r.Booking, r.Weight, r.Price, r.Answer, r.Agreed))];
        return new(prices[members.Count], rows.Where(r => r.IsGone).Sum(r => r.Settled), members);
    }

    /// <summary>Those who were committed and whose place nobody took, asked for with the pool.</summary>
    internal const string Select =
        $"""
        select s.id as share, s.household_id as household, s.booking_id as booking, s.weight::int as weight, s.price, b.settled,
               not {Pools.IsLiving} as is_gone, r.id as answer, r.cap as agreed
        from marketplace.pool_share s
        join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
        left join marketplace.pool_raise r on r.territory_id = @territory and r.share_id = s.id and r.status in ('Agreed', 'Refused')
        where s.territory_id = @territory and s.pool_id = @pool and s.replaced_by is null
        order by s.place
        """;

    internal sealed record Row(
        Id<Share> Share, Id<Household> Household, Id<Booking> Booking, int Weight, Money Price, Money Settled, bool IsGone, Id<Raise>? Answer, Money? Agreed);
}
