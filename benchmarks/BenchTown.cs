using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Benchmarks;

/// <summary>A town that has just enough for its families to book.</summary>
internal sealed record BenchTown(IReadOnlyList<BenchTown.Giver> Gives, IReadOnlyList<BenchTown.Family> Families, Slots Slots)
{
    public static readonly TerritoryId Territory = new(1);

    public sealed record Family(Id<Household> Id, Id<Person> Person, HouseholdUser User);

    /// <summary>A provider with its one offer and the account that it is credited on.</summary>
    public sealed record Giver(Id<Offer> Offer, ProviderUser Provider, Id<Account> Account);

    /// <summary>Providers with one offer each, and families with one large grant each.</summary>
    public static async Task<BenchTown> FoundAsync(
        BenchCluster cluster, Database db, GeneralLedger ledger, HandClock clock, int families, int providers = 1)
    {
        await cluster.ExecuteAsync("insert into ledger.chart_rule select 'bench', code, side from ledger.chart, unnest(array['Debit', 'Credit']) side");
        var (bank, budget) = (Id<Account>.New(), Id<Account>.New());
        Giver[] gives = [.. Enumerable.Range(0, providers).Select(_ => new Giver(Id<Offer>.New(), new(Id<Provider>.New(), Id<User>.New()), Id<Account>.New()))];
        Id<Account>[] purses = [.. Enumerable.Range(0, families).Select(_ => Id<Account>.New())];
        var entry = new JournalEntry(Id<JournalEntry>.New(), "bench", "", clock.Today(), "bench", "", [.. purses.Select(p => new Transfer(bank, p, Money.Euro(1_000_000)))]);
        (await db.TransactAsync<Done>(Territory, async tx =>
        {
            await Periods.OpenBookAsync(tx);
            (await ledger.OpenAsync(
                tx, [new(bank, "bank", "bank"), new(budget, "programme", "programme"), .. gives.Select((g, i) => new NewAccount(g.Account, "provider", $"provider:{i}")), .. purses.Select(p => new NewAccount(p, "grant", $"grant:{p}"))])).OrThrow();
            (await ledger.PostAsync(tx, entry)).OrThrow();
            return default(Done);
        })).OrThrow();

        var user = Id<User>.New();
        Family[] all = [.. purses.Select(_ => Id<Household>.New()).Select(h => new Family(h, Id<Person>.New(), new(h, user)))];
        await cluster.ExecuteAsync(
            $"""
            insert into marketplace.territory (id, slug, name, short_name, office_name, office_address, town, help_phone, help_hours, help_hours_en, treasury_name, treasury_iban, bank_account_id)
            values (1, 'misura', 'Misura', 'Misura', 'Ufficio', '', 'Tradate', '0331 000 000', '', '', 'Tesoreria', 'IT60X0542811101000000123456', '{bank.Value}');
            insert into marketplace.municipality (territory_id, code, name, postal_code, latitude, longitude, residents) values (1, 'L319', 'Tradate', '21049', 45.7, 8.9, 18000);
            insert into marketplace.service_class (territory_id, code, name_it, name_en, position) values (1, 'school', 'Scuola', 'School', 1);
            insert into marketplace.app_user (territory_id, id, email, display_name, password_hash, created_at) values (1, '{user.Value}', 'prova@prova.example', 'Prova', '', now());
            insert into marketplace.funder (territory_id, id, kind, name) values (1, '{user.Value}', 'Municipality', 'Comune');
            insert into marketplace.programme (territory_id, id, code, name_it, name_en, purpose_it, purpose_en, funder_id, status, valid_from, valid_to, copayment, act_reference, account_id, receivable_account_id, created_by, created_at)
            values (1, '{user.Value}', 'MISURA', 'Misura', 'Programme', '', '', '{user.Value}', 'Open', '2026-01-01', '2036-12-31', 'Allowed', '', '{budget.Value}', '{bank.Value}', '{user.Value}', now());
            insert into marketplace.programme_class (territory_id, programme_id, class_code) values (1, '{user.Value}', 'school');
            {string.Join('\n', gives.Select((g, i) =>
                $"""
                insert into marketplace.provider (territory_id, id, kind, name, legal_name, vat_number, iban, municipality_code, address, latitude, longitude, phone, email, account_id)
                values (1, '{g.Provider.Provider.Value}', 'Cooperative', 'Cooperativa {i}', 'Cooperativa', '', 'IT60X0542811101000000123456', 'L319', '', 45.7, 8.9, '', '', '{g.Account.Value}');
                insert into marketplace.accreditation (territory_id, id, provider_id, class_code, valid_from, valid_to, status, act_reference)
                values (1, gen_random_uuid(), '{g.Provider.Provider.Value}', 'school', '2026-01-01', '2036-12-31', 'Granted', '');
                insert into marketplace.offer (territory_id, id, provider_id, class_code, status, title_it, title_en, summary_it, summary_en, addressed_it, addressed_en, needed_it, needed_en, achieved_it, achieved_en, unit_it, unit_en, price, minutes, place, municipality_code, latitude, longitude)
                values (1, '{g.Offer.Value}', '{g.Provider.Provider.Value}', 'school', 'Published', 'Doposcuola', 'Homework', '', '', '', '', '', '', '', '', '', '', 1800, 60, 'AtProvider', 'L319', 45.7, 8.9);
                """))}
            {string.Join('\n', all.Select((f, i) =>
                $"""
                insert into marketplace.person (territory_id, id, tax_code, first_name, last_name, municipality_code) values (1, '{f.Person.Value}', '{i}', 'Prova', 'Prova', 'L319');
                insert into marketplace.household (territory_id, id, number, reference_person_id, created_at) values (1, '{f.Id.Value}', {i + 1}, '{f.Person.Value}', now());
                insert into marketplace.welfare_grant (territory_id, id, programme_id, household_id, account_id, amount, status, valid_from, valid_to, activation_entry_id, activated_at)
                values (1, gen_random_uuid(), '{user.Value}', '{f.Id.Value}', '{purses[i].Value}', 100000000, 'Active', '2026-01-01', '2036-12-31', '{entry.Id.Value}', now());
                """))}
            """);
        return new(gives, all, new(db, clock));
    }
}
