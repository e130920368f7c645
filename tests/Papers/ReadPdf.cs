using System.Diagnostics;
using System.IO.Compression;
using System.Text;

namespace Borsellino.Tests.Papers;

/// <summary>What a reader that is not ours, poppler, finds in a PDF.</summary>
public static class ReadPdf
{
    /// <summary>All words, each line as it stands on the page. Spaces that do not break are written as others are.</summary>
    public static async Task<string> TextAsync(byte[] pdf) => Plain(await RunAsync("pdftotext", pdf, "-layout", "-enc", "UTF-8"));

    /// <summary>Title, author, pages, whether it is tagged: a line each.</summary>
    public static Task<string> InfoAsync(byte[] pdf) => RunAsync("pdfinfo", pdf, "-enc", "UTF-8");

    /// <summary>Headings, paragraphs, tables in the order of reading, with their words.</summary>
    public static async Task<string> StructureAsync(byte[] pdf) => Plain(await RunAsync("pdfinfo", pdf, "-enc", "UTF-8", "-struct-text"));

    /// <summary>The fonts, a line each.</summary>
    public static async Task<IReadOnlyList<string>> FontsAsync(byte[] pdf) =>
        [.. (await RunAsync("pdffonts", pdf)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2)];

    public static string Plain(string text) => text.Replace('\u00A0', ' ').Replace("\u2060", "", StringComparison.Ordinal);

    /// <summary>The file's streams, unpacked: drawings, objects, fonts.</summary>
    public static IReadOnlyList<string> Streams(byte[] pdf)
    {
        var (streams, text) = (new List<string>(), Encoding.Latin1.GetString(pdf));
        for (var at = text.IndexOf("stream\n", StringComparison.Ordinal); at >= 0; at = text.IndexOf("stream\n", text.IndexOf("endstream", at, StringComparison.Ordinal) + 10, StringComparison.Ordinal))
        {
            using var unpacking = new ZLibStream(new MemoryStream(pdf, at + 7, pdf.Length - at - 7), CompressionMode.Decompress);
            using var unpacked = new MemoryStream();
            unpacking.CopyTo(unpacked);
            streams.Add(Encoding.Latin1.GetString(unpacked.ToArray()));
        }

        return streams;
    }

    private static async Task<string> RunAsync(string program, byte[] pdf, params string[] arguments)
    {
        var file = Path.Combine("/tmp", $"borsellino-{Path.GetRandomFileName()}.pdf");
        await File.WriteAllBytesAsync(file, pdf);
        try
        {
            // Only the reader of words writes into a file unless it is told otherwise.
            string[] all = [.. arguments, file, .. program == "pdftotext" ? ["-"] : Array.Empty<string>()];
            using var process = Process.Start(new ProcessStartInfo(program, all)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            })!;
            var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0 && (await complained).Length == 0, $"{program}: {await complained}");
            return await said;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
