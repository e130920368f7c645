using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// The rules of programmes that come and go with their days. A rule is added, and ends on a day that has not passed; it is never rewritten.
/// Whoever changes one holds the programme's row.
/// </summary>
public sealed class ProgrammeRules(Database db, IClock clock)
{
    /// <summary>More than any programme has; a list without end would be read with every purse.</summary>
    public const int RowsMax = 200;

    /// <summary>All that ever held or will hold, by the first day.</summary>
    public async Task<DatedRules> OfAsync(TerritoryId territory, Id<Programme> programme, CancellationToken cancel = default)
    {
        var row = await db.FindAsync<Row>(
            territory,
            $"""
            with recursive {RuleRows.Below}
            select {RuleRows.Columns} from marketplace.programme p where p.territory_id = @territory and p.id = @programme
            """, new { programme }, cancel);
        return row is null ? DatedRules.None : RuleRows.Read(row.Limits, row.Providers, row.Municipalities, row.Shares);
    }

    /// <summary>
    /// Adds a limit that begins today or later. The same again changes nothing. Refused: one of nothing, one for a class that the programme
    /// does not pay, days the wrong way round or past.
    /// </summary>
    public Task<Result<Id<PeriodLimit>>> AddLimitAsync(
        TerritoryId territory, Id<Programme> programme, PeriodLimit limit, Id<User> by, CancellationToken cancel = default) =>
        ChangeAsync<Id<PeriodLimit>>(territory, programme, async tx =>
        {
            if (await HasAsync(tx, "programme_limit", programme, limit.Id.Value) is { } known) return known ? limit.Id : new RuleIdReused();
            if (limit.Refuse() is { } fault) return fault;
            if (limit.ValidFrom < clock.Today()) return new RuleStartsInThePast(clock.Today());
            if (await RefuseClassAsync(tx, programme, limit) is { } unpaid) return unpaid;
            if (await CountAsync(tx, "programme_limit", programme) >= RowsMax) return new TooManyRules(RowsMax);
            await InsertAsync(tx, programme, [limit], by);
            return limit.Id;
        }, cancel);

    /// <summary>Ends a limit with a day that has not passed, or before its first one. Repeatable.</summary>
    public Task<Result<Done>> EndLimitAsync(
        TerritoryId territory, Id<Programme> programme, Id<PeriodLimit> id, LocalDate last, Id<User> by, CancellationToken cancel = default) =>
        ChangeAsync<Done>(territory, programme, tx => EndAsync(tx, "programme_limit", programme, id.Value, last, by), cancel);

    /// <summary>Lists a provider from today or later. The same again changes nothing. Refused where it is listed already.</summary>
    public Task<Result<Id<ListedProvider>>> AddProviderAsync(
        TerritoryId territory, Id<Programme> programme, ListedProvider listed, Id<User> by, CancellationToken cancel = default) =>
        ChangeAsync<Id<ListedProvider>>(territory, programme, async tx =>
        {
            if (await HasAsync(tx, "programme_provider", programme, listed.Id.Value) is { } known) return known ? listed.Id : new RuleIdReused();
            if (!await ExistsAsync(tx, listed.Provider)) return new ListedProviderUnknown(listed.Provider);
            var already = new ProviderListedAlready(listed.Provider);
            if (await RefuseListedAsync(
                tx, "programme_provider", "provider_id", programme, listed.Provider.Value, listed.ValidFrom, listed.ValidTo, already) is { } refused) return refused;

            await InsertAsync(tx, programme, [listed], by);
            return listed.Id;
        }, cancel);

    /// <summary>Ends a provider's place on the list with a day that has not passed, or before its first one. Repeatable.</summary>
    public Task<Result<Done>> EndProviderAsync(
        TerritoryId territory, Id<Programme> programme, Id<ListedProvider> id, LocalDate last, Id<User> by, CancellationToken cancel = default) =>
        ChangeAsync<Done>(territory, programme, tx => EndAsync(tx, "programme_provider", programme, id.Value, last, by), cancel);

