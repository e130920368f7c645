using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// The way of the money of one entry: where it comes from and where it goes. A step that this money has not taken, or
/// not yet, is empty. Amounts are what each step has of this entry's money.
/// </summary>
public sealed record MoneyPath(
    IReadOnlyList<PathProgramme> Programmes, IReadOnlyList<PathGrant> Grants, int GrantCount, IReadOnlyList<PathBooking> Bookings,
    int BookingCount, PathProvider? Provider, PathPayout? Payout);

/// <summary>A funder's programme, with its two accounts.</summary>
public sealed record PathProgramme(
    Id<Programme> Id, string Funder, string Code, string NameIt, string NameEn, string ActReference, Id<Account> AccountId,
    Id<Account> ReceivableAccountId, Money Amount);

/// <summary>A household's grant. <paramref name="Granted"/> is all it was given under the programme.</summary>
public sealed record PathGrant(Id<Grant> Id, int HouseholdNumber, string ProgrammeCode, Id<Account> AccountId, Money Granted, Money Amount);

public sealed record PathBooking(
    Id<Booking> Id, string Reference, string TitleIt, string TitleEn, Instant StartsAt, int HouseholdNumber, BookingStatus Status,
    Money Price, Money Copayment, Money Amount, Id<JournalEntry>? SettlementEntryId);

public sealed record PathProvider(Id<Provider> Id, string Name, Id<Account> AccountId, Money Balance);

/// <summary>The line of a payout that paid, or will pay, the provider.</summary>
public sealed record PathPayout(
    Id<Payout> Id, string Reference, PayoutStatus Status, short Line, Money LineAmount, string EndToEndId, LocalDate ExecutionOn,
    Id<JournalEntry>? EntryId);

/// <summary>Follows money from an entry to the funder it came from and to the bank transfer it left with.</summary>
public sealed class MoneyPaths(Database db)
{
    /// <summary>An entry about more grants or bookings than this shows the largest and says how many there are.</summary>
    public const int Shown = 12;

    /// <summary>
    /// From the entry to the entries that took its money from purses: itself, or for a transfer the settlements of the
    /// bookings it pays.
    /// </summary>
    private const string Sources =
        """
        with paid as (
            select x.booking_id, b.settlement_entry_id as entry_id
            from marketplace.payout_line l
            join marketplace.payout_booking x on x.territory_id = @territory and x.payout_id = l.payout_id and x.line = l.line
            join marketplace.booking b on b.territory_id = @territory and b.id = x.booking_id
            where l.territory_id = @territory and l.entry_id = @entry
        ), source as (select entry_id from paid union select @entry::uuid where not exists (select from paid))
        """;

    /// <summary>The path of an entry's money; all of it empty for an entry that touches nothing of the marketplace.</summary>
    public async Task<MoneyPath> OfAsync(TerritoryId territory, Id<JournalEntry> entry, CancellationToken cancel = default)
    {
        var grants = await GrantsAsync(territory, entry, cancel);
        var bookings = await BookingsAsync(territory, entry, cancel);
        var providers = await ProvidersAsync(territory, entry, cancel);
        return new(
            await ProgrammesAsync(territory, entry, cancel), [.. grants.Take(Shown)], grants.Count, [.. bookings.Take(Shown)],
            bookings.Count, providers is [{ } only] ? only : null, await PayoutAsync(territory, entry, cancel));
    }

    private Task<List<PathProgramme>> ProgrammesAsync(TerritoryId territory, Id<JournalEntry> entry, CancellationToken cancel) =>
        db.ListAsync<PathProgramme>(
            territory,
            $"""
            {Sources}, touched as (
                select coalesce(g.programme_id, p.id) as programme_id, sum(t.debit) as debit, sum(t.credit) as credit
                from source s
                join ledger.posting t on t.territory_id = @territory and t.entry_id = s.entry_id
                left join marketplace.welfare_grant g on g.territory_id = @territory and g.account_id = t.account_id
                left join marketplace.programme p on p.territory_id = @territory and p.account_id = t.account_id
                where coalesce(g.programme_id, p.id) is not null
                group by 1
            )
            select p.id, f.name as funder, p.code, p.name_it, p.name_en, p.act_reference, p.account_id, p.receivable_account_id,
                   greatest(t.debit, t.credit)::bigint as amount
            from touched t
            join marketplace.programme p on p.territory_id = @territory and p.id = t.programme_id
            join marketplace.funder f on f.territory_id = @territory and f.id = p.funder_id
            order by amount desc, p.code
            """, new { entry }, cancel);

    private Task<List<PathGrant>> GrantsAsync(TerritoryId territory, Id<JournalEntry> entry, CancellationToken cancel) =>
        db.ListAsync<PathGrant>(
            territory,
            $"""
            {Sources}
            select g.id, h.number as household_number, p.code as programme_code, g.account_id, g.amount as granted,
                   sum(t.debit + t.credit)::bigint as amount
            from source s
            join ledger.posting t on t.territory_id = @territory and t.entry_id = s.entry_id
            join marketplace.welfare_grant g on g.territory_id = @territory and g.account_id = t.account_id
            join marketplace.household h on h.territory_id = @territory and h.id = g.household_id
            join marketplace.programme p on p.territory_id = @territory and p.id = g.programme_id
            group by g.id, h.number, p.code, g.account_id, g.amount
            order by amount desc, h.number, p.code
            """, new { entry }, cancel);

    private Task<List<PathBooking>> BookingsAsync(TerritoryId territory, Id<JournalEntry> entry, CancellationToken cancel) =>
        db.ListAsync<PathBooking>(
            territory,
            $"""
            {Sources}
            select b.id, b.reference, f.title_it, f.title_en, b.starts_at, h.number as household_number, b.status, b.price, b.copayment,
                   b.settled as amount, b.settlement_entry_id
            from source s
            join marketplace.booking b on b.territory_id = @territory and b.settlement_entry_id = s.entry_id
            join marketplace.offer f on f.territory_id = @territory and f.id = b.offer_id
            join marketplace.household h on h.territory_id = @territory and h.id = b.household_id
            order by b.settled desc, b.starts_at, b.id
            """, new { entry }, cancel);

    private Task<List<PathProvider>> ProvidersAsync(TerritoryId territory, Id<JournalEntry> entry, CancellationToken cancel) =>
        db.ListAsync<PathProvider>(
            territory,
            """
            select v.id, v.name, v.account_id, a.credits - a.debits as balance
            from ledger.posting t
            join marketplace.provider v on v.territory_id = @territory and v.account_id = t.account_id
            join ledger.account a on a.territory_id = @territory and a.id = v.account_id
            where t.territory_id = @territory and t.entry_id = @entry
            """, new { entry }, cancel);

    private Task<PathPayout?> PayoutAsync(TerritoryId territory, Id<JournalEntry> entry, CancellationToken cancel) =>
        db.FindAsync<PathPayout>(
            territory,
            """
            with line as (
                select payout_id, line from marketplace.payout_line where territory_id = @territory and entry_id = @entry
                union
                select x.payout_id, x.line
                from marketplace.booking b
                join marketplace.payout_booking x on x.territory_id = @territory and x.booking_id = b.id and x.released_at is null
                where b.territory_id = @territory and b.settlement_entry_id = @entry
            )
            select o.id, o.reference, o.status, l.line, l.amount as line_amount, l.end_to_end_id, o.execution_on, l.entry_id
            from line
            join marketplace.payout o on o.territory_id = @territory and o.id = line.payout_id
            join marketplace.payout_line l on l.territory_id = @territory and l.payout_id = line.payout_id and l.line = line.line
            """, new { entry }, cancel);
}
