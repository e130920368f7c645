using System.Diagnostics;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// What happens to a booking after it was asked for. A step that does not apply is refused with the state; the same
/// step by the same person again changes nothing, so that an answer that was lost can be asked for again.
/// </summary>
public sealed partial class Bookings
{
    /// <summary>A reason or a complaint is at most so many characters; longer ones throw.</summary>
    public const int NoteMax = 300;

    /// <summary>A delivered booking accepts itself after so long.</summary>
    public static readonly Duration AcceptWithin = Duration.FromDays(2);

    /// <summary>Before a hold ends there must be time left to pay from it, also when the sweep is late.</summary>
    private static readonly Duration BeforeHoldEnds = Duration.FromHours(6);

    public Task<Result<Done>> ConfirmAsync(TerritoryId territory, Id<Booking> id, ProviderUser by, CancellationToken cancel = default) =>
        TakeAsync(territory, id, new(BookingStep.Confirm, new Party.Provider(by)), cancel);

    /// <summary>The provider cannot: the whole amount goes back to the same grants.</summary>
    public Task<Result<Done>> DeclineAsync(
        TerritoryId territory, Id<Booking> id, ProviderUser by, string reason, CancellationToken cancel = default) =>
        TakeAsync(territory, id, new(BookingStep.Decline, new Party.Provider(by), reason), cancel);

    /// <summary>The household takes its request back before the provider answers. Always free.</summary>
    public Task<Result<Done>> WithdrawAsync(TerritoryId territory, Id<Booking> id, HouseholdUser by, CancellationToken cancel = default) =>
        TakeAsync(territory, id, new(BookingStep.Withdraw, new Party.Household(by)), cancel);

    /// <summary>
    /// The household does not come, and says so before the service starts. Free before the limit; after it the fee is
    /// paid from the hold and the rest goes back. Refused when the fee is higher than <paramref name="feeShown"/>.
    /// </summary>
    public Task<Result<Done>> CancelByHouseholdAsync(
        TerritoryId territory, Id<Booking> id, HouseholdUser by, Money feeShown, CancellationToken cancel = default) =>
        TakeAsync(territory, id, new(BookingStep.CancelByHousehold, new Party.Household(by), FeeShown: feeShown), cancel);

    /// <summary>The provider does not come: the whole amount goes back, at any time before delivery.</summary>
    public Task<Result<Done>> CancelByProviderAsync(
        TerritoryId territory, Id<Booking> id, ProviderUser by, string reason, CancellationToken cancel = default) =>
        TakeAsync(territory, id, new(BookingStep.CancelByProvider, new Party.Provider(by), reason), cancel);

    /// <summary>
    /// The office calls the booking off, before it was delivered and whatever the hour: the whole amount goes back to the
    /// same grants and no fee is owed. Both sides read the reason, so there must be one: an empty reason throws.
    /// </summary>
    public Task<Result<Done>> CancelByOperatorAsync(
        TerritoryId territory, Id<Booking> id, Id<User> by, string reason, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return TakeAsync(territory, id, new(BookingStep.CancelByOperator, new Party.Office(by), reason), cancel);
    }

    /// <summary>The provider says it was done, by its own list. Not before the service starts, and only while it is accredited for that day.</summary>
    public Task<Result<Done>> DeliverAsync(TerritoryId territory, Id<Booking> id, ProviderUser by, CancellationToken cancel = default) =>
        DeliverAsync(territory, id, by, Attendance.List, cancel);

    /// <summary>The same, with how the provider knows that the person was there.</summary>
    public Task<Result<Done>> DeliverAsync(
        TerritoryId territory, Id<Booking> id, ProviderUser by, Attendance how, CancellationToken cancel = default) =>
        TakeAsync(territory, id, new(BookingStep.Deliver, new Party.Provider(by), How: how), cancel);

