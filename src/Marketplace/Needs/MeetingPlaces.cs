using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>A meeting place about to be known. The id is made with the form.</summary>
public sealed record NewMeetingPlace(
    Id<MeetingPlace> Id, string Name, MeetingPlaceKind Kind, string MunicipalityCode, GeoPoint At, int Rooms);

/// <summary>A meeting place as people read it.</summary>
/// <param name="Needs">How many households that look for a group live near it.</param>
public sealed record MeetingPlaceRow(
    Id<MeetingPlace> Id, string Name, MeetingPlaceKind Kind, string Municipality, double Latitude, double Longitude, int Rooms, int Needs);

/// <summary>Where groups may meet.</summary>
public sealed class MeetingPlaces(Database db, IClock clock)
{
    public const int NameMin = 2, NameMax = 80;

    /// <summary>How far from the middle of its municipality a place may be.</summary>
    private const int FarthestKilometres = 30;

    /// <summary>
    /// Makes a place known, so that households can say that they live near it and plans can meet there. The same again changes nothing.
    /// </summary>
    public Task<Result<Id<MeetingPlace>>> AddAsync(TerritoryId territory, NewMeetingPlace place, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<MeetingPlace>>(territory, async tx =>
        {
            var name = place.Name.Trim();
            if (name.Length is < NameMin or > NameMax) return new TextLength("name", NameMin, NameMax);
            if (place.Rooms is < 1 or > Matching.RoomsMax) return new MeetingPlaceRoomsOutside(Matching.RoomsMax);
            if (!(Math.Abs(place.At.Latitude) <= 90 && Math.Abs(place.At.Longitude) <= 180)) return new MeetingPlacePointWrong();

            // The territory's row is the lock: two who add the same name follow each other.
            await tx.ExecuteAsync("select id from marketplace.territory where id = @territory for no key update");
            var earlier = await tx.FindAsync<Earlier>(
                "select name, municipality_code from marketplace.meeting_place where territory_id = @territory and id = @Id", new { place.Id });
            if (earlier is not null) return earlier == new Earlier(name, place.MunicipalityCode) ? place.Id : new MeetingPlaceIdReused(place.Id);
            var known = await tx.ListAsync<Earlier>(
                "select name, municipality_code from marketplace.meeting_place where territory_id = @territory and withdrawn_at is null");
            if (known.Count >= Matching.PlacesMax) return new TooManyMeetingPlaces(Matching.PlacesMax);
            if (known.Exists(k => k.MunicipalityCode == place.MunicipalityCode && string.Equals(k.Name, name, StringComparison.OrdinalIgnoreCase)))
                return new MeetingPlaceNameTaken(name);
            var centre = await tx.FindAsync<Centre>(
                "select latitude, longitude from marketplace.municipality where territory_id = @territory and code = @MunicipalityCode",
                new { place.MunicipalityCode });
            if (centre is null) return new MunicipalityNotFound(place.MunicipalityCode);
            if (place.At.MetresTo(new(centre.Latitude, centre.Longitude)) > FarthestKilometres * 1000) return new MeetingPlaceFarAway(FarthestKilometres);

            // From here on the place must be recorded: every refusal is behind us.
            await tx.ExecuteAsync(
                """
                insert into marketplace.meeting_place (territory_id, id, name, kind, municipality_code, latitude, longitude, rooms, added_by, added_at)
                values (@territory, @Id, @name, @kind, @MunicipalityCode, @Latitude, @Longitude, @Rooms, @by, @now)
                """,
                new
                {
                    place.Id, name, kind = place.Kind.ToString(), place.MunicipalityCode, place.At.Latitude, place.At.Longitude, place.Rooms, by,
                    now = clock.Now,
                });
            return place.Id;
        }, cancel);

    /// <summary>No group meets there from now on. Who lives near it still does, and what was proposed or taken there stays. Repeatable.</summary>
    public async Task<Result<Done>> WithdrawAsync(TerritoryId territory, Id<MeetingPlace> id, CancellationToken cancel = default)
    {
        var found = await db.ExecuteAsync(
            territory, "update marketplace.meeting_place set withdrawn_at = coalesce(withdrawn_at, @now) where territory_id = @territory and id = @id",
            new { id, now = clock.Now }, cancel);
        return found == 1 ? default(Done) : new MeetingPlaceNotFound(id);
    }

    /// <summary>The places where groups may meet, by municipality and name.</summary>
    public Task<List<MeetingPlaceRow>> ListAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<MeetingPlaceRow>(
            territory,
            """
            select w.id, w.name, w.kind, m.name as municipality, w.latitude, w.longitude, w.rooms::int as rooms,
                   (select count(*)::int from marketplace.need n
                    where n.territory_id = @territory and n.near_place_id = w.id and n.status in ('Open', 'Asked', 'Agreed')) as needs
            from marketplace.meeting_place w
            join marketplace.municipality m on m.territory_id = @territory and m.code = w.municipality_code
            where w.territory_id = @territory and w.withdrawn_at is null
            order by m.name, w.name limit @PlacesMax
            """, new { Matching.PlacesMax }, cancel);

    private sealed record Centre(double Latitude, double Longitude);

    private sealed record Earlier(string Name, string MunicipalityCode);
}
