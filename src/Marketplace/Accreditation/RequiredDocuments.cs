using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A document that providers show to be accredited.</summary>
/// <param name="Ends">Whether it holds until a day that is written on it.</param>
/// <param name="ClassCode">The class, with those below it, for which it is required; null for all.</param>
public sealed record RequiredDocument(
    Id<RequiredDocument> Id, string Code, string? ClassCode, string NameIt, string NameEn, bool Ends, LocalDate ValidFrom, LocalDate? ValidTo) : IIdentified
{
    public static string Prefix => "reqdoc";
}

public sealed record RequiredDocumentNotFound(Id<RequiredDocument> Document) : Refusal("required_document_not_found");

/// <summary>What providers must show, as a territory's call says: rows with the days on which they hold.</summary>
public sealed class RequiredDocuments(Database db)
{
    /// <summary>The code of a document that no rule asks for.</summary>
    public const string Other = "altro";

    private const string Columns = "d.id, d.code, d.class_code, d.name_it, d.name_en, d.ends, d.valid_from, d.valid_to";

    private const string For =
        $"""
        with recursive {ServiceClasses.Lineage}
        select {Columns} from marketplace.required_document d
        where d.territory_id = @territory and d.valid_from <= @on and (d.valid_to is null or d.valid_to >= @on)
          and (d.class_code is null or d.class_code in (select ancestor from lineage where code = @classCode))
        order by d.class_code nulls first, d.name_it, d.id
        """;

    /// <summary>What is asked for a class on a day: what all must show first.</summary>
    public Task<List<RequiredDocument>> ForAsync(TerritoryId territory, string classCode, LocalDate on, CancellationToken cancel = default) =>
        db.ListAsync<RequiredDocument>(territory, For, new { classCode, on }, cancel);

    /// <summary>All rules of a class itself that hold today or later, in the order of their first days.</summary>
    public Task<List<RequiredDocument>> OfClassAsync(TerritoryId territory, string classCode, LocalDate today, CancellationToken cancel = default) =>
        db.ListAsync<RequiredDocument>(
            territory,
            $"""
            select {Columns} from marketplace.required_document d
            where d.territory_id = @territory and d.class_code = @classCode and (d.valid_to is null or d.valid_to >= @today)
            order by d.valid_from, d.name_it, d.id limit 100
            """, new { classCode, today }, cancel);

    /// <summary>
    /// It is not asked for after a day; one that has begun cannot end before the day before <paramref name="today"/>, and what never began ends
    /// on its first day. Requests of before keep what they showed. Repeatable; refused for an unknown one.
    /// </summary>
    public Task<Result<Done>> EndAsync(TerritoryId territory, Id<RequiredDocument> id, LocalDate today, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx => await tx.ExecuteAsync(
            """
            update marketplace.required_document set valid_to = least(coalesce(valid_to, 'infinity'), greatest(valid_from, @yesterday))
            where territory_id = @territory and id = @id
            """, new { id, yesterday = today.PlusDays(-1) }) == 1 ? default(Done) : new RequiredDocumentNotFound(id), cancel);

    /// <summary>Makes a rule known; the same again changes nothing. An unknown class is refused.</summary>
    public Task<Result<Done>> PutAsync(TerritoryId territory, RequiredDocument document, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (document.ClassCode is { } code && !await ServiceClasses.ExistsAsync(tx, code)) return new ServiceClassNotFound(code);
            await tx.ExecuteAsync(
                """
                insert into marketplace.required_document (territory_id, id, code, class_code, name_it, name_en, ends, valid_from, valid_to)
                values (@territory, @Id, @Code, @ClassCode, @NameIt, @NameEn, @Ends, @ValidFrom, @ValidTo)
                on conflict do nothing
                """, document);
            return default(Done);
        }, cancel);

    internal static Task<List<RequiredDocument>> ForAsync(Transaction tx, string classCode, LocalDate on) =>
        tx.ListAsync<RequiredDocument>(For, new { classCode, on });
}
