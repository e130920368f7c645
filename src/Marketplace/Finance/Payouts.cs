using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Paying providers what they earned: one person prepares a payout, a second one signs it, and only then does money
/// leave their accounts; after that the file for the bank can be had. Each step may be repeated and changes nothing then.
/// </summary>
public sealed partial class Payouts(Database db, GeneralLedger ledger, IClock clock)
{
    /// <summary>Banks take orders for at most so many days ahead.</summary>
    public const int DaysAheadMax = 60;

    private const string Columns =
        """
        id, reference, status, execution_on, total, debtor_name, debtor_town, debtor_iban, prepared_by, prepared_at,
        withdrawn_by, withdrawn_at, authorised_by, authorised_at, account_id, sent_by, sent_at, file_sha256
        """;

    private const string LineColumns = "line, provider_id, amount, end_to_end_id, creditor_name, creditor_iban, entry_id";

    /// <summary>
    /// Takes the settled bookings of the named providers, or of all, into a payout with one transfer for each provider.
    /// A booking is in one payout only, whoever prepares another at the same moment. Refused: nothing to pay, a day on
    /// which banks do not settle, an IBAN that cannot be right, another total than the one confirmed.
    /// </summary>
    public Task<Result<Id<Payout>>> PrepareAsync(
        TerritoryId territory, NewPayout payout, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<Payout>>(territory, async tx =>
        {
            // One at a time in a territory: whoever comes second sees what the first one took, and its own earlier click.
            var number = await LockSeriesAsync(tx) + 1;
            if (await FindAsync(tx, payout.Id) is { } earlier)
            {
                return await IsSameAsync(tx, earlier, payout, by) ? payout.Id : new PayoutIdReused(payout.Id);
            }

            if (await RefuseDayAsync(tx, payout.ExecutionOn) is { } wrongDay) return wrongDay;
            var reference = string.Create(CultureInfo.InvariantCulture, $"LIQ-{clock.Today().Year}-{number:0000}");
            var treasury = (await tx.FindAsync<Treasury>(
                "select treasury_name, town, treasury_iban from marketplace.territory where id = @territory"))!;
            if (!Iban.TryParse(treasury.TreasuryIban, out _, out var treasuryFault)) return new TreasuryIbanWrong(treasuryFault);
            var owed = await TakeAsync(tx, payout.Providers);
            if (owed.Count == 0) return new NothingToPay();
            var total = owed.Sum(o => o.Amount);
            if (payout.Confirmed is { } seen && seen != total) return new PayablesChanged(seen, total);

            var lines = new List<PayoutLine>();
            foreach (var provider in owed.GroupBy(o => o.ProviderId))
            {
                var creditor = provider.First();
                if (!Iban.TryParse(creditor.Iban, out var iban, out var fault))
                {
                    return new ProviderIbanWrong(creditor.ProviderId, creditor.Name, fault);
                }

                var line = checked((short)(lines.Count + 1));
                var endToEndId = string.Create(CultureInfo.InvariantCulture, $"{reference}-{line:000}");
                lines.Add(new(line, provider.Key, provider.Sum(o => o.Amount), endToEndId, creditor.LegalName, iban.Value, null));
            }

            var prepared = new Payout(
                payout.Id, reference, PayoutStatus.Locked, payout.ExecutionOn, total, treasury.TreasuryName, treasury.Town,
                treasury.TreasuryIban, by, clock.Now, null, null, null, null, null, null, null, null);
            if (!Pain001.TryWrite(Order(prepared, lines, clock.Now), out _, out var faulty)) return new PayoutFileFaulty(faulty);

            // From here on it must be recorded: every refusal is behind us.
            await tx.ExecuteAsync(
                "update marketplace.payout_series set last = @number where territory_id = @territory and year = @year",
                new { number, year = clock.Today().Year });
            await InsertAsync(tx, prepared, lines, owed);
            return payout.Id;
        }, cancel);

    /// <summary>Gives up a payout that nobody has signed; its bookings can be taken by another. Its number stays used.</summary>
    public Task<Result<Done>> WithdrawAsync(
        TerritoryId territory, Id<Payout> id, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } payout) return new PayoutNotFound(id);
            if (payout.Status is PayoutStatus.Withdrawn) return default(Done);
            if (payout.Status is not PayoutStatus.Locked) return new PayoutNotReady(id, payout.Status);