    /// <summary>
    /// The same, with from when to when it was and a signature, where there is one. Refused for hours that cannot be; what is written of a service that is
    /// delivered already stays. What is paid does not follow from it: the household reads it, and says if something is wrong.
    /// </summary>
    public Task<Result<Done>> DeliverAsync(
        TerritoryId territory, Id<Booking> id, ProviderUser by, Evidence evidence, CancellationToken cancel = default) =>
        TakeAsync(
            territory, id,
            new(BookingStep.Deliver, new Party.Provider(by), How: evidence.Signature.Length > 0 ? Attendance.Signature : Attendance.List, Evidence: evidence), cancel);

    /// <summary>The person was not there. Costs what cancelling after the limit costs. Not before the service starts.</summary>
    public Task<Result<Done>> ReportNoShowAsync(TerritoryId territory, Id<Booking> id, ProviderUser by, CancellationToken cancel = default) =>
        TakeAsync(territory, id, new(BookingStep.ReportNoShow, new Party.Provider(by)), cancel);

    /// <summary>The household agrees, also after a complaint: the provider is credited at once.</summary>
    public Task<Result<Done>> AcceptAsync(TerritoryId territory, Id<Booking> id, HouseholdUser by, CancellationToken cancel = default) =>
        TakeAsync(territory, id, new(BookingStep.Accept, new Party.Household(by)), cancel);

    /// <summary>Something was wrong: the money stays held until one of the two gives way.</summary>
    public Task<Result<Done>> DisputeAsync(
        TerritoryId territory, Id<Booking> id, HouseholdUser by, string note, CancellationToken cancel = default) =>
        TakeAsync(territory, id, new(BookingStep.Dispute, new Party.Household(by), note), cancel);

    /// <summary>The provider agrees with the complaint: the whole amount goes back.</summary>
    public Task<Result<Done>> ReverseAsync(TerritoryId territory, Id<Booking> id, ProviderUser by, CancellationToken cancel = default) =>
        TakeAsync(territory, id, new(BookingStep.Reverse, new Party.Provider(by)), cancel);

    /// <summary>The office decides a dispute for the provider, which is credited at once. Both sides read the reason: an empty one throws.</summary>
    public Task<Result<Done>> PayByOperatorAsync(
        TerritoryId territory, Id<Booking> id, Id<User> by, string reason, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return TakeAsync(territory, id, new(BookingStep.Accept, new Party.Office(by), reason), cancel);
    }

    /// <summary>The office decides a dispute for the household: the whole amount goes back. Both sides read the reason: an empty one throws.</summary>
    public Task<Result<Done>> ReverseByOperatorAsync(
        TerritoryId territory, Id<Booking> id, Id<User> by, string reason, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return TakeAsync(territory, id, new(BookingStep.Reverse, new Party.Office(by), reason), cancel);
    }

    /// <summary>One step of one booking, whoever takes it: every transition passes here.</summary>
    private Task<Result<Done>> TakeAsync(TerritoryId territory, Id<Booking> id, Move move, CancellationToken cancel)
    {
        if (move.Note.Length > NoteMax) throw new ArgumentException($"A note has at most {NoteMax} characters.", nameof(move));
        return db.TransactByKeyAsync<Done>(territory, tx => TakeAsync(tx, id, move), cancel);
    }

    /// <summary>
    /// A booking of a household that can still be given up, locked, with what that costs now. Refused: another household's, one that has ended or that
    /// its provider has answered otherwise, and one whose service has begun.
    /// </summary>
    internal async Task<Result<(Booking Booking, Money Fee)>> FindToGiveUpAsync(Transaction tx, Id<Booking> id, Id<Household> household)
    {
        if (await LockAsync(tx, id) is not { } booking || booking.HouseholdId != household) return new BookingNotFound(id);
        if (booking.Status is not (BookingStatus.Requested or BookingStatus.Confirmed))
            return new BookingNotReady(id, booking.Status, BookingStep.CancelByHousehold);
        if (clock.Now >= booking.StartsAt) return new ServiceStarted(id, booking.StartsAt);
        return (booking, booking.Status is BookingStatus.Requested ? Money.Zero : booking.FeeAt(clock.Now));
    }

