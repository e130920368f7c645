using Borsellino.Marketplace;
using System.Globalization;
using System.Xml.Linq;
using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using Borsellino.Tests.Journeys;
using Borsellino.Tests.World;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Borsellino.Tests.Finance;

/// <summary>
/// Goal: two people pay the providers in a browser without scripts, every page foots, every figure opens, and nobody
/// else sees any of it.
/// </summary>
public sealed class FinancePagesTests(FinanceSite site) : IClassFixture<FinanceSite>, IAsyncLifetime
{
    private FinanceTown town = null!;
    private ProviderInTown alfa = null!;

    public async ValueTask InitializeAsync()
    {
        town = await site.OpenTownAsync();
        alfa = await town.ProviderAsync("La Quercia", legalName: "La Quercia Società Cooperativa Sociale");
        var beta = await town.ProviderAsync("Il Ponte");
        foreach (var cents in new[] { 4600, 4600, 2300, 6750 }) await town.SettleAsync(alfa, cents);
        await town.SettleAsync(alfa, 500, BookingStatus.CancelledByHousehold);
        await town.SettleAsync(beta, 12_345);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Two_people_pay_the_providers()
    {
        var anna = await site.SignInAsync(town, "anna");
        await anna.GetByRole(AriaRole.Link, new() { Name = "Prepara la liquidazione" }).ClickAsync();
        await anna.GetByRole(AriaRole.Button, new() { Name = "Guarda la distinta" }).ClickAsync();
        await Expect(anna.Locator("main").First).ToContainTextAsync("Non è stato scritto ancora niente", new() { UseInnerText = true });
        Assert.Empty(await town.Payouts.ListAsync(town.Territory, null));
        await anna.GetByRole(AriaRole.Button, new() { Name = "Prepara la distinta da 310,95" }).ClickAsync();
        await Expect(anna.Locator("h1").First).ToHaveTextAsync("LIQ-2026-0001 da firmare", new() { UseInnerText = true });
        Assert.Equal(0, await anna.GetByRole(AriaRole.Button, new() { Name = "Firma" }).CountAsync());

        var bruno = await site.SignInAsync(town, "bruno");
        await bruno.GetByRole(AriaRole.Link, new() { Name = "Controlla e firma" }).ClickAsync();
        await bruno.GetByRole(AriaRole.Button, new() { Name = "Firma LIQ-2026-0001 per 310,95" }).ClickAsync();
        var download = await bruno.RunAndWaitForDownloadAsync(() => bruno.GetByRole(AriaRole.Button, new() { Name = "Scarica LIQ-2026-0001.xml" }).ClickAsync());
        var xml = XDocument.Load(await download.PathAsync());
        Assert.Equal("310.95", xml.Descendants(XName.Get("CtrlSum", Pain001.Namespace)).First().Value);

        await anna.ReloadAsync();
        await Expect(anna.Locator("h1").First).ToHaveTextAsync("LIQ-2026-0001 in viaggio", new() { UseInnerText = true });
        await Expect(anna.Locator(".timeline").First).ToContainTextAsync("Bruno Secondo", new() { UseInnerText = true });
    }

    [Fact]
    public async Task A_second_click_prepares_nothing_more()
    {
        var anna = await site.SignInAsync(town, "anna");
        await anna.GotoAsync("ragioneria/liquidazioni");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Guarda la distinta" }).ClickAsync();
        var fields = anna.Context.APIRequest.CreateFormData();
        foreach (var name in new[] { "distinta", "totale", "giorno", "__RequestVerificationToken" })
        {
            fields.Set(name, await anna.Locator($"main form [name={name}]").InputValueAsync());
        }

        foreach (var provider in await anna.Locator("main form [name=enti]").AllAsync()) fields.Append("enti", await provider.InputValueAsync());

        var clicks = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => anna.Context.APIRequest.PostAsync("ragioneria/liquidazioni/nuova", new() { Form = fields })));

