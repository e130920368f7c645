using Borsellino.Marketplace.Standards;

namespace Borsellino.Marketplace;

/// <summary>Why a row of a list cannot become a grant.</summary>
/// <param name="Code">Stable and in snake_case; pages have a sentence for each.</param>
/// <param name="Column">The column of the list it is about; null for the row as a whole.</param>
/// <param name="Details">What the sentence needs: an expected letter, the number of another row, cents, a date.</param>
public sealed record GrantRowVerdict(string Code, string? Column, params IReadOnlyList<string> Details)
{
    /// <summary>Another row for the same person stands above, with its number.</summary>
    public const string DoubleRow = "double_row";

    /// <summary>A row for another person of the same household stands above, with its number.</summary>
    public const string SameHousehold = "same_household";

    /// <summary>The household has a living grant of the programme, with its cents and the day it began.</summary>
    public const string AlreadyGranted = "already_granted";

    /// <summary>Another list on its way to approval has the person, with its file name and row.</summary>
    public const string AlreadyListed = "already_listed";

    /// <summary>The budget is used up by the rows above, with the cents that were left.</summary>
    public const string OverBudget = "over_budget";

    /// <summary>The book refused the grant, with the code of the refusal.</summary>
    public const string NotPosted = "not_posted";

    public const string NameMissing = "name_missing";
    public const string NameTooLong = "name_too_long";
    public const string MunicipalityMissing = "municipality_missing";
    public const string MunicipalityUnknown = "municipality_unknown";
    public const string BandMissing = "band_missing";
    public const string BandUnreadable = "band_unreadable";
    public const string BandNotAdmitted = "band_not_admitted";
    public const string AmountOverBand = "amount_over_band";
    public const string RowTooWide = "row_too_wide";

    /// <summary>Every code a row can get; pages must have words for all of them.</summary>
    public static readonly IReadOnlyList<string> Codes =
    [
        "tax_code_empty", "tax_code_wrong_length", "tax_code_wrong_character", "tax_code_impossible_month",
        "tax_code_impossible_day", "tax_code_wrong_check_letter", "tax_code_wrong_check_digit", "tax_code_all_zeros",
        NameMissing, NameTooLong, MunicipalityMissing, MunicipalityUnknown, BandMissing, BandUnreadable, BandNotAdmitted,
        "amount_empty", "amount_not_a_number", "amount_letter_for_digit", "amount_too_many_decimals", "amount_ambiguous",
        "amount_negative", "amount_zero", "amount_too_large", AmountOverBand, RowTooWide,
        DoubleRow, SameHousehold, AlreadyGranted, AlreadyListed, OverBudget, NotPosted,
    ];

    /// <summary>The kinds of reasons that pages sum up by.</summary>
    public static VerdictGroup GroupOf(string code) => code switch
    {
        _ when code.StartsWith("tax_code_", StringComparison.Ordinal) => VerdictGroup.TaxCode,
        NameMissing or NameTooLong => VerdictGroup.Name,
        MunicipalityMissing or MunicipalityUnknown => VerdictGroup.Municipality,
        BandMissing or BandUnreadable or BandNotAdmitted => VerdictGroup.Band,
        DoubleRow or SameHousehold or AlreadyGranted or AlreadyListed => VerdictGroup.Repeated,
        OverBudget or NotPosted => VerdictGroup.Budget,
        RowTooWide => VerdictGroup.Row,
        _ => VerdictGroup.Amount,
    };

    internal static GrantRowVerdict Of(TaxCodeFault fault) => new(fault.Code, GrantColumns.TaxCode, fault switch
    {
        TaxCodeFault.WrongLength f => [Text(f.Found)],
        TaxCodeFault.WrongCharacter f => [Text(f.Place), Text(f.Found), f.LetterExpected ? "letter" : "digit"],
        TaxCodeFault.ImpossibleMonth f => [Text(f.Found)],
        TaxCodeFault.ImpossibleDay f => [Text(f.Found), Text(f.Month)],
        TaxCodeFault.WrongCheckLetter f => [Text(f.Found), Text(f.Expected)],
        TaxCodeFault.WrongCheckDigit f => [Text(f.Found), Text(f.Expected)],
        _ => (IReadOnlyList<string>)[],
    });

    internal static GrantRowVerdict Of(AmountFault fault) => new(fault.Code, GrantColumns.Amount, fault switch
    {
        AmountFault.LetterForDigit f => [Text(f.Found), Text(f.Expected)],
        AmountFault.TooManyDecimals f => [Text(f.Found)],
        _ => (IReadOnlyList<string>)[],
    });

    internal static string Text<T>(T value) where T : notnull =>
        value is IFormattable f ? f.ToString(null, System.Globalization.CultureInfo.InvariantCulture) : $"{value}";
}

public enum VerdictGroup
{
    TaxCode,
    Name,
    Municipality,
    Band,
    Amount,
    Repeated,
    Budget,
    Row,
}

/// <summary>The columns of a list of grants, as the header names them.</summary>
public static class GrantColumns
{
    public const string TaxCode = "codice_fiscale";
    public const string FirstName = "nome";
    public const string LastName = "cognome";
    public const string Municipality = "comune";
    public const string Band = "fascia_isee";
    public const string Amount = "importo";

    public static readonly IReadOnlyList<string> All = [TaxCode, FirstName, LastName, Municipality, Band, Amount];

    internal static readonly CsvShape Shape = new(All) { BytesMax = GrantImport.BytesMax, RowsMax = RowsMax };

    public const int RowsMax = 50_000;
}

/// <summary>The parts of a verdict's detail, stored as one text with tabs between them.</summary>
internal static class VerdictDetail
{
    public static string? Join(IReadOnlyList<string> parts) =>
        parts.Count == 0 ? null : string.Join('\t', parts.Select(p => p.Replace('\t', ' ')));

    public static IReadOnlyList<string> Split(string? detail) => detail is null ? [] : detail.Split('\t');
}
