using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Under which rule a company may give a service to its employees: the letters of art. 51 c. 2 TUIR, and c. 3 for fringe benefits.</summary>
public enum WelfareLetter
{
    F,
    FBis,
    FTer,
    FQuater,
    DBis,
    C3,
}

/// <summary>How a class is treated for tax from one day to another.</summary>
/// <param name="Letter">Null where no company may give it by these rules.</param>
/// <param name="VatRate">Hundredths of a per cent: 500 is 5 %.</param>
/// <param name="VatNature">Why there is no rate, as electronic invoices write it (N4 is exempt); empty with one.</param>
/// <param name="Reference">The law, or the ruling, that says so.</param>
public sealed record ClassTax(
    Id<ClassTax> Id, string ClassCode, WelfareLetter? Letter, int VatRate, string VatNature, string Reference, LocalDate ValidFrom, LocalDate? ValidTo) : IIdentified
{
    public static string Prefix => "classtax";
}

/// <summary>A part of it that cannot be taken.</summary>
public sealed record ClassTaxWrong(string Part) : FieldRefusal("class_tax_wrong", Part);

/// <summary>From this day, or a later one, something else is said already.</summary>
public sealed record ClassTaxSaidAlready(LocalDate From) : FieldRefusal("class_tax_said_already", "from");

/// <summary>How classes are treated for tax, as rows with their days: a law that changes is a new row, and what was stays.</summary>
public sealed partial class ClassTaxes(Database db, IClock clock)
{
    public const int ReferenceMin = 3, ReferenceMax = 200;
    private const int MatchMillisecondsMax = 1_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);
    private const string Columns = "t.id, t.class_code, t.letter, t.vat_rate, t.vat_nature, t.reference, t.valid_from, t.valid_to";
    private readonly ConcurrentDictionary<TerritoryId, Kept<ILookup<string, ClassTax>>> all = new();

    /// <summary>All that was and will be said of a class itself, the latest first.</summary>
    public Task<List<ClassTax>> OfClassAsync(TerritoryId territory, string classCode, CancellationToken cancel = default) =>
        db.ListAsync<ClassTax>(
            territory, $"select {Columns} from marketplace.class_tax t where t.territory_id = @territory and t.class_code = @classCode order by t.valid_from desc limit 100",
            new { classCode }, cancel);

    /// <summary>
    /// What holds for a class on a day: said of itself, or of the nearest class above it; null where nothing is said. Kept in memory like the
    /// tree: what another process writes is seen within a minute.
    /// </summary>
    /// <param name="path">The class and those above it, from the root down.</param>
    public async Task<ClassTax?> OnAsync(TerritoryId territory, IReadOnlyList<ServiceClass> path, LocalDate on, CancellationToken cancel = default)
    {
        if (!all.TryGetValue(territory, out var kept) || !kept.IsYoungerThan(KeptFor))
        {
            kept = new((await db.ListAsync<ClassTax>(
                territory, $"select {Columns} from marketplace.class_tax t where t.territory_id = @territory", cancel: cancel)).ToLookup(t => t.ClassCode, StringComparer.Ordinal));
            all[territory] = kept;
        }

        return path.Reverse().Select(c => kept.Value[c.Code].FirstOrDefault(t => t.ValidFrom <= on && !(t.ValidTo < on))).FirstOrDefault(t => t is not null);
    }

    /// <summary>
    /// Says how a class is treated from a day on; what held until then ends the day before. The same again changes nothing. Refused: an unknown
    /// class, a day that has passed, one from which something else is said already, a rate outside 0 to 100 per cent, a rate with a nature or
    /// neither, a reference that is too short or too long.
    /// </summary>
    public async Task<Result<Done>> SetAsync(TerritoryId territory, ClassTax tax, Id<User> by, CancellationToken cancel = default)
    {
        var result = await db.TransactAsync<Done>(territory, tx => SetAsync(tx, tax, by), cancel);
        all.TryRemove(territory, out _);
        return result;
    }

    private async Task<Result<Done>> SetAsync(Transaction tx, ClassTax tax, Id<User> by)
    {
        if (tax.VatRate is < 0 or > 10_000) return new ClassTaxWrong("vat");
        if (tax.VatRate == 0 ? !NatureShape().IsMatch(tax.VatNature) : tax.VatNature.Length > 0) return new ClassTaxWrong("nature");
        if (tax.Reference.Trim() is not { Length: >= ReferenceMin and <= ReferenceMax } reference) return new ClassTaxWrong("reference");
        var classes = await tx.ListAsync<string>(
            "select code from marketplace.service_class where territory_id = @territory and code = @ClassCode for no key update", new { tax.ClassCode });
        if (classes.Count == 0) return new ServiceClassNotFound(tax.ClassCode);
        var known = await tx.ListAsync<ClassTax>(
            $"select {Columns} from marketplace.class_tax t where t.territory_id = @territory and t.class_code = @ClassCode order by t.valid_from desc", new { tax.ClassCode });
        if (known.Exists(k => k.Id == tax.Id)) return default(Done);
        if (tax.ValidFrom < clock.Today()) return new ClassTaxWrong("from");
        if (known is [var last, ..] && last.ValidFrom >= tax.ValidFrom) return new ClassTaxSaidAlready(last.ValidFrom);
        await tx.ExecuteAsync(
            "update marketplace.class_tax set valid_to = @before where territory_id = @territory and class_code = @ClassCode and valid_to is null",
            new { tax.ClassCode, before = tax.ValidFrom.PlusDays(-1) });
        await tx.ExecuteAsync(
            """
            insert into marketplace.class_tax
                (territory_id, id, class_code, letter, vat_rate, vat_nature, reference, valid_from, set_by, set_at)
            values (@territory, @Id, @ClassCode, @letter, @VatRate, @VatNature, @reference, @ValidFrom, @by, @now)
            """,
            new { tax.Id, tax.ClassCode, letter = tax.Letter?.ToString(), tax.VatRate, tax.VatNature, reference, tax.ValidFrom, by, now = clock.Now });
        return default(Done);
    }

    [GeneratedRegex(@"^N[1-7](\.[1-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMillisecondsMax)]
    private static partial Regex NatureShape();
}
