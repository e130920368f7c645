using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web.Demo;

/// <summary>
/// Two people of one cooperative of the cast, who cook at families' homes; one of them is away for some days. Said after the town has lived, so that
/// nothing it did depends on them. Every step may be repeated.
/// </summary>
public sealed class TownStaff(Town town)
{
    private const string Provider = "filo", Title = "Cuciniamo da te";

    private static readonly (string First, string Last)[] People = [("Marta", "Colombo"), ("Luca", "Ferrario")];

    public async Task FoundAsync(CancellationToken cancel)
    {
        if (!DemoCatalogue.Weeks(town.Script.Data).Any(w => w.Provider == Provider)) return;
        var provider = DemoCatalogue.ProviderId(town.Script.Data, Provider);
        var offer = (await town.Offers.OfProviderAsync(town.Territory, provider, cancel)).FirstOrDefault(o => o.Title.It == Title);
        if (offer is null) return;
        var (lists, by, today) = (new StaffLists(town.Db, town.Clock), new ProviderUser(provider, CastUser.IdOf($"enti/{Provider}")), town.Clock.Today());
        foreach (var (first, last) in People)
        {
            var id = Id<StaffMember>.From("demo", town.Script.Data, last);
            var member = new StaffMember(id, provider, first, last, today, null) { Offers = [offer.Id] };
            (await lists.AddAsync(town.Territory, member, by, cancel)).OrThrow();
            (await lists.ChangeAsync(town.Territory, member, by, cancel)).OrThrow();
            for (var day = 1; day <= 6; day++)
            {
                var hours = new StaffHours(Id<StaffHours>.From("demo", town.Script.Data, last, day), day, new(7, 0), new(21, 0), today, null);
                (await lists.AddHoursAsync(town.Territory, id, hours, by, cancel)).OrThrow();
            }
        }

        (await lists.NeedAsync(town.Territory, offer.Id, true, by, cancel)).OrThrow();
        var away = new StaffAway(Id<StaffAway>.From("demo", town.Script.Data), today.PlusDays(10), today.PlusDays(14));
        (await lists.AwayAsync(town.Territory, Id<StaffMember>.From("demo", town.Script.Data, People[1].Last), away, by, cancel)).OrThrow();
    }
}
