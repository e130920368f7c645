using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests.Funding;

/// <summary>What becomes of grants: suspended, taken away, at the end of their time.</summary>
public sealed class GrantTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static async Task<(Town Town, List<Grant> Grants)> StartAsync(TestDatabase database, int grants = 2)
    {
        var town = await Town.FoundAsync(database);
        await town.PostedAsync(Enumerable.Range(1, grants).Select(i => Town.Row(i)));
        return (town, await town.GrantsAsync());
    }

    [Fact]
    public async Task After_the_last_day_what_is_free_goes_back_and_what_is_held_stays()
    {
        var (town, grants) = await StartAsync(database);
        var hold = await town.HoldAsync(grants[0], 30, new LocalDate(2027, 1, 20).StartOfDayInRome());
        Assert.Equal(0, await town.Grants.ExpireDueAsync(town.Territory));

        town.Clock.MoveTo(new LocalDate(2026, 12, 31).EndOfDayInRome());
        Assert.Equal(2, await town.Grants.ExpireDueAsync(town.Territory));
        Assert.Equal(0, await town.Grants.ExpireDueAsync(town.Territory));
        var held = (await town.Grants.FindAsync(town.Territory, grants[0].Id))!;
        Assert.Equal((GrantStatus.Active, Money.Zero, Money.Euro(30)), (held.Status, held.Free, held.Held));
        Assert.Equal(GrantStatus.Expired, (await town.Grants.FindAsync(town.Territory, grants[1].Id))!.Status);
        Assert.Equal(Money.Euro(30), (await town.FiguresAsync()).Granted);

        // The booking is settled in time: its grant is done, and the money counts as spent.
        await town.CaptureAsync(hold);
        Assert.Equal(1, await town.Grants.ExpireDueAsync(town.Territory));
        Assert.Equal(GrantStatus.Expired, (await town.Grants.FindAsync(town.Territory, grants[0].Id))!.Status);
        Assert.Equal((Money.Euro(30), Money.Euro(30)), ((await town.FiguresAsync()).Granted, (await town.FiguresAsync()).Spent));
    }

    [Fact]
    public async Task A_hold_that_ends_after_the_last_day_gives_its_money_back_too()
    {
        var (town, grants) = await StartAsync(database, 1);
        await town.HoldAsync(grants[0], 30, new LocalDate(2027, 1, 5).StartOfDayInRome());
        town.Clock.MoveTo(new LocalDate(2027, 1, 2).StartOfDayInRome());
        Assert.Equal(1, await town.Grants.ExpireDueAsync(town.Territory));
        town.Clock.MoveTo(new LocalDate(2027, 1, 6).StartOfDayInRome());
        await town.DoAsync(async tx => (await town.Ledger.ExpireDueAsync(tx)).OrThrow());
        Assert.Equal(1, await town.Grants.ExpireDueAsync(town.Territory));
        Assert.Equal((Money.Zero, Money.Euro(10_000)), ((await town.FiguresAsync()).Granted, (await town.FiguresAsync()).Left));
    }

    [Fact]
    public async Task Several_sweeps_at_once_return_each_cent_once()
    {
        var (town, _) = await StartAsync(database, 50);
        town.Clock.MoveTo(new LocalDate(2027, 1, 1).StartOfDayInRome());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (await town.Grants.ExpireDueAsync(town.Territory, limit: 7) > 0)
            {
            }
        }));
        Assert.Equal(0, await town.Grants.ExpireDueAsync(town.Territory));
        Assert.All(await town.GrantsAsync(), g => Assert.Equal(GrantStatus.Expired, g.Status));
        Assert.Equal(Money.Zero, (await town.FiguresAsync()).Granted);
    }

    [Fact]
    public async Task A_grant_is_suspended_resumed_and_taken_away()
    {
        var (town, grants) = await StartAsync(database);
        var (t, id) = (town.Territory, grants[0].Id);
        Assert.IsType<GrantStandsElsewhere>(await RefusedAsync(town.Grants.SuspendAsync(t, await RevokedAsync(town, grants[1]))));
        (await town.Grants.SuspendAsync(t, id)).OrThrow();
        (await town.Grants.SuspendAsync(t, id)).OrThrow();
        Assert.Equal(GrantStatus.Suspended, (await town.Grants.FindAsync(t, id))!.Status);
        (await town.Grants.ResumeAsync(t, id)).OrThrow();
        await town.HoldAsync(grants[0], 10, town.Clock.Now + Duration.FromDays(1));
        Assert.Equal(new GrantIsHeld(id, Money.Euro(10)), await RefusedAsync(town.Grants.RevokeAsync(t, id, town.Anna)));
        Assert.IsType<GrantNotFound>(await RefusedAsync(town.Grants.RevokeAsync(t, Id<Grant>.New(), town.Anna)));
        Assert.Equal(Money.Euro(100), (await town.FiguresAsync()).Granted);
        Assert.Equal(2, (await town.Grants.OfHouseholdAsync(t, grants[0].HouseholdId)).Count + (await town.Grants.OfHouseholdAsync(t, grants[1].HouseholdId)).Count);
    }

    private static async Task<Id<Grant>> RevokedAsync(Town town, Grant grant)
    {
        (await town.Grants.RevokeAsync(town.Territory, grant.Id, town.Anna)).OrThrow();
        return (await town.Grants.RevokeAsync(town.Territory, grant.Id, town.Anna)).OrThrow();
    }

    private static async Task<Refusal> RefusedAsync<T>(Task<Result<T>> result) where T : notnull => Refused(await result);
}
