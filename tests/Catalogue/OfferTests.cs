using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests.Catalogue;

/// <summary>Offers and the times at which they can be had.</summary>
public sealed class OfferTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task An_offer_comes_back_as_it_was_written()
    {
        var town = await Town.BuildAsync(database);
        var salice = await town.CooperativeAsync("Il Salice", "casa");
        var draft = town.Draft(salice, "assistenza", "Un aiuto", place: ServicePlace.AtHome, reach: ["L319"]);
        (await town.Offers.CreateAsync(town.Id, draft)).OrThrow();
        (await town.Offers.CreateAsync(town.Id, draft)).OrThrow();

        var read = await town.Offers.FindAsync(town.Id, draft.Id);
        Assert.Equivalent(draft, read, strict: true);
        Assert.True(read!.Reaches("L319"));
        Assert.False(read.Reaches("L703"));
    }

    [Fact]
    public async Task An_offer_of_something_unknown_is_refused()
    {
        var town = await Town.BuildAsync(database);
        var salice = await town.CooperativeAsync("Il Salice", "casa");
        var draft = town.Draft(salice, "assistenza", "Un aiuto");
        (await town.Offers.CreateAsync(town.Id, draft)).OrThrow();

        Assert.IsType<OfferIdReused>(Refusal(await town.Offers.CreateAsync(town.Id, draft with { Title = new("Altro", "Else") })));
        var next = draft with { Id = Id<Offer>.New() };
        Assert.IsType<ProviderNotFound>(Refusal(await town.Offers.CreateAsync(town.Id, next with { ProviderId = Id<Provider>.New() })));
        Assert.IsType<ServiceClassNotFound>(Refusal(await town.Offers.CreateAsync(town.Id, next with { ClassCode = "giardino" })));
        Assert.IsType<MunicipalityNotFound>(Refusal(await town.Offers.CreateAsync(town.Id, next with { Reach = ["L319", "Z999"] })));
    }

    [Fact]
    public async Task Only_who_is_accredited_publishes()
    {
        var town = await Town.BuildAsync(database);
        var salice = await town.CooperativeAsync("Il Salice", "educazione");
        var draft = town.Draft(salice, "assistenza", "Un aiuto");
        (await town.Offers.CreateAsync(town.Id, draft)).OrThrow();

        Assert.IsType<NotAccredited>(Refusal(await town.Offers.PublishAsync(town.Id, draft.Id)));
        Assert.IsType<OfferIs>(Refusal(await town.Offers.WithdrawAsync(town.Id, draft.Id)));
        await town.AccreditAsync(salice, "casa");
        (await town.Offers.PublishAsync(town.Id, draft.Id)).OrThrow();
        (await town.Offers.PublishAsync(town.Id, draft.Id)).OrThrow();
        (await town.Offers.WithdrawAsync(town.Id, draft.Id)).OrThrow();
        Assert.Equal(OfferStatus.Withdrawn, (await town.Offers.FindAsync(town.Id, draft.Id))!.Status);
        Assert.IsType<OfferNotFound>(Refusal(await town.Offers.PublishAsync(town.Id, Id<Offer>.New())));
    }

    [Fact]
    public async Task Upcoming_times_are_those_that_can_be_booked()
    {
        var town = await Town.BuildAsync(database);
        var salice = await town.CooperativeAsync("Il Salice");
        // Until Friday 16 January.
        var accreditation = await town.AccreditAsync(salice, "casa", new(2026, 1, 1), new(2026, 1, 16));
        var offer = await town.OfferAsync(salice, "assistenza", "Un aiuto");
        var slots = WeeklyPattern.Slots(
            offer, [.. Enum.GetValues<IsoDayOfWeek>().Where(d => d is not IsoDayOfWeek.None).Select(d => new WeeklyHours(d, new(15, 0), 60))], Town.Day, Town.Day.PlusDays(9));
        Assert.Equal(10, (await town.Slots.CreateAsync(town.Id, offer, slots)).OrThrow());
        Assert.Equal(0, (await town.Slots.CreateAsync(town.Id, offer, slots)).OrThrow());

        Assert.Equal([12, 13, 14, 15, 16], await DaysAsync());
        (await town.Slots.WithdrawAsync(town.Id, slots[1].Id)).OrThrow();
        Assert.Equal([12, 14, 15, 16], await DaysAsync());
        town.Clock.Advance(Duration.FromDays(1));
        Assert.Equal([14, 15, 16], await DaysAsync());

        await town.Accreditations.SuspendAsync(town.Id, accreditation, "Manca la polizza", town.Officer);
        Assert.Empty(await DaysAsync());
        await town.Accreditations.ReinstateAsync(town.Id, accreditation, town.Officer);
        await town.Offers.WithdrawAsync(town.Id, offer);
        Assert.Empty(await DaysAsync());

        Assert.IsType<SlotInPast>(Refusal(await town.Slots.CreateAsync(town.Id, offer, [slots[0] with { Id = Id<Slot>.New() }])));

        async Task<IEnumerable<int>> DaysAsync() =>
            (await town.Slots.UpcomingAsync(town.Id, offer)).Select(s => s.StartsAt.InZone(ClockExtensions.Rome).Day);
    }

    [Fact]
    public async Task A_full_time_is_not_upcoming_and_is_not_taken_back()
    {
        var town = await Town.BuildAsync(database);
        var salice = await town.CooperativeAsync("Il Salice", "casa");
        var offer = await town.OfferAsync(salice, "assistenza", "Un aiuto");
        var slot = new NewSlot(Id<Slot>.New(), Town.Morning + Duration.FromHours(2), Town.Morning + Duration.FromHours(3), 1);
        (await town.Slots.CreateAsync(town.Id, offer, [slot])).OrThrow();
        await town.Db.TransactAsync<int>(town.Id, async tx => await tx.ExecuteAsync(
            "update marketplace.slot set taken = 1 where territory_id = @territory and id = @Id", new { slot.Id }));

        Assert.Empty(await town.Slots.UpcomingAsync(town.Id, offer));
        Assert.IsType<SlotHasBookings>(Refusal(await town.Slots.WithdrawAsync(town.Id, slot.Id)));
        Assert.Equal(0, (await town.Slots.FindAsync(town.Id, slot.Id))!.Free);
    }

    [Fact]
    public void Nine_o_clock_stays_nine_o_clock_when_summer_time_begins_and_ends()
    {
        var offer = Id<Offer>.New();
        WeeklyHours[] sundays = [new(IsoDayOfWeek.Sunday, new(9, 0), 60), new(IsoDayOfWeek.Saturday, new(23, 0), 480)];
        // Clocks go forward on 29 March 2026 and back on 25 October.
        foreach (var first in new LocalDate[] { new(2026, 3, 21), new(2026, 10, 17) })
        {
            var slots = WeeklyPattern.Slots(offer, sundays, first, first.PlusDays(15));
            Assert.Equal(6, slots.Count);
            Assert.All(slots, s => Assert.Contains(s.StartsAt.InZone(ClockExtensions.Rome).Hour, (int[])[9, 23]));
            Assert.All(slots.Where(s => s.StartsAt.InZone(ClockExtensions.Rome).Hour == 23), s => Assert.Equal(Duration.FromHours(8), s.EndsAt - s.StartsAt));
            Assert.Equal(slots.OrderBy(s => s.StartsAt), slots);
        }
    }

    [Fact]
    public void An_hour_that_is_skipped_begins_later_and_one_that_comes_twice_begins_the_first_time()
    {
        var offer = Id<Offer>.New();
        WeeklyHours[] night = [new(IsoDayOfWeek.Sunday, new(2, 30), 60)];
        var spring = Assert.Single(WeeklyPattern.Slots(offer, night, new(2026, 3, 29), new(2026, 3, 29)));
        Assert.Equal(Instant.FromUtc(2026, 3, 29, 1, 30), spring.StartsAt);
        var autumn = Assert.Single(WeeklyPattern.Slots(offer, night, new(2026, 10, 25), new(2026, 10, 25)));
        Assert.Equal(Instant.FromUtc(2026, 10, 25, 0, 30), autumn.StartsAt);
    }

    private static Refusal Refusal<T>(Result<T> result) where T : notnull
    {
        Assert.True(result.IsRefused(out var refusal));
        return refusal;
    }
}