    /// <summary>Lists a municipality from today or later. The same again changes nothing. Refused where it is listed already.</summary>
    public Task<Result<Id<ListedMunicipality>>> AddMunicipalityAsync(
        TerritoryId territory, Id<Programme> programme, ListedMunicipality listed, Id<User> by, CancellationToken cancel = default) =>
        ChangeAsync<Id<ListedMunicipality>>(territory, programme, async tx =>
        {
            if (await HasAsync(tx, "programme_municipality", programme, listed.Id.Value) is { } known) return known ? listed.Id : new RuleIdReused();
            if ((await tx.ListAsync<int>("select 1 from marketplace.municipality where territory_id = @territory and code = @Code", new { listed.Code })).Count == 0)
            {
                return new ListedMunicipalityUnknown(listed.Code);
            }

            var already = new MunicipalityListedAlready(listed.Code);
            if (await RefuseListedAsync(
                tx, "programme_municipality", "municipality_code", programme, listed.Code, listed.ValidFrom, listed.ValidTo, already) is { } refused) return refused;

            await tx.ExecuteAsync(
                """
                insert into marketplace.programme_municipality (territory_id, id, programme_id, municipality_code, valid_from, valid_to, added_by, added_at)
                values (@territory, @Id, @programme, @Code, @ValidFrom, @ValidTo, @by, @now)
                """, new { listed.Id, programme, listed.Code, listed.ValidFrom, listed.ValidTo, by, now = clock.Now });
            return listed.Id;
        }, cancel);

    /// <summary>Ends a municipality's place on the list with a day that has not passed, or before its first one. Repeatable.</summary>
    public Task<Result<Done>> EndMunicipalityAsync(
        TerritoryId territory, Id<Programme> programme, Id<ListedMunicipality> id, LocalDate last, Id<User> by, CancellationToken cancel = default) =>
        ChangeAsync<Done>(territory, programme, tx => EndAsync(tx, "programme_municipality", programme, id.Value, last, by), cancel);

    /// <summary>
    /// From a day on the household's part is found by another rule; the one before ends the day before. What is held already stays as it
    /// was agreed. The same again changes nothing. Refused for a programme that asks for no part.
    /// </summary>
    public Task<Result<Id<ShareRule>>> ReplaceShareAsync(
        TerritoryId territory, Id<Programme> programme, ShareRule rule, Id<User> by, CancellationToken cancel = default) =>
        ChangeAsync<Id<ShareRule>>(territory, programme, async tx =>
        {
            if (await HasAsync(tx, "programme_share", programme, rule.Id.Value) is { } known) return known ? rule.Id : new RuleIdReused();
            if ((await Programmes.FindAsync(tx, programme))!.Copayment is not CopaymentRule.Required) return new ShareNotAskedFor(programme);
            if (rule.Refuse() is { } fault) return fault;
            var first = clock.Today();
            var before = await tx.ListAsync<LocalDate>(
                "select valid_from from marketplace.programme_share where territory_id = @territory and programme_id = @programme and valid_to is null",
                new { programme });
            // The day after the one before began: versions follow each other, and none is undone.
            if (before is [var began] && began >= first) first = began.PlusDays(1);
            if (rule.ValidFrom < first) return new RuleStartsInThePast(first);
            if (await CountAsync(tx, "programme_share", programme) >= RowsMax) return new TooManyRules(RowsMax);
            await tx.ExecuteAsync(
                """
                update marketplace.programme_share set valid_to = @last
                where territory_id = @territory and programme_id = @programme and valid_to is null
                """, new { programme, last = rule.ValidFrom.PlusDays(-1) });
            await InsertAsync(tx, programme, rule, by);
            return rule.Id;
        }, cancel);

