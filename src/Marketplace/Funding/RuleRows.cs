using System.Text.Json;
using Borsellino.Ledger;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Marketplace;

/// <summary>
/// The rules of programmes as a query brings them along, a list in a cell each, so that a page reads them with what they are about. The
/// query names the programme <c>p</c>.
/// </summary>
internal static class RuleRows
{
    /// <summary>Each class that a limit is about, with all below it; stands after <c>with recursive</c>.</summary>
    public const string Below =
        """
        below as (
            select class_code as root, class_code as code from marketplace.programme_limit where territory_id = @territory and class_code is not null
            union
            select b.root, s.code from below b
            join marketplace.service_class s on s.territory_id = @territory and s.parent_code = b.code
        )
        """;

    public const string Columns =
        """
        (select json_agg(json_build_array(
                    l.id, l.period, l.class_code, l.cents_max, l.minutes_max, l.valid_from, l.valid_to,
                    array(select code from below where root = l.class_code), c.name_it, c.name_en) order by l.valid_from, l.id)
         from marketplace.programme_limit l
         left join marketplace.service_class c on c.territory_id = @territory and c.code = l.class_code
         where l.territory_id = @territory and l.programme_id = p.id)::text as limits,
        (select json_agg(json_build_array(l.id, l.provider_id, l.valid_from, l.valid_to, v.name) order by l.valid_from, v.name, l.id)
         from marketplace.programme_provider l
         join marketplace.provider v on v.territory_id = @territory and v.id = l.provider_id
         where l.territory_id = @territory and l.programme_id = p.id)::text as providers,
        (select json_agg(json_build_array(l.id, l.municipality_code, l.valid_from, l.valid_to, m.name) order by l.valid_from, m.name, l.id)
         from marketplace.programme_municipality l
         join marketplace.municipality m on m.territory_id = @territory and m.code = l.municipality_code
         where l.territory_id = @territory and l.programme_id = p.id)::text as municipalities,
        case when p.copayment = 'Required' then (
            select json_agg(json_build_array(
                       r.id, r.formula, r.unit, r.indicator, r.least, r.most, r.isee_from, r.isee_to, r.without_isee, r.valid_from, r.valid_to,
                       (select json_agg(json_build_array(b.isee_to, b.figure) order by b.isee_to)
                        from marketplace.programme_share_band b where b.territory_id = @territory and b.share_id = r.id)) order by r.valid_from, r.id)
            from marketplace.programme_share r where r.territory_id = @territory and r.programme_id = p.id)::text end as shares
        """;

    public static DatedRules Read(string? limits, string? providers, string? municipalities, string? shares) => new(
        Each(limits, l => new PeriodLimit(
            new(l[0].GetGuid()), Enum.Parse<LimitPeriod>(Text(l[1])), l[2].GetString(), Number(l[3]) is { } cents ? new Money(cents) : null, (int?)Number(l[4]),
            Day(l[5]), DayOrNone(l[6]))
        {
            Classes = l[7].EnumerateArray().Select(Text).ToHashSet(StringComparer.Ordinal),
            ClassName = l[8].GetString() is { } name ? new(name, Text(l[9])) : null,
        }),
        Each(providers, p => new ListedProvider(new(p[0].GetGuid()), new(p[1].GetGuid()), Day(p[2]), DayOrNone(p[3])) { Name = Text(p[4]) }),
        Each(municipalities, m => new ListedMunicipality(new(m[0].GetGuid()), Text(m[1]), Day(m[2]), DayOrNone(m[3])) { Name = Text(m[4]) }),
        Each(shares, s => new ShareRule(
            new(s[0].GetGuid()), Enum.Parse<ShareFormula>(Text(s[1])), Enum.Parse<ShareUnit>(Text(s[2])), Enum.Parse<IseeIndicator>(Text(s[3])),
            s[4].GetInt64(), s[5].GetInt64(), new(s[6].GetInt64()), new(s[7].GetInt64()), Enum.Parse<WithoutIsee>(Text(s[8])), Day(s[9]), DayOrNone(s[10]))
        {
            Bands = Each(s[11], b => new ShareBand(new(b[0].GetInt64()), b[1].GetInt64())),
        }));

    /// <summary>What a cell says of a company's fringe benefits; null where it says nothing.</summary>
    public static FringeRoom? FringeRoom(string? cell)
    {
        if (cell is null) return null;
        using var room = JsonDocument.Parse(cell);
        var r = room.RootElement;
        return new(
            new(r[0].GetGuid()), new(r[1].GetInt64()), r[2].GetBoolean(), r[3].EnumerateArray().Select(Text).ToHashSet(StringComparer.Ordinal),
            [.. r[4].EnumerateArray().Select(u => new FringeUse(u[0].GetGuid(), new(u[1].GetInt64())))]);
    }

    /// <summary>A list that a cell brought, row by row; empty where it brought none.</summary>
    public static IReadOnlyList<T> Each<T>(string? rows, Func<JsonElement, T> read)
    {
        if (rows is null) return [];
        using var all = JsonDocument.Parse(rows);
        return [.. all.RootElement.EnumerateArray().Select(read)];
    }

    /// <summary>A list within a cell; empty for none.</summary>
    public static IReadOnlyList<T> Each<T>(JsonElement rows, Func<JsonElement, T> read) =>
        rows.ValueKind is JsonValueKind.Null ? [] : [.. rows.EnumerateArray().Select(read)];

    public static string Text(JsonElement cell) => cell.GetString()!;

    public static LocalDate Day(JsonElement cell) => LocalDatePattern.Iso.Parse(Text(cell)).Value;

    private static long? Number(JsonElement cell) => cell.ValueKind is JsonValueKind.Null ? null : cell.GetInt64();

    public static LocalDate? DayOrNone(JsonElement cell) => cell.ValueKind is JsonValueKind.Null ? null : Day(cell);
}
