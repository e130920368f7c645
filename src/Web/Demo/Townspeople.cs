using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>Somebody of the invented town.</summary>
public sealed record Townsperson(
    string FirstName, string LastName, LocalDate BornOn, bool IsWoman, TaxCode TaxCode, Relation Relation)
{
    /// <summary>Years of age on a day.</summary>
    public int AgeOn(LocalDate day) => Period.Between(BornOn, day, PeriodUnits.Years).Years;
}

/// <summary>An invented family; the first member is the one it is registered under.</summary>
/// <param name="Email">Empty for those who have none: a third of the town, and most of the oldest.</param>
/// <param name="Isee">The economic indicator of the family; null for those who declared none.</param>
/// <param name="Band">The ISEE band from 1, the poorest, to 5.</param>
public sealed record TownHousehold(
    string MunicipalityCode, string Address, string Email, string Phone, Money? Isee, short Band, IReadOnlyList<Townsperson> Members)
{
    public Townsperson Reference => Members[0];

    /// <summary>How many members were younger on the census day.</summary>
    public int CountYounger(int age) => Members.Count(m => m.AgeOn(Townspeople.CensusDay) < age);

    /// <summary>How many were as old or older.</summary>
    public int CountFrom(int age) => Members.Count - CountYounger(age);
}

/// <summary>
/// Invents the families of a town: what they are called, how they live together, how old they are, where they live.
/// The same seed makes the same town, and a larger town begins with the smaller one. Nobody in it exists; their tax
/// codes are well formed and no two are alike.
/// </summary>
public sealed partial class Townspeople
{
    /// <summary>Ages are those of this day, so that a town does not change with the calendar.</summary>
    public static readonly LocalDate CensusDay = new(2026, 1, 1);

    /// <summary>The upper limits of the first four bands; the fifth has none.</summary>
    public static readonly IReadOnlyList<Money> BandLimits = [Money.Euro(8_000), Money.Euro(12_000), Money.Euro(20_000), Money.Euro(35_000)];

    /// <summary>Of 1000 families, so many live so: near to what the census says of small towns in northern Italy.</summary>
    private static readonly Weighted<Living> Ways = new(new Dictionary<Living, int>
    {
        [Living.ElderAlone] = 170, [Living.AdultAlone] = 165, [Living.ElderCouple] = 140, [Living.AdultCouple] = 90,
        [Living.Family] = 265, [Living.OneParent] = 100, [Living.ElderWithChild] = 45, [Living.ThreeGenerations] = 25,
    });

    private readonly Dice dice;
    private readonly NameLists names = NameLists.Shared;
    private readonly Weighted<string> homes;
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    private Townspeople(ulong seed, IReadOnlyList<Municipality> municipalities)
    {
        dice = new(seed);
        homes = new(municipalities.Select(m => KeyValuePair.Create(m.Code, m.Residents)));
    }

    /// <summary>So many families, spread over the municipalities by their residents.</summary>
    public static IReadOnlyList<TownHousehold> Invent(ulong seed, int households, IReadOnlyList<Municipality> municipalities)
    {
        var town = new Townspeople(seed, municipalities);
        return [.. Enumerable.Range(0, households).Select(_ => town.Next())];
    }

    private TownHousehold Next()
    {
        var living = Ways.Pick(dice);
        var origin = living is Living.ElderAlone or Living.ElderCouple or Living.ElderWithChild || !dice.Chance(140)
            ? null : names.Origins.Pick(dice);
        var members = living switch
        {
            Living.ElderAlone => [Adult(Age(68, 97), dice.Chance(720), Relation.Reference, origin)],
            Living.AdultAlone => [Adult(Age(24, 66), dice.Chance(450), Relation.Reference, origin)],
            Living.ElderCouple => Couple(Age(66, 92), origin),
            Living.AdultCouple => Couple(Age(26, 65), origin),
            Living.Family => Family(origin),
            Living.OneParent => OneParent(origin),
            Living.ElderWithChild => ElderWithChild(),
            Living.ThreeGenerations => ThreeGenerations(origin),
            _ => throw new ArgumentOutOfRangeException(nameof(living), living, "Nobody lives so."),
        };
        var isee = Isee(living, origin is not null);
        return new(
            homes.Pick(dice), $"{dice.Pick(names.Streets)} {dice.Between(1, 94)}", Email(members[0]),
            $"0331 555 {dice.Between(100, 999)}", isee, BandOf(isee), members);
    }

    private List<Townsperson> Couple(int age, NameLists.Origin? origin)
    {
        var isWoman = dice.Chance(350);
        return
        [
            Adult(age, isWoman, Relation.Reference, origin),
            Adult(Math.Max(20, age + dice.Between(-6, 4)), !isWoman, Relation.Spouse, origin),
        ];
    }

    private List<Townsperson> Family(NameLists.Origin? origin)
    {
        var age = Age(27, 56);
        var members = Couple(age, origin);
        var surname = (members[0].IsWoman ? members[1] : members[0]).LastName;
        AddChildren(members, surname, ChildCount(), Math.Max(0, age - 42), age - 24, origin);
        return members;
    }

    private List<Townsperson> OneParent(NameLists.Origin? origin)
    {
        var age = Age(27, 56);
        var parent = Adult(age, dice.Chance(820), Relation.Reference, origin);
        List<Townsperson> members = [parent];
        var surname = parent.IsWoman && dice.Chance(700) ? Surname(origin) : parent.LastName;
        AddChildren(members, surname, dice.Chance(350) ? 2 : 1, Math.Max(0, age - 42), age - 23, origin);
        return members;
    }

    private List<Townsperson> ElderWithChild()
    {
        var age = Age(74, 96);
        var elder = Adult(age, dice.Chance(750), Relation.Reference, null);
        var child = Born(Math.Min(66, age - dice.Between(24, 36)), dice.Chance(500), Relation.Child, elder.LastName, null);
        return [elder, child];
    }

    private List<Townsperson> ThreeGenerations(NameLists.Origin? origin)
    {
        var members = Family(origin);
        var old = members[0].AgeOn(CensusDay) + dice.Between(24, 32);
        members.Add(Born(Math.Min(old, 95), dice.Chance(700), Relation.Parent, members[0].LastName, origin));
        return members;
    }

    private void AddChildren(List<Townsperson> members, string surname, int count, int youngest, int oldest, NameLists.Origin? origin)
    {
        for (var i = 0; i < count; i++)
        {
            var age = Math.Min(22, dice.Between(Math.Min(youngest, 18), Math.Max(oldest, youngest)));
            // Six children of ten whose parents came from elsewhere were born here.
            var bornThere = origin is not null && dice.Chance(400) ? origin : null;
            members.Add(Born(age, dice.Chance(487), Relation.Child, surname, bornThere, origin));
        }
    }

    private int ChildCount() => dice.Below(100) switch { < 46 => 1, < 90 => 2, < 98 => 3, _ => 4 };

    /// <summary>Ages in the middle come more often than those at both ends.</summary>
    private int Age(int least, int most) => (dice.Between(least, most) + dice.Between(least, most)) / 2;

    private enum Living
    {
        ElderAlone,
        AdultAlone,
        ElderCouple,
        AdultCouple,
        Family,
        OneParent,
        ElderWithChild,
        ThreeGenerations,
    }
}
