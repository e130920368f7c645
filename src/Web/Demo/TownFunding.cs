using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>Which families a programme of the demo town is for.</summary>
public enum TownNeed
{
    /// <summary>Somebody is 65 or more.</summary>
    Elders,

    /// <summary>Somebody is 82 or more.</summary>
    Frail,

    /// <summary>A child of school age lives in the territory's first town.</summary>
    Pupils,

    /// <summary>A child is under fifteen.</summary>
    Parents,

    /// <summary>The two lowest ISEE bands.</summary>
    Poor,

    /// <summary>Somebody lives alone, or all are old.</summary>
    Lonely,

    /// <summary>Somebody is of working age.</summary>
    Workers,
}

/// <summary>A programme of the demo town, as its data say it.</summary>
/// <param name="Name">Italian and English; the purpose likewise.</param>
/// <param name="Months">It ends with the month that comes so many months after the town's present.</param>
/// <param name="Act">With the year in its place.</param>
/// <param name="Bands">The most a family may get, in cents, from the first ISEE band on; empty for every band and any amount.</param>
/// <param name="Grants">What a family gets, in cents, by its band.</param>
/// <param name="InThousand">So many of a thousand such families have asked for it.</param>
/// <param name="Wave">The day of the town's life on which its first list comes.</param>
public sealed record TownProgramme(
    string Key, string Funder, string[] Name, string[] Purpose, string[] Classes, CopaymentRule Copayment, long? UnitMax, long? MonthMax,
    int Months, string Act, long[] Bands, long[] Grants, TownNeed Who, int InThousand, int Wave)
{
    public string Code(int year) => string.Create(CultureInfo.InvariantCulture, $"{Key.ToUpperInvariant()}-{year}");

    /// <summary>The town whose data these are.</summary>
    public string Place { get; init; } = "";

    /// <summary>How much in a week, a month or a year; none for no such limit.</summary>
    public TownLimit[] Limits { get; init; } = [];

    /// <summary>The providers it pays, by their keys; none for every one.</summary>
    public string[] Providers { get; init; } = [];

    /// <summary>How the family's part is found, where there is one.</summary>
    public TownShare? Share { get; init; }

    /// <summary>The id is the same for every attempt to found the town, and no other town's.</summary>
    public Id<Programme> Id => Id<Programme>.From("demo", Place, Key);

    /// <summary>What a family gets: nothing for a band that is not admitted.</summary>
    public Money AmountFor(TownHousehold household) => new(household.Band <= Grants.Length ? Grants[household.Band - 1] : 0);

    public bool IsFor(TownHousehold household, string firstTown) => AmountFor(household).IsPositive && Who switch
    {
        TownNeed.Elders => household.CountFrom(65) > 0,
        TownNeed.Frail => household.CountFrom(82) > 0,
        TownNeed.Pupils => household.MunicipalityCode == firstTown && household.CountYounger(18) > household.CountYounger(6),
        TownNeed.Parents => household.CountYounger(15) > 0,
        TownNeed.Poor => household.Band <= 2,
        TownNeed.Lonely => household.Members.Count == 1 || household.CountFrom(70) == household.Members.Count,
        TownNeed.Workers => household.CountFrom(24) > household.CountFrom(64),
        _ => throw new ArgumentOutOfRangeException(nameof(household), Who, "No such need."),
    };

    /// <summary>The programme as an officer would open it, for a town that lives from one day to another.</summary>
    public NewProgramme ToNew(LocalDate founded, LocalDate present)
    {
        var bands = Bands.Select((max, i) => new ProgrammeBand(
            (short)(i + 1), i < Townspeople.BandLimits.Count ? Townspeople.BandLimits[i] : null, new(max)));
        return new(
            Id, Code(founded.Year), Name[0], Name[1], Purpose[0], Purpose[1], TownFunder.IdOf(Place, Funder), founded,
            present.PlusMonths(Months).With(DateAdjusters.EndOfMonth), 30, Copayment, Cents(UnitMax), Cents(MonthMax), ActOf(founded), Classes,
            [.. bands])
        {
            Limits = [.. Limits.Select((l, i) => l.ToNew(Id<PeriodLimit>.From("demo", Id, i), founded))],
            Providers = [.. Providers.Select(p => DemoCatalogue.ProviderId(Place, p))],
            Share = Share?.ToNew(Id<ShareRule>.From("demo", Id), founded),
        };
    }

    public string ActOf(LocalDate founded) => string.Format(CultureInfo.InvariantCulture, Act, founded.Year);

    private static Money? Cents(long? cents) => cents is { } some ? new Money(some) : null;
}

/// <summary>A limit of a demo programme, from its first day on, in cents or minutes.</summary>
public sealed record TownLimit(LimitPeriod Period, long? Cents, int? Minutes, string? ClassCode)
{
    public PeriodLimit ToNew(Id<PeriodLimit> id, LocalDate from) => new(id, Period, ClassCode, Cents is { } cents ? new Money(cents) : null, Minutes, from, null);
}

/// <summary>How a family's part is found in a demo programme, from its first day on; figures as <see cref="ShareRule"/> has them.</summary>
public sealed record TownShare(
    ShareFormula Formula, ShareUnit Unit, IseeIndicator Indicator, long Least, long Most, long IseeFrom, long IseeTo, WithoutIsee Without)
{
    public ShareRule ToNew(Id<ShareRule> id, LocalDate from) =>
        new(id, Formula, Unit, Indicator, Least, Most, new(IseeFrom), new(IseeTo), Without, from, null);
}

/// <summary>Who pays for what in a demo territory.</summary>
public sealed record TownFunding(IReadOnlyList<TownFunder> Funders, IReadOnlyList<TownProgramme> Programmes)
{
    private const string Resource = "Demo/data/funding.json";

    private static readonly JsonSerializerOptions Reading = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The data of a territory that has some: <see cref="DemoCatalogue.Slugs"/>.</summary>
    public static TownFunding Of(string slug)
    {
        using var stream = typeof(TownFunding).Assembly.GetManifestResourceStream(Resource)!;
        var funding = JsonSerializer.Deserialize<Dictionary<string, TownFunding>>(stream, Reading)![slug];
        return new([.. funding.Funders.Select(f => f with { Place = slug })], [.. funding.Programmes.Select(p => p with { Place = slug })]);
    }
}

public sealed record TownFunder(string Key, FunderKind Kind, string Name)
{
    /// <summary>The town whose data these are.</summary>
    public string Place { get; init; } = "";

    public Id<Funder> Id => IdOf(Place, Key);

    public static Id<Funder> IdOf(string place, string key) => Id<Funder>.From("demo", place, key);
}
