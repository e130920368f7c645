using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>Every step in every state, and what each end of a booking does to the money.</summary>
public sealed class LifecycleTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Money Price = Money.Euro(30);
    private static readonly Money Fee = Money.Euro(8);

    /// <summary>All that applies; what is not here is refused.</summary>
    private static readonly Dictionary<(BookingStatus, BookingStep), BookingStatus> Applies = new()
    {
        [(BookingStatus.Requested, BookingStep.Confirm)] = BookingStatus.Confirmed,
        [(BookingStatus.Requested, BookingStep.Decline)] = BookingStatus.Declined,
        [(BookingStatus.Requested, BookingStep.Withdraw)] = BookingStatus.Withdrawn,
        [(BookingStatus.Confirmed, BookingStep.CancelByHousehold)] = BookingStatus.CancelledByHousehold,
        [(BookingStatus.Confirmed, BookingStep.CancelByProvider)] = BookingStatus.CancelledByProvider,
        [(BookingStatus.Requested, BookingStep.CancelByOperator)] = BookingStatus.CancelledByOperator,
        [(BookingStatus.Confirmed, BookingStep.CancelByOperator)] = BookingStatus.CancelledByOperator,
        [(BookingStatus.Confirmed, BookingStep.Deliver)] = BookingStatus.Delivered,
        [(BookingStatus.Confirmed, BookingStep.ReportNoShow)] = BookingStatus.NoShow,
        [(BookingStatus.Delivered, BookingStep.Accept)] = BookingStatus.Settled,
        [(BookingStatus.Delivered, BookingStep.Dispute)] = BookingStatus.Disputed,
        [(BookingStatus.Disputed, BookingStep.Accept)] = BookingStatus.Settled,
        [(BookingStatus.Disputed, BookingStep.Reverse)] = BookingStatus.Reversed,
    };

    public static TheoryData<BookingStatus> States() => [.. Enum.GetValues<BookingStatus>()];

    [Theory]
    [MemberData(nameof(States))]
    public async Task Each_step_applies_or_is_refused_with_the_state(BookingStatus status)
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(10_000));
        foreach (var step in Steps)
        {
            // Cancelling is for before the service, delivering for after it has begun: a slot of its own for each step.
            var starts = town.Clock.Now + Duration.FromHours(30);
            var id = (await town.BookAsync(town.Rossi, await town.SlotAsync(Price, starts, cancelFee: Fee))).OrThrow();
            await town.ChangeAsync(
                "update marketplace.booking set status = @status where territory_id = @territory and id = @id", new { id, status = status.ToString() });
            if (step is BookingStep.Deliver or BookingStep.ReportNoShow) town.Clock.MoveTo(starts);

            var answer = await TakeAsync(town, step, id);

            var expected = Applies.GetValueOrDefault((status, step), status);
            Assert.Equal(expected, await town.StatusAsync(id));
            Assert.Equal(
                Applies.ContainsKey((status, step)) ? null : new BookingNotReady(id, status, step),
                answer.IsRefused(out var refusal) ? refusal : null);
        }
    }

    [Fact]
    public void The_table_has_no_other_steps()
    {
        foreach (var status in Enum.GetValues<BookingStatus>())
        {
            foreach (var step in Steps)
            {
                BookingStatus? expected = Applies.TryGetValue((status, step), out var after) ? after : null;
                Assert.Equal(expected, Lifecycle.After(status, step));
            }
        }
    }

    [Fact]
    public async Task The_same_step_by_the_same_person_again_changes_nothing()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(100));
        var id = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price));

        for (var i = 0; i < 3; i++) (await town.Bookings.AcceptAsync(town.Territory, id, town.Rossi.User)).OrThrow();
        Assert.IsType<BookingNotReady>(Refusal(await town.Bookings.AcceptAsync(town.Territory, id, town.Rossi.User with { User = Id<User>.New() })));

        Assert.Equal((Money.Euro(70), Money.Zero), await town.OnAsync(grant.Account));
        Assert.Equal(
            [BookingStatus.Requested, BookingStatus.Confirmed, BookingStatus.Delivered, BookingStatus.Accepted, BookingStatus.Settled],
            (await town.FindAsync(id)).Events.Select(e => e.Status));
    }

    [Fact]
    public async Task A_booking_of_somebody_else_is_not_there()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(100));
        var id = (await town.BookAsync(town.Rossi, await town.SlotAsync(Price))).OrThrow();

        // The office may touch every booking of its territory; another territory's is not there for it either.
        foreach (var step in Steps.Where(s => s is not BookingStep.CancelByOperator))
        {
            Assert.Equal(new BookingNotFound(id), Refusal(await TakeAsync(town, step, id, town.Bianchi, town.Quercia)));
        }

        Assert.Null(await new BookingCards(town.Db).FindAsync(town.Territory, town.Bianchi.Id, id));
        Assert.Null(await new BookingCards(town.Db).FindAsync(town.Territory, town.Quercia.Id, id));
        Assert.Equal(BookingStatus.Requested, await town.StatusAsync(id));
    }

    [Fact]
    public async Task Accepting_pays_the_provider_from_every_grant()
    {
        var town = await BookingTown.BuildAsync(database);
        var later = await town.GrantAsync(town.Rossi, Money.Euro(20));
        var sooner = await town.GrantAsync(town.Rossi, Money.Euro(20), to: new(2026, 10, 31));
        var id = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price));
        Assert.Equal((Money.Zero, Money.Zero), await town.OnAsync(town.Gelso.Account));

        (await town.Bookings.AcceptAsync(town.Territory, id, town.Rossi.User)).OrThrow();

        Assert.Equal((Price, Money.Zero), await town.OnAsync(town.Gelso.Account));
        Assert.Equal((Money.Zero, Money.Zero), await town.OnAsync(sooner.Account));
        Assert.Equal((Money.Euro(10), Money.Zero), await town.OnAsync(later.Account));
        var booking = await town.FindAsync(id);
        Assert.Equal((BookingStatus.Settled, Price), (booking.Card.Status, booking.Card.Settled));
        var entry = await new Statements(town.Db).EntryAsync(town.Territory, booking.SettlementEntry!.Value);
        Assert.Equal(("delivered", id.ToString()), (entry!.Head.Kind, entry.Head.Reference));
    }

    [Fact]
    public async Task What_does_not_take_place_restores_every_grant_to_the_cent()
    {
        var town = await BookingTown.BuildAsync(database);
        var grants = new List<BookingTown.Funded>();
        for (var i = 0; i < 6; i++) grants.Add(await town.GrantAsync(town.Rossi, new(517 + i), to: new LocalDate(2026, 12, 31).PlusDays(-i)));
        foreach (var step in (BookingStep[])[BookingStep.Decline, BookingStep.Withdraw, BookingStep.CancelByHousehold, BookingStep.CancelByProvider, BookingStep.CancelByOperator, BookingStep.Reverse])
        {
            var slot = await town.SlotAsync(new(3000), town.Clock.Now + Duration.FromHours(30), cancelFee: Fee);
            var id = (await town.BookAsync(town.Rossi, slot)).OrThrow();
            Assert.Equal(6, (await town.FindAsync(id)).Payers.Count);
            if (step is not (BookingStep.Decline or BookingStep.Withdraw)) (await town.Bookings.ConfirmAsync(town.Territory, id, town.Gelso.User)).OrThrow();
            if (step is BookingStep.Reverse)
            {
                town.Clock.Advance(Duration.FromHours(31));
                (await town.Bookings.DeliverAsync(town.Territory, id, town.Gelso.User)).OrThrow();
                (await town.Bookings.DisputeAsync(town.Territory, id, town.Rossi.User, "Non è venuto nessuno.")).OrThrow();
            }

            (await TakeAsync(town, step, id)).OrThrow();

            for (var i = 0; i < 6; i++) Assert.Equal((new Money(517 + i), Money.Zero), await town.OnAsync(grants[i].Account));
            Assert.Equal(step is BookingStep.Reverse ? 1 : 0, await town.TakenAsync(slot));
        }
    }

    [Fact]
    public async Task Cancelling_after_the_limit_takes_the_fee_and_gives_back_the_rest()
    {
        var town = await BookingTown.BuildAsync(database);
        var later = await town.GrantAsync(town.Rossi, Money.Euro(25));
        var sooner = await town.GrantAsync(town.Rossi, new Money(505), to: new(2026, 10, 31));
        var slot = await town.SlotAsync(Price, cancelFee: Fee);
        var id = await town.ConfirmedAsync(town.Rossi, slot);
        var limit = (await town.FindAsync(id)).Card.FreeUntil;
        town.Clock.MoveTo(limit);

        Assert.Equal(
            new CancelFeeChanged(Money.Zero, Fee),
            Refusal(await town.Bookings.CancelByHouseholdAsync(town.Territory, id, town.Rossi.User, feeShown: Money.Zero)));
        (await town.Bookings.CancelByHouseholdAsync(town.Territory, id, town.Rossi.User, feeShown: Fee)).OrThrow();

        Assert.Equal((Money.Zero, Money.Zero), await town.OnAsync(sooner.Account));
        Assert.Equal((new Money(2500 - 295), Money.Zero), await town.OnAsync(later.Account));
        Assert.Equal((Fee, Money.Zero), await town.OnAsync(town.Gelso.Account));
        Assert.Equal(0, await town.TakenAsync(slot));
        Assert.Equal(Fee, (await town.FindAsync(id)).Card.Settled);
        Assert.Equal(Fee, (await new ProviderCredits(town.Db).OfAsync(town.Territory, town.Gelso.Id)).Open);
    }

    [Fact]
    public async Task Cancelling_a_moment_before_the_limit_is_free()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(40));
        var id = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Price, cancelFee: Fee));
        town.Clock.MoveTo((await town.FindAsync(id)).Card.FreeUntil - Duration.FromMilliseconds(1));

        (await town.Bookings.CancelByHouseholdAsync(town.Territory, id, town.Rossi.User, feeShown: Money.Zero)).OrThrow();

        Assert.Equal((Money.Euro(40), Money.Zero), await town.OnAsync(grant.Account));
    }

    [Fact]
    public async Task The_fee_never_takes_more_than_the_purse_pays()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(5), copayment: true);
        var id = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Price, cancelFee: Fee));
        town.Clock.MoveTo((await town.FindAsync(id)).Card.StartsAt);

        (await town.Bookings.ReportNoShowAsync(town.Territory, id, town.Gelso.User)).OrThrow();

        Assert.Equal((Money.Zero, Money.Zero), await town.OnAsync(grant.Account));
        Assert.Equal((Money.Euro(5), Money.Zero), await town.OnAsync(town.Gelso.Account));
    }

    [Fact]
    public async Task Nobody_there_costs_the_fee_and_nothing_where_there_is_none()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(100));
        var withFee = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Price, cancelFee: Fee));
        var without = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Price));
        Assert.IsType<ServiceNotStarted>(Refusal(await town.Bookings.ReportNoShowAsync(town.Territory, withFee, town.Gelso.User)));
        town.Clock.MoveTo((await town.FindAsync(withFee)).Card.StartsAt);

        (await town.Bookings.ReportNoShowAsync(town.Territory, withFee, town.Gelso.User)).OrThrow();
        (await town.Bookings.ReportNoShowAsync(town.Territory, without, town.Gelso.User)).OrThrow();

        Assert.Equal((Money.Euro(92), Money.Zero), await town.OnAsync(grant.Account));
        Assert.Equal((Fee, Money.Zero), await town.OnAsync(town.Gelso.Account));
    }

    [Fact]
    public async Task A_shop_that_gives_services_is_owed_the_same_fees()
    {
        var town = await BookingTown.BuildAsync(database);
        var shop = await town.CooperativeAsync("shop");
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(100));
        var late = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Price, provider: shop, cancelFee: Fee), shop);
        var missed = await town.ConfirmedAsync(town.Rossi, await town.SlotAsync(Price, provider: shop, cancelFee: Fee), shop);
        town.Clock.MoveTo((await town.FindAsync(late)).Card.FreeUntil);
        (await town.Bookings.CancelByHouseholdAsync(town.Territory, late, town.Rossi.User, feeShown: Fee)).OrThrow();
        town.Clock.MoveTo((await town.FindAsync(missed)).Card.StartsAt);
        (await town.Bookings.ReportNoShowAsync(town.Territory, missed, shop.User)).OrThrow();

        Assert.Equal((Money.Euro(100) - Fee - Fee, Money.Zero), await town.OnAsync(grant.Account));
        Assert.Equal((Fee + Fee, Money.Zero), await town.OnAsync(shop.Account));
    }

    [Fact]
    public async Task Steps_at_the_wrong_time_are_refused_with_the_time()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(100), to: new(2026, 10, 31), settlementDays: 0);
        var id = (await town.BookAsync(town.Rossi, await town.SlotAsync(Price))).OrThrow();
        var late = (await town.BookAsync(town.Rossi, await town.SlotAsync(Price))).OrThrow();
        (await town.Bookings.ConfirmAsync(town.Territory, id, town.Gelso.User)).OrThrow();
        var card = (await town.FindAsync(id)).Card;

        Assert.Equal(new ServiceNotStarted(id, card.StartsAt), Refusal(await town.Bookings.DeliverAsync(town.Territory, id, town.Gelso.User)));
        town.Clock.MoveTo(card.AnswerBy);
        Assert.Equal(new AnswerTooLate(late, card.AnswerBy), Refusal(await town.Bookings.ConfirmAsync(town.Territory, late, town.Gelso.User)));
        town.Clock.MoveTo(card.StartsAt);
        Assert.Equal(
            new ServiceStarted(id, card.StartsAt),
            Refusal(await town.Bookings.CancelByHouseholdAsync(town.Territory, id, town.Rossi.User, Price)));
        var heldUntil = new LocalDate(2026, 10, 31).EndOfDayInRome();
        town.Clock.MoveTo(heldUntil);
        Assert.Equal(new DeliveredTooLate(id, heldUntil), Refusal(await town.Bookings.DeliverAsync(town.Territory, id, town.Gelso.User)));
    }

    [Fact]
    public async Task A_provider_that_lost_its_accreditation_cannot_confirm()
    {
        var town = await BookingTown.BuildAsync(database);
        await town.GrantAsync(town.Rossi, Money.Euro(100));
        var id = (await town.BookAsync(town.Rossi, await town.SlotAsync(Price))).OrThrow();
        await town.ChangeAsync(
            "update marketplace.accreditation set status = 'Revoked' where territory_id = @territory and provider_id = @Id", new { town.Gelso.Id });

        Assert.IsType<ProviderNotAccredited>(Refusal(await town.Bookings.ConfirmAsync(town.Territory, id, town.Gelso.User)));
        (await town.Bookings.DeclineAsync(town.Territory, id, town.Gelso.User, "Accreditamento finito.")).OrThrow();
        Assert.Equal("Accreditamento finito.", (await town.FindAsync(id)).LastNote);
    }

    [Fact]
    public async Task Accepting_and_disputing_at_once_is_one_of_the_two()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(1000));
        for (var i = 0; i < 8; i++)
        {
            var id = await town.DeliveredAsync(town.Rossi, await town.SlotAsync(Price, town.Clock.Now + Duration.FromHours(1)));
            var answers = await Task.WhenAll(
                town.Bookings.AcceptAsync(town.Territory, id, town.Rossi.User), town.Bookings.DisputeAsync(town.Territory, id, town.Rossi.User, "No."));
            // A complaint may be taken back by agreeing, so both may pass in that order; after agreeing no complaint does.
            Assert.Contains(await town.StatusAsync(id), (BookingStatus[])[BookingStatus.Settled, BookingStatus.Disputed]);
            Assert.Contains(answers, a => !a.IsRefused(out _));
        }

        var (balance, held) = await town.OnAsync(grant.Account);
        Assert.Equal(Money.Euro(1000), balance + (await town.OnAsync(town.Gelso.Account)).Balance);
        Assert.True(held <= balance);
    }

    [Fact]
    public async Task The_office_cancels_late_without_a_fee_says_why_and_does_it_once()
    {
        var town = await BookingTown.BuildAsync(database);
        var grant = await town.GrantAsync(town.Rossi, Money.Euro(40));
        var slot = await town.SlotAsync(Price, cancelFee: Fee);
        var id = await town.ConfirmedAsync(town.Rossi, slot);
        town.Clock.MoveTo((await town.FindAsync(id)).Card.StartsAt + Duration.FromMinutes(5));

        await Assert.ThrowsAsync<ArgumentException>(() => town.Bookings.CancelByOperatorAsync(town.Territory, id, Operator, " "));
        for (var i = 0; i < 2; i++) (await TakeAsync(town, BookingStep.CancelByOperator, id)).OrThrow();

        var booking = await town.FindAsync(id);
        Assert.Equal((BookingStatus.CancelledByOperator, "Strada chiusa per neve."), (booking.Card.Status, booking.LastNote));
        Assert.Equal(Operator.ToString(), booking.Events[^1].Actor);
        Assert.Equal(3, booking.Events.Count);
        Assert.Equal((Money.Euro(40), Money.Zero), await town.OnAsync(grant.Account));
        Assert.Equal((Money.Zero, Money.Zero), await town.OnAsync(town.Gelso.Account));
        Assert.Equal(0, await town.TakenAsync(slot));
        // The place and the money are there for another.
        (await town.Bookings.CancelByOperatorAsync(town.Territory, (await town.BookAsync(town.Rossi, await town.SlotAsync(Price, town.Clock.Now + Duration.FromHours(1)))).OrThrow(), Operator, "Doppia.")).OrThrow();
        Assert.Equal(
            new BookingNotReady(id, BookingStatus.CancelledByOperator, BookingStep.Deliver), Refusal(await TakeAsync(town, BookingStep.Deliver, id)));
    }

    private static readonly Id<User> Operator = Id<User>.New();

    private static readonly BookingStep[] Steps =
        [.. Enum.GetValues<BookingStep>().Where(s => s is not (BookingStep.Lapse or BookingStep.RunOut or BookingStep.Replace))];

    private static Task<Result<Done>> TakeAsync(
        BookingTown town, BookingStep step, Id<Booking> id, BookingTown.Family? family = null, BookingTown.Cooperative? provider = null)
    {
        var (household, staff) = ((family ?? town.Rossi).User, (provider ?? town.Gelso).User);
        return step switch
        {
            BookingStep.Confirm => town.Bookings.ConfirmAsync(town.Territory, id, staff),
            BookingStep.Decline => town.Bookings.DeclineAsync(town.Territory, id, staff, "Siamo al completo."),
            BookingStep.Withdraw => town.Bookings.WithdrawAsync(town.Territory, id, household),
            BookingStep.CancelByHousehold => town.Bookings.CancelByHouseholdAsync(town.Territory, id, household, Price),
            BookingStep.CancelByProvider => town.Bookings.CancelByProviderAsync(town.Territory, id, staff, "Operatrice malata."),
            BookingStep.CancelByOperator => town.Bookings.CancelByOperatorAsync(town.Territory, id, Operator, "Strada chiusa per neve."),
            BookingStep.Deliver => town.Bookings.DeliverAsync(town.Territory, id, staff),
            BookingStep.ReportNoShow => town.Bookings.ReportNoShowAsync(town.Territory, id, staff),
            BookingStep.Accept => town.Bookings.AcceptAsync(town.Territory, id, household),
            BookingStep.Dispute => town.Bookings.DisputeAsync(town.Territory, id, household, "Non è venuto nessuno."),
            BookingStep.Reverse => town.Bookings.ReverseAsync(town.Territory, id, staff),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
        };
    }

    private static Refusal Refusal<T>(Result<T> result) where T : notnull =>
        result.IsRefused(out var refusal, out var value) ? refusal : throw new InvalidOperationException($"Not refused: {value}");
}
