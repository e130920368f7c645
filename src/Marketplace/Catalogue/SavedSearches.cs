using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A search whose news a household wants to be told.</summary>
/// <param name="Name">Said by what it asks.</param>
/// <param name="ToldAt">When there was last something new; null for never.</param>
public sealed record SavedSearch(Id<SavedSearch> Id, Words Name, SearchCriteria Criteria, Instant SavedAt, Instant? ToldAt) : IIdentified
{
    public static string Prefix => "search";
}

/// <summary>
/// Searches that households have saved. What is published after that and matches is told in one notice, at most one in a day for each
/// search, and no offer twice. A notice is a message (<see cref="Messages"/>) and goes by letter as all of them.
/// </summary>
public sealed class SavedSearches(Database db, CatalogueSearch search, IClock clock)
{
    /// <summary>So many searches a household may have saved at a time.</summary>
    public const int Max = 10;

    /// <summary>So many offers are told in one notice; more of them wait for the next.</summary>
    public const int FindsMax = 50;

    /// <summary>From one notice to the next of the same search.</summary>
    public static readonly Duration Rest = Duration.FromDays(1);

    /// <summary>What is published is looked at so much later: whoever publishes now may be seen a moment after somebody who began later.</summary>
    private static readonly Duration Behind = Duration.FromMinutes(1);

    private const int RowsMax = 200;

    private readonly Purses purses = new(db, clock);

    private const string Select =
        """
        select s.id, s.household_id, s.name_it, s.name_en, s.words, s.class_code, s.municipality_code, s.within_km, s.from_day, s.price_max,
               s.after_purse, s.age, s.sharing, s.language, s.access, s.saved_at, s.told_at
        from marketplace.saved_search s
        where s.territory_id = @territory
        """;

    // Something was published since it was last looked at, and it was not told within a day.
    private const string Due =
        """
        s.looked_at < (select max(o.published_at) from marketplace.offer o
                       where o.territory_id = @territory and o.status = 'Published' and o.published_at <= @until)
        and (s.told_at is null or s.told_at <= @rested)
        """;

    /// <summary>
    /// Saves a search; the same again, or one that asks the same, changes nothing and answers the one there is. Refused: one that asks nothing,
    /// an unknown class or municipality, more than <see cref="Max"/>.
    /// </summary>
    public Task<Result<Id<SavedSearch>>> SaveAsync(
        TerritoryId territory, Id<SavedSearch> id, Words name, SearchCriteria asked, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<SavedSearch>>(territory, async tx =>
        {
            var criteria = Kept(asked);
            if (criteria.IsOpen) return new SearchAsksNothing();
            await Households.LockAsync(tx, by.Household);
            if ((await tx.ListAsync<Row>($"{Select} and s.id = @id", new { id })).FirstOrDefault() is { } earlier)
                return earlier.HouseholdId == by.Household && earlier.Criteria == criteria ? id : new SavedSearchIdReused(id);
            var mine = await tx.ListAsync<Row>($"{Select} and s.household_id = @Household order by s.id", new { by.Household });
            if (mine.Find(s => s.Criteria == criteria) is { } same) return same.Id;
            if (mine.Count >= Max) return new TooManySavedSearches(Max);
            if (await UnknownAsync(tx, criteria) is { } unknown) return unknown;
            await tx.ExecuteAsync(
                """
                insert into marketplace.saved_search
                    (territory_id, id, household_id, name_it, name_en, words, class_code, municipality_code, within_km, from_day, price_max,
                     after_purse, age, sharing, language, access, saved_at, looked_at)
                values (@territory, @id, @Household, left(@It, 400), left(@En, 400), @Text, @ClassCode, @MunicipalityCode, @WithinKm, @From, @PriceMax,
                        @AfterPurse, @Age, @sharing, @Language, @access, @now, @now)
                """,
                new
                {
                    id, by.Household, name.It, name.En, criteria.Text, criteria.ClassCode, criteria.MunicipalityCode, criteria.WithinKm, criteria.From,
                    criteria.PriceMax, criteria.AfterPurse, criteria.Age, sharing = criteria.Sharing.ToString(), criteria.Language,
                    access = criteria.Access.ToNames(), now = clock.Now,
                });
            return id;
        }, cancel);

    /// <summary>Deletes a search with all that was told of it. Refused: one that is not the household's.</summary>
    public Task<Result<Done>> ForgetAsync(TerritoryId territory, Id<SavedSearch> id, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            var gone = await tx.ExecuteAsync(
                "delete from marketplace.saved_search where territory_id = @territory and id = @id and household_id = @Household", new { id, by.Household });
            return gone == 1 ? default(Done) : new SavedSearchNotFound(id);
        }, cancel);

    /// <summary>The household's searches, the latest first.</summary>
    public async Task<IReadOnlyList<SavedSearch>> OfAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        [.. (await db.ListAsync<Row>(territory, $"{Select} and s.household_id = @household order by s.saved_at desc, s.id", new { household }, cancel))
            .Select(r => r.ToSearch())];

    /// <summary>One of the household's searches; null for any other.</summary>
    public async Task<SavedSearch?> FindAsync(TerritoryId territory, Id<Household> household, Id<SavedSearch> id, CancellationToken cancel = default) =>
        (await db.FindAsync<Row>(territory, $"{Select} and s.household_id = @household and s.id = @id", new { household, id }, cancel))?.ToSearch();

