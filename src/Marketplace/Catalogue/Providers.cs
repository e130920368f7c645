using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Marketplace;

public enum ProviderKind
{
    Cooperative,
    Shop,
}

/// <summary>A cooperative or a shop: it may be paid, for the classes it is accredited for.</summary>
/// <param name="LegalName">As its bank knows it: at most 70 characters, because a bank transfer carries no more.</param>
/// <param name="AccountId">What it has earned and was not yet paid.</param>
public sealed record Provider(
    Id<Provider> Id, ProviderKind Kind, string Name, string LegalName, string VatNumber, string Iban, string MunicipalityCode,
    string Address, double Latitude, double Longitude, string Phone, string Email, string AboutIt, string AboutEn,
    Id<Account> AccountId) : IIdentified
{
    public static string Prefix => "prov";

    public Words About => new(AboutIt, AboutEn);
}

/// <summary>A provider about to be registered, its VAT number and bank account already checked.</summary>
public sealed record NewProvider(
    Id<Provider> Id, ProviderKind Kind, string Name, string LegalName, VatNumber VatNumber, Iban Iban, string MunicipalityCode,
    string Address, double Latitude, double Longitude, string Phone, string Email, Words About)
{
    /// <summary>The account of what it earns follows from its own id.</summary>
    public Id<Account> AccountId => Id<Account>.From("provider", Id);
}

/// <summary>Cooperatives and shops.</summary>
public sealed class Providers(Database db, GeneralLedger ledger)
{
    /// <summary>The most providers a list answers.</summary>
    public const int ProvidersMax = 2000;

    private const string Select =
        """
        select id, kind, name, legal_name, vat_number, iban, municipality_code, address, latitude, longitude, phone, email,
               about_it, about_en, account_id
        from marketplace.provider
        """;

    /// <summary>
    /// Registers a provider and opens its account in the book. The same again changes nothing; an id with another
    /// VAT number, a name already there and an unknown municipality are refused.
    /// </summary>
    public Task<Result<Id<Provider>>> CreateAsync(TerritoryId territory, NewProvider provider, CancellationToken cancel = default) =>
        db.TransactAsync<Id<Provider>>(territory, tx => CreateAsync(tx, provider), cancel);

    /// <summary>The same, within a transaction.</summary>
    public async Task<Result<Id<Provider>>> CreateAsync(Transaction tx, NewProvider provider)
    {
        if (await FindAsync(tx, provider.Id) is { } earlier)
        {
            return earlier.VatNumber == provider.VatNumber.Value ? provider.Id : new ProviderIdReused(provider.Id);
        }

        var names = await tx.ListAsync<int>(
            "select 1 from marketplace.provider where territory_id = @territory and name = @Name", new { provider.Name });
        if (names.Count > 0) return new ProviderNameTaken(provider.Name);
        if (!await MunicipalityExistsAsync(tx, provider.MunicipalityCode)) return new MunicipalityNotFound(provider.MunicipalityCode);

        var chart = provider.Kind switch { ProviderKind.Cooperative => "provider", ProviderKind.Shop => "shop" };
        var account = new NewAccount(provider.AccountId, chart, $"{chart}:{provider.Id.Value:N}");
        if ((await ledger.OpenAsync(tx, account)).IsRefused(out var refusal)) return refusal;
        await tx.ExecuteAsync(
            """
            insert into marketplace.provider
                (territory_id, id, kind, name, legal_name, vat_number, iban, municipality_code, address, latitude, longitude,
                 phone, email, about_it, about_en, account_id)
            values (@territory, @Id, @kind, @Name, @LegalName, @vat, @iban, @MunicipalityCode, @Address, @Latitude, @Longitude,
                    @Phone, @Email, @it, @en, @AccountId)
            """,
            new
            {
                provider.Id, kind = provider.Kind.ToString(), provider.Name, provider.LegalName, vat = provider.VatNumber.Value,
                iban = provider.Iban.Value, provider.MunicipalityCode, provider.Address, provider.Latitude, provider.Longitude,
                provider.Phone, provider.Email, it = provider.About.It, en = provider.About.En, provider.AccountId,
            });
        return provider.Id;
    }

    public Task<Provider?> FindAsync(TerritoryId territory, Id<Provider> id, CancellationToken cancel = default) =>
        db.FindAsync<Provider>(territory, $"{Select} where territory_id = @territory and id = @id", new { id }, cancel);

    public static Task<Provider?> FindAsync(Transaction tx, Id<Provider> id) =>
        tx.FindAsync<Provider>($"{Select} where territory_id = @territory and id = @id", new { id });

    /// <summary>All cooperatives, or all shops, by name.</summary>
    public Task<List<Provider>> OfKindAsync(TerritoryId territory, ProviderKind kind, CancellationToken cancel = default) =>
        db.ListAsync<Provider>(
            territory, $"{Select} where territory_id = @territory and kind = @kind order by name, id limit @ProvidersMax",
            new { kind = kind.ToString(), ProvidersMax }, cancel);

    /// <summary>Holds a provider's row: what it may serve, what it asks for and when it is closed follow each other. False for no such provider.</summary>
    internal static async Task<bool> LockAsync(Transaction tx, Id<Provider> id) =>
        (await tx.ListAsync<int>("select 1 from marketplace.provider where territory_id = @territory and id = @id for no key update", new { id })).Count == 1;

    internal static async Task<bool> MunicipalityExistsAsync(Transaction tx, string code) =>
        (await tx.ListAsync<int>(
            "select 1 from marketplace.municipality where territory_id = @territory and code = @code", new { code })).Count > 0;
}
