using Borsellino.Ledger;
using Borsellino.Marketplace;
using Microsoft.AspNetCore.Identity;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>
/// Founds a town so many days ago and plays its life up to the present, or goes on where an earlier attempt stopped.
/// A town that is finished is left as it is.
/// </summary>
public sealed class TownPlay(Database db)
{
    private readonly PlayedTime time = new(db);

    /// <param name="days">How long the town has lived when the present comes.</param>
    /// <param name="progress">Is told how much is done, from 0 to 1.</param>
    /// <returns>The town as it was played; null when it was finished before.</returns>
    public async Task<Town?> PlayAsync(
        TownScript script, int days, Instant present, DemoExport export, Action<double> progress, CancellationToken cancel)
    {
        Town? played = null;
        await time.HoldAsync(script.Territory, async () => played = await PlayHeldAsync(script, days, present, export, progress, cancel), cancel);
        return played;
    }

    private async Task<Town?> PlayHeldAsync(
        TownScript script, int days, Instant present, DemoExport export, Action<double> progress, CancellationToken cancel)
    {
        var founded = TownLife.Hour(present.InZone(ClockExtensions.Rome).Date.PlusDays(-days), 8, 0);
        var begin = await time.LatestAsync(script.Territory, cancel) ?? Instant.Min(founded, present);
        var town = new Town(db, new HandClock(begin), script);
        var founding = new TownFounding(town);
        if (await founding.IsFinishedAsync(cancel)) return null;

        var hash = new PasswordHasher<User>().HashPassword(null!, TownCast.Password);
        var stands = await founding.FoundAsync(hash, present.InZone(ClockExtensions.Rome).Date, cancel);
        var desk = new TownDesk(town);
        await desk.FoundAsync(cancel);
        var call = new TownCall(town);
        await call.FoundAsync(cancel);
        await call.TaxAsync(cancel);
        progress(0.1);
        // The present comes a little later than when the playing began; nothing may lie in its future.
        var life = new TownLife(town, stands, export, present);
        await life.LiveUntilAsync(Instant.Max(present, begin), lived => progress(0.1 + (0.85 * lived)), cancel);
        await town.Catalogue.OfferTimesAsync(script.Data, script.Territory, town.Clock, cancel);
        await desk.ReceiveAsync(stands, cancel);
        await new TownPackages(town).SellAsync(stands, cancel);
        await new TownProducts(town).SellAsync(stands, cancel);
        await call.AskAsync(cancel);
        await call.GoOnAsync(cancel);
        await new TownStaff(town).FoundAsync(cancel);
        await founding.FinishAsync(stands, hash, cancel);
        progress(1);
        return town;
    }
}
