using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests.Catalogue;

/// <summary>Officers keep the tree of services, how each is taxed from which day, and which documents are asked for it.</summary>
public sealed class ClassTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly ServiceClass Walks = new("passeggiate", "casa", "Passeggiate", "Walks", "it-box", "camminare", 9);

    [Fact]
    public async Task A_class_is_written_changed_and_found_by_its_new_words()
    {
        var town = await Town.BuildAsync(database);
        (await town.Classes.WriteAsync(town.Id, Walks, isNew: true)).OrThrow();
        (await town.Classes.WriteAsync(town.Id, Walks with { NameIt = "A spasso", ParentCode = "educazione" }, isNew: false)).OrThrow();
        var tree = await town.Classes.TreeAsync(town.Id);
        Assert.Equal(["educazione", "passeggiate"], tree.PathTo("passeggiate").Select(c => c.Code));
        Assert.Equal("A spasso", tree.Find("passeggiate")!.NameIt);
    }

    [Fact]
    public async Task A_class_that_cannot_be_is_refused_by_its_own_reason()
    {
        var town = await Town.BuildAsync(database);
        (ServiceClass Class, bool IsNew, Type Why, string Field)[] table =
        [
            (Walks with { Code = "Passeggiate" }, true, typeof(ServiceClassWrong), "code"),
            (Walks with { Code = "p" }, true, typeof(ServiceClassWrong), "code"),
            (Walks with { NameIt = "ab" }, true, typeof(ServiceClassWrong), "name_it"),
            (Walks with { NameEn = new('x', 81) }, true, typeof(ServiceClassWrong), "name_en"),
            (Walks with { Synonyms = new('x', 501) }, true, typeof(ServiceClassWrong), "synonyms"),
            (Walks with { Position = -1 }, true, typeof(ServiceClassWrong), "position"),
            (Walks with { Code = "pasti" }, true, typeof(ServiceClassTaken), "code"),
            (Walks, false, typeof(ServiceClassNotFound), ""),
            (Walks with { ParentCode = "niente" }, true, typeof(ServiceClassNotFound), ""),
            (new("casa", "assistenza", "Aiuto a casa", "Help at home", "it-pa", "", 1), false, typeof(ServiceClassCycle), ""),
        ];
        foreach (var (one, isNew, why, field) in table)
        {
            var refusal = Refused(await town.Classes.WriteAsync(town.Id, one, isNew));
            Assert.IsType(why, refusal);
            Assert.Equal(field, refusal is FieldRefusal wrong ? wrong.Field : "");
        }

        Assert.Equal(5, (await town.Classes.TreeAsync(town.Id)).All.Count);
    }

    [Fact]
    public async Task What_is_said_of_tax_holds_from_its_day_for_the_class_and_those_below()
    {
        var (town, taxes) = await TaxedAsync();
        var today = Town.Day;
        var first = Tax("casa", today);
        for (var i = 0; i < 2; i++) (await taxes.SetAsync(town.Id, first, town.Officer)).OrThrow();
        (await taxes.SetAsync(town.Id, Tax("casa", today.PlusDays(30)) with { VatRate = 0, VatNature = "N4" }, town.Officer)).OrThrow();
        (await taxes.SetAsync(town.Id, Tax("pasti", today.PlusDays(10)) with { VatRate = 1000, Letter = null }, town.Officer)).OrThrow();

        (string Class, int Day, int? Rate)[] table =
        [
            ("casa", -1, null), ("casa", 0, 500), ("casa", 29, 500), ("casa", 30, 0), ("assistenza", 29, 500), ("assistenza", 30, 0),
            ("pasti", 9, 500), ("pasti", 10, 1000), ("pasti", 400, 1000), ("educazione", 0, null), ("niente", 0, null),
        ];
        var tree = await town.Classes.TreeAsync(town.Id);
        foreach (var (code, day, rate) in table) Assert.Equal(rate, (await taxes.OnAsync(town.Id, tree.PathTo(code), today.PlusDays(day)))?.VatRate);
        Assert.Equal([null, today.PlusDays(29)], (await taxes.OfClassAsync(town.Id, "casa")).Select(t => t.ValidTo));
    }

    [Fact]
    public async Task What_cannot_be_said_of_tax_is_refused_by_its_own_reason()
    {
        var (town, taxes) = await TaxedAsync();
        (await taxes.SetAsync(town.Id, Tax("casa", Town.Day.PlusDays(5)), town.Officer)).OrThrow();
        var good = Tax("casa", Town.Day.PlusDays(9));
        (ClassTax Tax, Type Why, string Field)[] table =
        [
            (good with { VatRate = -1 }, typeof(ClassTaxWrong), "vat"),
            (good with { VatRate = 10_001 }, typeof(ClassTaxWrong), "vat"),
            (good with { VatRate = 0 }, typeof(ClassTaxWrong), "nature"),
            (good with { VatRate = 0, VatNature = "N9" }, typeof(ClassTaxWrong), "nature"),
            (good with { VatNature = "N4" }, typeof(ClassTaxWrong), "nature"),
            (good with { Reference = " a " }, typeof(ClassTaxWrong), "reference"),
            (good with { Reference = new('x', 201) }, typeof(ClassTaxWrong), "reference"),
            (good with { ValidFrom = Town.Day.PlusDays(-1) }, typeof(ClassTaxWrong), "from"),
            (good with { ValidFrom = Town.Day.PlusDays(5) }, typeof(ClassTaxSaidAlready), "from"),
            (good with { ValidFrom = Town.Day }, typeof(ClassTaxSaidAlready), "from"),
            (good with { ClassCode = "niente" }, typeof(ServiceClassNotFound), ""),
        ];
        foreach (var (tax, why, field) in table)
        {
            var refusal = Refused(await taxes.SetAsync(town.Id, tax, town.Officer));
            Assert.IsType(why, refusal);
            Assert.Equal(field, refusal is FieldRefusal wrong ? wrong.Field : "");
        }
    }

    [Fact]
    public async Task Two_officers_who_say_different_things_of_one_day_are_not_both_right()
    {
        var (town, taxes) = await TaxedAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() =>
            taxes.SetAsync(town.Id, Tax("casa", Town.Day) with { VatRate = 100 * (i + 1) }, town.Officer))));
        Assert.Single(answers, a => !a.IsRefused(out _));
        Assert.Single(await taxes.OfClassAsync(town.Id, "casa"));
    }

    [Fact]
    public async Task A_document_is_asked_for_until_it_ends_and_what_was_asked_before_stays()
    {
        var town = await Town.BuildAsync(database);
        var documents = new RequiredDocuments(town.Db);
        var id = Id<RequiredDocument>.New();
        (await documents.PutAsync(town.Id, new(id, "polizza", "casa", "Polizza", "Insurance", true, Town.Day, null))).OrThrow();
        Assert.Single(await documents.OfClassAsync(town.Id, "casa", Town.Day));
        for (var i = 0; i < 2; i++) (await documents.EndAsync(town.Id, id, Town.Day.PlusDays(10))).OrThrow();
        Assert.Single(await documents.ForAsync(town.Id, "pasti", Town.Day.PlusDays(9)));
        Assert.Empty(await documents.ForAsync(town.Id, "pasti", Town.Day.PlusDays(10)));
        Assert.IsType<RequiredDocumentNotFound>(Refused(await documents.EndAsync(town.Id, Id<RequiredDocument>.New(), Town.Day)));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => town.Db.ExecuteAsync(
            town.Id, "update marketplace.required_document set code = 'altra' where territory_id = @territory"));
        Assert.Equal("42501", refused.SqlState);
    }

    private async Task<(Town Town, ClassTaxes Taxes)> TaxedAsync()
    {
        var town = await Town.BuildAsync(database);
        return (town, new(town.Db, town.Clock));
    }

    private static ClassTax Tax(string code, LocalDate from) => new(Id<ClassTax>.New(), code, WelfareLetter.FTer, 500, "", "DPR 633/72", from, null);
}
