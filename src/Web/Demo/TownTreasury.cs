using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>
/// The accountants: every Monday one prepares a payout, another signs it, and the file goes to the bank. In a rehearsal the books close every
/// night.
/// </summary>
public sealed class TownTreasury(Town town, Agenda agenda, DemoExport export)
{
    private readonly Id<User> prepares = CastUser.IdOf(TownCast.Prepares);
    private readonly Id<User> signs = CastUser.IdOf(TownCast.Signs);

    public void Plan(LocalDate day)
    {
        if (day.DayOfWeek is IsoDayOfWeek.Monday)
        {
            var payout = IdOf(day);
            agenda.Plan(TownLife.Hour(day, 10, 5), cancel => PrepareAsync(payout, cancel));
            agenda.Plan(TownLife.Hour(day, 15, 20), cancel => SignAsync(payout, cancel));
        }

        if (town.Script.IsRehearsal) agenda.Plan(TownLife.Hour(day, 0, 30), cancel => CloseAsync(day.PlusDays(-1), cancel));
        if (day.Day == 1) agenda.Plan(TownLife.Hour(day, 7, 0), cancel => export.MonthAsync(town, day.PlusDays(-1), cancel));
    }

    /// <summary>Nothing counts any more for the day that has passed, and nobody changes unseen what was recorded on it.</summary>
    private async Task CloseAsync(LocalDate day, CancellationToken cancel)
    {
        (await town.Chronicle.DoAsync(
            "day closed", () => town.Db.TransactAsync<LocalDate>(town.Territory, tx => town.Periods.CloseAsync(tx, day, prepares.ToString()), cancel))).OrThrow();
        await town.Chronicle.WatchAsync("day sealed", () => town.Seals.SealDueAsync(town.Territory, cancel));
    }

    private Id<Payout> IdOf(LocalDate day) => Id<Payout>.From("demo", town.Script.Data, NodaTime.Text.LocalDatePattern.Iso.Format(day));

    /// <summary>Takes all that providers have earned into a payout for the next day on which banks work.</summary>
    public async Task PrepareAsync(Id<Payout> id, CancellationToken cancel)
    {
        var calendar = await BankCalendar.ReadAsync(town.Db, cancel);
        var day = calendar.OpenFrom(town.Clock.Today().PlusDays(1));
        await town.Chronicle.DoAsync(
            "payout prepared", () => town.Payouts.PrepareAsync(town.Territory, new(id, day), prepares, cancel));
    }

    private async Task SignAsync(Id<Payout> id, CancellationToken cancel)
    {
        // A week in which nobody earned anything has no payout.
        if (await town.Payouts.FindAsync(town.Territory, id, cancel) is not { Payout: { Status: PayoutStatus.Locked } payout }) return;
        (await town.Chronicle.DoAsync(
            "payout signed by a second person", () => town.Payouts.AuthoriseAsync(town.Territory, id, signs, cancel), _ => payout.Total)).OrThrow();
        var file = (await town.Chronicle.DoAsync(
            "pain.001 file written", () => town.Payouts.FileAsync(town.Territory, id, signs, cancel))).OrThrow();
        await export.PayoutAsync(town, id, file, cancel);
    }
}
