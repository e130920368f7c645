using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>Where the town receives its families in person, and the first of them who come. Every step may be repeated.</summary>
public sealed class TownDesk(Town town)
{
    private static readonly LocalTime Nine = new(9, 0), Noon = new(12, 0), Afternoon = new(14, 30), Evening = new(17, 0);

    private readonly Offices offices = new(town.Db, town.Clock);
    private readonly OfficeAppointments appointments = new(town.Db, town.Clock);

    /// <summary>The office of the territory, open every working day, and a point in its second municipality, twice a week.</summary>
    public async Task FoundAsync(CancellationToken cancel)
    {
        var place = await town.Territories.FindAsync(town.Script.Slug, cancel) ?? throw new InvalidOperationException($"{town.Script.Slug} is not founded.");
        var municipalities = await town.Territories.MunicipalitiesAsync(town.Territory, cancel);
        var main = new Office(IdOf("office"), place.OfficeName, place.OfficeAddress);
        var point = new Office(IdOf("point"), $"Punto sociale di {municipalities[^1].Name}", $"Piazza del Municipio 1, {municipalities[^1].Name}");
        foreach (var office in new[] { main, point }) (await offices.AddAsync(town.Territory, office, CastUser.IdOf(TownCast.Uploads), cancel)).OrThrow();
        for (var day = 1; day <= 5; day++)
        {
            await OpenAsync(main, day, day % 2 == 1 ? (Nine, Noon) : (Afternoon, Evening), 2, cancel);
            if (day % 2 == 0) await OpenAsync(point, day, (Nine, Noon), 1, cancel);
        }
    }

    /// <summary>Two families of the cast come on the next days on which the office receives.</summary>
    public async Task ReceiveAsync(FoundedTown founded, CancellationToken cancel)
    {
        var cast = town.Cast.Households.ToDictionary(h => h.Key, h => founded.FamilyOf(h.Household), StringComparer.Ordinal);
        // The last of the cast is not there before the town is finished.
        var visitors = town.Cast.Users.SkipLast(1).Where(u => u.Household is not null).DistinctBy(u => u.Household, StringComparer.Ordinal).Take(2).ToList();
        foreach (var (number, user) in visitors.Index())
        {
            var free = await appointments.FreeAsync(town.Territory, IdOf("office"), town.Clock.Today().PlusDays(1 + number), 1, cancel);
            if (free.Count == 0) continue;
            var family = cast[user.Household!];
            var wish = new NewOfficeAppointment(
                Id<OfficeAppointment>.From("demo", town.Script.Data, user.Key), IdOf("office"), free[0].Times[number].StartsAt,
                number == 0 ? AppointmentTopic.Booking : AppointmentTopic.Benefit, number == 0 ? "Vorrei capire come si prenota un servizio a domicilio." : "", "", family.Family.Phone);
            await appointments.BookAsync(town.Territory, wish, new(family.Household, user.Id), cancel);
        }
    }

    private async Task OpenAsync(Office office, int day, (LocalTime From, LocalTime To) between, int desks, CancellationToken cancel)
    {
        var id = Id<OfficeHours>.From("demo", town.Script.Data, office.Id, day);
        (await offices.OpenAsync(town.Territory, new(id, office.Id, day, between.From, between.To, 30, desks, town.Clock.Today(), null), cancel)).OrThrow();
    }

    private Id<Office> IdOf(string key) => Id<Office>.From("demo", town.Script.Data, key);
}
