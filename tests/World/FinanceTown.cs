using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Borsellino.Tests.World;

/// <summary>
/// A territory with a funder, a programme, one family (Carla's) and its grant, and two finance people, for tests about what
/// comes after a service. Services were on Tuesday 10 November 2026; the town begins on the morning of Monday 16.
/// </summary>
public sealed class FinanceTown
{
    public static readonly Instant Monday = Instant.FromUtc(2026, 11, 16, 9, 0);
    public static readonly LocalDate Today = new(2026, 11, 16);
    public static readonly LocalDate ServiceDay = new(2026, 11, 10);

    /// <summary>Everybody's.</summary>
    public const string Password = "una frase lunga da provare";

    private static readonly Instant Service = Instant.FromUtc(2026, 11, 10, 8, 0);

    /// <summary>Of PBKDF2, for the passwords of these towns.</summary>
    public const int HashRounds = 1_000;

    private static readonly Lazy<string> PasswordHash = new(() =>
        new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = HashRounds })).HashPassword(null!, Password));
    /// <summary>What is kept of everybody's password.</summary>
    public static string HashOfPassword => PasswordHash.Value;

    private static readonly Money Budget = Money.Euro(10_000_000);
    private static int accounts;

    private FinanceTown(TestDatabase database, Database db, TerritoryId territory)
    {
        (Database, Db, Territory) = (database, db, territory);
        Ledger = new(Clock);
        Payouts = new(db, Ledger, Clock);
    }

    public TestDatabase Database { get; }
    public Database Db { get; }
    public TerritoryId Territory { get; }
    public string Slug => $"valle-{Territory}";
    public HandClock Clock { get; } = new(Monday);
    public GeneralLedger Ledger { get; }
    public Payouts Payouts { get; }
    public Id<User> Anna { get; } = Id<User>.New();
    public Id<User> Bruno { get; } = Id<User>.New();
    public Id<Programme> Programme { get; } = Id<Programme>.New();
    public Id<Account> ProgrammeAccount { get; } = Id<Account>.New();
    public Id<Account> Receivable { get; } = Id<Account>.New();
    public Id<Grant> Grant { get; } = Id<Grant>.New();
    public Id<Account> GrantAccount { get; } = Id<Account>.New();
    public Id<JournalEntry> Commitment { get; } = Id<JournalEntry>.New();
    public Id<JournalEntry> Activation { get; } = Id<JournalEntry>.New();
    private Id<Household> Household { get; } = Id<Household>.New();
    private Id<Person> Person { get; } = Id<Person>.New();
    private Id<User> Carla { get; } = Id<User>.New();

    public static async Task<FinanceTown> OpenAsync(TestDatabase database, Database? pool = null, Territories? territories = null)
    {
        var town = new FinanceTown(database, pool ?? database.Db, database.NewTerritory());
        var territory = new NewTerritory(
            town.Territory, town.Slug, "Ambito della Valle", "Valle", "Ufficio di Piano", "piazza Uno 1", "Vallecorta",
            "0331 555 010", "sempre", "always", "Comune di Vallecorta, Tesoreria", Iban.ForItaly("05428", "11101", "123456"),
            [new("L319", "Vallecorta", "21049", 45.7, 8.9, 18_000)]);
        (await (territories ?? new Territories(town.Db, town.Ledger)).CreateAsync(territory)).OrThrow();
        await town.DoAsync(town.PeopleAsync);
        await town.DoAsync(town.MoneyAsync);
        return town;
    }

    public Task<Result<T>> DoAsync<T>(Func<Transaction, Task<Result<T>>> work) where T : notnull => Db.TransactAsync(Territory, work);

    /// <summary>Opens a provider with its account. Names order the lines of a payout.</summary>
    public async Task<ProviderInTown> ProviderAsync(string name, string? iban = null, string? legalName = null)
    {
        var provider = new ProviderInTown(
            Id<Provider>.New(), Id<Account>.New(), iban ?? Iban.ForItaly("03069", "09606", $"{Interlocked.Increment(ref accounts)}").Value);
        (await DoAsync<Done>(async tx =>
        {
            if ((await Ledger.OpenAsync(tx, new NewAccount(provider.Account, "provider", $"provider:{provider.Id}"))).IsRefused(out var refusal)) return refusal;
            await tx.ExecuteAsync(
                """
                insert into marketplace.provider (territory_id, id, kind, name, legal_name, vat_number, iban, municipality_code, address,
                                                  latitude, longitude, phone, email, account_id)
                values (@territory, @Id, 'Cooperative', @name, @legalName, '', @Iban, 'L319', 'via Due 2', 45.7, 8.9, '', '', @Account);
                insert into marketplace.accreditation (territory_id, id, provider_id, class_code, valid_from, valid_to, status, act_reference)
                values (@territory, @accreditation, @Id, 'cura', date '2026-01-01', date '2026-12-31', 'Granted', 'Determina 12');
                """,
                new
                {
                    provider.Id, provider.Account, provider.Iban, name, legalName = legalName ?? $"{name} Soc. Coop.", accreditation = Guid.NewGuid(),
                });
            return default(Done);
        })).OrThrow();
        return provider;
    }

    /// <summary>
    /// A booking by which the provider has earned this much from the family's grant: accepted today, or the fee of one that
    /// was cancelled late or missed on its day. Everybody uses the real operations.
    /// </summary>
    public async Task<Id<Booking>> SettleAsync(ProviderInTown provider, long cents, BookingStatus status = BookingStatus.Settled)
    {
        var clock = new HandClock(Service - Duration.FromHours(1));
        var bookings = new Bookings(Db, new(clock), clock);
        var (id, family, staff) = (Id<Booking>.New(), new HouseholdUser(Household, Carla), new ProviderUser(provider.Id, Anna));
        var isFee = status is not BookingStatus.Settled;
        var slot = await SlotAsync(provider, isFee ? new Money(2300) : new(cents), isFee ? new(cents) : Money.Zero);
        var shown = (await bookings.PreviewAsync(Territory, Household, slot)).OrThrow().Shown;
        (await bookings.RequestAsync(Territory, new(id, slot, Person, shown), family)).OrThrow();
        (await bookings.ConfirmAsync(Territory, id, staff)).OrThrow();
        if (status is BookingStatus.CancelledByHousehold)
        {
            (await bookings.CancelByHouseholdAsync(Territory, id, family, feeShown: new(cents))).OrThrow();
            return id;
        }

        clock.MoveTo(Service + Duration.FromHours(1));
        if (status is BookingStatus.NoShow)
        {
            (await bookings.ReportNoShowAsync(Territory, id, staff)).OrThrow();
            return id;
        }

        (await bookings.DeliverAsync(Territory, id, staff)).OrThrow();
        clock.MoveTo(Clock.Now);
        (await bookings.AcceptAsync(Territory, id, family)).OrThrow();
        return id;
    }

    /// <summary>The one place of a service at this price, on its day.</summary>
    private async Task<Id<Slot>> SlotAsync(ProviderInTown provider, Money price, Money cancelFee)
    {
        var (offer, slot) = (Id<Offer>.New(), Id<Slot>.New());
        (await DoAsync<Done>(async tx =>
        {
            await tx.ExecuteAsync(
                """
                insert into marketplace.offer (territory_id, id, provider_id, class_code, status, title_it, title_en, summary_it, summary_en,
                                               addressed_it, addressed_en, needed_it, needed_en, achieved_it, achieved_en, unit_it, unit_en,
                                               price, minutes, place, municipality_code, latitude, longitude, cancel_hours, cancel_fee)
                values (@territory, @offer, @Id, 'cura', 'Published', 'Aiuto a casa', 'Help at home', '', '', '', '', '', '', '', '', '', '',
                        @price, 60, 'AtHome', 'L319', 45.7, 8.9, 24, @cancelFee);
                insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity)
                values (@territory, @slot, @offer, @Service, @until, 1);
                """, new { offer, provider.Id, price, cancelFee, slot, Service, until = Service + Duration.FromHours(1) });
            return default(Done);
        })).OrThrow();
        return slot;
    }

    /// <summary>Anna prepares a payout of all that is owed, for today unless said otherwise.</summary>
    public async Task<Id<Payout>> PreparedAsync(params IReadOnlyList<Id<Provider>> providers) =>
        (await Payouts.PrepareAsync(
            Territory, new(Id<Payout>.New(), Today, providers.Count > 0 ? providers : null), Anna)).OrThrow();

    /// <summary>A payout that Anna prepared and Bruno signed.</summary>
    public async Task<Id<Payout>> AuthorisedAsync()
    {
        var payout = await PreparedAsync();
        (await Payouts.AuthoriseAsync(Territory, payout, Bruno)).OrThrow();
        return payout;
    }

    public async Task<PayoutDetail> DetailAsync(Id<Payout> payout) =>
        await Payouts.FindAsync(Territory, payout) ?? throw new InvalidOperationException($"There is no {payout}.");

    public async Task<long> BalanceAsync(Id<Account> account) =>
        (await new Accounts(Db).FindAsync(Territory, account))?.Balance.Cents ?? throw new InvalidOperationException($"There is no {account}.");

    public async Task<string> StatusAsync(Id<Booking> booking) => (await Db.FindAsync<string>(
        Territory, "select status from marketplace.booking where territory_id = @territory and id = @booking", new { booking }))!;

    public Task<List<Payable>> PayablesAsync() => new Payables(Db).ListAsync(Territory);

    private async Task<Result<Done>> PeopleAsync(Transaction tx)
    {
        foreach (var (id, name) in new[] { (Anna, "Anna Prima"), (Bruno, "Bruno Secondo") })
        {
            var user = new NewUser(id, $"{name.Split(' ')[0].ToLowerInvariant()}@example.org", name, PasswordHash.Value, [new(Role.Finance)]);
            if ((await Users.CreateAsync(tx, user, Clock.Now)).IsRefused(out var refusal)) return refusal;
        }

        await tx.ExecuteAsync(
            """
            insert into marketplace.person (territory_id, id, tax_code, first_name, last_name, municipality_code)
            values (@territory, @Person, 'CCCFBA85D03L219P', 'Fabio', 'Cicconi', 'L319');
            insert into marketplace.household (territory_id, id, number, reference_person_id, created_at)
            values (@territory, @Household, 412, @Person, @now);
            insert into marketplace.service_class (territory_id, code, name_it, name_en, position)
            values (@territory, 'cura', 'Cura', 'Care', 1);
            """, new { Person, Household, now = Clock.Now });
        var carla = new NewUser(Carla, "carla@example.org", "Carla Terza", PasswordHash.Value, [new(Role.Household, Household)]);
        return (await Users.CreateAsync(tx, carla, Clock.Now)).IsRefused(out var refused) ? refused : default(Done);
    }

    private async Task<Result<Done>> MoneyAsync(Transaction tx)
    {
        (await Ledger.OpenAsync(
            tx, new(ProgrammeAccount, "programme", $"programme:{Programme}"), new(Receivable, "receivable", $"receivable:{Programme}"),
            new(GrantAccount, "grant", $"grant:{Grant}"))).OrThrow();
        var day = Clock.Today();
        (await Ledger.PostAsync(tx, new(
            Commitment, "budget_committed", Programme.ToString(), day, "test", "", [new(Receivable, ProgrammeAccount, Budget)]))).OrThrow();
        (await Ledger.PostAsync(tx, new(
            Activation, "grant_activated", Grant.ToString(), day, "test", "", [new(ProgrammeAccount, GrantAccount, Budget)]))).OrThrow();
        await tx.ExecuteAsync(
            """
            insert into marketplace.funder (territory_id, id, kind, name) values (@territory, @funder, 'Municipality', 'Comune di Vallecorta');
            insert into marketplace.programme (territory_id, id, code, name_it, name_en, purpose_it, purpose_en, funder_id, status, valid_from,
                                               valid_to, copayment, act_reference, account_id, receivable_account_id, created_by, created_at)
            values (@territory, @Programme, 'AD26', 'Assistenza a casa 2026', 'Help at home 2026', '', '', @funder, 'Open', '2026-01-01',
                    '2026-12-31', 'Allowed', 'Determina 37', @ProgrammeAccount, @Receivable, @Anna, @now);
            insert into marketplace.programme_class (territory_id, programme_id, class_code) values (@territory, @Programme, 'cura');
            insert into marketplace.welfare_grant (territory_id, id, programme_id, household_id, account_id, amount, status, valid_from,
                                                   valid_to, activation_entry_id, activated_at)
            values (@territory, @Grant, @Programme, @Household, @GrantAccount, @budget, 'Active', '2026-01-01', '2026-12-31', @Activation, @now);
            """,
            new
            {
                funder = Id<Funder>.New(), Programme, ProgrammeAccount, Receivable, Anna, now = Clock.Now, Grant, Household, GrantAccount,
                budget = Budget, Activation,
            });
        return default(Done);
    }
}

/// <summary>A provider of a <see cref="FinanceTown"/>.</summary>
public sealed record ProviderInTown(Id<Provider> Id, Id<Account> Account, string Iban);