            await tx.ExecuteAsync(
                """
                update marketplace.payout set status = 'Withdrawn', withdrawn_by = @by, withdrawn_at = @now
                where territory_id = @territory and id = @id
                """, new { id, by, now = clock.Now });
            await tx.ExecuteAsync(
                "update marketplace.payout_booking set released_at = @now where territory_id = @territory and payout_id = @id",
                new { id, now = clock.Now });
            return default(Done);
        }, cancel);

    /// <summary>
    /// Signs a payout that somebody else prepared: every provider's money moves to the payout's own account, all lines
    /// or none, and its bookings are paid. Refused for the person who prepared it, after the day of execution, and when
    /// a booking inside is no longer owed.
    /// </summary>
    public Task<Result<Done>> AuthoriseAsync(
        TerritoryId territory, Id<Payout> id, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } payout) return new PayoutNotFound(id);
            if (payout.AuthorisedBy == by) return default(Done);
            if (payout.Status is not PayoutStatus.Locked) return new PayoutNotReady(id, payout.Status);
            if (payout.PreparedBy == by) return new SecondSignatureNeeded(id);
            if (payout.ExecutionOn < clock.Today()) return new ExecutionInThePast(payout.ExecutionOn);
            if (await FindNoLongerOwedAsync(tx, id) is { } booking) return new BookingNoLongerOwed(booking.Id, booking.Reference);
            if (await MoveMoneyAsync(tx, payout, by) is { } refusal) return refusal;

            // The money has moved in this transaction: what is left is to say so.
            await MarkAuthorisedAsync(tx, payout, by);
            return default(Done);
        }, cancel);

    /// <summary>The ledger account of a payout's money on its way to the bank.</summary>
    public static Id<Account> AccountOf(Id<Payout> payout) => Id<Account>.From("payout", payout);

    /// <summary>The entry that moves one line's money; the same for every attempt.</summary>
    public static Id<JournalEntry> EntryOf(Id<Payout> payout, short line) => Id<JournalEntry>.From(EntryKinds.PayoutSent, payout, line);

    private static Task<Payout?> FindAsync(Transaction tx, Id<Payout> id) =>
        tx.FindAsync<Payout>($"select {Columns} from marketplace.payout where territory_id = @territory and id = @id", new { id });

    private static Task<Payout?> LockAsync(Transaction tx, Id<Payout> id) =>
        tx.FindAsync<Payout>(
            $"select {Columns} from marketplace.payout where territory_id = @territory and id = @id for no key update", new { id });

    private static Task<List<PayoutLine>> LinesAsync(Transaction tx, Id<Payout> id) =>
        tx.ListAsync<PayoutLine>(
            $"select {LineColumns} from marketplace.payout_line where territory_id = @territory and payout_id = @id order by line", new { id });

    private static async Task<bool> IsSameAsync(Transaction tx, Payout earlier, NewPayout payout, Id<User> by) =>
        earlier.PreparedBy == by && earlier.ExecutionOn == payout.ExecutionOn
        && (payout.Confirmed ?? earlier.Total) == earlier.Total
        && (payout.Providers is null
            || (await LinesAsync(tx, earlier.Id)).Select(l => l.ProviderId).ToHashSet().IsSubsetOf(payout.Providers));

    private async Task<Refusal?> RefuseDayAsync(Transaction tx, LocalDate executionOn)
    {
        var today = clock.Today();
        if (executionOn < today) return new ExecutionInThePast(executionOn);
        var latest = today.PlusDays(DaysAheadMax);
        if (executionOn > latest) return new ExecutionTooFar(executionOn, latest);
        var calendar = await BankCalendar.ReadAsync(tx);
        return calendar.IsOpen(executionOn) ? null : new NotABankDay(executionOn, calendar.OpenFrom(executionOn));
    }

    /// <summary>The last number given in this year; the series is ours until the transaction ends.</summary>
    private async Task<int> LockSeriesAsync(Transaction tx)
    {
        var year = clock.Today().Year;
        await tx.ExecuteAsync(
            """
            insert into marketplace.payout_series (territory_id, year, last) values (@territory, @year, 0)
            on conflict (territory_id, year) do nothing
            """, new { year });
        return await tx.FindAsync<int>(
            "select last from marketplace.payout_series where territory_id = @territory and year = @year for no key update", new { year });
    }

    private static Task<List<Owed>> TakeAsync(Transaction tx, IReadOnlyList<Id<Provider>>? providers) =>
        tx.ListAsync<Owed>(
            $"""
            select b.id as booking_id, v.id as provider_id, v.name, v.legal_name, v.iban, b.settled as amount
            from marketplace.booking b
            join marketplace.provider v on v.territory_id = @territory and v.id = b.provider_id
            where b.territory_id = @territory and {Payables.IsReady} and (@everybody or b.provider_id = any(@providers))
            order by v.name, v.id, b.id
            for no key update of b
            """,
            new { everybody = providers is null, providers = (providers ?? []).Select(p => p.Value).ToArray() });

    private static async Task InsertAsync(Transaction tx, Payout payout, List<PayoutLine> lines, List<Owed> owed)
    {
        await tx.ExecuteAsync(
            """
            insert into marketplace.payout (territory_id, id, reference, status, execution_on, total, debtor_name, debtor_town,
                                            debtor_iban, prepared_by, prepared_at)
            values (@territory, @Id, @Reference, 'Locked', @ExecutionOn, @Total, @DebtorName, @DebtorTown, @DebtorIban, @PreparedBy, @PreparedAt)
            """,
            new
            {
                payout.Id, payout.Reference, payout.ExecutionOn, payout.Total, payout.DebtorName, payout.DebtorTown,
                payout.DebtorIban, payout.PreparedBy, payout.PreparedAt,
            });
        await tx.ExecuteAsync(
            """
            insert into marketplace.payout_line
                (territory_id, payout_id, line, provider_id, amount, end_to_end_id, creditor_name, creditor_iban)
            select @territory, @Id, * from unnest(@line, @provider, @amount, @endToEndId, @name, @iban)
            """,
            new
            {
                payout.Id, line = lines.Select(l => l.Line).ToArray(), provider = lines.Select(l => l.ProviderId.Value).ToArray(),
                amount = lines.Select(l => l.Amount.Cents).ToArray(), endToEndId = lines.Select(l => l.EndToEndId).ToArray(),
                name = lines.Select(l => l.CreditorName).ToArray(), iban = lines.Select(l => l.CreditorIban).ToArray(),
            });
        var lineOf = lines.ToDictionary(l => l.ProviderId, l => l.Line);
        await tx.ExecuteAsync(
            """
            insert into marketplace.payout_booking (territory_id, payout_id, booking_id, line, amount)
            select @territory, @Id, * from unnest(@booking, @line, @amount)
            """,
            new
            {
                payout.Id, booking = owed.Select(o => o.BookingId.Value).ToArray(),
                line = owed.Select(o => lineOf[o.ProviderId]).ToArray(), amount = owed.Select(o => o.Amount.Cents).ToArray(),
            });
    }

    /// <summary>Locks the bookings of a payout and finds the first one that is not owed as it was.</summary>
    private static async Task<NoLongerOwed?> FindNoLongerOwedAsync(Transaction tx, Id<Payout> id) =>
        (await tx.ListAsync<NoLongerOwed>(
            """
            select b.id, b.reference, b.settled = x.amount and b.status not in ('Paid', 'Reversed') as owed
            from marketplace.payout_booking x
            join marketplace.booking b on b.territory_id = @territory and b.id = x.booking_id
            where x.territory_id = @territory and x.payout_id = @id
            order by b.id for no key update of b
            """, new { id })).FirstOrDefault(b => !b.Owed);

    private async Task<Refusal?> MoveMoneyAsync(Transaction tx, Payout payout, Id<User> by)
    {
        var onItsWay = AccountOf(payout.Id);
        var opened = await ledger.OpenAsync(tx, new NewAccount(onItsWay, ChartOfAccounts.Payout, $"{ChartOfAccounts.Payout}:{payout.Id.Value:N}"));
        if (opened.IsRefused(out var refused)) return refused;
        var accounts = await tx.ListAsync<LineAccount>(
            """
            select l.line, v.account_id from marketplace.payout_line l
            join marketplace.provider v on v.territory_id = @territory and v.id = l.provider_id
            where l.territory_id = @territory and l.payout_id = @Id
            """, new { payout.Id });
        var accountOf = accounts.ToDictionary(a => a.Line, a => a.AccountId);
        var entries = (await LinesAsync(tx, payout.Id)).Select(line => new JournalEntry(
            EntryOf(payout.Id, line.Line), EntryKinds.PayoutSent, payout.Id.ToString(), clock.Today(), by.ToString(), line.EndToEndId,
            [new Transfer(accountOf[line.Line], onItsWay, line.Amount)]));
        var answers = await ledger.DoAsync(tx, [.. entries.Select(entry => new Instruction.Post(entry) { Group = 1 })]);
        return answers.FirstOrDefault(a => a is not null and not GroupRefused);
    }

    private async Task MarkAuthorisedAsync(Transaction tx, Payout payout, Id<User> by)
    {
        var lines = await LinesAsync(tx, payout.Id);
        await tx.ExecuteAsync(
            """
            update marketplace.payout_line l set entry_id = e.id from unnest(@line, @entry) e(line, id)
            where l.territory_id = @territory and l.payout_id = @Id and l.line = e.line
            """,
            new
            {
                payout.Id, line = lines.Select(l => l.Line).ToArray(),
                entry = lines.Select(l => EntryOf(payout.Id, l.Line).Value).ToArray(),
            });
        await tx.ExecuteAsync(
            """
            update marketplace.payout set status = 'Authorised', authorised_by = @by, authorised_at = @now, account_id = @account
            where territory_id = @territory and id = @Id
            """, new { payout.Id, by, now = clock.Now, account = AccountOf(payout.Id) });
        // A late cancellation or a missed appointment keeps its own state: what is paid there is a fee.
        await tx.ExecuteAsync(
            """
            with paid as (
                update marketplace.booking b set status = 'Paid' from marketplace.payout_booking x
                where x.territory_id = @territory and x.payout_id = @Id
                  and b.territory_id = @territory and b.id = x.booking_id and b.status = 'Settled'
                returning b.id
            )
            insert into marketplace.booking_event (territory_id, booking_id, sequence, status, at, actor, note)
            select @territory, paid.id, coalesce((
                       select max(e.sequence) from marketplace.booking_event e
                       where e.territory_id = @territory and e.booking_id = paid.id), 0) + 1,
                   'Paid', @now, @actor, @Reference
            from paid
            """, new { payout.Id, payout.Reference, now = clock.Now, actor = by.ToString() });
    }

    private sealed record Treasury(string TreasuryName, string Town, string TreasuryIban);

    private sealed record Owed(
        Id<Booking> BookingId, Id<Provider> ProviderId, string Name, string LegalName, string Iban, Money Amount);

    private sealed record NoLongerOwed(Id<Booking> Id, string Reference, bool Owed);

    private sealed record LineAccount(short Line, Id<Account> AccountId);
}
