using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>The families of the cast have marked services and saved a search each; for one of these a service comes back into the catalogue.</summary>
public sealed class TownSaved(Town town, FoundedTown founded, Agenda agenda, TownServices services, Instant present)
{
    private const int MarkedByEach = 2;

    public void Plan()
    {
        agenda.Plan(present - Duration.FromHours(50), SaveAsync);
        agenda.Plan(present - Duration.FromHours(6), ComeBackAsync);
        agenda.Plan(present - Duration.FromHours(5), cancel => town.Searches.TellDueAsync(town.Territory, cancel));
    }

    private async Task SaveAsync(CancellationToken cancel)
    {
        var tree = await town.Classes.TreeAsync(town.Territory, cancel);
        var municipalities = await town.Territories.MunicipalitiesAsync(town.Territory, cancel);
        foreach (var (number, member) in town.Cast.Households.Index())
        {
            var by = new HouseholdUser(founded.FamilyOf(member.Household).Household, services.UserOf(member.Household));
            foreach (var offer in founded.Catalogue.Offers.Skip(number * MarkedByEach).Take(MarkedByEach))
            {
                (await town.Favourites.MarkAsync(town.Territory, offer, by, cancel)).OrThrow();
            }

            var wanted = (await town.Offers.FindAsync(town.Territory, founded.Catalogue.Offers[number], cancel))!;
            var asked = new SearchCriteria(ClassCode: wanted.ClassCode, PriceMax: Money.Euro(60));
            (await town.Searches.SaveAsync(
                town.Territory, Id<SavedSearch>.From("demo", town.Script.Data, member.Key), SearchName.Of(asked, tree, municipalities), asked, by, cancel)).OrThrow();
        }
    }

    /// <summary>A provider took a service out of the catalogue and publishes it again.</summary>
    private async Task ComeBackAsync(CancellationToken cancel)
    {
        var offer = founded.Catalogue.Offers[0];
        (await town.Offers.WithdrawAsync(town.Territory, offer, cancel: cancel)).OrThrow();
        (await town.Offers.PublishAsync(town.Territory, offer, cancel: cancel)).OrThrow();
    }
}
