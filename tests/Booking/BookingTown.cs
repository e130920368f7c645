using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests;

/// <summary>
/// A small town for bookings, in a territory of its own: two families, a cooperative and its rival, one funder with
/// as many programmes as a test asks for. It begins on Monday 5 October 2026 at ten in the morning, in Italy.
/// </summary>
public sealed class BookingTown
{
    public static readonly Instant Monday = Instant.FromUtc(2026, 10, 5, 8, 0);

    private int numbers;

    private BookingTown(TestDatabase database, Database db)
    {
        (Db, Territory) = (db, database.NewTerritory());
        Ledger = new(Clock);
        Bookings = new(Db, Ledger, Clock);
        Pools = new(Db, Ledger, Bookings, Clock);
    }

    public Database Db { get; }
    public TerritoryId Territory { get; }
    public HandClock Clock { get; } = new(Monday);
    public GeneralLedger Ledger { get; }
    public Bookings Bookings { get; }
    public Pools Pools { get; }

    public Family Rossi { get; private set; } = null!;
    public Family Bianchi { get; private set; } = null!;
    public Cooperative Gelso { get; private set; } = null!;
    public Cooperative Quercia { get; private set; } = null!;

    private Id<Account> Receivable { get; } = Id<Account>.New();
    private Id<Funder> Funder { get; } = Id<Funder>.New();
    public Id<User> Officer { get; } = Id<User>.New();

    /// <summary>A family with one adult and one child, and who acts for it.</summary>
    public sealed record Family(Id<Household> Id, Id<Person> Adult, Id<Person> Child, HouseholdUser User);

    public sealed record Cooperative(Id<Provider> Id, Id<Account> Account, ProviderUser User);

    public sealed record Funded(Id<Grant> Id, Id<Account> Account, Id<Programme> Programme);

    public static async Task<BookingTown> BuildAsync(TestDatabase database, Database? pool = null)
    {
        var town = new BookingTown(database, pool ?? database.Db);
        await town.FoundAsync();
        (town.Rossi, town.Bianchi) = (await town.FamilyAsync(), await town.FamilyAsync());
        (town.Gelso, town.Quercia) = (await town.CooperativeAsync(), await town.CooperativeAsync());
        return town;
    }

    /// <summary>Puts money in a family's purse, under a programme of its own.</summary>
    /// <param name="to">The last day on which a service may be paid. After it, there are days to settle.</param>
    public async Task<Funded> GrantAsync(
        Family family, Money amount, LocalDate? to = null, string classCode = "care", bool copayment = false, int settlementDays = 30,
        Money? unitMax = null, Money? monthMax = null)
    {
        var (programme, grant) = (Id<Programme>.New(), Id<Grant>.New());
        var (budget, account, entry) = (Id<Account>.New(), Id<Account>.New(), Id<JournalEntry>.New());
        var last = to ?? new LocalDate(2026, 12, 31);
        await DoAsync(async tx =>
        {
            (await Ledger.OpenAsync(
                tx, new NewAccount(budget, "programme", $"programme:{programme}"),
                new NewAccount(account, "grant", $"grant:{grant}", last.PlusDays(settlementDays).EndOfDayInRome()))).OrThrow();
            (await Ledger.PostAsync(tx, Entry(Id<JournalEntry>.New(), EntryKinds.BudgetCommitted, new(Receivable, budget, amount)))).OrThrow();
            (await Ledger.PostAsync(tx, Entry(entry, "grant_activated", new(budget, account, amount)))).OrThrow();
            await tx.ExecuteAsync(
                """
                insert into marketplace.programme
                    (territory_id, id, code, name_it, name_en, purpose_it, purpose_en, funder_id, status, valid_from, valid_to, settlement_days,
                     copayment, unit_max, month_max, act_reference, account_id, receivable_account_id, created_by, created_at)
                values (@territory, @programme, @code, 'Misura di prova', 'Test programme', '', '', @Funder, 'Open', date '2026-01-01', @last,
                        @settlementDays, @rule, @unitMax, @monthMax, '', @budget, @Receivable, @Officer, @now);
                insert into marketplace.programme_class (territory_id, programme_id, class_code) values (@territory, @programme, @classCode);
                insert into marketplace.welfare_grant
                    (territory_id, id, programme_id, household_id, account_id, amount, status, valid_from, valid_to, activation_entry_id, activated_at)
                values (@territory, @grant, @programme, @household, @account, @amount, 'Active', date '2026-01-01', @last, @entry, @now);
                """,
                new
                {
                    programme, code = $"P{Interlocked.Increment(ref numbers)}", Funder, last, settlementDays,
                    rule = copayment ? "Allowed" : "Forbidden", unitMax, monthMax, budget, Receivable, Officer, now = Clock.Now, classCode,
                    grant, household = family.Id, account, amount, entry,
                });
        });
        return new(grant, account, programme);
    }

