using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web;

namespace Borsellino.Tests.Funding;

/// <summary>Every verdict and every refusal of this area has words.</summary>
public sealed class WordsTests
{
    [Fact]
    public void Every_verdict_has_a_sentence_and_a_group()
    {
        foreach (var code in GrantRowVerdict.Codes)
        {
            string[] details = code == GrantRowVerdict.AlreadyGranted ? ["100", "2026-01-15"] : ["1", "2", "3"];
            Assert.NotEmpty(ImportWords.Sentence(new(code, null, details)));
        }

        foreach (var group in Enum.GetValues<VerdictGroup>()) Assert.NotEmpty(ImportWords.GroupOf(group));
        foreach (var status in Enum.GetValues<GrantImportStatus>()) Assert.NotEmpty(ImportWords.StatusOf(status));
    }

    [Fact]
    public void Refusals_say_their_numbers()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("it");
        try
        {
            var text = RefusalText.For(new BudgetTooSmall(Money.Euro(50), Money.Euro(1_200)));
            Assert.Contains("50,00", text, StringComparison.Ordinal);
            Assert.Contains("1.200,00", text, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = before;
        }
    }
}
