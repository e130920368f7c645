using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Marketplace;

/// <summary>One row of a list with what could be understood of it, and its verdict so far.</summary>
internal sealed record GrantRowReading(
    int Number, string TaxCode, string LastName, string FirstName, string Municipality, string Band, string Amount)
{
    public string? PersonCode { get; set; }
    public string? MunicipalityCode { get; set; }
    public short? BandNumber { get; set; }
    public Money? Money { get; set; }
    public Id<Household>? Household { get; set; }
    public GrantRowVerdict? Verdict { get; set; }
}

/// <summary>
/// Reads the rows of one programme's list: what each cell says, and the first thing wrong with it that can be seen
/// from the row alone. The first fault in the order of the columns is the verdict.
/// </summary>
internal sealed class GrantRowReader(IEnumerable<(string Code, string Name)> municipalities, IReadOnlyList<ProgrammeBand> bands)
{
    private const int NameMax = 80;
    private const int CellMax = 200;

    private readonly FrozenDictionary<string, string> municipalities = municipalities
        .SelectMany(m => new[] { (Key: Fold(m.Name), m.Code), (Key: Fold(m.Code), m.Code) })
        .DistinctBy(m => m.Key, StringComparer.Ordinal)
        .ToFrozenDictionary(m => m.Key, m => m.Code, StringComparer.Ordinal);

    private readonly FrozenDictionary<short, ProgrammeBand> bands = bands.ToFrozenDictionary(b => b.Band);

    public GrantRowReading Read(CsvRow row)
    {
        var read = new GrantRowReading(
            row.Number, Cell(row[GrantColumns.TaxCode]), Cell(row[GrantColumns.LastName]), Cell(row[GrantColumns.FirstName]),
            Cell(row[GrantColumns.Municipality]), Cell(row[GrantColumns.Band]), Cell(row[GrantColumns.Amount]));
        read.Verdict = row.IsTooWide ? new(GrantRowVerdict.RowTooWide, null) : null;
        read.Verdict = FirstOf(read.Verdict, ReadTaxCode(read));
        read.Verdict = FirstOf(read.Verdict, ReadName(read.FirstName, GrantColumns.FirstName));
        read.Verdict = FirstOf(read.Verdict, ReadName(read.LastName, GrantColumns.LastName));
        read.Verdict = FirstOf(read.Verdict, ReadMunicipality(read));
        read.Verdict = FirstOf(read.Verdict, ReadBand(read));
        read.Verdict = FirstOf(read.Verdict, ReadAmount(read));
        return read;
    }

    private static GrantRowVerdict? FirstOf(GrantRowVerdict? earlier, GrantRowVerdict? later) => earlier ?? later;

    // What the database keeps for the page stands on one line and is cut; the file itself keeps the whole.
    private static string Cell(string text)
    {
        var plain = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return plain.Length <= CellMax ? plain : plain[..(CellMax - 1)] + "…";
    }

    private static GrantRowVerdict? ReadTaxCode(GrantRowReading row)
    {
        if (!TaxCode.TryParse(row.TaxCode, out var code, out var fault)) return GrantRowVerdict.Of(fault);
        row.PersonCode = code.Value;
        return null;
    }

    private static GrantRowVerdict? ReadName(string name, string column)
    {
        if (name.Length == 0) return new(GrantRowVerdict.NameMissing, column);
        return name.Length > NameMax ? new(GrantRowVerdict.NameTooLong, column, GrantRowVerdict.Text(NameMax)) : null;
    }

    private GrantRowVerdict? ReadMunicipality(GrantRowReading row)
    {
        if (row.Municipality.Length == 0) return new(GrantRowVerdict.MunicipalityMissing, GrantColumns.Municipality);
        // "Tradate (VA)" is Tradate.
        var name = row.Municipality.Split('(')[0];
        if (!municipalities.TryGetValue(Fold(name), out var code))
        {
            return new(GrantRowVerdict.MunicipalityUnknown, GrantColumns.Municipality);
        }

        row.MunicipalityCode = code;
        return null;
    }

    private GrantRowVerdict? ReadBand(GrantRowReading row)
    {
        if (row.Band.Length == 0)
        {
            return bands.Count == 0 ? null : new(GrantRowVerdict.BandMissing, GrantColumns.Band);
        }

        if (BandOf(row.Band) is not { } band) return new(GrantRowVerdict.BandUnreadable, GrantColumns.Band);
        row.BandNumber = band;
        if (bands.Count == 0 || bands.ContainsKey(band)) return null;
        return new(GrantRowVerdict.BandNotAdmitted, GrantColumns.Band, string.Join(", ", bands.Keys.Order()));
    }

    private GrantRowVerdict? ReadAmount(GrantRowReading row)
    {
        if (!ItalianAmount.TryParse(row.Amount, out var amount, out var fault)) return GrantRowVerdict.Of(fault);
        row.Money = amount;
        if (row.BandNumber is { } band && bands.TryGetValue(band, out var limit) && amount > limit.AmountMax)
        {
            return new(
                GrantRowVerdict.AmountOverBand, GrantColumns.Amount, GrantRowVerdict.Text(band), GrantRowVerdict.Text(limit.AmountMax.Cents));
        }

        return null;
    }

    /// <summary>"1", "fascia 1", "1ª", "I" and "fascia I" are all band 1.</summary>
    private static short? BandOf(string text)
    {
        var word = Fold(text);
        if (word.StartsWith("FASCIA", StringComparison.Ordinal)) word = word["FASCIA".Length..];
        if (word.Length == 2 && char.IsAsciiDigit(word[0]) && word[1] is 'A' or 'ª') word = word[..1];
        var roman = Array.IndexOf(Romans, word);
        if (roman >= 0) return (short)(roman + 1);
        return short.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var band) && band is >= 1 and <= 9 ? band : null;
    }

    private static readonly string[] Romans = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];

    /// <summary>Letters and digits without accents, in capitals: how names are compared.</summary>
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in CodeText.WithoutAccents(text))
        {
            if (char.IsLetterOrDigit(c)) folded.Append(char.ToUpperInvariant(c));
        }

        return folded.ToString();
    }
}