    private static async Task<Booking?> LockAsync(Transaction tx, Id<Booking> id) => (await LockAsync(tx, id, asksAccreditation: false)).Booking;

    /// <summary>
    /// The household does not want it any more, whether or not it was confirmed meanwhile: taken back for nothing, or cancelled for at most
    /// <paramref name="feeShown"/>.
    /// </summary>
    internal async Task<Result<Done>> GiveUpAsync(Transaction tx, Id<Booking> id, HouseholdUser by, Money feeShown)
    {
        var taken = await TakeAsync(tx, id, new(BookingStep.Withdraw, new Party.Household(by)));
        return taken.IsRefused(out var refusal) && refusal is BookingNotReady
            ? await TakeAsync(tx, id, new(BookingStep.CancelByHousehold, new Party.Household(by), FeeShown: feeShown))
            : taken;
    }

    /// <summary>
    /// Gives a confirmed booking's money back within a larger step, by its provider or, without one, by the clock. The caller has locked
    /// all the bookings of that step first.
    /// </summary>
    internal Task<Result<Done>> CallOffAsync(Transaction tx, Id<Booking> id, ProviderUser? by, string reason) =>
        TakeAsync(tx, id, by is null
            ? new(BookingStep.CancelByOperator, new Party.Nobody(), reason)
            : new(BookingStep.CancelByProvider, new Party.Provider(by), reason));

    /// <summary>Another booking of the same household is about to take the place of this one: all that it held is free for it.</summary>
    internal Task<Result<Done>> ReplaceAsync(Transaction tx, Id<Booking> id) =>
        TakeAsync(tx, id, new(BookingStep.Replace, new Party.Nobody()));

    private async Task<Result<Done>> TakeAsync(Transaction tx, Id<Booking> id, Move move)
    {
        var (found, isAccredited) = await LockAsync(tx, id, move.Step is BookingStep.Confirm or BookingStep.Deliver);
        if (found is not { } booking || !move.By.MayTouch(booking)) return new BookingNotFound(id);
        if (Lifecycle.After(booking.Status, move.Step) is not { } after)
        {
            if (await WasTakenAsync(tx, booking, move)) return default(Done);
            return new BookingNotReady(id, booking.Status, move.Step);
        }

        var package = booking.PackageId is { } whole ? await Packages.LockAsync(tx, whole) : null;
        if (Refuse(booking, move) is { } refusal) return refusal;
        Delivered? evidence = null;
        if (move.Evidence is { IsNothing: false } said && said.At(booking.StartsAt, booking.EndsAt, clock.Now).IsRefused(out var unlikely, out evidence)) return unlikely;
        // An accreditation may have ended since the request: then the provider can neither promise the day nor be paid for it.
        if (!isAccredited) return new ProviderNotAccredited(booking.ProviderId, booking.Day);
        if (move.Step is BookingStep.ReportNoShow && await IsUndecidedAsync(tx, id)) return new GroupUndecided(id);

        if (!Lifecycle.HasPlace(after))
        {
            // Somebody was bound to a time in which nobody is left. Who gives a group's service is free when the group ends.
            var leaves = await tx.FindAsync<bool>(
                """
                update marketplace.slot s set taken = taken - 1 where territory_id = @territory and id = @SlotId
                returning taken = 0 and pool_id is null
                  and exists (select from marketplace.staff_duty d where d.territory_id = @territory and d.slot_id = s.id)
                """, new { booking.SlotId });
            if (leaves) await Rosters.ReleaseAsync(tx, booking.ProviderId, booking.SlotId, clock.Now);
        }

        var money = package is null ? await MoveMoneyAsync(tx, booking, move) : await MoveUnitMoneyAsync(tx, booking, package, move);
        if (money.IsRefused(out var unpaid, out var earned)) return unpaid;
        await UpdateAsync(tx, booking, move, after, earned);
        if (evidence is not null && move.By is Party.Provider provider) await ProveAsync(tx, booking, evidence, provider.By.User);
        if (package is not null) await new Packages(db, ledger, this, clock).EndIfOverAsync(tx, package);
        return default(Done);
    }