    /// <summary>A published offer with one slot. The slot begins on Wednesday at nine unless said otherwise.</summary>
    public async Task<Id<Slot>> SlotAsync(
        Money price, Instant? starts = null, int places = 1, Cooperative? provider = null, Money? cancelFee = null, string place = "AtProvider")
    {
        var (offer, slot) = (Id<Offer>.New(), Id<Slot>.New());
        var from = starts ?? Monday + Duration.FromHours(47);
        await DoAsync(tx => tx.ExecuteAsync(
            """
            insert into marketplace.offer
                (territory_id, id, provider_id, class_code, status, title_it, title_en, summary_it, summary_en, addressed_it, addressed_en,
                 needed_it, needed_en, achieved_it, achieved_en, unit_it, unit_en, price, minutes, place, address, municipality_code,
                 latitude, longitude, cancel_hours, cancel_fee, answer_hours)
            values (@territory, @offer, @provider, 'home-care', 'Published', 'Aiuto in casa', 'Help at home', '', '', '', '', '', '', '', '',
                    'a visita', 'a visit', @price, 60, @place, 'via Roma 1', 'L319', 45.7, 8.9, 24, @fee, 24);
            insert into marketplace.slot (territory_id, id, offer_id, starts_at, ends_at, capacity)
            values (@territory, @slot, @offer, @from, @until, @places);
            """,
            new
            {
                offer, provider = (provider ?? Gelso).Id, price, place, fee = cancelFee ?? Money.Zero, slot, from,
                until = from + Duration.FromHours(1), places,
            }));
        return slot;
    }

    /// <summary>Looks at the summary and asks for what it shows, as a household does.</summary>
    public async Task<Result<Id<Booking>>> BookAsync(Family family, Id<Slot> slot, Id<Booking>? id = null, Id<Person>? person = null)
    {
        var preview = await Bookings.PreviewAsync(Territory, family.Id, slot);
        if (preview.IsRefused(out var refusal, out var shown)) return refusal;
        return await Bookings.RequestAsync(
            Territory, new(id ?? Id<Booking>.New(), slot, person ?? family.Adult, shown.Shown), family.User);
    }

    /// <summary>A booking that the cooperative has confirmed.</summary>
    public async Task<Id<Booking>> ConfirmedAsync(Family family, Id<Slot> slot, Cooperative? by = null)
    {
        var id = (await BookAsync(family, slot)).OrThrow();
        (await Bookings.ConfirmAsync(Territory, id, (by ?? Gelso).User)).OrThrow();
        return id;
    }

    /// <summary>A booking that the cooperative has confirmed and, at its time, delivered.</summary>
    public async Task<Id<Booking>> DeliveredAsync(Family family, Id<Slot> slot)
    {
        var id = await ConfirmedAsync(family, slot);
        Clock.MoveTo(Instant.Max(Clock.Now, (await FindAsync(id)).Card.EndsAt));
        (await Bookings.DeliverAsync(Territory, id, Gelso.User)).OrThrow();
        return id;
    }

    public async Task<Id<Offer>> OfferOfAsync(Id<Slot> slot) =>
        (await Db.ListAsync<Id<Offer>>(Territory, "select offer_id from marketplace.slot where territory_id = @territory and id = @slot", new { slot }))[0];

    public async Task<BookingDetail> FindAsync(Id<Booking> id, Family? family = null) =>
        await new BookingCards(Db).FindAsync(Territory, (family ?? Rossi).Id, id) ?? throw new InvalidOperationException($"No {id}.");

    public async Task<BookingStatus> StatusAsync(Id<Booking> id) =>
        Enum.Parse<BookingStatus>((await Db.ListAsync<string>(
            Territory, "select status from marketplace.booking where territory_id = @territory and id = @id", new { id }))[0]);

    public async Task<int> TakenAsync(Id<Slot> slot) =>
        (await Db.ListAsync<int>(Territory, "select taken::int from marketplace.slot where territory_id = @territory and id = @slot", new { slot }))[0];

    /// <summary>What is on an account, what of it is held.</summary>
    public async Task<(Money Balance, Money Held)> OnAsync(Id<Account> account)
    {
        var found = await new Accounts(Db).FindAsync(Territory, account);
        return (found!.Balance, found.DebitsHeld);
    }

    /// <summary>Changes a row as another part of the marketplace would.</summary>
    public Task ChangeAsync(string sql, object parameters) => DoAsync(tx => tx.ExecuteAsync(sql, parameters));

