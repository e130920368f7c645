using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>A booking under way, with the two sides of it.</summary>
/// <param name="By">Who acts for the family; null for one taken up after an interruption: then only its provider acts.</param>
public sealed record BookingUnderWay(
    Id<Booking> Id, HouseholdUser? By, ProviderUser Provider, Instant StartsAt, Instant EndsAt, Instant AnswerBy, Instant FreeUntil,
    Money Fee, Money Covered, Money Copayment);

/// <summary>
/// What becomes of each booking: most are confirmed, delivered and accepted; some are declined, cancelled in time or
/// late, missed, disputed, forgotten. Decided by its id alone.
/// </summary>
public sealed class TownFates(Town town, Agenda agenda, DemoExport export)
{
    public void Decide(BookingUnderWay booking, Ending ending)
    {
        var now = town.Clock.Now;
        var dice = town.Script.Dice("answer", booking.Id);
        var chance = ending is Ending.Chance ? dice.Below(100) : 99;
        var soon = TownLife.Awake(now + Duration.FromMinutes(dice.Between(35, 6 * 60)));
        // An answer that comes too late is refused; the request then lapses by itself.
        if (ending is Ending.StaysRequested || chance < 4) return;
        if (chance < 9 && booking.By is { } by)
        {
            agenda.Plan(soon, cancel => StepAsync(
                "request withdrawn by the family", town.Bookings.WithdrawAsync(town.Territory, booking.Id, by, cancel), booking.Covered));
        }
        else if (chance < 15)
        {
            agenda.Plan(soon, cancel => StepAsync(
                "request declined", town.Bookings.DeclineAsync(
                    town.Territory, booking.Id, booking.Provider, Texts.Say("In quel giorno non abbiamo nessuno libero."), cancel), booking.Covered));
        }
        else
        {
            agenda.Plan(Instant.Min(soon, booking.AnswerBy - Duration.FromMinutes(10)), async cancel =>
            {
                await StepAsync("request confirmed", town.Bookings.ConfirmAsync(town.Territory, booking.Id, booking.Provider, cancel), booking.Covered);
                AfterConfirmed(booking, ending);
            });
        }
    }

    /// <summary>Takes up a booking that was requested or confirmed before the life of the town was cut off.</summary>
    public void TakeUp(BookingCard card, ProviderUser provider)
    {
        var booking = new BookingUnderWay(
            card.Id, null, provider, card.StartsAt, card.EndsAt, card.AnswerBy, card.FreeUntil, card.FeeFromPurse, card.Covered,
            card.Copayment);
        if (card.Status is BookingStatus.Requested) Decide(booking, Ending.Chance);
        if (card.Status is BookingStatus.Confirmed) AfterConfirmed(booking, Ending.Chance);
    }

    private void AfterConfirmed(BookingUnderWay booking, Ending ending)
    {
        if (ending is Ending.StaysConfirmed) return;
        var now = town.Clock.Now;
        var dice = town.Script.Dice("service", booking.Id);
        var chance = ending is Ending.Chance ? dice.Below(100) : 99;
        var afterwards = Instant.Max(now, booking.EndsAt + Duration.FromMinutes(dice.Between(2, 25)));
        if (chance < 6 && booking.By is { } by)
        {
            // Half of them in time, half when the fee is owed.
            var late = booking.StartsAt - Duration.FromHours(2);
            var when = chance % 2 == 0 ? Instant.Min(late, now + Duration.FromHours(1)) : late;
            agenda.Plan(Instant.Max(now, when), cancel => CancelAsync(booking, by, cancel));
        }
        else if (chance is 6 or 7)
        {
            agenda.Plan(Instant.Max(now, booking.StartsAt - Duration.FromHours(4)), cancel => StepAsync(
                "cancelled by the provider", town.Bookings.CancelByProviderAsync(
                    town.Territory, booking.Id, booking.Provider, Texts.Say("L’operatrice è in malattia."), cancel), booking.Covered));
        }
        else if (chance is 8 or 9)
        {
            agenda.Plan(afterwards, cancel => StepAsync(
                "nobody was there", town.Bookings.ReportNoShowAsync(town.Territory, booking.Id, booking.Provider, cancel), booking.Fee));
        }
        else
        {
            // Two in a hundred are marked some days later.
            if (chance is 10 or 11) afterwards += Duration.FromDays(dice.Between(2, 4));
            agenda.Plan(afterwards, async cancel =>
            {
                await StepAsync(
                    "service delivered", town.Bookings.DeliverAsync(
                        town.Territory, booking.Id, booking.Provider, dice.Chance(600) ? Attendance.Voucher : Attendance.List, cancel), booking.Covered);
                // One family in ten forgets its purse and pays another day.
                if (booking.Copayment.IsPositive && !dice.Chance(100))
                {
                    await StepAsync(
                        "own part paid to the provider",
                        town.Bookings.ReceiveCopaymentAsync(town.Territory, booking.Id, booking.Provider, cancel), booking.Copayment);
                }

                AfterDelivered(booking, ending);
            });
        }
    }

    private async Task CancelAsync(BookingUnderWay booking, HouseholdUser by, CancellationToken cancel)
    {
        var isFree = town.Clock.Now < booking.FreeUntil;
        await StepAsync(
            isFree ? "cancelled in time" : "cancelled late, fee paid",
            town.Bookings.CancelByHouseholdAsync(town.Territory, booking.Id, by, isFree ? Money.Zero : booking.Fee, cancel),
            isFree ? booking.Covered : booking.Fee);
    }

    private void AfterDelivered(BookingUnderWay booking, Ending ending)
    {
        if (ending is Ending.StaysDelivered || booking.By is not { } by) return;
        var now = town.Clock.Now;
        var dice = town.Script.Dice("afterwards", booking.Id);
        var chance = ending is Ending.Chance ? dice.Below(100) : 99;
        var later = TownLife.Awake(now + Duration.FromMinutes(dice.Between(20, 30 * 60)));
        if (chance < 2)
        {
            agenda.Plan(later, async cancel =>
            {
                await StepAsync("disputed", town.Bookings.DisputeAsync(
                    town.Territory, booking.Id, by, Texts.Say("È durato meno di quanto scritto."), cancel), booking.Covered);
                agenda.Plan(later + Duration.FromHours(20), cancel => chance == 0
                    ? StepAsync("dispute settled for the family", town.Bookings.ReverseAsync(town.Territory, booking.Id, booking.Provider, cancel), booking.Covered)
                    : AcceptAsync(booking, by, dice, cancel));
            });
        }
        else if (chance >= 45)
        {
            agenda.Plan(later, cancel => AcceptAsync(booking, by, dice, cancel));
        }

        // The others say nothing: after two days the booking accepts itself.
    }

    private async Task AcceptAsync(BookingUnderWay booking, HouseholdUser by, Dice dice, CancellationToken cancel)
    {
        await StepAsync("delivery accepted", town.Bookings.AcceptAsync(town.Territory, booking.Id, by, cancel), booking.Covered);
        await export.ReceiptAsync(town, by.Household, booking.Id, cancel);
        if (!dice.Chance(300)) return;
        var stars = dice.Below(10) switch { 0 => 2, 1 => 3, < 5 => 4, _ => 5 };
        var rating = new Rating(stars, dice.Pick(Ratings.AspectsOf(stars)), "");
        await StepAsync("service rated", town.Ratings.RateAsync(town.Territory, booking.Id, by, rating, cancel), Money.Zero);
    }

    private async Task StepAsync(string what, Task<Result<Done>> step, Money amount) =>
        await town.Chronicle.DoAsync(what, () => step, _ => amount);
}
