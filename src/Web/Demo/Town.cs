using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web.Demo;

/// <summary>
/// A demo territory while its life is played: the real operations on a clock that is moved by hand, and the people who
/// use them. Nothing here writes to the database by itself.
/// </summary>
public sealed class Town
{
    public Town(Database db, HandClock clock, TownScript script)
    {
        (Db, Clock, Script) = (db, clock, script);
        Cast = TownCast.Of(script.Data);
        Funding = TownFunding.Of(script.Data);
        Ledger = new(clock);
        Territories = new(db, Ledger);
        Classes = new(db);
        Offers = new(db, clock);
        Slots = new(db, clock);
        Accreditations = new(db, clock);
        Catalogue = new(Territories, Classes, new Providers(db, Ledger), Accreditations, Offers, Slots);
        Users = new(db, clock);
        Funders = new(db);
        Programmes = new(db, Ledger, clock);
        Imports = new(db, Ledger, clock);
        Rows = new(db);
        Grants = new(db, Ledger, clock);
        Bookings = new(db, Ledger, clock);
        Cards = new(db);
        Pools = new(db, Ledger, Bookings, clock);
        Needs = new(db, Pools, clock);
        NeedCards = new(db, clock);
        MeetingPlaces = new(db, clock);
        GroupPrices = new(db, clock);
        var search = new CatalogueSearch(db, clock, Classes, Territories);
        Favourites = new(db, search, clock);
        Searches = new(db, search, clock);
        Ratings = new(db);
        Payouts = new(db, Ledger, clock);
        Payables = new(db);
        Statements = new(db);
        TrialBalances = new(db);
        Periods = new(clock);
        Seals = new(db, clock);
    }

    public Database Db { get; }
    public HandClock Clock { get; }
    public Accreditations Accreditations { get; }
    public TownScript Script { get; }
    public TownCast Cast { get; }
    public TownFunding Funding { get; }
    public Chronicle Chronicle { get; } = new();

    public GeneralLedger Ledger { get; }
    public Territories Territories { get; }
    public ServiceClasses Classes { get; }
    public DemoCatalogue Catalogue { get; }
    public Offers Offers { get; }
    public Slots Slots { get; }
    public Users Users { get; }
    public Funders Funders { get; }
    public Programmes Programmes { get; }
    public GrantImports Imports { get; }
    public GrantRows Rows { get; }
    public Grants Grants { get; }
    public Bookings Bookings { get; }
    public BookingCards Cards { get; }
    public Ratings Ratings { get; }
    public Pools Pools { get; }
    public Needs Needs { get; }
    public NeedCards NeedCards { get; }
    public Favourites Favourites { get; }
    public SavedSearches Searches { get; }
    public MeetingPlaces MeetingPlaces { get; }
    public GroupPrices GroupPrices { get; }
    public Payouts Payouts { get; }
    public Payables Payables { get; }
    public Statements Statements { get; }
    public TrialBalances TrialBalances { get; }
    public Periods Periods { get; }
    public Seals Seals { get; }

    public TerritoryId Territory => Script.Territory;
}

/// <summary>Which town is played, and how big and how lively it is.</summary>
/// <param name="Data">Whose data it has: one of <see cref="DemoCatalogue.Slugs"/>.</param>
/// <param name="Slug">The first segment of its addresses; that of its data, or of a rehearsal.</param>
/// <param name="Seed">Everything that chance decides follows from it.</param>
/// <param name="BookingsADay">About how many services are asked for on a working day.</param>
public sealed record TownScript(string Data, string Slug, TerritoryId Territory, ulong Seed, int Households, int BookingsADay)
{
    /// <summary>A town that is played to be looked at as a whole: it has another name than the one whose data it lives by.</summary>
    public bool IsRehearsal => Slug != Data;

    /// <summary>Dice for one purpose in this town.</summary>
    public Dice Dice(params ReadOnlySpan<object> purpose) => Demo.Dice.Of([Seed, Data, .. purpose]);
}
