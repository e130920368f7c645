using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests.Catalogue;

/// <summary>A cooperative with people, in a town of its own, and families with money enough.</summary>
public sealed class StaffTown
{
    private StaffTown(BookingTown town) => (Town, Lists, Cards, Slots) = (town, new(town.Db, town.Clock), new(town.Db, town.Clock), new(town.Db, town.Clock));

    public BookingTown Town { get; }
    public StaffLists Lists { get; }
    public StaffCards Cards { get; }
    public Slots Slots { get; }
    public TerritoryId Territory => Town.Territory;
    public ProviderUser By => Town.Gelso.User;
    public LocalDate Today => Town.Clock.Today();

    public static async Task<StaffTown> BuildAsync(TestDatabase database, Instant? now = null)
    {
        var town = new StaffTown(await BookingTown.BuildAsync(database));
        if (now is { } at) town.Town.Clock.MoveTo(at);
        foreach (var family in new[] { town.Town.Rossi, town.Town.Bianchi }) await town.Town.GrantAsync(family, Money.Euro(9_000), new LocalDate(2027, 6, 30));
        return town;
    }

    /// <summary>A time that needs somebody, of an offer of its own.</summary>
    public async Task<(Id<Offer> Offer, Id<Slot> Slot)> TimeAsync(Instant starts, string place = "AtProvider", int places = 1)
    {
        var slot = await Town.SlotAsync(Money.Euro(10), starts, places, place: place);
        var offer = (await Slots.FindAsync(Territory, slot))!.OfferId;
        (await Lists.NeedAsync(Territory, offer, true, By)).OrThrow();
        return (offer, slot);
    }

    /// <summary>One more time of an offer, an hour long.</summary>
    public async Task<Id<Slot>> MoreAsync(Id<Offer> offer, Instant starts, int minutes = 60)
    {
        var id = Id<Slot>.From("slot", offer, starts);
        (await Slots.CreateAsync(Territory, offer, [new(id, starts, starts + Duration.FromMinutes(minutes), 1)])).OrThrow();
        return id;
    }

    /// <summary>Somebody who works from one hour to another on every day of the week, and gives these offers.</summary>
    public async Task<Id<StaffMember>> PersonAsync(string first, string last, LocalTime from, LocalTime to, params Id<Offer>[] offers)
    {
        var id = Id<StaffMember>.New();
        var member = new StaffMember(id, By.Provider, first, last, Today, null) { Offers = offers };
        (await Lists.AddAsync(Territory, member, By)).OrThrow();
        (await Lists.ChangeAsync(Territory, member, By)).OrThrow();
        foreach (var day in Enumerable.Range(1, 7)) (await Lists.AddHoursAsync(Territory, id, new(Id<StaffHours>.New(), day, from, to, Today, null), By)).OrThrow();
        return id;
    }

    public async Task<bool> IsOfferedAsync(Id<Offer> offer, Id<Slot> slot) =>
        (await Slots.UpcomingAsync(Territory, offer, limit: 500)).Exists(s => s.Id == slot);

    /// <summary>Who is bound to a time; null for nobody.</summary>
    public async Task<Id<StaffMember>?> WhoAsync(Id<Slot> slot) =>
        (await Town.Db.ListAsync<Id<StaffMember>>(
            Territory, "select staff_id from marketplace.staff_duty where territory_id = @territory and slot_id = @slot", new { slot })) is [var who] ? who : null;
}
