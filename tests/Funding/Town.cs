using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Tests.Funding;

/// <summary>
/// A small town with three municipalities, two officers, a funder and a programme of three bands, in a territory of its
/// own. It begins in the morning of 15 January 2026.
/// </summary>
public sealed class Town
{
    public static readonly Instant Morning = Instant.FromUtc(2026, 1, 15, 9, 0);
    public const string Header = "codice_fiscale;nome;cognome;comune;fascia_isee;importo";

    private Town(TestDatabase database)
    {
        (Database, Territory) = (database, database.NewTerritory());
        Ledger = new(Clock);
        Programmes = new(database.Db, Ledger, Clock);
        Imports = new(database.Db, Ledger, Clock);
        Grants = new(database.Db, Ledger, Clock);
        Rows = new(database.Db);
        Report = new(database.Db);
    }

    public TestDatabase Database { get; }
    public Database Db => Database.Db;
    public TerritoryId Territory { get; }
    public HandClock Clock { get; } = new(Morning);
    public GeneralLedger Ledger { get; }
    public Programmes Programmes { get; }
    public GrantImports Imports { get; }
    public Grants Grants { get; }
    public GrantRows Rows { get; }
    public ProgrammeReport Report { get; }
    public Id<User> Anna { get; } = Id<User>.New();
    public Id<User> Bruno { get; } = Id<User>.New();
    public Id<User> Carla { get; } = Id<User>.New();
    public Id<Funder> Funder { get; } = Id<Funder>.New();
    public Id<Programme> Programme { get; private set; }

    /// <summary>The town with one open programme of this budget in euro.</summary>
    public static async Task<Town> FoundAsync(TestDatabase database, long budget = 10_000)
    {
        var town = new Town(database);
        await town.FoundAsync();
        town.Programme = (await town.Programmes.OpenAsync(town.Territory, town.NewProgramme(), town.Anna)).OrThrow();
        if (budget > 0) await town.CommitAsync(budget);
        return town;
    }

    private Task FoundAsync() => DoAsync(async tx =>
    {
        await Periods.OpenBookAsync(tx);
        await tx.ExecuteAsync(
            """
            insert into marketplace.territory (id, slug, name, short_name, office_name, office_address, town, help_phone, help_hours,
                                               help_hours_en, treasury_name, treasury_iban, bank_account_id)
            values (@territory, 't' || @territory || 'x', 'Ambito', 'Ambito', 'Ufficio', 'Via Prova 1', 'Tradate', '0331', '9-12', '9-12',
                    'Tesoreria', 'IT60X0542811101000000123456', @bank);
            insert into marketplace.municipality (territory_id, code, name, postal_code, latitude, longitude, residents)
            values (@territory, 'L319', 'Tradate', '21049', 45.7, 8.9, 18000), (@territory, 'E666', 'Lonate Ceppino', '21050', 45.7, 8.9, 5000),
                   (@territory, 'B999', 'Càvaria d''Olona', '21050', 45.7, 8.9, 5000);
            insert into marketplace.service_class (territory_id, code, name_it, name_en, position)
            values (@territory, 'home-care', 'Assistenza domiciliare', 'Home care', 1), (@territory, 'school', 'Scuola', 'School', 2);
            """, new { bank = Guid.NewGuid() });
        foreach (var (id, name) in new[] { (Anna, "anna"), (Bruno, "bruno"), (Carla, "carla") })
        {
            var user = new NewUser(id, $"{name}@ambito.example", name, "", [new(Role.Officer)]);
            (await Users.CreateAsync(tx, user, Clock.Now)).OrThrow();
        }

        (await Funders.AddAsync(tx, new(Funder, FunderKind.Municipality, "Comune di Tradate"))).OrThrow();
    });

    public NewProgramme NewProgramme(string code = "BUONO-2026") => new(
        Id<Programme>.New(), code, "Buono famiglia 2026", "Family voucher 2026", "Per le famiglie", "For families", Funder,
        new(2026, 1, 1), new(2026, 12, 31), 30, CopaymentRule.Allowed, Money.Euro(100), Money.Euro(300), "Determina 1/2026",
        ["home-care", "school"],
        [new(1, Money.Euro(8_000), Money.Euro(400)), new(2, Money.Euro(15_000), Money.Euro(300)), new(3, null, Money.Euro(200))]);

    public async Task CommitAsync(long euro, Id<Programme>? programme = null) => (await Programmes.CommitAsync(
        Territory, Id<Commitment>.New(), programme ?? Programme, Money.Euro(euro), "Determina 2/2026", Anna)).OrThrow();

