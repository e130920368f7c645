using Borsellino.Marketplace;
using Microsoft.Playwright;

namespace Borsellino.Tests.Journeys;

/// <summary>What a phone that was never here must fetch to show a page, as the network carries it.</summary>
public sealed class WeightTests(RunningTown town)
{
    private const int BytesMax = 300_000, RequestsMax = 15, WarmBytesMax = 60_000;

    [Theory]
    [InlineData("/tradate/", null)]
    [InlineData("/tradate/servizi", null)]
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
        Assert.True(cold.Count is >= 4 and <= RequestsMax && Bytes(cold) <= BytesMax, $"{path}, cold: {Say(cold)}");

        var warm = await LoadAsync(page, path);
        Assert.True(warm.Count >= 1 && Bytes(warm) <= WarmBytesMax, $"{path}, warm: {Say(warm)}");
    }

    private static long Bytes(Dictionary<string, long> fetched) => fetched.Values.Sum();

    private static string Say(Dictionary<string, long> fetched) =>
        $"{Bytes(fetched)} bytes in {fetched.Count} requests\n{string.Join('\n', fetched.Select(f => $"{f.Value,8} {f.Key}"))}";

    /// <summary>
    /// Opens a page and waits until all is there, the fonts too, which are asked for only when the text is laid out.
    /// </summary>
    /// <returns>What came over the network, headers included, by its path; what comes out of the cache costs nothing.</returns>
    private static async Task<Dictionary<string, long>> LoadAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.EvaluateAsync("() => { document.body.getBoundingClientRect(); return document.fonts.ready.then(() => 0); }");
        return await page.EvaluateAsync<Dictionary<string, long>>(
            """
            () => Object.fromEntries(['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))
                .filter(one => one.transferSize > 0).map(one => [new URL(one.name).pathname, one.transferSize]))
            """);
    }
}
