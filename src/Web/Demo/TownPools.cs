using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>
/// Families share services: providers let them have a time together, some join, a few leave, the freeze decides. What each pays less than
/// alone is written down, and who could not have paid alone.
/// </summary>
public sealed class TownPools(Town town, FoundedTown founded, Agenda agenda, TownServices services)
{
    /// <summary>What the chronicle says of those who were served; the demo's last lines read it.</summary>
    public const string Saved = "saved by sharing", NotAlone = "served together, not payable alone", Households = "households among them";

    private const int TriesMax = 6;
    private static readonly Duration Day = Duration.FromDays(1);

    private readonly HashSet<Id<Share>> notAlone = [];
    private readonly HashSet<int> households = [];

    public void Plan(LocalDate day)
    {
        var dice = town.Script.Dice("pools", Days.Iso(day));
        var shared = Math.Max(1, town.Script.BookingsADay / 8);
        foreach (var number in Enumerable.Range(1, shared))
        {
            agenda.Plan(TownLife.Hour(day, 8, 30) + Duration.FromMinutes(dice.Below(120)), cancel => PublishAsync(day, number, cancel));
        }
    }

    /// <summary>What time does to pools, and what follows for those who are committed.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        await town.Pools.TakeInDueAsync(town.Territory, cancel);
        var frozen = await town.Pools.FreezeDueAsync(town.Territory, cancel);
        if (frozen.Moved > 0) town.Chronicle.Add("pools frozen", Money.Zero, System.Diagnostics.Stopwatch.GetElapsedTime(start));
        await town.Pools.QuorumDueAsync(town.Territory, cancel);
        await town.Pools.FinishDueAsync(town.Territory, cancel);
    }

    private async Task PublishAsync(LocalDate day, int number, CancellationToken cancel)
    {
        var dice = town.Script.Dice("pool", Days.Iso(day), number);
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (services.AnyProgramme(dice) is not { } programme) return;
            var now = town.Clock.Now;
            var found = await services.FindTimeAsync(
                [.. services.OffersOf(programme).Where(o => o.Place is not ServicePlace.Online)], dice,
                slot => slot.Taken == 0 && slot.StartsAt > now + (Day * 3) && slot.StartsAt < now + (Day * 8), cancel);
            if (found is not var (offer, slot)) continue;

            var (min, more) = (dice.Between(2, 3), dice.Between(1, 3));
            // Together they cost the provider more than one, and each of them less.
            var price = new Money(offer.Price.Cents * dice.Between(130, 170) / 100);
            var id = Id<Pool>.From("demo", town.Script.Data, Days.Iso(day), number);
            var by = new ProviderUser(offer.ProviderId, services.CoordinatorOf(offer.ProviderId));
            var pool = new NewPool(id, slot.Id, WeighedBy.Equal, HeadPrices.Flat(min, min + more, price), slot.StartsAt - Day);
            if (number == 1 && day.DayOfWeek is IsoDayOfWeek.Monday)
            {
                if (await PublishWeeklyAsync(pool, offer, slot, programme, by, dice, cancel)) return;
                continue;
            }

            var published = await town.Chronicle.DoAsync("pool published", () => town.Pools.PublishAsync(town.Territory, pool, by, cancel), _ => price);
            if (published.IsRefused(out _)) continue;

            services.Take(offer.Id, slot);
            for (var i = 0; i < min + more; i++)
            {
                var which = i;
                agenda.Plan(TownLife.Awake(now + Duration.FromMinutes(dice.Between(30, 2 * 24 * 60))), c => JoinAsync(pool, offer, programme, which, by, c));
            }

            agenda.Plan(pool.FreezeAt + Duration.FromMinutes(1), c => FreezeAsync(pool, offer, by, c));
            return;
        }
    }

    /// <summary>A group that meets every week for a month and a half: two families take part in all dates, guests in one.</summary>
    private async Task<bool> PublishWeeklyAsync(
        NewPool pool, Offer offer, Slot slot, TownProgramme programme, ProviderUser by, Dice dice, CancellationToken cancel)
    {
        var id = Id<PoolSeries>.From("demo", pool.Id);
        var last = slot.StartsAt.InZone(ClockExtensions.Rome).Date.PlusWeeks(5);
        var published = await town.Chronicle.DoAsync(
            "weekly pool published", () => town.Pools.PublishSeriesAsync(town.Territory, new(id, pool, last, 1), by, cancel), _ => pool.Prices[pool.Prices.Min]);
        if (published.IsRefused(out _)) return false;
        services.Take(offer.Id, slot);
        foreach (var which in Enumerable.Range(1, 2))
        {
            if (services.AnyFamily(programme, dice) is not { } household) continue;
            var family = founded.FamilyOf(household);
            var user = new HouseholdUser(family.Household, services.UserOf(household));
            var seen = await town.Pools.PreviewSeriesAsync(town.Territory, family.Household, id, cancel: cancel);
            if (seen.IsRefused(out _, out var shown)) continue;
            var member = Id<SeriesMember>.From("demo", pool.Id, which);
            await town.Chronicle.DoAsync(
                "weekly pool joined", () => town.Pools.JoinSeriesAsync(town.Territory, new(member, id, shown.People[0].Id, 1, shown.Cap), user, cancel), _ => shown.Cap);
            // One of the later dates does not suit everybody.
            if (which == 2)
            {
                agenda.Plan(TownLife.Awake(town.Clock.Now + Day), async c =>
                    await town.Chronicle.DoAsync("weekly pool, a date left out", () => town.Pools.SkipAsync(town.Territory, member, shown.Dates[^1].Id, user, c)));
            }
        }

        var card = (await new SeriesCards(town.Db).FindAsync(town.Territory, id, null, cancel))!;
        foreach (var (i, date) in card.Dates.Index())
        {
            var one = pool with { Id = date.Pool, FreezeAt = date.FreezeAt };
            var joins = Instant.Max(town.Clock.Now + Duration.FromHours(3), date.FreezeAt - (Day * 2));
            agenda.Plan(TownLife.Awake(joins), c => JoinAsync(one, offer, programme, i, by, c));
            agenda.Plan(date.FreezeAt + Duration.FromMinutes(1), c => FreezeAsync(one, offer, by, c));
        }

        return true;
    }

    private async Task JoinAsync(NewPool pool, Offer offer, TownProgramme programme, int number, ProviderUser provider, CancellationToken cancel)
    {
        var dice = town.Script.Dice("join", pool.Id, number);
        // Not every place is wanted; those of one programme live by the same needs, so it is one of them who comes.
        if (dice.Chance(250) || services.AnyFamily(programme, dice) is not { } household) return;
        var family = founded.FamilyOf(household);
        var by = new HouseholdUser(family.Household, services.UserOf(household));
        var preview = await town.Chronicle.DoAsync("pool looked at", () => town.Pools.PreviewAsync(town.Territory, family.Household, pool.Id, cancel: cancel));
        if (preview.IsRefused(out _, out var shown) || !shown.Coverage.IsPossible) return;

        var alone = Waterfall.Choose(
            await new Purses(town.Db, town.Clock).GrantsAsync(town.Territory, family.Household, shown.Pool.Day, cancel), new(offer.ClassCode, shown.Pool.Day, offer.Price, offer.Minutes, offer.ProviderId, Purchase.PlaceOf(offer.Place, offer.MunicipalityCode)));
        var share = Id<Share>.From("demo", pool.Id, number);
        var person = programme.Who is TownNeed.Pupils or TownNeed.Parents ? shown.People[^1] : shown.People[0];
        var joined = await town.Chronicle.DoAsync(
            "pool joined", () => town.Pools.JoinAsync(town.Territory, new(share, pool.Id, person.Id, 1, shown.Cap, shown.Shown), by, cancel), _ => shown.Cap);
        if (joined.IsRefused(out _)) return;
        if (!alone.IsPossible || alone.Copayment > shown.Coverage.Copayment) notAlone.Add(share);
        if (dice.Chance(80))
        {
            agenda.Plan(TownLife.Awake(town.Clock.Now + Duration.FromHours(5)), async c =>
                await town.Chronicle.DoAsync("pool left in time", () => town.Pools.LeaveAsync(town.Territory, share, by, c)));
        }
    }

    /// <summary>The freeze comes by itself; from then on each booking has a fate of its own, as every booking has.</summary>
    private async Task FreezeAsync(NewPool pool, Offer offer, ProviderUser by, CancellationToken cancel)
    {
        await SweepAsync(cancel);
        if (await new PoolCards(town.Db, town.Clock).FindAsync(town.Territory, by.Provider, pool.Id, cancel) is not { } detail) return;
        if (detail.Card.Pool.Status is not PoolStatus.Confirmed)
        {
            town.Chronicle.Add("pool lapsed", Money.Zero, TimeSpan.Zero);
            return;
        }

        town.Chronicle.Add("pool confirmed", detail.Card.Pool.Price ?? Money.Zero, TimeSpan.Zero);
        foreach (var member in detail.Members)
        {
            if (member.Booking is not { } booking || await town.Cards.FindAsync(town.Territory, by.Provider, booking, cancel) is not { } known) continue;
            services.TakeUp(known.Card, by);
            agenda.Plan(known.Card.EndsAt + Day * 5, c => TellAsync(member, offer, by, c));
        }
    }

    /// <summary>Writes down what sharing was worth to somebody who was served.</summary>
    private async Task TellAsync(PoolMember member, Offer offer, ProviderUser by, CancellationToken cancel)
    {
        var status = (await town.Cards.FindAsync(town.Territory, by.Provider, member.Booking!.Value, cancel))!.Card.Status;
        if (status is not (BookingStatus.Delivered or BookingStatus.Settled or BookingStatus.Paid)) return;
        town.Chronicle.Add(Saved, offer.Price - member.Price!.Value, TimeSpan.Zero);
        if (!notAlone.Contains(member.Share)) return;
        town.Chronicle.Add(NotAlone, member.Price!.Value, TimeSpan.Zero);
        if (households.Add(member.HouseholdNumber)) town.Chronicle.Add(Households, Money.Zero, TimeSpan.Zero);
    }
}