    /// <summary>A valid tax code, another one for every number up to half a million.</summary>
    public static string TaxCodeOf(int number)
    {
        const string Consonants = "BCDFGHLMNPQRSTVZ";
        var letters = $"{Consonants[number / 20_000 % 16]}{Consonants[number / 320_000 % 16]}";
        return TaxCode.Compute("Rossi", letters + "R", new LocalDate(1940, 1, 1).PlusDays(number % 20_000), number % 2 == 0, "L319").Value;
    }

    /// <summary>A good row: a person with this number, 100 euro in band 2.</summary>
    public static string Row(int number, string amount = "100,00", string band = "2", string municipality = "Tradate") =>
        $"{TaxCodeOf(number)};Maria;Rossi;{municipality};{band};{amount}";

    public static byte[] Csv(params IEnumerable<string> rows) => Encoding.UTF8.GetBytes(string.Join("\r\n", rows.Prepend(Header)) + "\r\n");

    public Task<Id<GrantImport>> UploadAsync(params IEnumerable<string> rows) => UploadAsync(Csv(rows));

    public async Task<Id<GrantImport>> UploadAsync(byte[] file, Id<Programme>? programme = null) =>
        (await Imports.UploadAsync(Territory, Id<GrantImport>.New(), programme ?? Programme, "elenco.csv", file, Anna)).OrThrow().Id;

    /// <summary>Uploads and checks.</summary>
    public async Task<Id<GrantImport>> CheckedAsync(params IEnumerable<string> rows)
    {
        var id = await UploadAsync(rows);
        await Imports.WorkThroughAsync(Territory);
        return id;
    }

    /// <summary>Uploads, checks, and asks for approval.</summary>
    public async Task<Id<GrantImport>> RequestedAsync(params IEnumerable<string> rows)
    {
        var id = await CheckedAsync(rows);
        (await Imports.RequestApprovalAsync(Territory, id, Anna)).OrThrow();
        return id;
    }

    /// <summary>The whole way to money in the purses.</summary>
    public async Task<Id<GrantImport>> PostedAsync(params IEnumerable<string> rows)
    {
        var id = await RequestedAsync(rows);
        (await Imports.ApproveAsync(Territory, id, Bruno)).OrThrow();
        await Imports.WorkThroughAsync(Territory);
        return id;
    }

    public async Task<GrantImport> ImportAsync(Id<GrantImport> id) =>
        await Imports.FindAsync(Territory, id) ?? throw new InvalidOperationException($"There is no {id}.");

    public async Task<IReadOnlyList<GrantRow>> RowsAsync(Id<GrantImport> id) =>
        (await Rows.PageAsync(Territory, id, GrantRowFilter.All, null, "", 1)).Rows;

    /// <summary>The verdicts of the first rows as "code column details"; good ones as "good".</summary>
    public async Task<IReadOnlyList<string>> VerdictsAsync(Id<GrantImport> id) => [.. (await RowsAsync(id)).Select(r =>
        r.Verdict is { } v ? $"{v.Code} {v.Column} {string.Join(",", v.Details)}".Trim() : "good")];

    public async Task<ProgrammeFigures> FiguresAsync(Id<Programme>? programme = null) =>
        (await Report.FindAsync(Territory, programme ?? Programme))!;

    public async Task<List<Grant>> GrantsAsync() =>
        [.. (await Task.WhenAll((await Db.ListAsync<Id<Grant>>(Territory, "select id from marketplace.welfare_grant where territory_id = @territory order by id"))
            .Select(id => Grants.FindAsync(Territory, id)))).OfType<Grant>()];

    public async Task<int> CountAsync(string table) =>
        (await Db.ListAsync<int>(Territory, $"select count(*)::int from {table} where territory_id = @territory"))[0];

    public async Task DoAsync(Func<Transaction, Task> work) => (await Db.TransactAsync<Done>(Territory, async tx =>
    {
        await work(tx);
        return default(Done);
    })).OrThrow();

    /// <summary>Sets money of a grant aside for a provider, as a booking does.</summary>
    public async Task<Id<Hold>> HoldAsync(Grant grant, long euro, Instant expires)
    {
        var payee = Id<Account>.New();
        var hold = new Hold(Id<Hold>.New(), payee, [new(grant.AccountId, Money.Euro(euro))], expires, "", "tester", "");
        await DoAsync(async tx =>
        {
            (await Ledger.OpenAsync(tx, new NewAccount(payee, ChartOfAccounts.Provider, "provider:test"))).OrThrow();
            (await Ledger.AuthoriseAsync(tx, hold)).OrThrow();
        });
        return hold.Id;
    }

    public Task CaptureAsync(Id<Hold> hold) => DoAsync(async tx => (await Ledger.CaptureAsync(
        tx, new(Id<JournalEntry>.New(), hold, null, RestOfHold.Release, EntryKinds.Delivered, Clock.Today(), "", "tester", ""))).OrThrow());
}
