using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Web.Demo;

/// <summary>One family on a list of grants.</summary>
public sealed record ListedFamily(TownHousehold Household, Money Amount);

/// <summary>
/// Who has asked for which programme, and the lists the office makes of them: a first one, then a few families every
/// week. What each list has follows from the town alone.
/// </summary>
public sealed class TownGrants
{
    /// <summary>Of a hundred families, so many are on the first list; the others come later or with a visitor's own upload.</summary>
    private const int FirstListPercent = 80;

    private const string NoMunicipality = "Tradatte";

    private readonly IReadOnlyList<Municipality> municipalities;
    private readonly Dictionary<string, List<ListedFamily>> asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ListedFamily>> notAsked = new(StringComparer.Ordinal);

    public TownGrants(
        TownScript script, TownCast members, TownFunding funding, IReadOnlyList<TownHousehold> households,
        IReadOnlyList<Municipality> municipalities)
    {
        this.municipalities = municipalities;
        var firstTown = municipalities.MaxBy(m => m.Residents)!.Code;
        foreach (var programme in funding.Programmes)
        {
            var dice = script.Dice("asked", programme.Key);
            var cast = members.Households.Where(h => h.Grants.ContainsKey(programme.Key))
                .Select(h => new ListedFamily(h.Household, new(h.Grants[programme.Key])));
            var entitled = households.Where(h => programme.IsFor(h, firstTown))
                .Select(h => (Family: new ListedFamily(h, programme.AmountFor(h)), HasAsked: dice.Chance(programme.InThousand))).ToList();
            asked[programme.Key] = [.. cast, .. entitled.Where(e => e.HasAsked).Select(e => e.Family)];
            notAsked[programme.Key] = [.. entitled.Where(e => !e.HasAsked).Select(e => e.Family)];
        }
    }

    /// <summary>All that families have asked for of a programme.</summary>
    public Money Asked(TownProgramme programme) => asked[programme.Key].Sum(f => f.Amount);

    /// <summary>The families that have asked for a programme, or will.</summary>
    public IReadOnlyList<TownHousehold> Asking(TownProgramme programme) => [.. asked[programme.Key].Select(f => f.Household)];

    /// <summary>The families of the first list.</summary>
    public IReadOnlyList<ListedFamily> First(TownProgramme programme) => [.. asked[programme.Key].Take(FirstCount(programme))];

    /// <summary>The families of a later list, counted from 0: at most so many; none when all have been on one.</summary>
    public IReadOnlyList<ListedFamily> Later(TownProgramme programme, int number, int size) =>
        [.. asked[programme.Key].Skip(FirstCount(programme) + (number * size)).Take(size)];

    /// <summary>
    /// Families that could have a programme's money and have not asked for it, from the end of the town: for lists that
    /// are still on their way, counted from 0.
    /// </summary>
    public IReadOnlyList<ListedFamily> Unasked(TownProgramme programme, int number, int size) =>
        [.. notAsked[programme.Key].SkipLast(number * size).TakeLast(size)];

    /// <summary>
    /// The same from the beginning of the town, which a town of any size has: for a list that a visitor uploads.
    /// </summary>
    public IReadOnlyList<ListedFamily> Sample(TownProgramme programme, int size) => [.. notAsked[programme.Key].Take(size)];

    /// <summary>
    /// The list as the office saves it from its spreadsheet. With faults, three rows at its end cannot be taken: a tax
    /// code mistyped, a town that is not there, a family that stands above.
    /// </summary>
    public byte[] Csv(IReadOnlyList<ListedFamily> families, bool withFaults)
    {
        var rows = families.Select(Row).ToList();
        if (withFaults && rows.Count > 0)
        {
            var mistyped = Row(families[^1]);
            mistyped[0] = mistyped[0][..^1] + (mistyped[0][^1] == 'A' ? 'B' : 'A');
            var elsewhere = Row(families[families.Count / 2]);
            elsewhere[3] = NoMunicipality;
            rows.AddRange([mistyped, elsewhere, Row(families[0])]);
        }

        return CsvWriter.File([[.. GrantColumns.All], .. rows]);
    }

    private string[] Row(ListedFamily family)
    {
        var person = family.Household.Reference;
        return
        [
            person.TaxCode.Value, person.FirstName, person.LastName,
            municipalities.Single(m => m.Code == family.Household.MunicipalityCode).Name,
            family.Household.Band.ToString(CultureInfo.InvariantCulture), ItalianAmount.Format(family.Amount),
        ];
    }

    private int FirstCount(TownProgramme programme) =>
        Math.Max(asked[programme.Key].Count * FirstListPercent / 100, Math.Min(asked[programme.Key].Count, 12));
}
