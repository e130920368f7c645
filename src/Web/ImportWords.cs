using System.Globalization;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Web.Shared;
using NodaTime.Text;

namespace Borsellino.Web;

/// <summary>What pages and files say of a list of grants: where it stands, and why a row or a file cannot go on.</summary>
public static class ImportWords
{
    public static string StatusOf(GrantImportStatus status) => status switch
    {
        GrantImportStatus.Checking => Texts.Say("in controllo"),
        GrantImportStatus.Checked => Texts.Say("controllato"),
        GrantImportStatus.Unreadable => Texts.Say("illeggibile"),
        GrantImportStatus.Requested => Texts.Say("da approvare"),
        GrantImportStatus.Approved => Texts.Say("in scrittura"),
        GrantImportStatus.Posted => Texts.Say("scritto"),
        GrantImportStatus.Rejected => Texts.Say("respinto"),
        GrantImportStatus.Withdrawn => Texts.Say("ritirato"),
        GrantImportStatus.Undoing => Texts.Say("in annullamento"),
        GrantImportStatus.Undone => Texts.Say("annullato"),
    };

    public static Tone ToneOf(GrantImportStatus status) => status switch
    {
        GrantImportStatus.Checking or GrantImportStatus.Approved or GrantImportStatus.Undoing or GrantImportStatus.Checked => Tone.Info,
        GrantImportStatus.Requested => Tone.Wait,
        GrantImportStatus.Posted => Tone.Ok,
        GrantImportStatus.Unreadable or GrantImportStatus.Rejected => Tone.Bad,
        GrantImportStatus.Withdrawn or GrantImportStatus.Undone => Tone.Quiet,
    };

    public static string GroupOf(VerdictGroup group) => group switch
    {
        VerdictGroup.TaxCode => Texts.Say("Codice fiscale sbagliato"),
        VerdictGroup.Name => Texts.Say("Nome o cognome mancante"),
        VerdictGroup.Municipality => Texts.Say("Comune fuori dall’ambito"),
        VerdictGroup.Band => Texts.Say("Fascia ISEE non ammessa"),
        VerdictGroup.Amount => Texts.Say("Importo da correggere"),
        VerdictGroup.Repeated => Texts.Say("Già assegnata o doppia"),
        VerdictGroup.Budget => Texts.Say("Oltre i soldi della misura"),
        VerdictGroup.Row => Texts.Say("Riga con troppe colonne"),
    };

    /// <summary>Why a row cannot become a grant, and what to do. Throws for a code without words; a test looks for one.</summary>
    public static string Sentence(GrantRowVerdict verdict) => Sentence(verdict.Code, Padded(verdict.Details));

