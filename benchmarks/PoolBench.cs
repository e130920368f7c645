using System.Diagnostics;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Benchmarks;

/// <summary>
/// How many pools of six shares are committed in a second, by one sweep as it runs in earnest; and what 64 families who race for five
/// places wait for their answer.
/// </summary>
internal static class PoolBench
{
    private const int Families = 64, Shares = 6, Places = 5;
    private static readonly TerritoryId Territory = new(1);

    public static async Task RunAsync(BenchCluster cluster, Options options)
    {
        await using var db = new Database(cluster.Application);
        var clock = new HandClock(Instant.FromUtc(2026, 10, 5, 8, 0));
        var ledger = new GeneralLedger(clock);
        var pools = new Pools(db, ledger, new(db, ledger, clock), clock);
        var town = await FoundAsync(cluster, db, ledger, clock);
        var random = new Random(1);

        Console.WriteLine($"{"",-46} {"per second",11} {"p50 ms",8} {"slowest ms",11}");
        for (var round = 0; round < options.Rounds; round++)
        {
            var count = Math.Max(20, (int)(options.Seconds * 40));
            for (var i = 0; i < count; i++)
            {
                var pool = await PublishAsync(town, pools, clock, HeadPrices.Flat(2, Shares, new(4001)));
                foreach (var family in town.Families.OrderBy(_ => random.Next()).Take(Shares)) (await JoinAsync(pools, pool, family)).OrThrow();
            }

            clock.Advance(Duration.FromHours(25));
            var began = Stopwatch.GetTimestamp();
            var swept = await pools.FreezeDueAsync(Territory);
            var took = Stopwatch.GetElapsedTime(began);
            if (swept.Moved != count) throw new InvalidOperationException($"{swept.Moved} of {count} pools were committed.");
            Console.WriteLine($"{"commits of a pool of 6 shares, one sweep",-46} {count / took.TotalSeconds,11:N0} {took.TotalMilliseconds / count,8:0.0}");
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            var pool = await PublishAsync(town, pools, clock, HeadPrices.Flat(2, Places, new(4001)));
            var began = Stopwatch.GetTimestamp();
            var answers = await Task.WhenAll(town.Families.Select(family => Task.Run(async () =>
            {
                var answer = await JoinAsync(pools, pool, family);
                return (Won: !answer.IsRefused(out var why), Why: why, Took: Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            })));
            if (answers.Count(a => a.Won) != Places || answers.Any(a => !a.Won && a.Why is not PoolFull)) throw new InvalidOperationException("The race was not fair.");
            double[] times = [.. answers.Select(a => a.Took).Order()];
            Console.WriteLine($"{"64 families for 5 places: 5 win, 59 are told",-46} {Families * 1000 / times[^1],11:N0} {times[Families / 2],8:0.0} {times[^1],11:0.0}");
        }

        var found = (await new Audit(db).RunAsync(Territory)).Concat(await new MarketplaceAudit(db).RunAsync(Territory)).ToList();
        Console.WriteLine($"the book proves itself: {found.Count} disagreements");
    }

    private sealed record Family(Id<Household> Id, Id<Person> Person, HouseholdUser User);

    private sealed record BenchTown(Id<Offer> Offer, ProviderUser Provider, IReadOnlyList<Family> Families, Slots Slots);

    private static async Task<Id<Pool>> PublishAsync(BenchTown town, Pools pools, HandClock clock, HeadPrices prices)
    {
        // Each slot a second after the one before: an offer has one at a time.
        clock.Advance(Duration.FromSeconds(1));
        var slot = new NewSlot(Id<Slot>.New(), clock.Now + Duration.FromHours(30), clock.Now + Duration.FromHours(31), 1);
        (await town.Slots.CreateAsync(Territory, town.Offer, [slot])).OrThrow();
        return (await pools.PublishAsync(Territory, new(Id<Pool>.New(), slot.Id, WeighedBy.Equal, prices, clock.Now + Duration.FromHours(24)), town.Provider)).OrThrow();
    }

    private static async Task<Result<Id<Share>>> JoinAsync(Pools pools, Id<Pool> pool, Family family)
    {
        if ((await pools.PreviewAsync(Territory, family.Id, pool)).IsRefused(out var refusal, out var seen)) return refusal;
        return await pools.JoinAsync(Territory, new(Id<Share>.New(), pool, family.Person, 1, seen.Cap, seen.Shown), family.User);
    }

    /// <summary>One provider with one offer, and families with one large grant each.</summary>
    private static async Task<BenchTown> FoundAsync(BenchCluster cluster, Database db, GeneralLedger ledger, HandClock clock)
    {
        await cluster.ExecuteAsync("insert into ledger.chart_rule select 'bench', code, side from ledger.chart, unnest(array['Debit', 'Credit']) side");
        var (bank, budget, payee) = (Id<Account>.New(), Id<Account>.New(), Id<Account>.New());
        Id<Account>[] purses = [.. Enumerable.Range(0, Families).Select(_ => Id<Account>.New())];
        var entry = new JournalEntry(Id<JournalEntry>.New(), "bench", "", clock.Today(), "bench", "", [.. purses.Select(p => new Transfer(bank, p, Money.Euro(1_000_000)))]);
        (await db.TransactAsync<Done>(Territory, async tx =>
        {
            await Periods.OpenBookAsync(tx);
            (await ledger.OpenAsync(
                tx, [new(bank, "bank", "bank"), new(budget, "programme", "programme"), new(payee, "provider", "provider"), .. purses.Select(p => new NewAccount(p, "grant", $"grant:{p}"))])).OrThrow();
            (await ledger.PostAsync(tx, entry)).OrThrow();
            return default(Done);
        })).OrThrow();

        var (offer, provider, user) = (Id<Offer>.New(), Id<Provider>.New(), Id<User>.New());
        Family[] families = [.. purses.Select(_ => Id<Household>.New()).Select(h => new Family(h, Id<Person>.New(), new(h, user)))];
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
            insert into marketplace.provider (territory_id, id, kind, name, legal_name, vat_number, iban, municipality_code, address, latitude, longitude, phone, email, account_id)
            values (1, '{provider.Value}', 'Cooperative', 'Cooperativa', 'Cooperativa', '', 'IT60X0542811101000000123456', 'L319', '', 45.7, 8.9, '', '', '{payee.Value}');
            insert into marketplace.accreditation (territory_id, id, provider_id, class_code, valid_from, valid_to, status, act_reference)
            values (1, gen_random_uuid(), '{provider.Value}', 'school', '2026-01-01', '2036-12-31', 'Granted', '');
            insert into marketplace.offer (territory_id, id, provider_id, class_code, status, title_it, title_en, summary_it, summary_en, addressed_it, addressed_en, needed_it, needed_en, achieved_it, achieved_en, unit_it, unit_en, price, minutes, place, municipality_code, latitude, longitude)
            values (1, '{offer.Value}', '{provider.Value}', 'school', 'Published', 'Doposcuola', 'Homework', '', '', '', '', '', '', '', '', '', '', 1800, 60, 'AtProvider', 'L319', 45.7, 8.9);
            {string.Join('\n', families.Select((f, i) =>
                $"""
                insert into marketplace.person (territory_id, id, tax_code, first_name, last_name, municipality_code) values (1, '{f.Person.Value}', '{i}', 'Prova', 'Prova', 'L319');
                insert into marketplace.household (territory_id, id, number, reference_person_id, created_at) values (1, '{f.Id.Value}', {i + 1}, '{f.Person.Value}', now());
                insert into marketplace.welfare_grant (territory_id, id, programme_id, household_id, account_id, amount, status, valid_from, valid_to, activation_entry_id, activated_at)
                values (1, gen_random_uuid(), '{user.Value}', '{f.Id.Value}', '{purses[i].Value}', 100000000, 'Active', '2026-01-01', '2036-12-31', '{entry.Id.Value}', now());
                """))}
            """);
        return new(offer, new(provider, user), families, new(db, clock));
    }
}
