using System.Globalization;
using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>
/// A search of the catalogue as one statement. Only what is asked stands in it, so that the database reads no more
/// than it must; everything a person typed is a parameter.
/// </summary>
/// <param name="Place">The municipality asked for, if it is known.</param>
/// <param name="AnyWord">One of the words is enough, and more are better.</param>
/// <param name="Reach">What the purse pays of each class; null where prices are as they stand.</param>
internal sealed record CatalogueQuestion(
    SearchCriteria Criteria, ClassTree Tree, Municipality? Place, IReadOnlyList<string> Words, IClock Clock, bool AnyWord = false,
    IReadOnlyDictionary<string, PurseReach>? Reach = null)
{
    private const int PrefixMin = 4;

    /// <summary>A pool, as <c>p</c>, that any family may still join.</summary>
    internal const string OpenPool =
        $"p.status = 'Collecting' and p.freeze_at > @now and p.joined < p.heads_max and not exists (select from {Proposal.KeepingPool}) and {Served}";

    /// <summary>Somebody can give the service of pool <c>p</c>, or nobody has to.</summary>
    private const string Served = "not exists (select from marketplace.slot_unserved u where u.territory_id = @territory and u.slot_id = p.slot_id)";

    /// <summary>Most of what has a free time has one so soon: these are read in a row, and only the others are looked for one by one.</summary>
    private static readonly NodaTime.Duration Soon = NodaTime.Duration.FromDays(7);

    private const string Free = "s.territory_id = @territory and s.withdrawn_at is null and s.taken < s.capacity";

    private const string IsSoon = $"s.starts_at > @from and s.starts_at <= @later and {Free}";

    // Times that nobody can serve are few: each offer's are counted and taken off, so that of the many others the index tells enough.
    private string FreeSoon => Criteria.From is null ? "" :
        $$"""
        ,
        soon as materialized (
            select f.offer_id
            from (select s.offer_id, count(*) as free from marketplace.slot s where {{IsSoon}} group by 1) f
            left join (
                select s.offer_id, count(*) as unserved
                from marketplace.slot_unserved u join marketplace.slot s on s.id = u.slot_id
                where u.territory_id = @territory and {{IsSoon}} group by 1) n on n.offer_id = f.offer_id
            where f.free > coalesce(n.unserved, 0)
        )
        """;

    private string JoinSoon => Criteria.From is null ? "" : "left join soon on soon.offer_id = o.id";

    private const string Accredited =
        """
        accredited as materialized (
            select distinct a.provider_id, l.code
            from marketplace.accreditation a join lineage l on l.ancestor = a.class_code
            where a.territory_id = @territory and a.status = 'Granted' and @today between a.valid_from and a.valid_to
        )
        """;

    /// <summary>The ids of what was published between two instants and has not been told of a saved search, the latest first.</summary>
    public (string Sql, Dictionary<string, object> Parameters) ToNews(Id<SavedSearch> search, NodaTime.Instant after, NodaTime.Instant until, int limit)
    {
        var parameters = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["today"] = Clock.Today(), ["now"] = Clock.Now, ["search"] = search.Value, ["after"] = after, ["until"] = until, ["limit"] = limit,
        };
        var conditions = Conditions(Cost(parameters), parameters);
        var sql =
            $"""
            with recursive {ServiceClasses.Lineage},
            {Accredited}{FreeSoon}{Queries(parameters)}
            select o.id
            from marketplace.offer o
            join accredited a on a.provider_id = o.provider_id and a.code = o.class_code
            {JoinSoon}
            where o.territory_id = @territory and o.status = 'Published' and o.published_at > @after and o.published_at <= @until
              and not exists (
                  select from marketplace.saved_search_find f
                  where f.territory_id = @territory and f.search_id = @search and f.offer_id = o.id)
              and {InClass(parameters)} and {InPlace(parameters).Condition}{conditions}
            order by o.published_at desc, o.id limit @limit
            """;
        return (sql, parameters);
    }

    public (string Sql, Dictionary<string, object> Parameters) ToSql()
    {
        var parameters = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["today"] = Clock.Today(),
            ["now"] = Clock.Now,
            ["day"] = (long)(Clock.Now - NodaTime.Instant.FromUnixTimeSeconds(0)).Days,
            ["size"] = Criteria.PageSize,
            ["skip"] = (Criteria.Page - 1) * Criteria.PageSize,
        };
        var cost = Cost(parameters);
        var conditions = Conditions(cost, parameters);
        var rank = Words.Count == 0 ? "0" : Rank(parameters);
        var (inPlace, kilometres) = InPlace(parameters);
        var sql =
            $"""
            with recursive {ServiceClasses.Lineage},
            {Accredited}{FreeSoon}{Queries(parameters)},
            hit as materialized (
                select o.id, o.place, o.class_code, o.municipality_code, o.reach, {cost} as price,
                       {InClass(parameters)} as in_class, {inPlace} as in_place, {kilometres} as km, {rank} as rank
                from marketplace.offer o
                join accredited a on a.provider_id = o.provider_id and a.code = o.class_code
                {JoinSoon}
                where o.territory_id = @territory and o.status = 'Published'{conditions}
            ),
            -- One pass over what may be ten thousand; all counts come from here.
            alike as materialized (
                select class_code, place, municipality_code, reach, in_class, in_place, count(*) as n
                from hit group by 1, 2, 3, 4, 5, 6
            ),
            by_class as (select class_code, sum(n)::int as n from alike where in_place group by class_code),
            by_municipality as (
                select m.code, sum(a.n)::int as n
                from marketplace.municipality m
                join alike a on a.in_class and case a.place
                    when 'Online' then true
                    when 'AtProvider' then a.municipality_code = m.code
                    else cardinality(a.reach) = 0 or m.code = any(a.reach) end
                where m.territory_id = @territory
                group by m.code
            )
            select coalesce(sum(n), 0)::int as hits,
                   coalesce(sum(n) filter (where in_class and in_place), 0)::int as total,
                   coalesce(sum(n) filter (where in_place), 0)::int as all_classes,
                   coalesce(sum(n) filter (where in_class), 0)::int as all_municipalities,
                   array(select id from hit where in_class and in_place order by {Order()} limit @size offset @skip) as page,
                   array(select class_code from by_class order by class_code) as class_codes,
                   array(select n from by_class order by class_code) as class_counts,
                   array(select code from by_municipality order by code) as municipality_codes,
                   array(select n from by_municipality order by code) as municipality_counts
            from alike
            """;
        return (sql, parameters);
    }

    /// <summary>What each word looks for in the texts, made once: a query in both languages, and what begins so.</summary>
    private string Queries(Dictionary<string, object> parameters)
    {
        if (Words.Count == 0) return "";
        for (var i = 0; i < Words.Count; i++) parameters[Name("word", i)] = Words[i];
        var each = Words.Select((word, i) =>
            $"plainto_tsquery('italian', @word{i}) || plainto_tsquery('english', @word{i})"
            + (word.Length >= PrefixMin ? $" || to_tsquery('italian', @word{i} || ':*')" : "")
            + $" as q{i}");
        return $",\nq as materialized (select {string.Join(", ", each)})";
    }

    /// <summary>What has to be paid: the price, or what the purse leaves of it.</summary>
    private string Cost(Dictionary<string, object> parameters)
    {
        if (Reach is null || Reach.Count == 0) return "o.price";
        parameters["paid"] = Reach.Keys.ToArray();
        parameters["whole"] = Reach.Values.Select(r => r.Whole.Cents).ToArray();
        parameters["part"] = Reach.Values.Select(r => r.Part.Cents).ToArray();
        // The place of its class among those that the purse pays of; beyond them an array has nothing.
        const string at = "array_position(@paid, o.class_code)";
        return $"(case when o.price <= (@whole::bigint[])[{at}] then 0 else o.price - coalesce((@part::bigint[])[{at}], 0) end)";
    }

    private string Conditions(string cost, Dictionary<string, object> parameters)
    {
        var conditions = new List<string>();
        if (Words.Count > 0)
        {
            var words = Words.Select((word, i) => HasWord(word, i, parameters));
            conditions.Add($"({string.Join(AnyWord ? " or " : " and ", words)})");
        }

        if (Criteria.PriceMax is { } most)
        {
            parameters["most"] = most;
            conditions.Add($"{cost} <= @most");
        }

        if (Criteria.Age is { } age)
        {
            parameters["age"] = age;
            conditions.Add("(o.age_min is null or o.age_min <= @age) and (o.age_max is null or o.age_max >= @age)");
        }

        if (Criteria.Language is { } language)
        {
            parameters["language"] = language;
            conditions.Add("@language = any(o.languages)");
        }

        if (!Criteria.Access.IsNone)
        {
            parameters["access"] = Criteria.Access.ToNames();
            conditions.Add("o.access @> @access");
        }

        if (Criteria.Sharing is not Sharing.Either)
        {
            var open =
                $"""
                exists (
                    select from marketplace.pool p
                    where p.territory_id = @territory and p.offer_id = o.id and p.starts_at > @now and {OpenPool})
                """;
            conditions.Add(Criteria.Sharing is Sharing.Shared ? open : "not " + open);
        }

        if (Criteria.From is { } from)
        {
            var start = from.StartOfDayInRome();
            var after = start > Clock.Now ? start : Clock.Now;
            (parameters["from"], parameters["later"]) = (after, after + Soon);
            conditions.Add($"(soon.offer_id is not null or (select true from marketplace.slot s where s.offer_id = o.id and s.starts_at > @later and {Free} and {Rosters.Served} limit 1))");
        }

        return string.Concat(conditions.Select(c => "\n  and " + c));
    }

    /// <summary>In the offer's texts or topics, in what its class is called, or in its provider's name.</summary>
    private string HasWord(string word, int i, Dictionary<string, object> parameters)
    {
        var hints = Tree.Hints.Of(word);
        if (hints.Count > 0) parameters[Name("hints", i)] = hints.ToArray();
        return $"(o.search @@ (select q{i} from q)"
            + $" or @word{i} = any(o.topics)"
            + (hints.Count > 0 ? $" or o.class_code = any(@hints{i})" : "")
            + $"""
               or o.provider_id = any(array(
                   select p.id from marketplace.provider p
                   where p.territory_id = @territory and to_tsvector('simple', marketplace.plain(p.name)) @@ plainto_tsquery('simple', @word{i}))))
              """;
    }

    private string Rank(Dictionary<string, object> parameters)
    {
        var all = string.Join(" || ", Words.Select((_, i) => $"q{i}"));
        var rank = $"ts_rank('{{0.05, 0.1, 0.3, 1}}', o.search, (select {all} from q))";
        if (AnyWord) rank += string.Concat(Words.Select((word, i) => $" + {HasWord(word, i, parameters)}::int"));
        var named = Tree.Hints.Named(Words);
        if (named.Count == 0) return rank;
        parameters["named"] = named.ToArray();
        return rank + " + (o.class_code = any(@named))::int";
    }

    private string InClass(Dictionary<string, object> parameters)
    {
        if (Criteria.ClassCode is not { } code) return "true";
        parameters["classes"] = Tree.Within(code).ToArray();
        return "o.class_code = any(@classes)";
    }

    private (string Condition, string Kilometres) InPlace(Dictionary<string, object> parameters)
    {
        if (Criteria.MunicipalityCode is not { } code) return ("true", "0");
        if (Place is null) return ("false", "0");
        parameters["municipality"] = code;
        parameters["latitude"] = Place.Latitude;
        parameters["longitude"] = Place.Longitude;
        parameters["within"] = (double)(Criteria.WithinKm ?? 0);
        // The same as Distance.Kilometres.
        var degree = Distance.DegreeKilometres.ToString(CultureInfo.InvariantCulture);
        var away = $"{degree} * sqrt((o.latitude - @latitude) ^ 2 + ((o.longitude - @longitude) * cos(radians((o.latitude + @latitude) / 2))) ^ 2)";
        return (
            $"""
            case o.place
                when 'Online' then true
                when 'AtProvider' then o.municipality_code = @municipality or {away} <= @within
                else cardinality(o.reach) = 0 or @municipality = any(o.reach) end
            """,
            // What comes home, or into it, is near.
            $"case o.place when 'AtProvider' then {away} else 0 end");
    }

    private string Order() => Criteria.Order switch
    {
        SearchOrder.Price => "price, uuid_hash_extended(id, @day), id",
        SearchOrder.Distance => "km, rank desc, uuid_hash_extended(id, @day), id",
        SearchOrder.Fit => "rank desc, uuid_hash_extended(id, @day), id",
    };

    private static string Name(string name, int i) => name + i.ToString(CultureInfo.InvariantCulture);
}