    private async Task FoundAsync() =>
        await DoAsync(async tx =>
        {
            await Periods.OpenBookAsync(tx);
            await tx.ExecuteAsync(
                """
                insert into marketplace.territory
                    (id, slug, name, short_name, office_name, office_address, town, help_phone, help_hours, help_hours_en, treasury_name,
                     treasury_iban, bank_account_id)
                values (@territory, 'prova-' || @territory, 'Ambito di prova', 'Prova', 'Ufficio', 'via Roma 1', 'Tradate', '0331 000 000', '', '',
                        'Tesoreria', 'IT60X0542811101000000123456', @bank);
                insert into marketplace.municipality (territory_id, code, name, postal_code, latitude, longitude, residents)
                values (@territory, 'L319', 'Tradate', '21049', 45.7, 8.9, 18000), (@territory, 'C300', 'Castiglione Olona', '21043', 45.7, 8.9, 7000);
                insert into marketplace.service_class (territory_id, code, parent_code, name_it, name_en, position)
                values (@territory, 'care', null, 'Cura', 'Care', 1), (@territory, 'home-care', 'care', 'Aiuto in casa', 'Help at home', 2),
                       (@territory, 'school', null, 'Scuola', 'School', 3);
                insert into marketplace.funder (territory_id, id, kind, name) values (@territory, @Funder, 'Municipality', 'Comune di prova');
                """, new { bank = Id<Account>.New(), Funder });
            await UserAsync(tx, Officer);
            (await Ledger.OpenAsync(tx, new NewAccount(Receivable, "receivable", "receivable:prova"))).OrThrow();
        });

    public async Task<Family> FamilyAsync()
    {
        var (household, adult, child, user) = (Id<Household>.New(), Id<Person>.New(), Id<Person>.New(), Id<User>.New());
        await DoAsync(async tx =>
        {
            await UserAsync(tx, user);
            await tx.ExecuteAsync(
                """
                insert into marketplace.person (territory_id, id, tax_code, first_name, last_name, municipality_code, address)
                values (@territory, @adult, @adult::text, 'Lucia', 'Bernasconi', 'L319', 'via Mameli 12'),
                       (@territory, @child, @child::text, 'Tommaso', 'Bernasconi', 'L319', '');
                insert into marketplace.household (territory_id, id, number, reference_person_id, created_at)
                values (@territory, @household, @number, @adult, @now);
                insert into marketplace.household_member (territory_id, household_id, person_id, relation)
                values (@territory, @household, @adult, 'Reference'), (@territory, @household, @child, 'Child');
                """, new { household, adult, child, number = Interlocked.Increment(ref numbers), now = Clock.Now });
        });
        return new(household, adult, child, new(household, user));
    }

    /// <param name="place">Its place in the chart: shops have another one than cooperatives.</param>
    public async Task<Cooperative> CooperativeAsync(string place = "provider")
    {
        var (provider, account, user) = (Id<Provider>.New(), Id<Account>.New(), Id<User>.New());
        await DoAsync(async tx =>
        {
            await UserAsync(tx, user);
            (await Ledger.OpenAsync(tx, new NewAccount(account, place, $"{place}:{provider}"))).OrThrow();
            await tx.ExecuteAsync(
                """
                insert into marketplace.provider
                    (territory_id, id, kind, name, legal_name, vat_number, iban, municipality_code, address, latitude, longitude, phone, email, account_id)
                values (@territory, @provider, 'Cooperative', 'Cooperativa ' || @provider::text, 'Cooperativa', '', 'IT60X0542811101000000123456',
                        'L319', '', 45.7, 8.9, '', '', @account);
                insert into marketplace.accreditation (territory_id, id, provider_id, class_code, valid_from, valid_to, status, act_reference)
                values (@territory, @accreditation, @provider, 'care', date '2026-01-01', date '2027-12-31', 'Granted', 'det. 1/2026');
                """, new { provider, account, accreditation = Guid.NewGuid() });
        });
        return new(provider, account, new(provider, user));
    }

    private Task UserAsync(Transaction tx, Id<User> user) =>
        tx.ExecuteAsync(
            """
            insert into marketplace.app_user (territory_id, id, email, display_name, password_hash, created_at)
            values (@territory, @user, @user::text || '@prova.example', 'Prova', '', @now)
            """, new { user, now = Clock.Now });

    private JournalEntry Entry(Id<JournalEntry> id, string kind, Transfer transfer) =>
        new(id, kind, "", Clock.Today(), "system", "", [transfer]);

    private Task DoAsync(Func<Transaction, Task> work) =>
        Db.TransactAsync<Done>(Territory, async tx =>
        {
            await work(tx);
            return default(Done);
        });
}
