using System.Security.Cryptography;
using System.Text;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.Demo;

namespace Borsellino.Tests.Demo;

/// <summary>The invented families: the same seed makes the same ones, and they look like a town.</summary>
public sealed class TownspeopleTests
{
    private static readonly IReadOnlyList<Municipality> Places =
    [
        new("L319", "Tradate", "21049", 45.71, 8.91, 18_000),
        new("C300", "Castiglione Olona", "21043", 45.76, 8.87, 7_600),
        new("L733", "Venegono Inferiore", "21040", 45.73, 8.90, 6_000),
    ];

    [Fact]
    public void The_same_seed_makes_the_same_town_for_ever()
    {
        // Changing the lists or the generator changes this: the demo's documents and screenshots then change with it.
        Assert.Equal("798cbcd7366e20675c4b776ec69ec0d7", Hash(Townspeople.Invent(1, 200, Places)));
        Assert.NotEqual(Hash(Townspeople.Invent(1, 200, Places)), Hash(Townspeople.Invent(2, 200, Places)), StringComparer.Ordinal);
    }

    [Fact]
    public void A_larger_town_begins_with_the_smaller_one() =>
        Assert.Equal(Hash(Townspeople.Invent(7, 200, Places)), Hash([.. Townspeople.Invent(7, 900, Places).Take(200)]));

    [Fact]
    public void At_25000_families_every_tax_code_is_valid_and_nobody_else_has_it()
    {
        var people = Townspeople.Invent(1, 25_000, Places).SelectMany(h => h.Members).ToList();
        Assert.All(people, p => Assert.True(TaxCode.TryParse(p.TaxCode.Value, out _, out _), p.TaxCode.Value));
        Assert.Equal(people.Count, people.Select(p => p.TaxCode).Distinct().Count());
        Assert.InRange(people.Count, 47_000, 62_000);
    }

    [Fact]
    public void It_looks_like_a_town()
    {
        var town = Townspeople.Invent(1, 10_000, Places);
        var people = town.SelectMany(h => h.Members).ToList();
        Assert.InRange(people.Average(p => p.AgeOn(Townspeople.CensusDay)), 42, 52);
        Assert.InRange(town.Count(h => h.Members.Count == 1), 2_900, 3_900);
        Assert.InRange(people.Count(p => p.TaxCode.Birth!.PlaceCode[0] == 'Z'), people.Count / 20, people.Count / 6);
        Assert.InRange(town.Count(h => h.Email.Length > 0), 4_000, 7_000);
        Assert.Equal(5, town.Select(h => h.Band).Distinct().Count());
        Assert.Equal(
            Places.OrderByDescending(p => p.Residents).Select(p => p.Code),
            town.GroupBy(h => h.MunicipalityCode, StringComparer.Ordinal).OrderByDescending(g => g.Count()).Select(g => g.Key),
            StringComparer.Ordinal);
    }

    [Fact]
    public void Families_hold_together()
    {
        foreach (var household in Townspeople.Invent(3, 5_000, Places))
        {
            var reference = household.Reference;
            Assert.Equal(Relation.Reference, reference.Relation);
            Assert.All(household.Members.Skip(1), m => Assert.NotEqual(Relation.Reference, m.Relation));
            Assert.All(household.Members, m => Assert.InRange(m.AgeOn(Townspeople.CensusDay), 0, 100));
            Assert.InRange(reference.AgeOn(Townspeople.CensusDay), 18, 100);
            Assert.All(
                household.Members.Where(m => m.Relation is Relation.Child),
                c => Assert.True(c.BornOn.Year - reference.BornOn.Year >= 18, $"{reference} {c}"));
        }
    }

    private static string Hash(IReadOnlyList<TownHousehold> town) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', town.Select(Townspeople.Line)))))[..32];
}
