using System.Globalization;
using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Web.Demo;

/// <summary>One person of the town: a name, a birth, a tax code that nobody else has; and what a family declares.</summary>
public sealed partial class Townspeople
{
    private static readonly Weighted<int> Bands = new(new Dictionary<int, int> { [1] = 16, [2] = 18, [3] = 27, [4] = 22, [5] = 17 });
    private static readonly Weighted<int> PoorerBands = new(new Dictionary<int, int> { [1] = 34, [2] = 26, [3] = 22, [4] = 12, [5] = 6 });

    private Townsperson Adult(int age, bool isWoman, Relation relation, NameLists.Origin? origin) =>
        Born(age, isWoman, relation, Surname(origin), origin);

    private string Surname(NameLists.Origin? origin) => (origin?.Surnames ?? names.Surnames).Pick(dice);

    private Townsperson Born(int age, bool isWoman, Relation relation, string surname, NameLists.Origin? origin) =>
        Born(age, isWoman, relation, surname, origin, origin);

    /// <summary>Somebody of that age on the census day; <paramref name="named"/> is where the first name comes from.</summary>
    private Townsperson Born(
        int age, bool isWoman, Relation relation, string surname, NameLists.Origin? origin, NameLists.Origin? named)
    {
        var lastBirthday = CensusDay.PlusYears(-age);
        while (true)
        {
            var bornOn = lastBirthday.PlusDays(-dice.Below(365));
            var first = FirstName(bornOn.Year, isWoman, named);
            var code = TaxCode.Compute(surname, first, bornOn, isWoman, origin?.Place ?? BirthPlace(age));
            // Two real people who share a code get an omocode from the revenue agency; ours are thrown again.
            if (taken.Add(code.Value)) return new(first, surname, bornOn, isWoman, code, relation);
        }
    }

    private string FirstName(int birthYear, bool isWoman, NameLists.Origin? named)
    {
        if (named is null || (birthYear > 2005 && dice.Chance(300))) return names.FirstName(dice, birthYear, isWoman);
        return (isWoman ? named.Women : named.Men).Pick(dice);
    }

    private string BirthPlace(int age) => (age >= 45 && dice.Chance(260) ? names.BornFar : names.BornNear).Pick(dice);

    private string Email(Townsperson person)
    {
        var age = person.AgeOn(CensusDay);
        if (!dice.Chance(age switch { < 45 => 820, < 66 => 600, < 76 => 260, _ => 70 })) return "";
        return $"{Plain(person.FirstName)}.{Plain(person.LastName)}{dice.Between(10, 99)}@posta.example";
    }

    private static string Plain(string name) => string.Concat(
        name.Normalize(NormalizationForm.FormD).ToLowerInvariant().Where(char.IsAsciiLetterLower));

    private Money? Isee(Living living, bool cameFromElsewhere)
    {
        if (dice.Chance(220)) return null;
        var isPoorer = cameFromElsewhere || living is Living.OneParent or Living.ElderAlone;
        var band = (isPoorer ? PoorerBands : Bands).Pick(dice);
        var from = band == 1 ? 0 : BandLimits[band - 2].Cents;
        var to = band == 5 ? Money.Euro(60_000).Cents : BandLimits[band - 1].Cents;
        return new(dice.Between((int)from + 1, (int)to));
    }

    /// <summary>Who declares nothing pays like the richest.</summary>
    private static short BandOf(Money? isee)
    {
        var above = isee is { } value ? BandLimits.Count(limit => value > limit) : BandLimits.Count;
        return short.CreateChecked(above + 1);
    }

    /// <summary>A line that says all of a family, for telling two towns apart.</summary>
    public static string Line(TownHousehold household) => string.Create(CultureInfo.InvariantCulture,
        $"{household.MunicipalityCode};{household.Address};{household.Email};{household.Phone};{household.Isee};{household.Band};")
        + string.Join('|', household.Members.Select(m => $"{m.FirstName},{m.LastName},{m.TaxCode},{m.Relation}"));
}
