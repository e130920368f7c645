using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>What is put aside holds nothing, is the family's own, and goes when it is booked.</summary>
public sealed class BookingDraftTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_draft_holds_nothing_and_goes_with_the_booking()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(50));
        var slot = await town.SlotAsync(Money.Euro(30), places: 1);
        var drafts = new BookingDrafts(town.Db, town.Clock);

        (await drafts.SaveAsync(town.Territory, town.Rossi.Id, slot, town.Rossi.Child)).OrThrow();

        var draft = Assert.Single(await drafts.OfAsync(town.Territory, town.Rossi.Id));
        Assert.Equal((slot, town.Rossi.Child, Money.Euro(30), true), (draft.SlotId, draft.PersonId, draft.Price, draft.IsBookable));
        Assert.Equal((Money.Euro(50), Money.Zero), await town.OnAsync(grant.Account));
        Assert.Equal(0, await town.TakenAsync(slot));
        Assert.Empty(await drafts.OfAsync(town.Territory, town.Bianchi.Id));

        (await town.BookAsync(town.Rossi, slot)).OrThrow();
        Assert.Empty(await drafts.OfAsync(town.Territory, town.Rossi.Id));
    }

    [Fact]
    public async Task Saved_again_it_is_for_somebody_else_and_given_up_it_is_gone()
    {
        var town = await BookingTown.BuildAsync(database);
        var slot = await town.SlotAsync(Money.Euro(30));
        var drafts = new BookingDrafts(town.Db, town.Clock);
        (await drafts.SaveAsync(town.Territory, town.Rossi.Id, slot, town.Rossi.Child)).OrThrow();
        (await drafts.SaveAsync(town.Territory, town.Rossi.Id, slot, town.Rossi.Adult)).OrThrow();
        Assert.Equal(town.Rossi.Adult, Assert.Single(await drafts.OfAsync(town.Territory, town.Rossi.Id)).PersonId);
        Assert.Equal(town.Rossi.Adult, await drafts.PersonOfAsync(town.Territory, town.Rossi.Id, slot));

        await drafts.DropAsync(town.Territory, town.Bianchi.Id, slot);
        Assert.Single(await drafts.OfAsync(town.Territory, town.Rossi.Id));
        await drafts.DropAsync(town.Territory, town.Rossi.Id, slot);
        await drafts.DropAsync(town.Territory, town.Rossi.Id, slot);
        Assert.Empty(await drafts.OfAsync(town.Territory, town.Rossi.Id));
        Assert.Null(await drafts.PersonOfAsync(town.Territory, town.Rossi.Id, slot));
    }

    [Fact]
    public async Task A_time_that_others_took_is_said_and_one_that_is_over_is_not_shown()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Bianchi, Money.Euro(50));
        var slot = await town.SlotAsync(Money.Euro(30), places: 1);
        var drafts = new BookingDrafts(town.Db, town.Clock);
        (await drafts.SaveAsync(town.Territory, town.Rossi.Id, slot, town.Rossi.Child)).OrThrow();

        (await town.BookAsync(town.Bianchi, slot)).OrThrow();
        Assert.False(Assert.Single(await drafts.OfAsync(town.Territory, town.Rossi.Id)).IsBookable);

        town.Clock.Advance(Duration.FromDays(60));
        Assert.Empty(await drafts.OfAsync(town.Territory, town.Rossi.Id));
    }

    [Fact]
    public async Task Nobody_elses_person_no_time_that_is_not_there_and_no_more_than_so_many()
    {
        var town = await BookingTown.BuildAsync(database);
        var drafts = new BookingDrafts(town.Db, town.Clock);
        var slot = await town.SlotAsync(Money.Euro(30));
        Assert.True((await drafts.SaveAsync(town.Territory, town.Rossi.Id, slot, town.Bianchi.Child)).IsRefused(out var notOurs) && notOurs is PersonNotInHousehold);
        Assert.True((await drafts.SaveAsync(town.Territory, town.Rossi.Id, Id<Slot>.New(), town.Rossi.Child)).IsRefused(out var nothing) && nothing is SlotNotFound);

        for (var i = 0; i <= BookingDrafts.DraftsMax; i++)
        {
            var another = await town.SlotAsync(Money.Euro(30));
            town.Clock.Advance(Duration.FromSeconds(1));
            (await drafts.SaveAsync(town.Territory, town.Rossi.Id, another, town.Rossi.Child)).OrThrow();
        }

        Assert.Equal(BookingDrafts.DraftsMax, (await drafts.OfAsync(town.Territory, town.Rossi.Id)).Count);
    }
}
