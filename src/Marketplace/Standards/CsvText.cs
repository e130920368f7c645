using System.Text;

namespace Borsellino.Marketplace.Standards;

/// <summary>From the bytes of an upload to its text, whichever programme saved it.</summary>
internal static class CsvText
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    // Asked for directly instead of registered: nothing outside this file depends on code pages.
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)
        ?? throw new NotSupportedException("This runtime lacks Windows-1252.");

    /// <summary>
    /// A byte order mark decides. Without one the bytes are UTF-8 if they can be, which other encodings practically
    /// never are by chance, and Windows-1252 if not: Excel's way in Italy.
    /// </summary>
    public static CsvFault? Decode(ReadOnlySpan<byte> file, out string text)
    {
        text = "";
        // The first bytes of XLSX and ODS, which are archives, and of the older XLS.
        if (file.StartsWith("PK\u0003\u0004"u8) || file.StartsWith<byte>([0xD0, 0xCF, 0x11, 0xE0]))
        {
            return new CsvFault.Workbook();
        }
        try
        {
            if (file.StartsWith<byte>([0xEF, 0xBB, 0xBF])) text = StrictUtf8.GetString(file[3..]);
            else if (file.StartsWith<byte>([0xFF, 0xFE])) text = StrictUtf16(bigEndian: false).GetString(file[2..]);
            else if (file.StartsWith<byte>([0xFE, 0xFF])) text = StrictUtf16(bigEndian: true).GetString(file[2..]);
            else text = Utf8OrWindows(file);
        }
        catch (DecoderFallbackException)
        {
            return new CsvFault.NotText();
        }
        // No text has a NUL; pictures, archives and UTF-16 without its mark do.
        return text.Contains('\0', StringComparison.Ordinal) ? new CsvFault.NotText() : null;
    }

    private static UnicodeEncoding StrictUtf16(bool bigEndian) =>
        new(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true);

    private static string Utf8OrWindows(ReadOnlySpan<byte> file)
    {
        try
        {
            return StrictUtf8.GetString(file);
        }
        catch (DecoderFallbackException)
        {
            return Windows1252.GetString(file);
        }
    }
}
