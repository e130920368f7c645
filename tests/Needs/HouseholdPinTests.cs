using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Tests;

/// <summary>The PIN by which a household consents at the desk: its own, kept as a hash, tried ten times.</summary>
public sealed class HouseholdPinTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Right = "482915", Wrong = "482916";

    [Fact]
    public async Task What_a_household_typed_itself_is_its_consent_and_stays_readable_to_it()
    {
        var (t, pins) = await BuildAsync();
        (await pins.SetAsync(t.Territory, Right, t.Rossi.User)).OrThrow();
        var consent = (await pins.ConsentAsync(t.Territory, CodeOf(t.Rossi), Right)).OrThrow();
        Assert.Equal(ConsentKind.Pin, consent.Kind);
        Assert.DoesNotContain(Right, consent.Reference, StringComparison.Ordinal);
        var acts = Acts(t);
        (await acts.LookAsync(t.Territory, Id<DeskAct>.New(), new(CodeOf(t.Rossi), consent, t.Officer))).OrThrow();
        var told = Assert.Single(await new Messages(t.Db, t.Clock).OfAsync(t.Territory, t.Rossi.Id), m => m.Kind is MessageKind.DeskLooked);
        Assert.Equal(consent.Reference, told.Text);

        // It is this household's and nobody else's, and cannot be claimed without being typed.
        Assert.IsType<PinNotRight>(Refused(await acts.LookAsync(t.Territory, Id<DeskAct>.New(), new(CodeOf(t.Bianchi), consent, t.Officer))));
        Assert.IsType<PinNotRight>(Refused(await acts.LookAsync(t.Territory, Id<DeskAct>.New(), new(CodeOf(t.Rossi), new(ConsentKind.Pin, "lo giuro"), t.Officer))));
        Assert.IsType<NobodyOfTaxCode>(Refused(await pins.ConsentAsync(t.Territory, "nessuno", Right)));
    }

    [Fact]
    public async Task A_wrong_one_and_none_are_the_same_and_ten_tries_are_judged()
    {
        var (t, pins) = await BuildAsync();
        Assert.IsType<PinNotRight>(Refused(await pins.ConsentAsync(t.Territory, CodeOf(t.Bianchi), Right)));
        (await pins.SetAsync(t.Territory, Right, t.Rossi.User)).OrThrow();
        for (var i = 0; i < 9; i++) Assert.IsType<PinNotRight>(Refused(await pins.ConsentAsync(t.Territory, CodeOf(t.Rossi), Wrong)));
        // The right one forgets the tries before it.
        Assert.False((await pins.ConsentAsync(t.Territory, CodeOf(t.Rossi), Right)).IsRefused(out _));
        for (var i = 0; i < Attempts.AttemptsMax; i++) Assert.IsType<PinNotRight>(Refused(await pins.ConsentAsync(t.Territory, CodeOf(t.Rossi), Wrong)));
        Assert.IsType<PinTriedTooOften>(Refused(await pins.ConsentAsync(t.Territory, CodeOf(t.Rossi), Right)));
        t.Clock.Advance(Attempts.Window);
        Assert.False((await pins.ConsentAsync(t.Territory, CodeOf(t.Rossi), Right)).IsRefused(out _));
    }

    [Fact]
    public async Task It_can_be_changed_and_taken_away_by_the_household_alone()
    {
        var (t, pins) = await BuildAsync();
        foreach (var plain in new[] { "111111", "123456", "654321", "12345", "1234567", "12a456", "" })
            Assert.IsType<PinTooPlain>(Refused(await pins.SetAsync(t.Territory, plain, t.Rossi.User)));
        Assert.IsType<DelegateMayNot>(Refused(await pins.SetAsync(t.Territory, Right, new(t.Rossi.Id, t.Bianchi.User.User))));
        (await pins.SetAsync(t.Territory, Right, t.Rossi.User)).OrThrow();
        (await pins.SetAsync(t.Territory, Wrong, t.Rossi.User)).OrThrow();
        Assert.IsType<PinNotRight>(Refused(await pins.ConsentAsync(t.Territory, CodeOf(t.Rossi), Right)));
        Assert.False((await pins.ConsentAsync(t.Territory, CodeOf(t.Rossi), Wrong)).IsRefused(out _));
        (await pins.DropAsync(t.Territory, t.Rossi.User)).OrThrow();
        Assert.Null(await pins.SetAtAsync(t.Territory, t.Rossi.Id));
        Assert.IsType<PinNotRight>(Refused(await pins.ConsentAsync(t.Territory, CodeOf(t.Rossi), Wrong)));
        // Nothing in the database is the PIN.
        var kept = await t.Db.ListAsync<string>(t.Territory, "select encode(hash, 'escape') from marketplace.household_pin where territory_id = @territory");
        Assert.DoesNotContain(kept, k => k.Contains(Wrong, StringComparison.Ordinal));
    }

    private async Task<(BookingTown Town, HouseholdPins Pins)> BuildAsync()
    {
        var town = await BookingTown.BuildAsync(database);
        foreach (var family in new[] { town.Rossi, town.Bianchi })
        {
            await town.ChangeAsync(
                """
                insert into marketplace.role_grant (territory_id, id, user_id, role, household_id) values (@territory, @id, @User, 'Household', @Household)
                """, new { id = Guid.NewGuid(), family.User.User, family.User.Household });
        }

        return (town, new(town.Db, new(town.Db, town.Clock), town.Clock));
    }

    private static string CodeOf(BookingTown.Family family) => family.Adult.Value.ToString();

    private static DeskActs Acts(BookingTown t) => new(
        t.Db, new(t.Db, t.Pools, t.Clock), new(t.Db, t.Clock), t.Pools, new(t.Db, t.Clock), t.Bookings, new(t.Db),
        new(t.Db, t.Ledger, t.Bookings, t.Clock), new(t.Db, new(t.Db, t.Clock), t.Clock), new(t.Db, t.Clock), t.Clock);

    private static Refusal Refused<T>(Result<T> result)
        where T : notnull
    {
        Assert.True(result.IsRefused(out var refusal));
        return refusal;
    }
}
