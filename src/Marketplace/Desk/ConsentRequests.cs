using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// The desk asks a household for its yes by a message, where it does not say so at once: to a booking, or to calling one off. A yes does at once what
/// was shown, by the operation of the desk and in the operator's name, or nothing where that is not so any more; a no, and the end of time, do nothing.
/// Rows are locked in one order: the request, then what a booking locks.
/// </summary>
public sealed class ConsentRequests(Database db, Bookings bookings, IClock clock)
{
    /// <summary>How long a household may answer, where the service is not nearer.</summary>
    public static readonly Duration ValidFor = Duration.FromHours(48);

    private const int RowsMax = 100;

    /// <summary>Where the consent can be found, as the household reads it.</summary>
    private const string Replied = "risposta alla richiesta dello sportello";

    private const string SelectRequest =
        """
        select id, household_id, calls_off, told_by, person_id, slot_id, shown, asked_by, valid_until, answer, why
        from marketplace.consent_request where territory_id = @territory and id = @id
        """;

    private const string SelectCard =
        """
        select q.id, q.calls_off, q.slot_id, h.number as household_number, o.title_it, o.title_en, v.name as provider, s.starts_at, s.ends_at, p.first_name, p.last_name,
               u.display_name as operator, q.price, q.own, q.shown, q.asked_at, q.valid_until, q.answer, q.answered_at, q.fee, q.why,
               b.status as booked, b.free_until, b.cancel_fee
        from marketplace.consent_request q
        join marketplace.household h on h.territory_id = @territory and h.id = q.household_id
        join marketplace.person p on p.territory_id = @territory and p.id = q.person_id
        join marketplace.app_user u on u.territory_id = @territory and u.id = q.asked_by
        join marketplace.slot s on s.territory_id = @territory and s.id = q.slot_id
        join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
        join marketplace.provider v on v.territory_id = @territory and v.id = o.provider_id
        left join marketplace.booking b on b.territory_id = @territory and b.id = q.calls_off
        """;

    /// <summary>
    /// Asks for a yes to booking a time for somebody of the household, as the operator was shown it with the consent to look. Nothing is booked or held.
    /// Valid for two days, and no longer than the provider can still answer before the service begins. Repeatable.
    /// </summary>
    public async Task<Result<Done>> AskAsync(
        TerritoryId territory, Id<ConsentRequest> id, DeskFor who, Id<Slot> slot, Id<Person> person, AsShown shown, CancellationToken cancel = default)
    {
        var known = await db.TransactAsync<Known>(territory, async tx =>
        {
            if ((await DeskActs.FindAsync(tx, who)).IsRefused(out var refusal, out var one)) return refusal;
            return new Known(one, await tx.FindAsync<ConsentRequest>(SelectRequest, new { id }));
        }, cancel);
        if (known.IsRefused(out var nobody, out var before)) return nobody;
        var (found, earlier) = before;
        if (earlier is not null) return IsSame(earlier) ? default(Done) : new ConsentRequestIdReused(id);

        var now = clock.Now;
        if ((await bookings.PreviewAsync(territory, found.Household, slot, cancel)).IsRefused(out var closed, out var preview)) return closed;
        if (preview.People.All(p => p.Id != person)) return new PersonNotInHousehold(person);
        var coverage = preview.Coverage;
        if (coverage.Price != shown.Price) return new PriceChanged(shown.Price, coverage.Price);
        if (!coverage.IsPossible) return new NotEnoughInPurse(coverage.Payable, coverage.Price);
        if (preview.Shown != shown) return new TermsChanged();
        var until = Instant.Min(now + ValidFor, preview.StartsAt - (preview.AnswerBy - now));
        if (until <= now) return new ConsentTooLate(preview.StartsAt);
        return await WriteAsync(
            territory, new(id, found.Household, null, found.Person, person, slot, shown.ToString(), who.Operator, until, null, ""), coverage.Price,
            coverage.Copayment, now, cancel);

        bool IsSame(ConsentRequest other) =>
            (other.HouseholdId, other.CallsOff, other.SlotId, other.PersonId, other.AskedBy) == (found.Household, null, slot, person, who.Operator);
    }

