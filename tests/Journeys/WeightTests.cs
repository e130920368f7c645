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
        var network = await page.Context.NewCDPSessionAsync(page);
        var fetched = new Dictionary<string, string>(StringComparer.Ordinal);
        var (bytes, list) = (0L, new List<string>());
        network.Event("Network.requestWillBeSent").OnEvent += (_, e) => fetched[e!.Value.GetProperty("requestId").GetString()!] = e.Value.GetProperty("request").GetProperty("url").GetString()!;
        network.Event("Network.loadingFinished").OnEvent += (_, e) =>
        {
            var size = (long)e!.Value.GetProperty("encodedDataLength").GetDouble();
            bytes += size;
            // What comes out of the cache costs nothing.
            if (size > 0) list.Add($"{size,8} {new Uri(fetched[e.Value.GetProperty("requestId").GetString()!]).AbsolutePath}");
        };
        await network.SendAsync("Network.enable");
        await network.SendAsync("Network.clearBrowserCache");

        await LoadAsync(page, path);
        var said = $"{path}, cold: {bytes} bytes in {list.Count} requests\n{string.Join('\n', list)}";
        Assert.True(list.Count >= 4, said);
        Assert.True(bytes <= BytesMax && list.Count <= RequestsMax, said);

        (bytes, list) = (0, []);
        await LoadAsync(page, path);
        Assert.True(bytes <= WarmBytesMax, $"{path}, warm: {bytes} bytes in {list.Count} requests\n{string.Join('\n', list)}");
    }

    /// <summary>Until all is there, the fonts too, which are asked for only when the text is laid out.</summary>
    private static async Task LoadAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.EvaluateAsync("() => { document.body.getBoundingClientRect(); return document.fonts.ready.then(() => 0); }");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }
}
