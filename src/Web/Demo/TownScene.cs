using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>
/// What a visitor finds when the curtain rises: each of the cast has something behind them, something to do and
/// something coming; a list waits for approval, another for corrections, a payout for its second signature.
/// </summary>
public sealed class TownScene(
    Town town, FoundedTown founded, Agenda agenda, TownServices services, TownOffice office, TownTreasury treasury, Instant present)
{
    private const string Waiting = "da-approvare", Faulty = "da-correggere";

    private static readonly Duration Day = Duration.FromDays(1);

    public void Plan()
    {
        foreach (var member in town.Cast.Households.Where(h => h.Grants.Values.Sum() > 5_000)) Plan(member);
        foreach (var member in town.Cast.Households.Where(h => h.Grants.Values.Sum() <= 5_000)) PlanSpent(member);
        foreach (var provider in town.Cast.Users.Where(u => u.Note is not null && u.Provider is not null)) Plan(founded.Catalogue.Cooperatives[provider.Provider!]);
        agenda.Plan(AtWork(present - Duration.FromHours(20)), cancel => office.HandInAsync(List(Waiting, 0, withFaults: false), cancel));
        agenda.Plan(AtWork(present - Duration.FromHours(3)), cancel => office.UploadAsync(List(Faulty, 1, withFaults: true), cancel));
        new TownNeeds(town, founded, agenda, services, present).Plan();
        new TownSaved(town, founded, agenda, services, present).Plan();
        var last = AtWork(present - Duration.FromHours(2));
        agenda.Plan(last, cancel => treasury.PrepareAsync(Id<Payout>.From("demo", town.Script.Data, "da-firmare"), cancel));
    }

    /// <summary>A service every week, then one to accept, one coming, one that waits for the provider's answer.</summary>
    private void Plan(CastHousehold member)
    {
        for (var (at, number) = (present - (Day * 26), 1); at < present - (Day * 5); (at, number) = (at + (Day * 7), number + 1))
        {
            var (n, from) = (number, at);
            Ask(member, at, n, Ending.Good, slot => slot.StartsAt > from + Day && slot.StartsAt < from + (Day * 6));
        }

        // Delivered less than two days ago, or it would have accepted itself.
        Ask(member, present - (Day * 3), 11, Ending.StaysDelivered, slot => slot.StartsAt > present - Duration.FromHours(40) && slot.EndsAt < present - Duration.FromMinutes(40));
        Ask(member, present - (Day * 2), 12, Ending.StaysConfirmed, slot => slot.StartsAt > present + Duration.FromHours(10) && slot.StartsAt < present + (Day * 5));
        Ask(member, present - Duration.FromHours(4), 13, Ending.StaysRequested, slot => slot.StartsAt > present + (Day * 2) && slot.StartsAt < present + (Day * 9));
    }

    /// <summary>A coordinator finds requests to answer, services of today and tomorrow, some just done.</summary>
    private void Plan(Id<Provider> provider)
    {
        for (var number = 1; number <= 3; number++)
        {
            AskOf(provider, number, present - Duration.FromHours(2 + number), Ending.StaysRequested, Duration.FromHours(10), Day * 9);
            AskOf(provider, 10 + number, present - Duration.FromHours(30 + number), Ending.StaysConfirmed, Duration.FromHours(-1), Day * 3);
        }

        AskOf(provider, 20, present - (Day * 4), Ending.StaysDelivered, -Duration.FromHours(44), -Duration.FromHours(3));
    }

    private void AskOf(Id<Provider> provider, int number, Instant at, Ending ending, Duration from, Duration to) =>
        agenda.Plan(AtWork(at), cancel => services.AskOfAsync(
            Id<Booking>.From("demo", provider, number), provider, town.Script.Dice("coordinator", provider, number), ending,
            slot => slot.StartsAt > present + from && slot.StartsAt < present + to, cancel));

    /// <summary>A purse whose money went early: one thing bought, small change left.</summary>
    private void PlanSpent(CastHousehold member)
    {
        var from = present - (Day * 15);
        Ask(member, from, 1, Ending.Good, slot => slot.StartsAt > from + Day && slot.StartsAt < from + (Day * 6));
    }

    private void Ask(CastHousehold member, Instant at, int number, Ending ending, Func<Slot, bool> suits)
    {
        // By turns from each of the programmes that pay for the family.
        var programmes = town.Funding.Programmes.Where(p => member.Grants.ContainsKey(p.Key)).ToList();
        var programme = programmes[number % programmes.Count];
        agenda.Plan(AtWork(at), cancel => services.AskAsync(
            Id<Booking>.From("demo", town.Script.Data, member.Key, number), member.Household, programme, town.Script.Dice("cast", member.Key, number), ending,
            suits, cancel));
    }

    private TownOffice.Handed List(string name, int number, bool withFaults)
    {
        var programme = town.Funding.Programmes.MaxBy(p => founded.Grants.Asked(p))!;
        var size = Math.Clamp(town.Script.Households / 60, 3, 14);
        return new(programme, name, founded.Grants.Unasked(programme, number, size), withFaults);
    }

    /// <summary>The instant itself by day; the evening before where it falls in the night.</summary>
    private static Instant AtWork(Instant at)
    {
        var local = at.InZone(ClockExtensions.Rome);
        if (local.Hour < 7) return TownLife.Hour(local.Date.PlusDays(-1), 20, 15);
        return local.Hour > 20 ? TownLife.Hour(local.Date, 20, 15) : at;
    }
}
