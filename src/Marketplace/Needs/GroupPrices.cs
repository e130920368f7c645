using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What a provider asks for a class and a length, by the number of households that share it.</summary>
/// <param name="ValidTo">The last day; null until further notice.</param>
public sealed record GroupPrice(
    Id<GroupPrice> Id, Id<Provider> ProviderId, string ClassCode, string NameIt, string NameEn, int Minutes, int HeadsMin, long[] Cents,
    LocalDate ValidFrom, LocalDate? ValidTo) : IIdentified
{
    public static string Prefix => "gprice";

    public HeadPrices Prices => HeadPrices.Of(HeadsMin, [.. Cents.Select(c => new Money(c))]).OrThrow();

    internal const string Select =
        """
        select t.id, t.provider_id, t.class_code, c.name_it, c.name_en, t.minutes::int as minutes, t.heads_min::int as heads_min,
               t.prices as cents, t.valid_from, t.valid_to
        from marketplace.group_price t
        join marketplace.service_class c on c.territory_id = @territory and c.code = t.class_code
        where t.territory_id = @territory
        """;
}

/// <summary>A price about to be asked. The id is made with the form.</summary>
public sealed record NewGroupPrice(Id<GroupPrice> Id, string ClassCode, int Minutes, HeadPrices Prices, LocalDate ValidFrom);

/// <summary>What providers ask for groups: plans reckon with the lowest, and a group is taken at what its households agreed to or less.</summary>
public sealed class GroupPrices(Database db, IClock clock)
{
    /// <summary>
    /// Asks a price from a day on, until it is ended. The same again changes nothing. Refused: an unknown class, a length outside the
    /// limits, a day in the past, no accreditation, another price in force for the same.
    /// </summary>
    public Task<Result<Id<GroupPrice>>> AddAsync(TerritoryId territory, NewGroupPrice price, ProviderUser by, CancellationToken cancel = default)
    {
        if (price.Prices.Heaviest != 1) throw new ArgumentException("Groups share equally.", nameof(price));
        return db.TransactAsync<Id<GroupPrice>>(territory, async tx =>
        {
            // The provider's row is the lock: two prices for the same follow each other.
            await tx.ExecuteAsync("select id from marketplace.provider where territory_id = @territory and id = @Provider for no key update", new { by.Provider });
            if (await FindAsync(tx, price.Id) is { } earlier)
            {
                var same = earlier.ProviderId == by.Provider && earlier.ClassCode == price.ClassCode && earlier.Minutes == price.Minutes;
                return same ? price.Id : new GroupPriceIdReused(price.Id);
            }

            if (price.Minutes is < Needs.MinutesMin or > Needs.MinutesMax) return new NeedLengthOutside(Needs.MinutesMin, Needs.MinutesMax);
            if (!await ServiceClasses.ExistsAsync(tx, price.ClassCode)) return new NeedClassUnknown(price.ClassCode);
            var from = LocalDate.Max(price.ValidFrom, clock.Today());
            if (await Accreditations.InForceAsync(tx, by.Provider, price.ClassCode, from) is null) return new NotAccredited(by.Provider, price.ClassCode, from);
            var others = await tx.ListAsync<GroupPrice>(
                $"{GroupPrice.Select} and t.provider_id = @Provider and t.class_code = @ClassCode and t.minutes = @Minutes and coalesce(t.valid_to, 'infinity') >= @from",
                new { by.Provider, price.ClassCode, price.Minutes, from });
            if (others.Count > 0) return new GroupPriceInForce(others[0].Id);

            // From here on the price must be recorded: every refusal is behind us.
            await tx.ExecuteAsync(
                """
                insert into marketplace.group_price
                    (territory_id, id, provider_id, class_code, minutes, heads_min, prices, valid_from, set_by, set_at)
                values (@territory, @Id, @Provider, @ClassCode, @Minutes, @Min, @prices, @from, @User, @now)
                """,
                new
                {
                    price.Id, by.Provider, price.ClassCode, price.Minutes, price.Prices.Min, prices = price.Prices.All.Select(p => p.Cents).ToArray(),
                    from, by.User, now = clock.Now,
                });
            return price.Id;
        }, cancel);
    }

    /// <summary>Asks it no more from today on; what was agreed to by it stays agreed. Repeatable.</summary>
    public Task<Result<Done>> EndAsync(TerritoryId territory, Id<GroupPrice> id, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await FindAsync(tx, id) is not { } price || price.ProviderId != by.Provider) return new GroupPriceNotFound(id);
            await tx.ExecuteAsync(
                """
                update marketplace.group_price set valid_to = greatest(@yesterday, valid_from - 1), ended_by = @User
                where territory_id = @territory and id = @id and valid_to is null
                """, new { id, by.User, yesterday = clock.Today().PlusDays(-1) });
            return default(Done);
        }, cancel);

    /// <summary>What a provider asks now or later, by class and length.</summary>
    public Task<List<GroupPrice>> OfProviderAsync(TerritoryId territory, Id<Provider> provider, CancellationToken cancel = default) =>
        db.ListAsync<GroupPrice>(
            territory, $"{GroupPrice.Select} and t.provider_id = @provider and t.valid_to is null order by c.name_it, t.minutes limit 200", new { provider }, cancel);

    /// <summary>What a provider asks on a day; null for nothing.</summary>
    internal static Task<GroupPrice?> InForceAsync(Transaction tx, Id<Provider> provider, string classCode, int minutes, LocalDate on) =>
        tx.FindAsync<GroupPrice>(
            $"{GroupPrice.Select} and t.provider_id = @provider and t.class_code = @classCode and t.minutes = @minutes and @on between t.valid_from and coalesce(t.valid_to, 'infinity')",
            new { provider, classCode, minutes, on });

    /// <summary>
    /// The terms that plans reckon with: of each class and length the price that is lowest for each household of its largest group,
    /// among the providers that are accredited on that day.
    /// </summary>
    internal static async Task<IReadOnlyList<MatchTerms>> LowestAsync(Transaction tx, LocalDate on)
    {
        var all = await tx.ListAsync<GroupPrice>(
            $"""
            with recursive {ServiceClasses.Lineage}
            {GroupPrice.Select} and @on between t.valid_from and coalesce(t.valid_to, 'infinity') and exists (
                select from marketplace.accreditation a
                join lineage l on l.code = t.class_code and l.ancestor = a.class_code
                where a.territory_id = @territory and a.provider_id = t.provider_id and a.status = 'Granted' and @on between a.valid_from and a.valid_to)
            """, new { on });
        return [.. all.GroupBy(t => (t.ClassCode, t.Minutes)).Select(same => same
            .OrderBy(t => (decimal)t.Prices[t.Prices.Max].Cents / t.Prices.Max).ThenBy(t => t.Cents[0]).ThenBy(t => t.Id.Value).First())
            .Select(t => new MatchTerms(t.ClassCode, t.Minutes, t.Prices))];
    }

    private static Task<GroupPrice?> FindAsync(Transaction tx, Id<GroupPrice> id) =>
        tx.FindAsync<GroupPrice>($"{GroupPrice.Select} and t.id = @id", new { id });
}
