using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>A voucher works once, for its provider and on its day; its value is its hold and nothing on it changes.</summary>
public sealed class VoucherTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly VoucherPins Pins = new([.. Enumerable.Range(0, VoucherPins.KeyBytes).Select(i => (byte)i)]);

    private static Vouchers Desk(BookingTown town) => new(town.Db, town.Bookings, new(town.Db, town.Ledger, town.Bookings, town.Clock), new(town.Db, town.Clock), Pins, town.Clock);

    private static async Task<BookingTown> FundedAsync(TestDatabase database)
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(300));
        return town;
    }

    private static async Task<string> NumberAsync(BookingTown town, Id<Booking> id) => (await town.FindAsync(id)).Card.Reference;

    private static async Task<Refusal?> UseAsync(BookingTown town, Id<Booking> id, ProviderUser? by = null, string? pin = null)
    {
        var answer = await Desk(town).UseAsync(town.Territory, await NumberAsync(town, id), pin ?? Pins.Of(town.Territory, id), by ?? town.Gelso.User);
        return answer.IsRefused(out var refusal) ? refusal : null;
    }

    private static string Wrong(BookingTown town, Id<Booking> id) => Pins.Of(town.Territory, id) == "000000" ? "000001" : "000000";

    [Fact]
    public async Task Number_and_PIN_mark_the_service_as_given_and_how_it_was_known()
    {
        var town = await FundedAsync(database);
        var id = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Money.Euro(18)));
        town.Clock.MoveTo((await town.FindAsync(id)).Card.StartsAt);
        var typed = string.Join(' ', (await NumberAsync(town, id)).ToLowerInvariant().Chunk(4).Select(c => new string(c)));
        Assert.Equal(id, (await Desk(town).UseAsync(town.Territory, typed, " " + Pins.Of(town.Territory, id), town.Gelso.User)).OrThrow());
        var card = (await town.FindAsync(id)).Card;
        Assert.Equal((BookingStatus.Delivered, Attendance.Voucher), (card.Status, card.Attended));
    }

    [Fact]
    public async Task The_list_of_the_day_serves_as_well_and_says_so()
    {
        var town = await FundedAsync(database);
        var id = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Money.Euro(18)));
        Assert.Equal(Attendance.List, (await town.FindAsync(id)).Card.Attended);
    }

    [Fact]
    public async Task It_is_refused_to_another_provider_on_another_day_and_before_it_is_confirmed()
    {
        var town = await FundedAsync(database);
        var id = (await town.BookAsync(town.Rossi, await town.SlotAsync(Money.Euro(18)))).OrThrow();
        var card = (await town.FindAsync(id)).Card;
        Assert.Equal(new VoucherNotActive(card.AnswerBy), await UseAsync(town, id));
        (await town.Bookings.ConfirmAsync(town.Territory, id, town.Gelso.User)).OrThrow();
        Assert.Equal(new VoucherOfAnotherProvider(), await UseAsync(town, id, town.Quercia.User));
        Assert.Equal(new VoucherOfAnotherDay(card.Day), await UseAsync(town, id));
        town.Clock.MoveTo(card.StartsAt + Duration.FromDays(1));
        Assert.Equal(new VoucherOfAnotherDay(card.Day), await UseAsync(town, id));
        Assert.Equal(BookingStatus.Confirmed, await town.StatusAsync(id));
    }

    [Fact]
    public async Task It_is_refused_when_used_cancelled_or_expired()
    {
        var town = await FundedAsync(database);
        var used = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Money.Euro(18)));
        Assert.Equal(new VoucherUsed((await town.FindAsync(used)).At(BookingStatus.Delivered)!.Value), await UseAsync(town, used));

        var slot = await town.SlotAsync(Money.Euro(18), town.Clock.Now + Duration.FromDays(3));
        var cancelled = await town.ConfirmedAsync(town.Rossi, slot);
        (await town.Bookings.CancelByOperatorAsync(town.Territory, cancelled, town.Gelso.User.User, "Chiuso per neve.")).OrThrow();
        Assert.Equal(new VoucherCancelled(town.Clock.Now), await UseAsync(town, cancelled));

        var expired = (await town.BookAsync(town.Rossi, slot)).OrThrow();
        town.Clock.MoveTo((await town.FindAsync(expired)).Card.AnswerBy);
        await town.Bookings.LapseDueAsync(town.Territory);
        Assert.Equal(new VoucherExpired(town.Clock.Now), await UseAsync(town, expired));
    }

    [Fact]
    public async Task It_is_refused_where_the_provider_is_not_accredited_on_the_day()
    {
        var town = await FundedAsync(database);
        var id = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Money.Euro(18)));
        var card = (await town.FindAsync(id)).Card;
        await town.ChangeAsync(
            "update marketplace.accreditation set valid_to = @last where territory_id = @territory and provider_id = @Id",
            new { last = card.Day.PlusDays(-1), town.Gelso.Id });
        town.Clock.MoveTo(card.StartsAt);
        Assert.Equal(new ProviderNotAccredited(town.Gelso.Id, card.Day), await UseAsync(town, id));
        Assert.True((await town.Bookings.DeliverAsync(town.Territory, id, town.Gelso.User)).IsRefused(out _));
    }

    [Fact]
    public async Task A_wrong_PIN_tells_nothing_and_the_eleventh_try_is_not_judged()
    {
        var town = await FundedAsync(database);
        var id = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Money.Euro(18)));
        town.Clock.MoveTo((await town.FindAsync(id)).Card.StartsAt);
        // Another provider learns nothing about a voucher whose PIN it does not know.
        Assert.Equal(new VoucherNotRecognised(), await UseAsync(town, id, town.Quercia.User, Wrong(town, id)));
        for (var i = 2; i <= Attempts.AttemptsMax; i++) Assert.Equal(new VoucherNotRecognised(), await UseAsync(town, id, pin: Wrong(town, id)));
        Assert.Equal(new VoucherTriedTooOften(), await UseAsync(town, id));
        town.Clock.MoveTo(town.Clock.Now + Attempts.Window);
        Assert.Null(await UseAsync(town, id));
    }

    [Fact]
    public async Task Used_twice_at_once_it_counts_once()
    {
        var town = await FundedAsync(database);
        var id = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Money.Euro(18)));
        town.Clock.MoveTo((await town.FindAsync(id)).Card.StartsAt);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => UseAsync(town, id)));
        Assert.Single((await town.FindAsync(id)).Events, e => e.Status is BookingStatus.Delivered);
    }

    [Fact]
    public void Two_vouchers_or_two_keys_have_different_PINs_of_six_figures()
    {
        var town = database.NewTerritory();
        var (one, other) = (Id<Booking>.New(), Id<Booking>.New());
        Assert.Matches("^[0-9]{6}$", Pins.Of(town, one));
        Assert.True(Pins.IsRight(town, one, Pins.Of(town, one)));
        var pins = Enumerable.Range(0, 50).Select(_ => Pins.Of(town, Id<Booking>.New())).Distinct(StringComparer.Ordinal).Count();
        Assert.InRange(pins, 45, 50);
        var elsewhere = new VoucherPins(new byte[VoucherPins.KeyBytes]);
        Assert.NotEqual((Pins.Of(town, one), Pins.Of(town, other)), (elsewhere.Of(town, one), elsewhere.Of(town, other)));
        Assert.Throws<ArgumentException>(() => new VoucherPins(new byte[16]));
    }

    [Fact]
    public async Task The_sums_foot_with_the_holds_in_every_state()
    {
        var town = await FundedAsync(database);
        var register = new VoucherRegister(town.Db);
        async Task FootsAsync(Money held, Money paid, Money returned)
        {
            var sums = await register.SumsAsync(town.Territory);
            Assert.True(sums.Foots, $"{sums.Held} is not {sums.HeldInBook}");
            Assert.Equal((held, paid, returned), (sums.Held, sums.Paid, sums.Returned));
        }

        var fee = Money.Euro(5);
        var missed = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Money.Euro(18), cancelFee: fee));
        var given = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Money.Euro(20)));
        await FootsAsync(Money.Euro(38), Money.Zero, Money.Zero);
        town.Clock.MoveTo((await town.FindAsync(given)).Card.EndsAt);
        (await town.Bookings.ReportNoShowAsync(town.Territory, missed, town.Gelso.User)).OrThrow();
        (await town.Bookings.DeliverAsync(town.Territory, given, town.Gelso.User)).OrThrow();
        await FootsAsync(Money.Euro(20), fee, Money.Euro(13));
        (await town.Bookings.AcceptAsync(town.Territory, given, town.Rossi.User)).OrThrow();
        await FootsAsync(Money.Zero, Money.Euro(25), Money.Euro(13));
        var number = (await town.FindAsync(given)).Card.Reference;
        var found = await register.FindAsync(town.Territory, number.ToLowerInvariant());
        Assert.Equal((given, VoucherState.Used, Money.Euro(20)), (found!.Booking, found.State, found.Paid));
        Assert.Equal([missed], (await register.PageAsync(town.Territory, VoucherState.Cancelled, 10, 0)).Select(v => v.Booking));
    }

    [Theory]
    [InlineData("reference = 'ABCDEFGH2345'")]
    [InlineData("person_id = gen_random_uuid()")]
    [InlineData("price = price + 1, copayment = copayment + 1")]
    [InlineData("covered = covered - 1, copayment = copayment + 1")]
    [InlineData("provider_id = gen_random_uuid()")]
    public async Task What_a_title_says_never_changes(string change)
    {
        var town = await FundedAsync(database);
        var id = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Money.Euro(18)));
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            town.ChangeAsync($"update marketplace.booking set {change} where territory_id = @territory and id = @id", new { id }));
        Assert.Equal("voucher_fixed", refused.ConstraintName);
    }

    [Fact]
    public async Task A_title_that_is_worth_more_than_its_hold_is_not_written()
    {
        var town = await FundedAsync(database);
        var id = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Money.Euro(18)));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => town.ChangeAsync(
            """
            insert into marketplace.booking
                (territory_id, id, reference, slot_id, offer_id, provider_id, household_id, person_id, starts_at, ends_at, price, covered,
                 copayment, hold_id, status, requested_by, requested_at, answer_by, free_until, cancel_fee)
            select territory_id, gen_random_uuid(), 'ABCDEFGH2345', slot_id, offer_id, provider_id, household_id, person_id, starts_at, ends_at,
                   price + 1, covered + 1, copayment, hold_id, status, requested_by, requested_at, answer_by, free_until, cancel_fee
            from marketplace.booking where territory_id = @territory and id = @id
            """, new { id }));
        Assert.Contains(refused.ConstraintName, new[] { "voucher_is_its_hold", "booking_hold_once" });
    }

    [Fact]
    public async Task The_office_decides_a_dispute_either_way_and_nothing_else()
    {
        var town = await FundedAsync(database);
        var office = town.Quercia.User.User;
        var (first, second) = (await town.SlotAsync(Money.Euro(18)), await town.SlotAsync(Money.Euro(20)));
        var (forProvider, forFamily) = (await town.ConfirmedAsync(town.Rossi, first), await town.ConfirmedAsync(town.Rossi, second));
        town.Clock.MoveTo((await town.FindAsync(forFamily)).Card.EndsAt);
        foreach (var id in new[] { forProvider, forFamily })
        {
            (await town.Bookings.DeliverAsync(town.Territory, id, town.Gelso.User)).OrThrow();
            Assert.True((await town.Bookings.PayByOperatorAsync(town.Territory, id, office, "Prima del tempo.")).IsRefused(out var early));
            Assert.Equal(new BookingNotReady(id, BookingStatus.Delivered, BookingStep.Accept), early);
            (await town.Bookings.DisputeAsync(town.Territory, id, town.Rossi.User, "È venuta tardi.")).OrThrow();
        }

        (await town.Bookings.PayByOperatorAsync(town.Territory, forProvider, office, "Il foglio delle ore è firmato.")).OrThrow();
        (await town.Bookings.ReverseByOperatorAsync(town.Territory, forFamily, office, "Il servizio è durato metà.")).OrThrow();
        Assert.Equal((BookingStatus.Settled, BookingStatus.Reversed), (await town.StatusAsync(forProvider), await town.StatusAsync(forFamily)));
        Assert.Equal(Money.Euro(18), (await town.OnAsync(town.Gelso.Account)).Balance);
        Assert.Equal("Il servizio è durato metà.", (await town.FindAsync(forFamily)).LastNote);
        await Assert.ThrowsAsync<ArgumentException>(() => town.Bookings.PayByOperatorAsync(town.Territory, forFamily, office, " "));
    }
}