    /// <summary>
    /// Asks for a yes to taking a request back, or to cancelling a booking. Nothing is called off. What it costs is not settled here: the household reads
    /// what that is when it answers. Valid for two days, and no longer than until the service begins. Repeatable.
    /// </summary>
    public async Task<Result<Done>> AskToCallOffAsync(
        TerritoryId territory, Id<ConsentRequest> id, DeskFor who, Id<Booking> booking, CancellationToken cancel = default)
    {
        var known = await db.TransactAsync<ToCallOff>(territory, async tx =>
        {
            if ((await DeskActs.FindAsync(tx, who)).IsRefused(out var refusal, out var one)) return refusal;
            if (await tx.FindAsync<ConsentRequest>(SelectRequest, new { id }) is { } earlier)
                return (earlier.HouseholdId, earlier.CallsOff, earlier.AskedBy) == (one.Household, booking, who.Operator) ? new ToCallOff(one, null) : new ConsentRequestIdReused(id);
            if ((await bookings.FindToGiveUpAsync(tx, booking, one.Household)).IsRefused(out var over, out var found)) return over;
            return new ToCallOff(one, found.Booking);
        }, cancel);
        if (known.IsRefused(out var why, out var asked)) return why;
        if (asked.Booking is not { } one) return default(Done);
        var now = clock.Now;
        return await WriteAsync(
            territory, new(id, asked.Who.Household, booking, asked.Who.Person, one.PersonId, one.SlotId, null, who.Operator, Instant.Min(now + ValidFor, one.StartsAt), null, ""),
            one.Price, one.Copayment, now, cancel);
    }