    private Task<int> ProveAsync(Transaction tx, Booking booking, Delivered evidence, Id<User> by) =>
        tx.ExecuteAsync(
            """
            insert into marketplace.delivery_evidence (territory_id, booking_id, began_at, finished_at, signature, written_by, written_at)
            values (@territory, @Id, @BeganAt, @FinishedAt, @Signature, @by, @now)
            """, new { booking.Id, evidence.BeganAt, evidence.FinishedAt, evidence.Signature, by, now = clock.Now });

    /// <summary>Why a step that fits the state cannot be taken now.</summary>
    private Refusal? Refuse(Booking booking, Move move)
    {
        var now = clock.Now;
        return move.Step switch
        {
            BookingStep.Confirm when now >= booking.AnswerBy => new AnswerTooLate(booking.Id, booking.AnswerBy),
            BookingStep.CancelByHousehold when now >= booking.StartsAt => new ServiceStarted(booking.Id, booking.StartsAt),
            BookingStep.CancelByHousehold when booking.FeeAt(now) > move.FeeShown => new CancelFeeChanged(move.FeeShown, booking.FeeAt(now)),
            BookingStep.Deliver or BookingStep.ReportNoShow when now < booking.StartsAt => new ServiceNotStarted(booking.Id, booking.StartsAt),
            BookingStep.Deliver or BookingStep.ReportNoShow when now >= booking.HoldExpiresAt =>
                new DeliveredTooLate(booking.Id, booking.HoldExpiresAt.Value),
            // The office decides between two who disagree; whether a service was good is not its to say.
            BookingStep.Accept when move.By is Party.Office && booking.Status is not BookingStatus.Disputed =>
                new BookingNotReady(booking.Id, booking.Status, move.Step),
            BookingStep.Lapse when now < booking.AnswerBy => new NotYetDue(booking.Id, booking.AnswerBy),
            BookingStep.Accept when move.By is Party.Nobody && now < booking.AcceptBy => new NotYetDue(booking.Id, booking.AcceptBy.Value),
            BookingStep.RunOut when now < booking.HoldExpiresAt => new NotYetDue(booking.Id, booking.HoldExpiresAt.Value),
            _ => null,
        };
    }

    /// <summary>Whether it is a place in a group that waits to know whether it goes on.</summary>
    private static async Task<bool> IsUndecidedAsync(Transaction tx, Id<Booking> id) =>
        (await tx.ListAsync<bool>(
            """
            select exists (
                select from marketplace.pool_share s
                join marketplace.pool p on p.territory_id = @territory and p.id = s.pool_id
                where s.territory_id = @territory and s.booking_id = @id and p.status = 'BelowQuorum')
            """, new { id }))[0];

    /// <summary>Moves what the step moves and answers what the provider earned by it: nothing when the money went back.</summary>
    private async Task<Result<Earned>> MoveMoneyAsync(Transaction tx, Booking booking, Move move)
    {
        if (booking.HoldId is not { } hold) return Earned.Nothing;
        return move.Step switch
        {
            BookingStep.Confirm or BookingStep.Deliver or BookingStep.Dispute => Earned.Nothing,
            BookingStep.Accept => await CaptureAsync(tx, booking, hold, booking.Covered, "delivered", move),
            BookingStep.CancelByHousehold when booking.FeeAt(clock.Now) is { IsPositive: true } fee =>
                await CaptureAsync(tx, booking, hold, fee, EntryKinds.CancellationFee, move),
            BookingStep.ReportNoShow when Money.Min(booking.CancelFee, booking.Covered) is { IsPositive: true } fee =>
                await CaptureAsync(tx, booking, hold, fee, EntryKinds.NoShowFee, move),
            BookingStep.RunOut => await ExpireAsync(tx, hold),
            BookingStep.Decline or BookingStep.Withdraw or BookingStep.Lapse or BookingStep.CancelByHousehold
                or BookingStep.CancelByProvider or BookingStep.CancelByOperator or BookingStep.Replace or BookingStep.ReportNoShow or BookingStep.Reverse => await VoidAsync(tx, booking, hold, move),
            _ => throw new UnreachableException($"{move.Step} moves what?"),
        };
    }