    /// <summary>What was told of a search and can still be found, the latest first, at most <see cref="FindsMax"/>.</summary>
    public async Task<IReadOnlyList<OfferCard>> FoundAsync(TerritoryId territory, Id<SavedSearch> id, CancellationToken cancel = default)
    {
        var offers = await db.ListAsync<Id<Offer>>(
            territory,
            """
            select f.offer_id from marketplace.saved_search_find f
            join marketplace.offer o on o.territory_id = @territory and o.id = f.offer_id and o.status = 'Published'
            where f.territory_id = @territory and f.search_id = @id order by f.told_at desc, f.offer_id limit @FindsMax
            """, new { id, FindsMax }, cancel);
        return offers.Count == 0 ? [] : await search.CardsAsync(territory, offers, cancel);
    }

    /// <summary>Tells the households of what was published for their searches, and answers of how many searches something was told.</summary>
    public async Task<int> TellDueAsync(TerritoryId territory, CancellationToken cancel = default)
    {
        var (until, rested) = (clock.Now - Behind, clock.Now - Rest);
        var due = await db.ListAsync<Id<SavedSearch>>(
            territory, $"select s.id from marketplace.saved_search s where s.territory_id = @territory and {Due} order by s.looked_at, s.id limit {RowsMax}",
            new { until, rested }, cancel);
        var told = 0;
        foreach (var id in due)
        {
            told += (await db.TransactAsync<int>(territory, async tx => await TellAsync(tx, id, until, rested), cancel)).OrThrow();
        }

        return told;
    }

    /// <summary>Two processes may come to the same search: the second one passes by, or finds it looked at.</summary>
    private async Task<int> TellAsync(Transaction tx, Id<SavedSearch> id, Instant until, Instant rested)
    {
        var row = (await tx.ListAsync<Row>($"{Select} and s.id = @id and {Due} for no key update of s skip locked", new { id, until, rested })).FirstOrDefault();
        if (row is null) return 0;
        var criteria = row.Criteria;
        var purse = criteria.AfterPurse ? await purses.ReadAsync(tx, row.HouseholdId, clock.Today()) : null;
        var found = await search.NewsAsync(tx, id, criteria, purse, row.SavedAt, until, FindsMax);
        if (found.Count > 0)
        {
            await tx.ExecuteAsync(
                """
                insert into marketplace.saved_search_find (territory_id, search_id, offer_id, told_at)
                select @territory, @id, offer, @now from unnest(@offers) offer
                """, new { id, offers = found.Select(o => o.Value).ToArray(), now = clock.Now });
        }

        // Where there was more than fits in a notice, it is looked at again.
        await tx.ExecuteAsync(
            """
            update marketplace.saved_search
            set looked_at = case when @all then @until else looked_at end, told_at = case when @any then @now else told_at end
            where territory_id = @territory and id = @id
            """, new { id, until, now = clock.Now, all = found.Count < FindsMax, any = found.Count > 0 });
        return found.Count > 0 ? 1 : 0;
    }

    /// <summary>What of a search is kept: not how its answer was ordered and divided.</summary>
    private static SearchCriteria Kept(SearchCriteria asked) => new(
        asked.Text.Trim(), asked.ClassCode, asked.MunicipalityCode, asked.MunicipalityCode is null ? null : asked.WithinKm, asked.From, asked.PriceMax,
        AfterPurse: asked.AfterPurse && asked.PriceMax is not null, Age: asked.Age, Sharing: asked.Sharing,
        Language: asked.Language, Access: asked.Access);

    private static async Task<Refusal?> UnknownAsync(Transaction tx, SearchCriteria criteria)
    {
        var known = (await tx.ListAsync<Known>(
            """
            select @ClassCode::text is null or exists (
                       select from marketplace.service_class where territory_id = @territory and code = @ClassCode) as class,
                   @MunicipalityCode::text is null or exists (
                       select from marketplace.municipality where territory_id = @territory and code = @MunicipalityCode) as municipality
            """, new { criteria.ClassCode, criteria.MunicipalityCode }))[0];
        if (!known.Class) return new ServiceClassNotFound(criteria.ClassCode!);
        return known.Municipality ? null : new MunicipalityNotFound(criteria.MunicipalityCode!);
    }

    private sealed record Known(bool Class, bool Municipality);

    private sealed record Row(
        Id<SavedSearch> Id, Id<Household> HouseholdId, string NameIt, string NameEn, string Words, string? ClassCode, string? MunicipalityCode,
        short? WithinKm, LocalDate? FromDay, Money? PriceMax, bool AfterPurse, short? Age, Sharing Sharing, string? Language, string[] Access, Instant SavedAt, Instant? ToldAt)
    {
        public SearchCriteria Criteria => new(
            Words, ClassCode, MunicipalityCode, WithinKm, FromDay, PriceMax, AfterPurse: AfterPurse, Age: Age, Sharing: Sharing,
            Language: Language, Access: AccessNeeds.Parse(Access));

        public SavedSearch ToSearch() => new(Id, new(NameIt, NameEn), Criteria, SavedAt, ToldAt);
    }
}
