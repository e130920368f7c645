using Borsellino.Marketplace;
using Microsoft.Playwright;

namespace Borsellino.Tests.Journeys;

/// <summary>What a phone that was never here must fetch to show a page, as the network carries it.</summary>
public sealed class WeightTests(RunningTown town)
{
    private const int BytesMax = 160_000, RequestsMax = 12, WarmBytesMax = 60_000;

    [Theory]
    [InlineData("/tradate/", null)]
    [InlineData("/tradate/servizi", null)]
    [InlineData("/tradate/servizi/mappa", null)]
    [InlineData("/tradate/entra", null)]
    [InlineData("/tradate/borsellino", Role.Household)]
    [InlineData("/tradate/prenotazioni", Role.Household)]
    public async Task A_page_is_light_the_first_time_and_lighter_the_second(string path, Role? role)
    {
        var page = await town.VisitAsync(phone: true);
        if (role is { } wears) await town.EnterAsync(page, "tradate", wears);
        await page.GotoAsync("about:blank");
        await (await page.Context.NewCDPSessionAsync(page)).SendAsync("Network.clearBrowserCache");

        var cold = await LoadAsync(page, path);
        Assert.All(cold, f => Assert.True(f.Bytes > 0 && f.Address.Length > 0, Say(cold)));
        Assert.True(cold.Length is >= 4 and <= RequestsMax && Bytes(cold) <= BytesMax, $"{path}, cold: {Say(cold)}");

        var warm = await LoadAsync(page, path);
        Assert.True(warm.Length >= 1 && Bytes(warm) <= WarmBytesMax, $"{path}, warm: {Say(warm)}");
    }

    private static long Bytes(Fetched[] all) => all.Sum(f => f.Bytes);

    private static string Say(Fetched[] all) =>
        $"{Bytes(all)} bytes in {all.Length} requests\n{string.Join('\n', all.Select(f => $"{f.Bytes,8} {f.Address}"))}";

    /// <summary>
    /// Opens a page and waits until all is there, the fonts too, which are asked for only when the text is laid out.
    /// </summary>
    /// <returns>What came over the network, headers included, each time it came; what comes out of the cache costs nothing.</returns>
    private static async Task<Fetched[]> LoadAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        return await page.EvaluateAsync<Fetched[]>(
            """
            async () => {
                document.body.getBoundingClientRect();
                await document.fonts.ready;
                return ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))
                    .filter(one => one.transferSize > 0).map(one => ({ address: one.name, bytes: one.transferSize }));
            }
            """);
    }

    private sealed class Fetched
    {
        public string Address { get; set; } = "";

        public long Bytes { get; set; }
    }
}