    private async Task<Result<Earned>> CaptureAsync(Transaction tx, Booking booking, Id<Hold> hold, Money amount, string kind, Move move, RestOfHold rest = RestOfHold.Release)
    {
        var entry = Id<JournalEntry>.From(kind, booking.Id);
        var captured = await ledger.CaptureAsync(tx, new(
            entry, hold, amount, rest, kind, clock.Today(), booking.Id.ToString(), move.By.Actor, Memo(booking)));
        if (captured.IsRefused(out var refusal)) return refusal;
        return new Earned(amount, entry);
    }

    private async Task<Result<Earned>> VoidAsync(Transaction tx, Booking booking, Id<Hold> hold, Move move)
    {
        var voided = await ledger.VoidAsync(tx, new(Id<HoldEvent>.From("void", booking.Id), hold, move.By.Actor, Memo(booking)));
        if (voided.IsRefused(out var refusal)) return refusal;
        return Earned.Nothing;
    }

    /// <summary>The ledger may have closed the hold already, by the same event: then nothing is left to do.</summary>
    private async Task<Result<Earned>> ExpireAsync(Transaction tx, Id<Hold> hold)
    {
        var answer = await ledger.DoAsync(tx, [new Instruction.Expire(Id<HoldEvent>.From("expiry", hold), hold)]);
        if (answer[0] is { } refusal) return refusal;
        return Earned.Nothing;
    }

    private async Task UpdateAsync(Transaction tx, Booking booking, Move move, BookingStatus after, Earned earned)
    {
        await tx.WriteAsync(
            $"""
            update marketplace.booking
            set status = @status, settled = settled + @Amount, settlement_entry_id = coalesce(@Entry, settlement_entry_id),
                accept_by = coalesce(@acceptBy, accept_by), attended = coalesce(@attended, attended)
            where territory_id = @territory and id = @Id;
            {(move.Step is BookingStep.Accept ? Recording("'Accepted'") + ";" : "")}
            {Recording("@status")}
            """,
            new
            {
                booking.Id, status = after.ToString(), earned.Amount, earned.Entry,
                acceptBy = move.Step is BookingStep.Deliver ? AcceptBy(booking) : (Instant?)null, attended = move.How?.ToString(), now = clock.Now,
                actor = move.By.Actor, note = move.Note,
            });
    }

    /// <summary>In two days, but while there is still time to pay from the hold.</summary>
    private Instant AcceptBy(Booking booking)
    {
        var inTwoDays = clock.Now + AcceptWithin;
        if (booking.HoldExpiresAt is not { } heldUntil) return inTwoDays;
        return Instant.Max(clock.Now, Instant.Min(inTwoDays, heldUntil - BeforeHoldEnds));
    }

    /// <summary>A statement that notes the next event of booking <c>@Id</c>, with <c>@now</c>, <c>@actor</c> and <c>@note</c>.</summary>
    private static string Recording(string status) =>
        $"""
        insert into marketplace.booking_event (territory_id, booking_id, sequence, status, at, actor, note)
        select @territory, @Id, coalesce(max(sequence), 0) + 1, {status}, @now, @actor, @note
        from marketplace.booking_event where territory_id = @territory and booking_id = @Id
        """;