    private Task<Result<Done>> WriteAsync(TerritoryId territory, ConsentRequest request, Money price, Money own, Instant now, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            // Two windows of one desk follow each other.
            await Households.LockAsync(tx, request.HouseholdId);
            if (await tx.FindAsync<ConsentRequest>(SelectRequest, new { request.Id }) is { } twin)
                return What(twin) == What(request) ? default(Done) : new ConsentRequestIdReused(request.Id);
            var waiting = await tx.ListAsync<Instant>(
                """
                select valid_until from marketplace.consent_request
                where territory_id = @territory and household_id = @HouseholdId and slot_id = @SlotId and person_id = @PersonId
                  and calls_off is not distinct from @CallsOff and answer is null and valid_until > @now
                """, new { request.HouseholdId, request.SlotId, request.PersonId, request.CallsOff, now });
            if (waiting is [var last, ..]) return new ConsentAlreadyAsked(last);
            await tx.ExecuteAsync(
                """
                insert into marketplace.consent_request
                    (territory_id, id, household_id, calls_off, told_by, person_id, slot_id, price, own, shown, asked_by, asked_at, valid_until)
                values (@territory, @Id, @HouseholdId, @CallsOff, @ToldBy, @PersonId, @SlotId, @price, @own, @Shown, @AskedBy, @now, @ValidUntil)
                """,
                new
                {
                    request.Id, request.HouseholdId, request.CallsOff, request.ToldBy, request.PersonId, request.SlotId, price, own, request.Shown,
                    request.AskedBy, now, request.ValidUntil,
                });
            return default(Done);

            static (Id<Household>, Id<Booking>?, Id<Slot>, Id<Person>, Id<User>) What(ConsentRequest q) => (q.HouseholdId, q.CallsOff, q.SlotId, q.PersonId, q.AskedBy);
        }, cancel);

    /// <summary>
    /// What somebody of the household says. A yes books at once, in the operator's name; where price, payers or terms are not as they were shown, or the
    /// time is not free, nothing is booked and why is kept. A yes to calling off does that for the fee that was read: for another it is refused, nothing is
    /// answered, and the household may read and answer again. The first answer stands; the same again changes nothing.
    /// </summary>
    /// <param name="feeRead">What calling off costs, as the household read it.</param>
    public Task<Result<ConsentStatus>> AnswerAsync(
        TerritoryId territory, Id<ConsentRequest> id, ConsentAnswer answer, HouseholdUser by, Money feeRead = default, CancellationToken cancel = default) =>
        db.TransactAsync<ConsentStatus>(territory, async tx =>
        {
            var request = await tx.FindAsync<ConsentRequest>($"{SelectRequest} and household_id = @Household for no key update", new { id, by.Household });
            if (request is null) return new ConsentRequestNotFound(id);
            var now = clock.Now;
            if (request.Answer is { } before) return before == answer ? request.StatusAt(now) : new ConsentAnswered(request.StatusAt(now));
            if (now >= request.ValidUntil) return new ConsentRequestOver(request.ValidUntil);
            var why = "";
            if (answer is ConsentAnswer.Yes && (await ActAsync(tx, request, feeRead)).IsRefused(out var refusal))
            {
                // Another sum is another question.
                if (refusal is CancelFeeChanged) return refusal;
                why = refusal.Code;
            }

            var isDone = answer is ConsentAnswer.Yes && why.Length == 0;
            await tx.ExecuteAsync(
                """
                update marketplace.consent_request set answer = @said, answered_by = @User, answered_at = @now, fee = @fee, why = @why
                where territory_id = @territory and id = @id
                """, new { id, said = answer.ToString(), by.User, now, fee = isDone && request.CallsOff is not null ? feeRead : (Money?)null, why });
            if (isDone)
            {
                var deed = request.CallsOff is null ? DeskDeed.Booked : DeskDeed.CalledOff;
                await DeskActs.WriteAsync(
                    tx, new(Id<DeskAct>.From("consent", id), by.Household, deed, request.Booking.Value), request.ToldBy,
                    new(ConsentKind.Reply, Replied), request.AskedBy, now, id);
            }

            return (request with { Answer = answer, Why = why }).StatusAt(now);
        }, cancel);

    /// <summary>Does what the household says yes to, in the operator's name.</summary>
    private async Task<Result<Done>> ActAsync(Transaction tx, ConsentRequest request, Money feeRead)
    {
        var by = new HouseholdUser(request.HouseholdId, request.AskedBy);
        if (request.CallsOff is { } booking)
        {
            if ((await bookings.FindToGiveUpAsync(tx, booking, request.HouseholdId)).IsRefused(out var over, out var found)) return over;
            return found.Fee == feeRead ? await bookings.GiveUpAsync(tx, booking, by, feeRead) : new CancelFeeChanged(feeRead, found.Fee);
        }

        var wanted = new BookingRequest(request.Booking, request.SlotId, request.PersonId, AsShown.Parse(request.Shown!, null));
        return (await bookings.RequestAsync(tx, wanted, by)).IsRefused(out var refusal) ? refusal : default(Done);
    }

    /// <summary>A request to a household; null where it is none of its own.</summary>
    public async Task<ConsentCard?> FindAsync(TerritoryId territory, Id<Household> household, Id<ConsentRequest> id, CancellationToken cancel = default) =>
        await db.FindAsync<ConsentCard>(
            territory, $"{SelectCard} where q.territory_id = @territory and q.id = @id and q.household_id = @household", new { id, household }, cancel);

    /// <summary>What an operator asked for, the latest first: nobody else's.</summary>
    public Task<List<ConsentCard>> OfOperatorAsync(TerritoryId territory, Id<User> by, CancellationToken cancel = default) =>
        db.ListAsync<ConsentCard>(
            territory, $"{SelectCard} where q.territory_id = @territory and q.asked_by = @by order by q.asked_at desc, q.id limit {RowsMax}", new { by }, cancel);

    private sealed record Known(HouseholdOfPerson Who, ConsentRequest? Earlier);

    /// <param name="Booking">Null where it has been asked for already.</param>
    private sealed record ToCallOff(HouseholdOfPerson Who, Booking? Booking);
}