        Assert.Single(clicks.Select(c => c.Url).Distinct(StringComparer.Ordinal));
        Assert.Contains("/ragioneria/liquidazioni/payout_", clicks[0].Url, StringComparison.Ordinal);
        Assert.Single(await town.Payouts.ListAsync(town.Territory, null));
    }

    [Fact]
    public async Task A_day_without_banks_is_said_at_the_field_and_nothing_is_written()
    {
        var anna = await site.SignInAsync(town, "anna");
        await anna.GotoAsync($"ragioneria/liquidazioni/nuova?enti={alfa.Id}&giorno=2026-11-21");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Prepara la distinta" }).ClickAsync();

        await Expect(anna.Locator("#giorno-error").First).ToContainTextAsync("lunedì 23 novembre 2026", new() { UseInnerText = true });
        await anna.Locator("#giorno").FillAsync("2026-11-23");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Prepara la distinta" }).ClickAsync();
        Assert.Equal(new(2026, 11, 23), Assert.Single(await town.Payouts.ListAsync(town.Territory, null)).ExecutionOn);
    }

    [Fact]
    public async Task Work_done_meanwhile_shows_the_new_total_before_anything_is_prepared()
    {
        var anna = await site.SignInAsync(town, "anna");
        await anna.GotoAsync($"ragioneria/liquidazioni/nuova?enti={alfa.Id}&giorno=2026-11-16");
        await town.SettleAsync(alfa, 100);
        await anna.GetByRole(AriaRole.Button, new() { Name = "Prepara la distinta da 187,50" }).ClickAsync();

        await Expect(anna.Locator(".error-summary").First).ToContainTextAsync("187,50", new() { UseInnerText = true });
        await anna.GetByRole(AriaRole.Button, new() { Name = "Prepara la distinta da 188,50" }).ClickAsync();
        Assert.Equal(new(18_850), Assert.Single(await town.Payouts.ListAsync(town.Territory, null)).Total);
    }

    [Fact]
    public async Task Every_page_foots_and_every_figure_opens()
    {
        var payout = await town.AuthorisedAsync();
        await town.SettleAsync(alfa, 777);
        var anna = await site.SignInAsync(town, "anna");

        await anna.GotoAsync("ragioneria/conti");
        Assert.Equal(await SumAsync(anna, "tbody tr:not(.is-sum) td[data-label='Saldo dare']"), await SumAsync(anna, "tfoot td[data-label='Saldo dare']"));
        Assert.Equal(await SumAsync(anna, "tbody tr:not(.is-sum) td[data-label='Saldo avere']"), await SumAsync(anna, "tfoot td[data-label='Saldo avere']"));
        Assert.Equal(await SumAsync(anna, "tfoot td[data-label='Saldo dare']"), await SumAsync(anna, "tfoot td[data-label='Saldo avere']"));

        await anna.GetByRole(AriaRole.Link, new() { Name = "Enti erogatori" }).ClickAsync();
        Assert.Equal(777, await SumAsync(anna, "tbody td[data-label='Saldo']"));
        Assert.Equal(777, await SumAsync(anna, "tfoot td[data-label='Saldo']"));
        await Expect(anna.Locator("main").First).ToContainTextAsync("quadra con il bilancio", new() { UseInnerText = true });

        await anna.GetByRole(AriaRole.Link, new() { Name = "La Quercia" }).ClickAsync();
        Assert.Equal(18_750 + 777, await SumAsync(anna, "tbody td[data-label='Avere']"));
        Assert.Equal(18_750, await SumAsync(anna, "tbody td[data-label='Dare']"));
        Assert.Equal(777, await SumAsync(anna, "tfoot td[data-label='Saldo']"));

        await anna.GetByRole(AriaRole.Link, new() { Name = "Bonifico disposto" }).ClickAsync();
        Assert.Equal(await SumAsync(anna, "tfoot td[data-label='Dare']"), await SumAsync(anna, "tfoot td[data-label='Avere']"));
        var path = await anna.InnerTextAsync(".path");
        Assert.All(new[] { "Comune di Vallecorta", "Assistenza a casa 2026", "Famiglia 0412 · AD26", "Aiuto a casa", "LIQ-2026-0001, riga 2" },
            stop => Assert.Contains(stop, path, StringComparison.Ordinal));

        await anna.GetByRole(AriaRole.Link, new() { Name = "LIQ-2026-0001, riga 2" }).ClickAsync();
        Assert.Equal(18_750, await SumAsync(anna, "tbody td[data-label='Maturato']"));
        Assert.Equal(18_750, await SumAsync(anna, "tfoot td[data-label='Maturato']"));
        await anna.Locator("tbody th a").First.ClickAsync();
        await Expect(anna.Locator("h1").First).ToHaveTextAsync("Prestazione erogata", new() { UseInnerText = true });

        await anna.GotoAsync($"ragioneria/liquidazioni/{payout}");
        Assert.Equal(31_095, await SumAsync(anna, "tbody td[data-label='Importo']"));
        Assert.Equal(31_095, await SumAsync(anna, "tfoot td[data-label='Importo']"));
    }

    [Fact]
    public async Task A_statement_goes_to_a_spreadsheet_with_its_totals()
    {
        await town.AuthorisedAsync();
        var anna = await site.SignInAsync(town, "anna");
        await anna.GotoAsync($"ragioneria/conto/{alfa.Account}?dal=2026-11-01&al=2026-11-16");
        var download = await anna.RunAndWaitForDownloadAsync(() => anna.GetByRole(AriaRole.Link, new() { Name = "Scarica CSV" }).ClickAsync());

        var rows = (await File.ReadAllLinesAsync(await download.PathAsync())).Select(row => row.Split(';')).ToList();

        Assert.Equal("La-Quercia_2026-11-01_2026-11-16.csv", download.SuggestedFilename);
        Assert.Equal(("Saldo iniziale", "0,00"), (rows[1][2], rows[1][7]));
        Assert.Equal(["187,50", "187,50", "0,00"], rows[^1][5..8]);
        Assert.Equal(187.50m, rows[2..^1].Sum(row => decimal.Parse(row[6], CultureInfo.GetCultureInfo("it-IT"))));
    }

    [Fact]
    public async Task Nobody_else_sees_the_accounts()
    {
        var payout = await town.PreparedAsync();
        var other = await site.OpenTownAsync();
        string[] addresses =
        [
            "ragioneria", "ragioneria/liquidazioni", $"ragioneria/liquidazioni/{payout}", $"ragioneria/liquidazioni/{payout}/1",
            "ragioneria/conti", "ragioneria/conti/provider", $"ragioneria/conto/{alfa.Account}", $"ragioneria/scritture/{town.Commitment}",
        ];
        // Asked for without being drawn: nobody looks at what is refused.
        var stranger = (await site.VisitAsync(town)).Context;
        var carla = (await site.SignInAsync(town, "carla")).Context;
        var neighbour = (await site.SignInAsync(other, "anna")).Context;

        foreach (var address in addresses)
        {
            Assert.Contains("/entra", (await stranger.APIRequest.GetAsync(address)).Url, StringComparison.Ordinal);
            var answer = await carla.APIRequest.GetAsync(address);
            Assert.Equal(403, answer.Status);
            Assert.DoesNotContain("La Quercia", await answer.TextAsync(), StringComparison.Ordinal);
        }

        // A colleague of another territory asks for our things at their own address.
        foreach (var address in addresses.Where(a => a.Contains('_', StringComparison.Ordinal)))
        {
            Assert.Equal(404, (await neighbour.APIRequest.GetAsync(address)).Status);
        }
    }

    [Fact]
    public async Task Odd_addresses_get_a_page_and_never_an_error()
    {
        var anna = (await site.SignInAsync(town, "anna")).Context;
        foreach (var (address, status) in new[]
        {
            ("ragioneria/liquidazioni/payout_00000000000000000000000000000001", 404), ("ragioneria/liquidazioni/niente", 404),
            ("ragioneria/conti/niente", 404), ("ragioneria/conto/acct_x", 404),
            ("ragioneria/scritture/entry_00000000000000000000000000000001", 404),
            ("ragioneria/conti?al=pippo", 200), ("ragioneria/conti?al=0001-01-01", 200),
            ("ragioneria/conti/provider?al=x&cerca=%25&pagina=99999999999", 200),
            ("ragioneria/liquidazioni?stato=Boh&pagina=-3", 200), ("ragioneria/liquidazioni/nuova?enti=x&giorno=y", 200),
            ($"ragioneria/conto/{alfa.Account}?dal=2026-12-01&al=2026-11-01&pagina=7", 200),
        })
        {
            Assert.Equal((address, status), (address, (await anna.APIRequest.GetAsync(address)).Status));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_payout_is_accessible_and_fits_in_each_of_its_states(bool phone)
    {
        // The crawl of every page sees one payout; here are the form that no link leads to, and a payout before and after its signature.
        var sent = await town.AuthorisedAsync();
        await town.SettleAsync(alfa, 777);
        var locked = await town.PreparedAsync();
        await town.SettleAsync(alfa, 1234);
        var bruno = await site.SignInAsync(town, "bruno", phone, scripts: true);
        (string Name, string Address)[] pages =
        [
            ("payout-new", $"ragioneria/liquidazioni/nuova?enti={alfa.Id}&giorno=2026-11-16"), ("payout-to-sign", $"ragioneria/liquidazioni/{locked}"),
            ("payout-signed", $"ragioneria/liquidazioni/{sent}"),
        ];
        foreach (var (name, address) in pages)
        {
            await bruno.GotoAsync(address);
            await RunningTown.PhotographAsync(bruno, name);
            Assert.Empty((await TestBrowser.AxeAsync(bruno)).Select(what => $"{name}: {what}"));
            var overflow = await bruno.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(overflow <= 0, $"{name} is {overflow} px too wide");
        }
    }

    [Fact]
    public async Task The_pages_speak_english()
    {
        var payout = await town.PreparedAsync();
        var bruno = await site.SignInAsync(town, "bruno", language: "en");
        await bruno.GotoAsync($"ragioneria/liquidazioni/{payout}");
        await Expect(bruno.Locator("h1").First).ToHaveTextAsync("LIQ-2026-0001 to be signed", new() { UseInnerText = true });
        await bruno.GotoAsync("ragioneria/conti");
        await Expect(bruno.Locator("main").First).ToContainTextAsync("Grants to families", new() { UseInnerText = true });
    }

    /// <summary>The sum, in cents, of what the cells show.</summary>
    private static async Task<long> SumAsync(IPage page, string cells)
    {
        var sum = 0L;
        foreach (var text in await page.Locator(cells).AllInnerTextsAsync())
        {
            if (text.Trim().Length == 0) continue;
            sum += (long)(100 * decimal.Parse(text.Replace('−', '-'), NumberStyles.Number, CultureInfo.GetCultureInfo("it-IT")));
        }

        return sum;
    }
}
