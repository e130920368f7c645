using System.Collections.Concurrent;
using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Marketplace;

/// <summary>A territory as its pages, its notices and its payouts speak of it.</summary>
/// <param name="Slug">The first segment of the addresses of its pages.</param>
/// <param name="Municipalities">How many municipalities it has.</param>
public sealed record Place(
    TerritoryId Id, string Slug, string Name, string ShortName, string OfficeName, string OfficeAddress, string Town,
    string HelpPhone, string HelpHours, string HelpHoursEn, string TreasuryName, string TreasuryIban,
    Id<Account> BankAccountId, string Colour, bool Demo, int Municipalities);

/// <summary>A territory about to be set up, with its municipalities and the bank account that its payouts leave from.</summary>
public sealed record NewTerritory(
    TerritoryId Id, string Slug, string Name, string ShortName, string OfficeName, string OfficeAddress, string Town,
    string HelpPhone, string HelpHours, string HelpHoursEn, string TreasuryName, Iban TreasuryIban,
    IReadOnlyList<Municipality> Municipalities, string Colour = "petrol", bool Demo = false);

public sealed record TerritorySlugTaken(string Slug) : Refusal("territory_slug_taken");

/// <summary>
/// The territories of the installation and their municipalities. They change a few times a year and are asked for by
/// every request, so they are kept in memory: what another process changes is seen within a minute.
/// </summary>
public sealed class Territories(Database db, GeneralLedger ledger)
{
    /// <summary>More territories than this do not belong on one server.</summary>
    public const int TerritoriesMax = 1000;

    /// <summary>The most municipalities of one territory.</summary>
    public const int MunicipalitiesMax = 400;

    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    // An unknown first segment may be a territory set up just now, but it is mostly a stray address: it asks again at
    // most once a second.
    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TerritoryId, Kept<IReadOnlyList<Municipality>>> municipalities = new();
    private volatile Kept<IReadOnlyList<Place>>? places;

    /// <summary>All territories, by name.</summary>
    public async Task<IReadOnlyList<Place>> AllAsync(CancellationToken cancel = default) => (await PlacesAsync(KeptFor, cancel)).Value;

    /// <summary>The territory whose addresses begin with this segment, or null.</summary>
    public async Task<Place?> FindAsync(string slug, CancellationToken cancel = default) =>
        Named(slug, await PlacesAsync(KeptFor, cancel)) ?? Named(slug, await PlacesAsync(AskedAgainAfter, cancel));

    /// <summary>The territory with this id, or null.</summary>
    public async Task<Place?> FindAsync(TerritoryId id, CancellationToken cancel = default) =>
        (await AllAsync(cancel)).SingleOrDefault(p => p.Id == id);

    /// <summary>The municipalities of a territory, by name.</summary>
    public async Task<IReadOnlyList<Municipality>> MunicipalitiesAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        if (municipalities.TryGetValue(territory, out var kept) && kept.IsYoungerThan(KeptFor)) return kept.Value;
        var read = await db.ListAsync<Municipality>(
            territory,
            """
            select code, name, postal_code, latitude, longitude, residents from marketplace.municipality
            where territory_id = @territory
            order by name limit @MunicipalitiesMax
            """, new { MunicipalitiesMax }, cancel);
        // An empty list is a territory that is being set up: not worth remembering.
        if (read.Count > 0) municipalities[territory] = new(read);
        return read;
    }

    /// <summary>
    /// Sets up a territory: its bank account in the book, its municipalities. The same id again changes nothing;
    /// a slug of another territory is refused.
    /// </summary>
    public async Task<Result<TerritoryId>> CreateAsync(NewTerritory territory, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(territory.Municipalities.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(territory.Municipalities.Count, MunicipalitiesMax);
        var result = await db.TransactAsync<TerritoryId>(territory.Id, tx => CreateAsync(tx, territory), cancel);
        places = null;
        municipalities.TryRemove(territory.Id, out _);
        return result;
    }

    private async Task<Result<TerritoryId>> CreateAsync(Transaction tx, NewTerritory territory)
    {
        var taken = await tx.FindAsync<TerritoryId?>("select id from marketplace.territory where slug = @Slug", new { territory.Slug });
        if (taken is { } other && other != territory.Id) return new TerritorySlugTaken(territory.Slug);
        if (taken is not null) return territory.Id;

        await Periods.OpenBookAsync(tx);
        var bank = Id<Account>.From("bank", territory.Id, territory.TreasuryIban);
        var account = new NewAccount(bank, "bank", $"bank:{territory.TreasuryIban}");
        if ((await ledger.OpenAsync(tx, account)).IsRefused(out var refusal)) return refusal;
        await tx.ExecuteAsync(
            """
            insert into marketplace.territory
                (id, slug, name, short_name, office_name, office_address, town, help_phone, help_hours, help_hours_en,
                 treasury_name, treasury_iban, bank_account_id, colour, demo)
            values (@territory, @Slug, @Name, @ShortName, @OfficeName, @OfficeAddress, @Town, @HelpPhone, @HelpHours, @HelpHoursEn,
                    @TreasuryName, @iban, @bank, @Colour, @Demo)
            """,
            new
            {
                territory.Slug, territory.Name, territory.ShortName, territory.OfficeName, territory.OfficeAddress, territory.Town,
                territory.HelpPhone, territory.HelpHours, territory.HelpHoursEn, territory.TreasuryName,
                iban = territory.TreasuryIban.Value, bank, territory.Colour, territory.Demo,
            });
        await InsertAsync(tx, territory.Municipalities);
        return territory.Id;
    }

    private static Task<int> InsertAsync(Transaction tx, IReadOnlyList<Municipality> municipalities) =>
        tx.ExecuteAsync(
            """
            insert into marketplace.municipality (territory_id, code, name, postal_code, latitude, longitude, residents)
            select @territory, m.* from unnest(@codes, @names, @postalCodes, @latitudes, @longitudes, @residents) m
            """,
            new
            {
                codes = municipalities.Select(m => m.Code).ToArray(),
                names = municipalities.Select(m => m.Name).ToArray(),
                postalCodes = municipalities.Select(m => m.PostalCode).ToArray(),
                latitudes = municipalities.Select(m => m.Latitude).ToArray(),
                longitudes = municipalities.Select(m => m.Longitude).ToArray(),
                residents = municipalities.Select(m => m.Residents).ToArray(),
            });

    private static Place? Named(string slug, Kept<IReadOnlyList<Place>> kept) =>
        kept.Value.SingleOrDefault(p => p.Slug == slug);

    private async Task<Kept<IReadOnlyList<Place>>> PlacesAsync(TimeSpan youngerThan, CancellationToken cancel)
    {
        if (places is { } kept && kept.IsYoungerThan(youngerThan)) return kept;
        var rows = await db.ListSharedAsync<Place>(
            """
            select id, slug, name, short_name, office_name, office_address, town, help_phone, help_hours, help_hours_en,
                   treasury_name, treasury_iban, bank_account_id, colour, demo, 0 as municipalities
            from marketplace.territory
            order by name limit @TerritoriesMax
            """, new { TerritoriesMax }, cancel);
        var read = new List<Place>(rows.Count);
        foreach (var row in rows)
        {
            // Behind each territory's wall: one question each.
            read.Add(row with { Municipalities = (await MunicipalitiesAsync(row.Id, cancel)).Count });
        }

        return places = new(read);
    }
}
