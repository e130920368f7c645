using System.Net;
using System.Text.RegularExpressions;
using Borsellino.Marketplace;
using Borsellino.Tests.Journeys;

namespace Borsellino.Tests.Papers;

/// <summary>
/// Goal: beside each paper stands its file, as large as it says, with the page's amounts and words in the visitor's language. Found by
/// the links that people see, in a town that stands still. That strangers get none of them, <c>IsolationTests</c> and
/// <c>AccessTests</c> say; the voucher's file, <c>VoucherPagesTests</c>.
/// </summary>
[Collection(nameof(TownByHand))]
public sealed partial class PaperPagesTests(TownByHand town)
{
    /// <summary>Where a paper's page is found, from whose home, and what its file is called in both languages.</summary>
    public static TheoryData<Role, string, string, string, string> Ways => new()
    {
        { Role.Household, "/documenti", "/ricevuta/book_[0-9a-f]+", "ricevuta-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", "receipt-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}" },
        { Role.Household, "/documenti", "/estratto/[0-9]{4}-[0-9]{2}", "estratto-[0-9]{4}-[0-9]{2}", "statement-[0-9]{4}-[0-9]{2}" },
        { Role.Finance, "/ragioneria/liquidazioni", "/ragioneria/liquidazioni/payout_[0-9a-f]+", "distinta-LIQ-[0-9]{4}-[0-9]{4}", "payout-LIQ-[0-9]{4}-[0-9]{4}" },
        { Role.Finance, "/ragioneria/finanziatori", "/ragioneria/finanziatori/fund_[0-9a-f]+", "rendiconto-[0-9-]{10}", "report-[0-9-]{10}" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_file_beside_a_paper_says_what_the_page_says(Role role, string list, string paper, string italian, string english)
    {
        using var client = await town.SignedInAsync("tradate", role);
        // What is due happens now, and not between a page and its file.
        await town.SettleAsync();
        var found = await GetAsync(client, $"/tradate{list}");
        var address = Regex.Match(found, $"href=\"(/tradate{paper})\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;
        Assert.NotEmpty(address);
        await CompareAsync(client, address, italian, "Scarica", "lang=\"it\"");

        using var answer = await client.GetAsync(new Uri("/tradate/?lang=en", UriKind.Relative));
        await CompareAsync(client, address, english, "Download", "lang=\"en\"");
    }

    [Fact]
    public async Task Another_familys_receipt_is_not_there()
    {
        using var owner = await town.SignedInAsync("tradate", Role.Household);
        using var stranger = await town.SignedInAsync("tradate", Role.Household, which: 1);
        var receipt = Regex.Match(await GetAsync(owner, "/tradate/documenti"), "/tradate/ricevuta/book_[0-9a-f]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        using var theirs = await owner.GetAsync(new Uri($"{receipt}.pdf", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, theirs.StatusCode);
        using var others = await stranger.GetAsync(new Uri($"{receipt}.pdf", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, others.StatusCode);
    }

    [Theory]
    [InlineData("/tradate/ricevuta/book_00000000000070008000000000000000.pdf")]
    [InlineData("/tradate/ricevuta/niente.pdf")]
    [InlineData("/tradate/voucher/niente.pdf")]
    [InlineData("/tradate/estratto/2999-01.pdf")]
    [InlineData("/tradate/estratto/ottobre.pdf")]
    public async Task What_is_not_there_has_no_file(string address)
    {
        using var client = await town.SignedInAsync("tradate", Role.Household);
        using var answer = await client.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    /// <summary>Fetches a page and its file and holds them against each other.</summary>
    private static async Task CompareAsync(HttpClient client, string address, string name, string download, string language)
    {
        var page = await GetAsync(client, address);
        Assert.Contains(language, page, StringComparison.Ordinal);
        var link = Regex.Match(page, $"<a [^>]*href=\"{address}\\.pdf\"[^>]*>.*?</svg>({download} [^<]*\\(PDF, ([^)]*)\\))</a>", RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.True(link.Success, $"{address} has no link to its file.");

        using var answer = await client.GetAsync(new Uri($"{address}.pdf", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/pdf", answer.Content.Headers.ContentType!.ToString());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Matches($"^{name}\\.pdf$", answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var pdf = await answer.Content.ReadAsByteArrayAsync();
        Assert.InRange(pdf.Length, 1, 120_000);
        Assert.Equal($"{(pdf.Length + 500) / 1000} kB", ReadPdf.Plain(WebUtility.HtmlDecode(link.Groups[2].Value)));

        // The entries of a report, fifty to a page, are in its CSV.
        var said = Words(page[page.IndexOf("<main", StringComparison.Ordinal)..].Split("aria-labelledby=\"entries\"")[0]);
        var text = await ReadPdf.TextAsync(pdf);
        var amounts = Amount().Matches(said).Select(m => m.Value).ToList();
        Assert.NotEmpty(amounts);
        Assert.All(amounts, amount => Assert.Contains(amount, text, StringComparison.Ordinal));
        Assert.Equal(amounts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), Amount().Matches(text).Select(m => m.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private static async Task<string> GetAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static string Words(string html) => ReadPdf.Plain(WebUtility.HtmlDecode(Tag().Replace(html, " ")));

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 5000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"[\d.,]*\d[.,]\d\d(?![\d.])", RegexOptions.None, 5000)]
    private static partial Regex Amount();
}
