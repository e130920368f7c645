using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Tests.World;
using NodaTime;

namespace Borsellino.Tests.Finance;

/// <summary>Goal: a payout pays each settled booking once, only with two people, and the books foot after every step.</summary>
public sealed class PayoutsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task What_is_owed_is_the_settled_bookings_and_foots_with_the_ledger()
    {
        var town = await FinanceTown.OpenAsync(database);
        var quercia = await town.ProviderAsync("La Quercia");
        await town.ProviderAsync("Senza lavoro");
        await town.SettleAsync(quercia, 4600);
        await town.SettleAsync(quercia, 500, BookingStatus.NoShow);

        var owed = Assert.Single(await town.PayablesAsync());

        Assert.Equal((quercia.Id, 2, new Money(5100)), (owed.ProviderId, owed.ReadyCount, owed.Ready));
        // The fee was earned on the day of the service, the other amount when the family agreed.
        Assert.Equal((FinanceTown.ServiceDay, new Money(5100), Money.Zero), (owed.Oldest, owed.Balance, owed.Difference));
    }

    [Fact]
    public async Task A_difference_between_bookings_and_ledger_is_said()
    {
        var town = await FinanceTown.OpenAsync(database);
        var quercia = await town.ProviderAsync("La Quercia");
        await town.SettleAsync(quercia, 4600);
        await town.DoAsync(tx => town.Ledger.PostAsync(tx, new(
            Id<JournalEntry>.New(), "test", "", FinanceTown.Today, "test", "", [new(town.GrantAccount, quercia.Account, new(99))])));

        Assert.Equal(new(99), Assert.Single(await town.PayablesAsync()).Difference);
    }

    [Fact]
    public async Task Preparing_takes_the_bookings_and_moves_nothing()
    {
        var town = await FinanceTown.OpenAsync(database);
        var (beta, alfa) = (await town.ProviderAsync("Beta"), await town.ProviderAsync("Alfa"));
        await town.SettleAsync(beta, 4600);
        await town.SettleAsync(alfa, 1200);
        await town.SettleAsync(alfa, 300);

        var payout = await town.DetailAsync(await town.PreparedAsync());

        Assert.Equal(("LIQ-2026-0001", PayoutStatus.Locked, new Money(6100)), (payout.Payout.Reference, payout.Payout.Status, payout.Payout.Total));
        Assert.Equal(
            [("Alfa Soc. Coop.", "LIQ-2026-0001-001", 1500L, 2), ("Beta Soc. Coop.", "LIQ-2026-0001-002", 4600L, 1)],
            payout.Lines.Select(l => (l.CreditorName, l.EndToEndId, l.Amount.Cents, l.Bookings)));
        Assert.Equal(1500, await town.BalanceAsync(alfa.Account));
        Assert.All(await town.PayablesAsync(), p => Assert.Equal((Money.Zero, p.Balance, Money.Zero), (p.Ready, p.Reserved, p.Difference)));
        Assert.Equal(new NothingToPay(), await RefusedAsync(town.Payouts.PrepareAsync(town.Territory, New(), town.Bruno)));
    }

    [Fact]
    public async Task Only_the_named_providers_are_paid()
    {
        var town = await FinanceTown.OpenAsync(database);
        var (alfa, beta) = (await town.ProviderAsync("Alfa"), await town.ProviderAsync("Beta"));
        await town.SettleAsync(alfa, 100);
        await town.SettleAsync(beta, 200);

        var payout = await town.DetailAsync(await town.PreparedAsync(beta.Id));

        Assert.Equal(beta.Id, Assert.Single(payout.Lines).ProviderId);
        Assert.Equal([(new Money(100), Money.Zero), (Money.Zero, new Money(200))], (await town.PayablesAsync()).Select(p => (p.Ready, p.Reserved)));
    }

    [Fact]
    public async Task Preparing_again_with_the_same_id_changes_nothing()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa");
        await town.SettleAsync(alfa, 100);
        var request = New() with { Confirmed = new(100) };
        await town.Payouts.PrepareAsync(town.Territory, request, town.Anna);
        await town.SettleAsync(alfa, 50);

        Assert.Equal(request.Id, (await town.Payouts.PrepareAsync(town.Territory, request, town.Anna)).OrThrow());

        Assert.Equal(new(100), (await town.DetailAsync(request.Id)).Payout.Total);
        Assert.Equal(new PayoutIdReused(request.Id), await RefusedAsync(town.Payouts.PrepareAsync(town.Territory, request, town.Bruno)));
        Assert.Equal(new PayoutIdReused(request.Id), await RefusedAsync(town.Payouts.PrepareAsync(
            town.Territory, request with { ExecutionOn = new(2026, 11, 18) }, town.Anna)));
    }

    [Fact]
    public async Task Bookings_earned_after_the_summary_refuse_the_total_that_was_seen()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa");
        await town.SettleAsync(alfa, 100);
        await town.SettleAsync(alfa, 50);

        var refusal = await RefusedAsync(town.Payouts.PrepareAsync(town.Territory, New() with { Confirmed = new(100) }, town.Anna));

        Assert.Equal(new PayablesChanged(new(100), new(150)), refusal);
    }

    public static TheoryData<LocalDate, Refusal> WrongDays => new()
    {
        { new(2026, 11, 15), new ExecutionInThePast(new(2026, 11, 15)) },
        { new(2026, 11, 21), new NotABankDay(new(2026, 11, 21), new(2026, 11, 23)) },
        { new(2026, 12, 25), new NotABankDay(new(2026, 12, 25), new(2026, 12, 28)) },
        { new(2027, 1, 16), new ExecutionTooFar(new(2027, 1, 16), new(2027, 1, 15)) },
    };

    [Theory]
    [MemberData(nameof(WrongDays))]
    public async Task A_day_on_which_banks_do_not_pay_is_refused(LocalDate day, Refusal expected)
    {
        var town = await FinanceTown.OpenAsync(database);
        await town.SettleAsync(await town.ProviderAsync("Alfa"), 100);

        Assert.Equal(expected, await RefusedAsync(town.Payouts.PrepareAsync(town.Territory, New() with { ExecutionOn = day }, town.Anna)));
    }

    [Fact]
    public async Task An_iban_with_a_wrong_control_letter_names_the_provider_and_uses_no_number()
    {
        var town = await FinanceTown.OpenAsync(database);
        // The international check digits agree; the Italian letter does not.
        var wrong = await town.ProviderAsync("Zeta", "IT40S0542811101000000123456");
        var right = await town.ProviderAsync("Alfa");
        await town.SettleAsync(wrong, 100);
        await town.SettleAsync(right, 100);

        var refusal = await RefusedAsync(town.Payouts.PrepareAsync(town.Territory, New(), town.Anna));

        Assert.Equal(new ProviderIbanWrong(wrong.Id, "Zeta", new IbanFault.WrongControlLetter('S')), refusal);
        Assert.Equal("LIQ-2026-0001", (await town.DetailAsync(await town.PreparedAsync(right.Id))).Payout.Reference);
    }

    [Fact]
    public async Task Withdrawing_frees_the_bookings_and_keeps_the_number()
    {
        var town = await FinanceTown.OpenAsync(database);
        await town.SettleAsync(await town.ProviderAsync("Alfa"), 100);
        var payout = await town.PreparedAsync();

        (await town.Payouts.WithdrawAsync(town.Territory, payout, town.Anna)).OrThrow();
        (await town.Payouts.WithdrawAsync(town.Territory, payout, town.Anna)).OrThrow();
        var next = await town.DetailAsync(await town.PreparedAsync());

        Assert.Equal(("LIQ-2026-0002", new Money(100)), (next.Payout.Reference, next.Payout.Total));
        Assert.Equal(1, (await town.DetailAsync(payout)).Bookings);
        Assert.Equal(new PayoutNotReady(payout, PayoutStatus.Withdrawn), await RefusedAsync(town.Payouts.AuthoriseAsync(town.Territory, payout, town.Bruno)));
    }

    [Fact]
    public async Task Numbers_begin_again_with_the_year()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa");
        await town.SettleAsync(alfa, 100);
        await town.PreparedAsync();
        town.Clock.MoveTo(Instant.FromUtc(2027, 1, 4, 9, 0));
        await town.SettleAsync(alfa, 100);

        var payout = New() with { ExecutionOn = new(2027, 1, 4) };
        await town.Payouts.PrepareAsync(town.Territory, payout, town.Anna);

        Assert.Equal("LIQ-2027-0001", (await town.DetailAsync(payout.Id)).Payout.Reference);
    }

    [Fact]
    public async Task Signing_moves_every_line_and_marks_the_bookings_paid()
    {
        var town = await FinanceTown.OpenAsync(database);
        var (alfa, beta) = (await town.ProviderAsync("Alfa"), await town.ProviderAsync("Beta"));
        var booking = await town.SettleAsync(alfa, 1200);
        var fee = await town.SettleAsync(beta, 500, BookingStatus.CancelledByHousehold);
        var id = await town.PreparedAsync();

        (await town.Payouts.AuthoriseAsync(town.Territory, id, town.Bruno)).OrThrow();
        (await town.Payouts.AuthoriseAsync(town.Territory, id, town.Bruno)).OrThrow();

        var payout = await town.DetailAsync(id);
        Assert.Equal((PayoutStatus.Authorised, town.Bruno), (payout.Payout.Status, payout.Payout.AuthorisedBy!.Value));
        Assert.Equal((0L, 0L, 1700L), (await town.BalanceAsync(alfa.Account), await town.BalanceAsync(beta.Account), await town.BalanceAsync(payout.Payout.AccountId!.Value)));
        Assert.Equal(("Paid", "CancelledByHousehold"), (await town.StatusAsync(booking), await town.StatusAsync(fee)));
        Assert.Equal(["1:Requested", "2:Confirmed", "3:Delivered", "4:Accepted", "5:Settled", "6:Paid"], await town.Db.ListAsync<string>(
            town.Territory, "select sequence || ':' || status from marketplace.booking_event where territory_id = @territory and booking_id = @booking order by sequence",
            new { booking }));
        Assert.Empty(await town.PayablesAsync());
        var entries = await new Statements(town.Db).AboutAsync(town.Territory, id.ToString());
        Assert.Equal(["LIQ-2026-0001-001", "LIQ-2026-0001-002"], entries.Select(e => e.Memo).Order(StringComparer.Ordinal));
        Assert.Equal(payout.Lines.Select(l => l.EntryId!.Value).ToHashSet(), entries.Select(e => e.Id).ToHashSet());
    }

    [Fact]
    public async Task Whoever_prepared_cannot_sign()
    {
        var town = await FinanceTown.OpenAsync(database);
        await town.SettleAsync(await town.ProviderAsync("Alfa"), 100);
        var payout = await town.PreparedAsync();

        Assert.Equal(new SecondSignatureNeeded(payout), await RefusedAsync(town.Payouts.AuthoriseAsync(town.Territory, payout, town.Anna)));

        Assert.Equal(PayoutStatus.Locked, (await town.DetailAsync(payout)).Payout.Status);
    }

    [Fact]
    public async Task A_payout_whose_day_has_passed_is_not_signed()
    {
        var town = await FinanceTown.OpenAsync(database);
        await town.SettleAsync(await town.ProviderAsync("Alfa"), 100);
        var payout = await town.PreparedAsync();
        town.Clock.Advance(Duration.FromDays(1));

        Assert.Equal(new ExecutionInThePast(FinanceTown.Today), await RefusedAsync(town.Payouts.AuthoriseAsync(town.Territory, payout, town.Bruno)));
    }

    [Fact]
    public async Task A_booking_that_is_no_longer_owed_stops_the_whole_payout()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa");
        await town.SettleAsync(alfa, 100);
        var reversed = await town.SettleAsync(alfa, 200);
        var payout = await town.PreparedAsync();
        await town.DoAsync<Done>(async tx =>
        {
            await tx.ExecuteAsync("update marketplace.booking set status = 'Reversed' where territory_id = @territory and id = @reversed", new { reversed });
            return default(Done);
        });

        var refusal = await RefusedAsync(town.Payouts.AuthoriseAsync(town.Territory, payout, town.Bruno));

        Assert.Equal(reversed, Assert.IsType<BookingNoLongerOwed>(refusal).Booking);
        Assert.Equal(300, await town.BalanceAsync(alfa.Account));
    }

    [Fact]
    public async Task What_the_ledger_refuses_leaves_nothing_behind()
    {
        var town = await FinanceTown.OpenAsync(database);
        var (alfa, beta) = (await town.ProviderAsync("Alfa"), await town.ProviderAsync("Beta"));
        var booking = await town.SettleAsync(alfa, 100);
        await town.SettleAsync(beta, 200);
        var payout = await town.PreparedAsync();
        // Somebody took money off the second provider's account by another way.
        await town.DoAsync(tx => town.Ledger.PostAsync(tx, new(
            Id<JournalEntry>.New(), "test", "", FinanceTown.Today, "test", "", [new(beta.Account, town.GrantAccount, new(1))])));

        Assert.IsType<InsufficientFunds>(await RefusedAsync(town.Payouts.AuthoriseAsync(town.Territory, payout, town.Bruno)));

        Assert.Equal((100L, 199L, "Settled"), (await town.BalanceAsync(alfa.Account), await town.BalanceAsync(beta.Account), await town.StatusAsync(booking)));
        Assert.Null(await new Accounts(town.Db).FindAsync(town.Territory, Payouts.AccountOf(payout)));
    }

    [Fact]
    public async Task A_payout_of_another_territory_does_not_exist_here()
    {
        var town = await FinanceTown.OpenAsync(database);
        await town.SettleAsync(await town.ProviderAsync("Alfa"), 100);
        var payout = await town.PreparedAsync();
        var other = await FinanceTown.OpenAsync(database);

        Assert.Null(await other.Payouts.FindAsync(other.Territory, payout));
        Assert.Equal(new PayoutNotFound(payout), await RefusedAsync(other.Payouts.AuthoriseAsync(other.Territory, payout, other.Bruno)));
        Assert.Equal(new PayoutNotFound(payout), await RefusedAsync(other.Payouts.FileAsync(other.Territory, payout, other.Bruno)));
    }

    internal static NewPayout New() => new(Id<Payout>.New(), FinanceTown.Today);

    internal static async Task<Refusal?> RefusedAsync<T>(Task<Result<T>> answer) where T : notnull =>
        (await answer).IsRefused(out var refusal) ? refusal : null;
}
