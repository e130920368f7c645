using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A provider is about to take a group. The pool's id is made with the form, so that sending it twice takes it once.</summary>
/// <param name="Offer">One of its offers of the class that the group looks for.</param>
/// <param name="Day">The first day, on the weekday that was agreed.</param>
/// <param name="Weekly">How it goes on after the first day; null for the first day alone.</param>
public sealed record Taking(Id<Pool> Pool, Id<Proposal> Proposal, Id<Offer> Offer, LocalDate Day, Weekly? Weekly = null);

/// <summary>A group that meets every week.</summary>
/// <param name="LastDay">Rome's day after which it does no more: a week to a year after the first.</param>
/// <param name="SkipsMax">How many dates a household may leave out and stay.</param>
public sealed record Weekly(LocalDate LastDay, int SkipsMax);

public sealed partial class Needs
{
    /// <summary>It is decided so long before the start, as for the pools that providers open themselves.</summary>
    private static readonly Duration DecidedBefore = Duration.FromHours(24);

    /// <summary>The first day is so many days away at least, so that the households have a day to join; and at most.</summary>
    private const int DaysAheadMin = 3, DaysAheadMax = 42;

    /// <summary>
    /// Makes a pool of a group that waits: a time of the provider's offer, where and when the households agreed to meet, at what the
    /// provider asks for groups, which is no more than they agreed to. Weekly, it is a series of such pools, the first being that one. Its
    /// places are kept for them until the first day is decided; each joins as every pool, or series, is joined. The same again changes nothing.
    /// </summary>
    public Task<Result<Id<Pool>>> TakeAsync(TerritoryId territory, Taking taking, ProviderUser by, CancellationToken cancel = default)
    {
        if (taking.Weekly?.SkipsMax is < 0 or > Pools.SkipsMax) throw new ArgumentException($"Between none and {Pools.SkipsMax} dates may be left out.", nameof(taking));
        return db.TransactAsync<Id<Pool>>(territory, async tx =>
        {
            if (await LockAsync(tx, taking.Proposal) is not var (proposal, members)) return new ProposalNotFound(taking.Proposal);
            if (proposal.PoolId == taking.Pool) return taking.Pool;
            if (proposal.Status is not ProposalStatus.Agreed) return new ProposalNotReady(proposal.Id, proposal.Status);
            // Asked once: what is written is the instant that was judged.
            var now = clock.Now;
            if (now >= proposal.TakeBy) return new GroupOver(proposal.Id, proposal.TakeBy.Value);
            if ((await TermsAsync(tx, taking, proposal, members, by)).IsRefused(out var refusal, out var prices)) return refusal;

            var (starts, ends) = (At(taking.Day, proposal.Starts), At(taking.Day, proposal.Ends));
            if (await SlotAsync(tx, taking, proposal, starts, ends, prices.Max) is not { } slot) return new TimeOfferedOtherwise(starts);
            var pool = new NewPool(taking.Pool, slot, WeighedBy.Equal, prices, starts - DecidedBefore);
            if (taking.Weekly is not { } weekly)
            {
                if ((await pools.PublishAsync(tx, pool, by)).IsRefused(out var unpublished)) return unpublished;
            }
            else
            {
                var series = new NewSeries(Id<PoolSeries>.From("proposal", proposal.Id), pool, weekly.LastDay, weekly.SkipsMax);
                if ((await pools.PublishSeriesAsync(tx, series, by)).IsRefused(out var unpublished)) return unpublished;
            }

            await tx.ExecuteAsync(
                "update marketplace.proposal set status = 'Taken', taken_at = @now, pool_id = @Pool where territory_id = @territory and id = @Proposal",
                new { taking.Proposal, taking.Pool, now });
            await SetAsync(tx, [.. members.Select(m => m.NeedId)], NeedStatus.Taken);
            return taking.Pool;
        }, cancel);
    }

    /// <summary>At which prices the provider gives it, or why it cannot.</summary>
    private async Task<Result<HeadPrices>> TermsAsync(
        Transaction tx, Taking taking, Proposal proposal, IReadOnlyList<ProposalMember> members, ProviderUser by)
    {
        if (await Offers.FindAsync(tx, taking.Offer) is not { } offer || offer.ProviderId != by.Provider) return new OfferNotFound(taking.Offer);
        if (offer.Status is not OfferStatus.Published) return new OfferWithdrawn(offer.Id);
        if (offer.IsProduct) return new ProductHasNoTimes(offer.Id);
        if (!await IsWithinAsync(tx, offer.ClassCode, proposal.ClassCode)) return new OfferOfAnotherClass(offer.Id);
        if (taking.Day.DayOfWeek != proposal.Weekday) return new NotTheAgreedWeekday(proposal.Weekday);
        var (first, last) = (clock.Today().PlusDays(DaysAheadMin), clock.Today().PlusDays(DaysAheadMax));
        if (taking.Day < first || taking.Day > last) return new FirstDayOutside(first, last);
        if (await Accreditations.InForceAsync(tx, by.Provider, offer.ClassCode, taking.Day) is null) return new ProviderNotAccredited(by.Provider, taking.Day);
        var size = members.Count;
        var asked = await GroupPrices.InForceAsync(tx, by.Provider, proposal.ClassCode, proposal.Minutes, taking.Day);
        if (asked?.Prices is not { } prices || size < prices.Min || size > prices.Max) return new GroupPriceMissing(size, taking.Day);
        if (prices[size] > proposal.Price) return new GroupPriceAboveAgreed(prices[size], proposal.Price);
        var fewest = Fewest(prices, members);
        return HeadPrices.Of(fewest, [.. Enumerable.Range(fewest, size - fewest + 1).Select(n => prices[n])]);
    }

    /// <summary>The fewest with whom it still takes place: everybody accepts so few, at a share that is no more than their cap.</summary>
    private static int Fewest(HeadPrices prices, IReadOnlyList<ProposalMember> members)
    {
        var fewest = members.Count;
        while (fewest > prices.Min && members.All(m => m.SizeMin < fewest && prices.ShareAt(fewest - 1, 1, []) <= m.Cap)) fewest--;
        return fewest;
    }

    /// <summary>The offer's time at which the group meets: one that is there already, or a new one; null where that one ends at another time.</summary>
    private static async Task<Id<Slot>?> SlotAsync(Transaction tx, Taking taking, Proposal proposal, Instant starts, Instant ends, int places)
    {
        await tx.ExecuteAsync(
            """
            insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity) values (@territory, @id, @Offer, @starts, @ends, @places)
            on conflict (territory_id, offer_id, starts_at) do nothing
            """, new { id = Id<Slot>.From(taking.Pool), taking.Offer, starts, ends, places });
        return await tx.FindAsync<Id<Slot>?>(
            """
            update marketplace.slot set meeting_place_id = @PlaceId
            where territory_id = @territory and offer_id = @Offer and starts_at = @starts and ends_at = @ends
            returning id
            """, new { taking.Offer, starts, ends, proposal.PlaceId });
    }

    private static async Task<bool> IsWithinAsync(Transaction tx, string classCode, string wanted) =>
        await tx.FindAsync<int?>(
            $"with recursive {ServiceClasses.Lineage} select 1 from lineage where code = @classCode and ancestor = @wanted", new { classCode, wanted }) is not null;

    private static Instant At(LocalDate day, LocalTime time) => day.At(time).InZoneLeniently(ClockExtensions.Rome).ToInstant();
}