    private static string Sentence(string code, IReadOnlyList<string> d) => code switch
    {
        "tax_code_empty" => Texts.Say("Manca il codice fiscale."),
        "tax_code_wrong_length" => Texts.Say("Conta {0} caratteri; devono essere 16.", d[0]),
        "tax_code_wrong_character" when d[2] == "letter" => Texts.Say("Al posto {0} c’è «{1}», ma lì va una lettera.", d[0], d[1]),
        "tax_code_wrong_character" => Texts.Say("Al posto {0} c’è «{1}», ma lì va una cifra.", d[0], d[1]),
        "tax_code_impossible_month" => Texts.Say("La lettera del mese, «{0}», non esiste.", d[0]),
        "tax_code_impossible_day" => Texts.Say("Il giorno di nascita, {0}, non esiste in quel mese.", d[0]),
        "tax_code_wrong_check_letter" => Texts.Say("Finisce con {0}, ma secondo il resto dovrebbe finire con {1}. Di solito è un errore di copiatura.", d[0], d[1]),
        "tax_code_wrong_check_digit" => Texts.Say("L’ultima cifra è {0}, ma secondo le altre dovrebbe essere {1}.", d[0], d[1]),
        "tax_code_all_zeros" => Texts.Say("È fatto di soli zeri."),
        GrantRowVerdict.NameMissing => Texts.Say("Manca: scrivilo."),
        GrantRowVerdict.NameTooLong => Texts.Say("È più lungo di {0} caratteri.", d[0]),
        GrantRowVerdict.MunicipalityMissing => Texts.Say("Manca il comune."),
        GrantRowVerdict.MunicipalityUnknown => Texts.Say("Non è uno dei comuni di questo ambito."),
        GrantRowVerdict.BandMissing => Texts.Say("Manca la fascia: questa misura la chiede. Serve un ISEE valido."),
        GrantRowVerdict.BandUnreadable => Texts.Say("Non è una fascia: scrivi un numero da 1 a 9."),
        GrantRowVerdict.BandNotAdmitted => Texts.Say("Questa misura ammette solo le fasce {0}.", d[0]),
        "amount_empty" => Texts.Say("Manca l’importo."),
        "amount_not_a_number" => Texts.Say("Non è un numero: scrivilo come 1.234,56."),
        "amount_letter_for_digit" => Texts.Say("C’è la lettera {0} al posto della cifra {1}.", d[0], d[1]),
        "amount_too_many_decimals" => Texts.Say("Ha {0} decimali; i centesimi sono due.", d[0]),
        "amount_ambiguous" => Texts.Say("Può voler dire due importi diversi: scrivi 1.234,00 oppure 1,23."),
        "amount_negative" => Texts.Say("È negativo: serve un importo maggiore di zero."),
        "amount_zero" => Texts.Say("È zero: serve un importo maggiore di zero."),
        "amount_too_large" => Texts.Say("È più di un milione: di solito è un errore di battitura."),
        GrantRowVerdict.AmountOverBand => Texts.Say("La fascia {0} ha al massimo {1}.", d[0], Cents(d[1])),
        GrantRowVerdict.RowTooWide => Texts.Say("Ha più celle delle colonne: forse un separatore dentro un testo senza virgolette."),
        GrantRowVerdict.DoubleRow => Texts.Say("È la stessa persona della riga {0}: vale quella.", d[0]),
        GrantRowVerdict.SameHousehold => Texts.Say("È della stessa famiglia della riga {0}: vale quella.", d[0]),
        GrantRowVerdict.AlreadyGranted => Texts.Say("La famiglia ha già {0} da questa misura, dal {1}.", Cents(d[0]), Day(d[1])),
        GrantRowVerdict.AlreadyListed => Texts.Say("È già nell’elenco {0}, riga {1}, che aspetta o è stato approvato.", d[0], d[1]),
        GrantRowVerdict.OverBudget => Texts.Say("I soldi della misura finiscono con le righe sopra: ne restavano {0}.", Cents(d[0])),
        GrantRowVerdict.NotPosted => Texts.Say("Il libro dei conti l’ha rifiutata ({0}). Chiedi alla ragioneria.", d[0]),
        _ => throw new InvalidOperationException($"No words for the verdict {code}."),
    };

    /// <summary>What is wrong with an amount somebody typed.</summary>
    public static string AmountSentence(AmountFault fault) => fault switch
    {
        AmountFault.LetterForDigit f => Sentence(fault.Code, [$"{f.Found}", $"{f.Expected}"]),
        AmountFault.TooManyDecimals f => Sentence(fault.Code, [f.Found.ToString(CultureInfo.InvariantCulture)]),
        _ => Sentence(fault.Code, []),
    };

    /// <summary>Why a file as a whole is no list of grants.</summary>
    public static string FileSentence(string code, IReadOnlyList<string> details)
    {
        var d = Padded(details);
        return code switch
        {
            "csv_empty" => Texts.Say("Il file è vuoto."),
            "csv_no_rows" => Texts.Say("Il file ha solo i titoli delle colonne, nessuna riga."),
            "csv_too_many_bytes" => Texts.Say("Il file è troppo grande."),
            "csv_workbook" => Texts.Say("È un foglio di Excel. Aprilo e salvalo come CSV, poi carica quello."),
            "csv_not_text" => Texts.Say("Non è un file di testo. Salva il foglio come CSV e carica quello."),
            "csv_missing_columns" => Texts.Say("Mancano queste colonne: {0}. La prima riga deve avere i titoli.", d[0]),
            "csv_duplicate_columns" => Texts.Say("Queste colonne ci sono due volte: {0}.", d[0]),
            "csv_too_many_columns" => Texts.Say("La riga {0} ha più di {1} colonne.", d[0], d[1]),
            "csv_too_many_rows" => Texts.Say("Ha più di {0} righe: dividilo in più file.", d[0]),
            "csv_field_too_long" => Texts.Say("Riga {0}, colonna {1}: il testo supera {2} caratteri.", d[0], d[1], d[2]),
            "csv_unclosed_quote" => Texts.Say("Alla riga {0} si apre una virgoletta che non si chiude.", d[0]),
            _ => Texts.Say("Il file non si può leggere ({0}).", code),
        };
    }

    private static string Cents(string text) => Display.Money(long.Parse(text, CultureInfo.InvariantCulture));

    private static string Day(string iso) => Display.DayShort(LocalDatePattern.Iso.Parse(iso).Value);

    // A detail that a newer version added, or an older one did not keep, must not break the page.
    private static IReadOnlyList<string> Padded(IReadOnlyList<string> details) => [.. details, "0", "0", "0"];
}