    /// <summary>All rules a new programme begins with; refused as each of them is, but for days that may lie in the past with the programme's.</summary>
    internal async Task<Refusal?> OpenAsync(Transaction tx, NewProgramme programme, Id<User> by)
    {
        foreach (var limit in programme.Limits)
        {
            if (await RefuseClassAsync(tx, programme.Id, limit) is { } unpaid) return unpaid;
        }

        foreach (var provider in programme.Providers)
        {
            if (!await ExistsAsync(tx, provider)) return new ListedProviderUnknown(provider);
        }

        await InsertAsync(tx, programme.Id, programme.Limits, by);
        await InsertAsync(
            tx, programme.Id, [.. programme.Providers.Select(p => new ListedProvider(Id<ListedProvider>.From("opened", programme.Id, p), p, programme.ValidFrom, null))], by);
        if (programme.Share is { } share) await InsertAsync(tx, programme.Id, share, by);
        return null;
    }

    private Task<Result<T>> ChangeAsync<T>(
        TerritoryId territory, Id<Programme> programme, Func<Transaction, Task<Result<T>>> change, CancellationToken cancel) where T : notnull =>
        db.TransactAsync<T>(
            territory, async tx => await Programmes.LockAsync(tx, programme) is null ? new ProgrammeNotFound(programme) : await change(tx), cancel);

    private async Task<Result<Done>> EndAsync(Transaction tx, string table, Id<Programme> programme, Guid id, LocalDate last, Id<User> by)
    {
        var found = await tx.ListAsync<Days>(
            $"select valid_from, valid_to from marketplace.{table} where territory_id = @territory and id = @id and programme_id = @programme", new { id, programme });
        if (found is not [var days]) return new RuleNotFound();
        if (days.ValidTo == last) return default(Done);
        if (days.ValidTo < clock.Today()) return new RuleEnded(days.ValidTo.Value);
        // One that has not begun may be taken back: it ends the day before its first.
        var earliest = days.ValidFrom > clock.Today() ? days.ValidFrom.PlusDays(-1) : clock.Today();
        if (last < earliest) return new RuleEndsInThePast(earliest);
        await tx.ExecuteAsync(
            $"update marketplace.{table} set valid_to = @last, ended_by = @by where territory_id = @territory and id = @id", new { id, last, by });
        return default(Done);
    }

    /// <summary>True where this programme has the row, false where another has it, null where nobody does.</summary>
    private static async Task<bool?> HasAsync(Transaction tx, string table, Id<Programme> programme, Guid id) =>
        await tx.ListAsync<bool>(
            $"select programme_id = @programme from marketplace.{table} where territory_id = @territory and id = @id", new { id, programme }) is [var mine] ? mine : null;

    /// <summary>What speaks against one more row of a list with days, whatever it lists.</summary>
    /// <param name="already">The answer where it is listed on those days already.</param>
    private async Task<Refusal?> RefuseListedAsync(
        Transaction tx, string table, string column, Id<Programme> programme, object listed, LocalDate from, LocalDate? to, Refusal already)
    {
        if (to < from) return new RuleDaysReversed(from, to.Value);
        if (from < clock.Today()) return new RuleStartsInThePast(clock.Today());
        var twice = await tx.ListAsync<int>(
            $"""
            select 1 from marketplace.{table}
            where territory_id = @territory and programme_id = @programme and {column} = @listed and valid_from <= coalesce(@to, date '9999-12-31')
              and coalesce(valid_to, date '9999-12-31') >= greatest(@from, valid_from)
            """, new { programme, listed, from, to });
        if (twice.Count > 0) return already;
        return await CountAsync(tx, table, programme) >= RowsMax ? new TooManyRules(RowsMax) : null;
    }

    private static Task<int> CountAsync(Transaction tx, string table, Id<Programme> programme) =>
        tx.FindAsync<int>($"select count(*)::int from marketplace.{table} where territory_id = @territory and programme_id = @programme", new { programme });

    private static Task<bool> ExistsAsync(Transaction tx, Id<Provider> provider) =>
        tx.FindAsync<bool>("select exists (select from marketplace.provider where territory_id = @territory and id = @provider)", new { provider });

    private static async Task<Refusal?> RefuseClassAsync(Transaction tx, Id<Programme> programme, PeriodLimit limit)
    {
        if (limit.ClassCode is not { } code) return null;
        var isPaid = await tx.FindAsync<bool>(
            $"""
            with recursive {ServiceClasses.Lineage}
            select exists (
                select from lineage l
                join marketplace.programme_class c on c.territory_id = @territory and c.programme_id = @programme and c.class_code in (l.ancestor, l.code)
                where @code in (l.code, l.ancestor))
            """, new { programme, code });
        return isPaid ? null : new LimitOfOtherServices(code);
    }

