using System.Collections.Concurrent;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Finds offers that can be booked in principle: published, of a provider accredited today. Two statements make a
/// page: one decides which offers and counts for the filters, one reads the offers that are shown. Only when nothing
/// has the words are the words corrected and asked again.
/// </summary>
public sealed class CatalogueSearch(Database db, IClock clock, ServiceClasses classes, Territories territories)
{
    private const int VocabularyMax = 20_000;
    private static readonly TimeSpan VocabularyKeptFor = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<TerritoryId, Kept<HashSet<string>>> vocabularies = new();

    /// <summary>One page of what is asked. An unknown class or municipality finds nothing.</summary>
    /// <param name="purse">The grants of who looks; null for somebody without a purse.</param>
    public async Task<SearchPage> FindAsync(
        TerritoryId territory, SearchCriteria criteria, IReadOnlyList<PurseGrant>? purse = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(criteria.Page, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(criteria.Page, SearchCriteria.PageMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(criteria.PageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(criteria.PageSize, SearchCriteria.PageSizeMax);
        var tree = await classes.TreeAsync(territory, cancel);
        var reach = ReachOf(tree, purse, criteria.From);
        var question = await QuestionAsync(territory, tree, criteria, cancel) with { Reach = criteria.AfterPurse ? reach : null };

        var (found, reading) = (await AskAsync(territory, question, cancel), SearchReading.AsTyped);
        if (found.Hits == 0 && question.Words.Count > 0)
        {
            var words = await CorrectAsync(territory, tree, question.Words, cancel);
            if (!words.SequenceEqual(question.Words, StringComparer.Ordinal))
            {
                question = question with { Words = words };
                (found, reading) = (await AskAsync(territory, question, cancel), SearchReading.Corrected);
            }

            if (found.Hits == 0 && words.Count > 1)
            {
                question = question with { AnyWord = true };
                (found, reading) = (await AskAsync(territory, question, cancel), SearchReading.SomeWords);
            }
        }

        var cards = found.Page.Length == 0 ? [] : await CardsAsync(territory, found.Page, criteria.From, cancel);
        if (purse is not null) cards = [.. cards.Select(c => c with { Left = LeftOf(purse, c, DayOf(criteria.From)) })];
        return new(
            criteria, found.Total, cards, found.Hits == 0 ? SearchReading.AsTyped : reading, string.Join(' ', question.Words),
            RollUp(tree, found.ClassCodes, found.ClassCounts), Pair(found.MunicipalityCodes, found.MunicipalityCounts),
            found.Hits == 0 ? Near(tree, question.Words) : [])
        {
            TotalOfAllClasses = found.AllClasses,
            TotalOfAllMunicipalities = found.AllMunicipalities,
        };
    }

    /// <summary>
    /// Of what was published after an instant and up to another, the offers that match and that <paramref name="search"/> has not been told of;
    /// the latest first. Words count as they are typed: nothing is corrected or left out.
    /// </summary>
    internal async Task<IReadOnlyList<Id<Offer>>> NewsAsync(
        Transaction tx, Id<SavedSearch> search, SearchCriteria criteria, IReadOnlyList<PurseGrant>? purse, Instant after, Instant until, int limit)
    {
        var tree = await classes.TreeAsync(tx.Territory, tx.Cancel);
        var question = await QuestionAsync(tx.Territory, tree, criteria, tx.Cancel) with
        {
            Reach = criteria.AfterPurse ? ReachOf(tree, purse, criteria.From) : null,
        };
        var (sql, parameters) = question.ToNews(search, after, until, limit);
        return await tx.ListAsync<Id<Offer>>(sql, parameters);
    }

    /// <summary>The cards of these offers, in their order; those that cannot be had any more are left out.</summary>
    public Task<IReadOnlyList<OfferCard>> CardsAsync(TerritoryId territory, IReadOnlyList<Id<Offer>> offers, CancellationToken cancel = default) =>
        CardsAsync(territory, [.. offers.Select(o => o.Value)], from: null, cancel);

    private async Task<CatalogueQuestion> QuestionAsync(TerritoryId territory, ClassTree tree, SearchCriteria criteria, CancellationToken cancel)
    {
        var municipality = (await territories.MunicipalitiesAsync(territory, cancel)).SingleOrDefault(m => m.Code == criteria.MunicipalityCode);
        return new(criteria, tree, municipality, SearchWords.Of(criteria.Text, tree.Hints.Knows), clock);
    }

    /// <summary>What the purse pays of each class on the first day asked for; those it pays nothing of are left out.</summary>
    private Dictionary<string, PurseReach>? ReachOf(ClassTree tree, IReadOnlyList<PurseGrant>? purse, LocalDate? from)
    {
        if (purse is null) return null;
        var on = DayOf(from);
        return tree.All.Select(c => (c.Code, Reach: Waterfall.ReachOf(purse, c.Code, on))).Where(r => r.Reach.Whole.IsPositive)
            .ToDictionary(r => r.Code, r => r.Reach, StringComparer.Ordinal);
    }

    private LocalDate DayOf(LocalDate? from) => from is { } day && day > clock.Today() ? day : clock.Today();

    /// <summary>What is left of a card's own price, by all rules: no more than the search, which asks for many at once, has counted.</summary>
    private static Money LeftOf(IReadOnlyList<PurseGrant> purse, OfferCard card, LocalDate on) =>
        Waterfall.Choose(purse, new(card.ClassCode, on, card.Price, card.Minutes, card.ProviderId, Purchase.PlaceOf(card.Place, card.MunicipalityCode))) is { IsPossible: true } coverage ? coverage.Copayment : card.Price;

    private async Task<Found> AskAsync(TerritoryId territory, CatalogueQuestion question, CancellationToken cancel)
    {
        var (sql, parameters) = question.ToSql();
        return (await db.FindAsync<Found>(territory, sql, parameters, cancel))!;
    }

    private async Task<IReadOnlyList<OfferCard>> CardsAsync(TerritoryId territory, Guid[] ids, LocalDate? from, CancellationToken cancel)
    {
        var after = Instant.Max(clock.Now, from?.StartOfDayInRome() ?? clock.Now);
        var rows = await db.ListAsync<CardRow>(
            territory,
            $"""
            with recursive {ServiceClasses.Lineage}
            select o.id, o.class_code, o.title_it, o.title_en, o.summary_it, o.summary_en, o.unit_it, o.unit_en, o.price, o.place,
                   o.municipality_code, o.latitude, o.longitude, o.provider_id, v.name as provider_name,
                   (select s.starts_at from marketplace.slot s
                    where s.offer_id = o.id and s.starts_at > @after and {Slots.Bookable}
                    order by s.starts_at limit 1) as next_free,
                   (select count(*)::int from marketplace.pool p
                    where p.territory_id = @territory and p.offer_id = o.id and p.starts_at > @after
                      and {CatalogueQuestion.OpenPool}) as open_pools, o.minutes::int as minutes, o.kind = 'Product' as is_product, o.stock,
                   case when o.status = 'Published' then {OfferPhotos.Of("o")} end as photo
            from unnest(@ids) with ordinality i(id, place_in_list)
            join marketplace.offer o on o.territory_id = @territory and o.id = i.id
            join marketplace.provider v on v.territory_id = @territory and v.id = o.provider_id
            order by i.place_in_list
            """, new { ids, after, now = clock.Now }, cancel);
        return [.. rows.Select(r => r.ToCard())];
    }

    /// <summary>Each word as it is known, or the nearest known one.</summary>
    private async Task<IReadOnlyList<string>> CorrectAsync(
        TerritoryId territory, ClassTree tree, IReadOnlyList<string> words, CancellationToken cancel)
    {
        var vocabulary = await VocabularyAsync(territory, cancel);
        return [.. words.Select(w => Correct(w)).Distinct(StringComparer.Ordinal)];

        // What a class is called comes first: more people mean it.
        string Correct(string word) =>
            tree.Hints.Knows(word) || vocabulary.Contains(word) ? word
            : Spelling.Nearest(word, tree.Hints.Words) ?? Spelling.Nearest(word, vocabulary) ?? word;
    }

    private async Task<HashSet<string>> VocabularyAsync(TerritoryId territory, CancellationToken cancel)
    {
        if (vocabularies.TryGetValue(territory, out var kept) && kept.IsYoungerThan(VocabularyKeptFor)) return kept.Value;
        var words = await db.ListAsync<string>(
            territory,
            """
            select distinct word from (
                select regexp_split_to_table(marketplace.plain(title_it || ' ' || title_en || ' ' || summary_it), '[^[:alnum:]]+')
                from marketplace.offer where territory_id = @territory and status = 'Published'
                union all
                select regexp_split_to_table(marketplace.plain(name), '[^[:alnum:]]+')
                from marketplace.provider where territory_id = @territory) w(word)
            where length(word) >= 4 limit @VocabularyMax
            """, new { VocabularyMax }, cancel);
        var vocabulary = words.ToHashSet(StringComparer.Ordinal);
        vocabularies[territory] = new(vocabulary);
        return vocabulary;
    }

    private static List<ServiceClass> Near(ClassTree tree, IReadOnlyList<string> words)
    {
        var near = words.SelectMany(tree.Hints.Of).Distinct(StringComparer.Ordinal).Select(c => tree.Find(c)!).Take(6).ToList();
        return near.Count > 0 ? near : [.. tree.Roots];
    }

    /// <summary>Adds the count of each class to those above it.</summary>
    private static Dictionary<string, int> RollUp(ClassTree tree, string[] codes, int[] counts)
    {
        var all = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (code, count) in codes.Zip(counts))
        {
            foreach (var c in tree.PathTo(code)) all[c.Code] = all.GetValueOrDefault(c.Code) + count;
        }

        return all;
    }

    private static Dictionary<string, int> Pair(string[] codes, int[] counts) =>
        codes.Zip(counts).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);

    private sealed record Found(
        int Hits, int Total, int AllClasses, int AllMunicipalities, Guid[] Page, string[] ClassCodes, int[] ClassCounts,
        string[] MunicipalityCodes, int[] MunicipalityCounts);

    private sealed record CardRow(
        Id<Offer> Id, string ClassCode, string TitleIt, string TitleEn, string SummaryIt, string SummaryEn, string UnitIt, string UnitEn,
        Money Price, ServicePlace Place, string MunicipalityCode, double Latitude, double Longitude, Id<Provider> ProviderId,
        string ProviderName, Instant? NextFree, int OpenPools, int Minutes, bool IsProduct, int? Stock, string? Photo)
    {
        public OfferCard ToCard() => new(
            Id, ClassCode, new(TitleIt, TitleEn), new(SummaryIt, SummaryEn), new(UnitIt, UnitEn), Price, Place, MunicipalityCode,
            Latitude, Longitude, ProviderId, ProviderName, NextFree, OpenPools, Minutes)
        {
            Photo = OfferPhotos.Parse(Photo), IsProduct = IsProduct, Stock = Stock,
        };
    }
}
