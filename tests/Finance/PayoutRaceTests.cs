using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.World;

namespace Borsellino.Tests.Finance;

/// <summary>Goal: whatever people do at the same moment, a booking is paid once and the numbers have no gap.</summary>
public sealed class PayoutRaceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Two_people_preparing_at_once_never_take_one_booking_twice()
    {
        var town = await FinanceTown.OpenAsync(database);
        var providers = new[] { await town.ProviderAsync("Alfa"), await town.ProviderAsync("Beta"), await town.ProviderAsync("Gamma") };
        foreach (var provider in providers) await town.SettleAsync(provider, 100);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            town.Payouts.PrepareAsync(town.Territory, Of(i < 4 ? null : [providers[i % 3].Id]), i % 2 == 0 ? town.Anna : town.Bruno)));

        var prepared = await town.Payouts.ListAsync(town.Territory, null);
        Assert.Equal(300, prepared.Sum(p => p.Total).Cents);
        Assert.Equal(answers.Count(a => !a.IsRefused(out _)), prepared.Count);
        Assert.All(answers, a => Assert.True(!a.IsRefused(out var refusal) || refusal is NothingToPay, $"{a}"));
        AssertNoGap(prepared);
    }

    [Fact]
    public async Task Numbers_under_race_and_refusals_have_no_gap()
    {
        var town = await FinanceTown.OpenAsync(database);
        var providers = new List<ProviderInTown>();
        for (var i = 0; i < 6; i++)
        {
            providers.Add(await town.ProviderAsync($"Ente {i}"));
            await town.SettleAsync(providers[i], 100);
        }

        // Every second one asks for a provider that is owed nothing.
        var idle = await town.ProviderAsync("Senza lavoro");
        await Task.WhenAll(providers.SelectMany(p => new[] { p.Id, idle.Id }).Select(id => town.Payouts.PrepareAsync(town.Territory, Of([id]), town.Anna)));

        var prepared = await town.Payouts.ListAsync(town.Territory, null);
        Assert.Equal(6, prepared.Count);
        AssertNoGap(prepared);
    }

    [Fact]
    public async Task The_same_payout_sent_many_times_at_once_is_one()
    {
        var town = await FinanceTown.OpenAsync(database);
        await town.SettleAsync(await town.ProviderAsync("Alfa"), 100);
        var payout = Of(null);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => town.Payouts.PrepareAsync(town.Territory, payout, town.Anna)));

        Assert.All(answers, a => Assert.Equal(payout.Id, a.OrThrow()));
        Assert.Equal("LIQ-2026-0001", Assert.Single(await town.Payouts.ListAsync(town.Territory, null)).Reference);
    }

    [Fact]
    public async Task Signing_and_withdrawing_at_once_does_one_of_them()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa");
        for (var round = 0; round < 5; round++)
        {
            await town.SettleAsync(alfa, 100);
            var before = await town.BalanceAsync(alfa.Account);
            var payout = await town.PreparedAsync();

            var sign = town.Payouts.AuthoriseAsync(town.Territory, payout, town.Bruno);
            var withdraw = town.Payouts.WithdrawAsync(town.Territory, payout, town.Anna);
            await Task.WhenAll(sign, withdraw);

            var signed = !(await sign).IsRefused(out _);
            Assert.NotEqual(signed, !(await withdraw).IsRefused(out _));
            Assert.Equal(signed ? PayoutStatus.Authorised : PayoutStatus.Withdrawn, (await town.DetailAsync(payout)).Payout.Status);
            Assert.Equal(signed ? 0 : before, await town.BalanceAsync(alfa.Account));
        }
    }

    [Fact]
    public async Task Signing_many_times_at_once_moves_the_money_once()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa");
        await town.SettleAsync(alfa, 100);
        var payout = await town.PreparedAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => town.Payouts.AuthoriseAsync(town.Territory, payout, town.Bruno)));

        Assert.All(answers, a => Assert.False(a.IsRefused(out _)));
        Assert.Equal((0L, 100L), (await town.BalanceAsync(alfa.Account), await town.BalanceAsync(Payouts.AccountOf(payout))));
    }

    [Fact]
    public async Task Two_payouts_signed_at_once_both_move_their_own_money()
    {
        var town = await FinanceTown.OpenAsync(database);
        var (alfa, beta) = (await town.ProviderAsync("Alfa"), await town.ProviderAsync("Beta"));
        await town.SettleAsync(alfa, 100);
        await town.SettleAsync(beta, 200);
        var first = await town.PreparedAsync();
        await town.SettleAsync(beta, 30);
        await town.SettleAsync(alfa, 4);
        var second = await town.PreparedAsync();

        await Task.WhenAll(
            town.Payouts.AuthoriseAsync(town.Territory, first, town.Bruno), town.Payouts.AuthoriseAsync(town.Territory, second, town.Bruno));

        Assert.Equal((300L, 34L), (await town.BalanceAsync(Payouts.AccountOf(first)), await town.BalanceAsync(Payouts.AccountOf(second))));
        Assert.Equal((0L, 0L), (await town.BalanceAsync(alfa.Account), await town.BalanceAsync(beta.Account)));
    }

    [Fact]
    public async Task A_crash_before_the_commit_leaves_a_payout_that_can_be_signed()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa");
        await town.SettleAsync(alfa, 100);
        var payout = await town.PreparedAsync();
        using var crash = new CancellationTokenSource();
        var signing = town.Payouts.AuthoriseAsync(town.Territory, payout, town.Bruno, crash.Token);
        await crash.CancelAsync();
        try
        {
            await signing;
        }
        catch (OperationCanceledException)
        {
            // Wherever it stopped, all of it happened or none.
        }

        (await town.Payouts.AuthoriseAsync(town.Territory, payout, town.Bruno)).OrThrow();

        Assert.Equal((0L, 100L), (await town.BalanceAsync(alfa.Account), await town.BalanceAsync(Payouts.AccountOf(payout))));
    }

    private static NewPayout Of(IReadOnlyList<Id<Provider>>? providers) => new(Id<Payout>.New(), FinanceTown.Today, providers);

    private static void AssertNoGap(List<PayoutSummary> payouts) => Assert.Equal(
        Enumerable.Range(1, payouts.Count).Select(n => string.Create(CultureInfo.InvariantCulture, $"LIQ-2026-{n:0000}")),
        payouts.Select(p => p.Reference).Order(StringComparer.Ordinal));
}