    private Task<int> InsertAsync(Transaction tx, Id<Programme> programme, IReadOnlyList<PeriodLimit> limits, Id<User> by) =>
        limits.Count == 0 ? Task.FromResult(0) : tx.ExecuteAsync(
            """
            insert into marketplace.programme_limit
                (territory_id, id, programme_id, class_code, period, cents_max, minutes_max, valid_from, valid_to, added_by, added_at)
            select @territory, l.id, @programme, l.class_code, l.period, l.cents_max, l.minutes_max, l.valid_from, l.valid_to, @by, @now
            from unnest(@ids, @classes, @periods, @cents::bigint[], @minutes::int[], @from::date[], @to::date[])
                l(id, class_code, period, cents_max, minutes_max, valid_from, valid_to)
            """,
            new
            {
                programme, by, now = clock.Now, ids = limits.Select(l => l.Id.Value).ToArray(), classes = limits.Select(l => l.ClassCode).ToArray(),
                periods = limits.Select(l => l.Period.ToString()).ToArray(), cents = limits.Select(l => l.Max?.Cents).ToArray(),
                minutes = limits.Select(l => l.MinutesMax).ToArray(), from = limits.Select(l => l.ValidFrom.ToDateOnly()).ToArray(),
                to = limits.Select(l => l.ValidTo?.ToDateOnly()).ToArray(),
            });

    private Task<int> InsertAsync(Transaction tx, Id<Programme> programme, IReadOnlyList<ListedProvider> listed, Id<User> by) =>
        listed.Count == 0 ? Task.FromResult(0) : tx.ExecuteAsync(
            """
            insert into marketplace.programme_provider (territory_id, id, programme_id, provider_id, valid_from, valid_to, added_by, added_at)
            select @territory, l.id, @programme, l.provider_id, l.valid_from, l.valid_to, @by, @now
            from unnest(@ids, @providers, @from::date[], @to::date[]) l(id, provider_id, valid_from, valid_to)
            """,
            new
            {
                programme, by, now = clock.Now, ids = listed.Select(l => l.Id.Value).ToArray(), providers = listed.Select(l => l.Provider.Value).ToArray(),
                from = listed.Select(l => l.ValidFrom.ToDateOnly()).ToArray(), to = listed.Select(l => l.ValidTo?.ToDateOnly()).ToArray(),
            });

    private async Task InsertAsync(Transaction tx, Id<Programme> programme, ShareRule rule, Id<User> by)
    {
        await tx.ExecuteAsync(
            """
            insert into marketplace.programme_share
                (territory_id, id, programme_id, formula, unit, indicator, least, most, isee_from, isee_to, without_isee, valid_from, valid_to, added_by, added_at)
            values (@territory, @Id, @programme, @formula, @unit, @indicator, @Least, @Most, @IseeFrom, @IseeTo, @without, @ValidFrom, @ValidTo, @by, @now)
            """,
            new
            {
                rule.Id, programme, formula = rule.Formula.ToString(), unit = rule.Unit.ToString(), indicator = rule.Indicator.ToString(), rule.Least, rule.Most,
                rule.IseeFrom, rule.IseeTo, without = rule.Without.ToString(), rule.ValidFrom, rule.ValidTo, by, now = clock.Now,
            });
        await tx.ExecuteAsync(
            """
            insert into marketplace.programme_share_band (territory_id, share_id, isee_to, figure)
            select @territory, @Id, * from unnest(@limits, @figures)
            """, new { rule.Id, limits = rule.Bands.Select(b => b.IseeTo.Cents).ToArray(), figures = rule.Bands.Select(b => b.Figure).ToArray() });
    }

    private sealed record Row(string? Limits, string? Providers, string? Municipalities, string? Shares);

    private sealed record Days(LocalDate ValidFrom, LocalDate? ValidTo);
}