    /// <summary>Whether this very step by this very person brought the booking where it is.</summary>
    private static async Task<bool> WasTakenAsync(Transaction tx, Booking booking, Move move) =>
        Lifecycle.LeadsTo(move.Step, booking.Status) && await tx.FindAsync<string>(
            """
            select status || ' ' || actor from marketplace.booking_event
            where territory_id = @territory and booking_id = @Id order by sequence desc limit 1
            """, new { booking.Id }) == $"{booking.Status} {move.By.Actor}";

    /// <summary>The booking, once nobody else works on it, and whether its provider is accredited for its class on its day, where that matters.</summary>
    private static async Task<(Booking? Booking, bool IsAccredited)> LockAsync(Transaction tx, Id<Booking> id, bool asksAccreditation)
    {
        await using var asked = await tx.AskAsync($"{LockBooking};\n{SelectBooking}{(asksAccreditation ? $";\n{SelectAccredited}" : "")}", new { id });
        await asked.ListAsync<Guid>();
        var booking = await asked.FindAsync<Booking>();
        return (booking, !asksAccreditation || await asked.FindAsync<bool>());
    }

    private const string LockBooking = "select id from marketplace.booking where territory_id = @territory and id = @id for no key update";

    private static readonly string SelectAccredited =
        $"""
        with recursive {Accreditations.ClassesAbove(
            """
            select c.code, c.parent_code from marketplace.booking b
            join marketplace.offer o on o.territory_id = @territory and o.id = b.offer_id
            join marketplace.service_class c on c.territory_id = @territory and c.code = o.class_code
            where b.territory_id = @territory and b.id = @id
            """)}
        select {Accreditations.IsInForce("b.provider_id", "(b.starts_at at time zone 'Europe/Rome')::date")}
        from marketplace.booking b where b.territory_id = @territory and b.id = @id
        """;

    private static Task<Booking?> FindAsync(Transaction tx, Id<Booking> id) => tx.FindAsync<Booking>(SelectBooking, new { id });

    // A booking without a time is a piece that was handed over: no step is left to it.
    private const string SelectBooking =
        """
        select b.id, b.reference, b.slot_id, b.offer_id, b.provider_id, b.household_id, b.person_id, b.starts_at, b.ends_at, b.price, b.covered,
               b.copayment, b.hold_id, b.status, b.answer_by, b.free_until, b.cancel_fee, b.accept_by, b.settled,
               h.expires_at as hold_expires_at, b.package_id
        from marketplace.booking b
        left join marketplace.package k on k.territory_id = @territory and k.id = b.package_id
        left join ledger.hold h on h.territory_id = @territory and h.id = any(array[b.hold_id, k.hold_id])
        where b.territory_id = @territory and b.id = @id and b.slot_id is not null
        """;

    private static string Memo(Booking booking) => $"booking {booking.Reference}";

    private sealed record Move(BookingStep Step, Party By, string Note = "", Money FeeShown = default, Attendance? How = null, Evidence? Evidence = null);

    private sealed record Earned(Money Amount, Id<JournalEntry>? Entry)
    {
        public static Earned Nothing { get; } = new(Money.Zero, null);
    }

    /// <summary>Who takes a step. A booking of somebody else is, for them, not there.</summary>
    private abstract record Party(string Actor)
    {
        public bool MayTouch(Booking booking) => this switch
        {
            Household h => booking.HouseholdId == h.By.Household,
            Provider p => booking.ProviderId == p.By.Provider,
            Office or Nobody => true,
            _ => throw new UnreachableException($"{this} may touch what?"),
        };

        public sealed record Household(HouseholdUser By) : Party(By.User.ToString());

        public sealed record Provider(ProviderUser By) : Party(By.User.ToString());

        /// <summary>Somebody of the territory's office, who may touch every booking of it.</summary>
        public sealed record Office(Id<User> User) : Party(User.ToString());

        /// <summary>Time itself, by a sweep.</summary>
        public sealed record Nobody() : Party("system");
    }
}
