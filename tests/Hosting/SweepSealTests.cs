using Borsellino.Ledger;
using Borsellino.Tests.Ledger;
using Borsellino.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Borsellino.Tests.Hosting;

/// <summary>The worker seals the days that have passed, without being asked, once a day.</summary>
public sealed class SweepSealTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task The_worker_seals_what_has_passed()
    {
        var cancel = TestContext.Current.CancellationToken;
        var book = await Book.OpenAsync(database);
        Assert.Null(await book.PostAsync(await book.AccountAsync("bank"), await book.AccountAsync("grant"), 10));
        await using var services = new ServiceCollection().AddLogging().AddSingleton(book.Db).AddSingleton<IClock>(book.Clock).AddMarketplace().BuildServiceProvider();
        var (sweeps, seals) = (services.GetRequiredService<Sweeps>(), services.GetRequiredService<Seals>());

        await sweeps.RunAsync(book.Territory, cancel);
        Assert.Null(await seals.LastAsync(book.Territory, cancel));
        book.Clock.Advance(Duration.FromDays(1));
        for (var i = 0; i < 2; i++) await sweeps.RunAsync(book.Territory, cancel);
        Assert.Equal((Book.Day, 1L), await LastAsync());
        book.Clock.Advance(Duration.FromDays(2));
        await sweeps.RunAsync(book.Territory, cancel);
        Assert.Equal((Book.Day.PlusDays(2), 0L), await LastAsync());

        async Task<(LocalDate, long)> LastAsync() => await seals.LastAsync(book.Territory, cancel) is { } last ? (last.Day, last.Entries) : default;
    }
}
