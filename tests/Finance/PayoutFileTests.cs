using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using Borsellino.Tests.World;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests.Finance;

/// <summary>Goal: the bank's file is valid, says what the ledger moved, to the cent, and never changes.</summary>
public sealed class PayoutFileTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly XNamespace Ns = Pain001.Namespace;

    [Fact]
    public async Task The_file_is_valid_and_pays_each_provider_from_the_treasury()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa", legalName: "Società Cooperativa «Alfa» & figli");
        await town.SettleAsync(alfa, 1234);

        var file = (await town.Payouts.FileAsync(town.Territory, await town.AuthorisedAsync(), town.Bruno)).OrThrow();

        var xml = Validated(file.Content);
        Assert.Equal("LIQ-2026-0001.xml", file.Name);
        Assert.Equal("LIQ-2026-0001", Value(xml, "MsgId"));
        Assert.Equal("LIQ-2026-0001-001", Value(xml, "EndToEndId"));
        Assert.Equal("2026-11-16", Value(xml, "Dt"));
        Assert.Equal("12.34", Value(xml, "InstdAmt"));
        Assert.Equal(["IT60X0542811101000000123456", alfa.Iban], xml.Descendants(Ns + "IBAN").Select(e => e.Value));
        Assert.Equal("Comune di Vallecorta, Tesoreria", xml.Descendants(Ns + "Dbtr").Single().Element(Ns + "Nm")!.Value);
        Assert.Equal("Vallecorta", Value(xml, "TwnNm"));
    }

    [Fact]
    public async Task The_first_hand_out_is_remembered_and_the_bytes_never_change()
    {
        var town = await FinanceTown.OpenAsync(database);
        var alfa = await town.ProviderAsync("Alfa");
        await town.SettleAsync(alfa, 1234);
        var id = await town.AuthorisedAsync();

        var first = (await town.Payouts.FileAsync(town.Territory, id, town.Bruno)).OrThrow();
        town.Clock.Advance(Duration.FromDays(3));
        await ChangeEverythingAsync(town);
        var second = (await town.Payouts.FileAsync(town.Territory, id, town.Anna)).OrThrow();

        Assert.Equal(first.Content, second.Content);
        var payout = (await town.DetailAsync(id)).Payout;
        Assert.Equal(
            (PayoutStatus.Sent, town.Bruno, FinanceTown.Monday, Convert.ToHexStringLower(SHA256.HashData(first.Content))),
            (payout.Status, payout.SentBy!.Value, payout.SentAt!.Value, payout.FileSha256));
    }

    [Fact]
    public async Task There_is_no_file_before_the_second_person_signs()
    {
        var town = await FinanceTown.OpenAsync(database);
        await town.SettleAsync(await town.ProviderAsync("Alfa"), 100);
        var payout = await town.PreparedAsync();

        Assert.Equal(new PayoutNotReady(payout, PayoutStatus.Locked), await PayoutsTests.RefusedAsync(town.Payouts.FileAsync(town.Territory, payout, town.Anna)));
    }

    [Fact]
    public async Task Downloading_at_once_from_two_places_gives_one_file()
    {
        var town = await FinanceTown.OpenAsync(database);
        await town.SettleAsync(await town.ProviderAsync("Alfa"), 100);
        var payout = await town.AuthorisedAsync();

        var files = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => town.Payouts.FileAsync(town.Territory, payout, i % 2 == 0 ? town.Anna : town.Bruno)));

        Assert.Single(files.Select(f => f.OrThrow().Sha256).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public Task Any_settled_amounts_give_one_sum_in_bookings_lines_file_and_ledger()
    {
        var booking = from provider in Gen.Choose(0, 3) from cents in Gen.Choose(1, 30_000) select (Provider: provider, Cents: (long)cents);
        return Prop.ForAll(Gen.NonEmptyListOf(booking).ToArbitrary(), bookings => CheckSumsAsync([.. bookings]))
            .CheckAsync(Config.QuickThrowOnFailure.WithMaxTest(15).WithEndSize(25));
    }

    private async Task CheckSumsAsync(IReadOnlyList<(int Provider, long Cents)> bookings)
    {
        var town = await FinanceTown.OpenAsync(database);
        var providers = new List<ProviderInTown>();
        for (var i = 0; i < 4; i++) providers.Add(await town.ProviderAsync($"Ente {i}"));
        foreach (var (provider, cents) in bookings) await town.SettleAsync(providers[provider], cents);
        var sum = bookings.Sum(b => b.Cents);

        var payout = await town.DetailAsync(await town.AuthorisedAsync());
        var xml = Validated((await town.Payouts.FileAsync(town.Territory, payout.Payout.Id, town.Anna)).OrThrow().Content);

        Assert.Equal((sum, sum), (payout.Payout.Total.Cents, payout.Lines.Sum(l => l.Amount).Cents));
        Assert.Equal(bookings.Count, payout.Bookings);
        Assert.Equal(sum, await town.BalanceAsync(payout.Payout.AccountId!.Value));
        Assert.All(xml.Descendants(Ns + "CtrlSum"), e => Assert.Equal(sum / 100m, decimal.Parse(e.Value, CultureInfo.InvariantCulture)));
        Assert.Equal(sum / 100m, xml.Descendants(Ns + "InstdAmt").Sum(e => decimal.Parse(e.Value, CultureInfo.InvariantCulture)));
        Assert.Equal(payout.Lines.Count.ToString(CultureInfo.InvariantCulture), xml.Descendants(Ns + "NbOfTxs").First().Value);
        foreach (var provider in providers) Assert.Equal(0, await town.BalanceAsync(provider.Account));
    }

    /// <summary>What a payout says was written down: a new name or treasury afterwards does not change its file.</summary>
    private static Task<Result<Done>> ChangeEverythingAsync(FinanceTown town) => town.DoAsync<Done>(async tx =>
    {
        await tx.ExecuteAsync(
            """
            update marketplace.provider set legal_name = 'Altro nome', iban = 'IT60X0542811101000000123456' where territory_id = @territory;
            update marketplace.territory set treasury_name = 'Altra tesoreria', town = 'Altrove' where id = @territory;
            """);
        return default(Done);
    });

    private static string Value(XDocument xml, string element) => xml.Descendants(Ns + element).Select(e => e.Value).Distinct(StringComparer.Ordinal).Single();

    private static XDocument Validated(byte[] file)
    {
        var xml = XDocument.Parse(Encoding.UTF8.GetString(file));
        xml.Validate(Schemas.Value, (_, e) => Assert.Fail(e.Message));
        return xml;
    }

    private static readonly Lazy<XmlSchemaSet> Schemas = new(() =>
    {
        using var reader = XmlReader.Create(Path.Combine(AppContext.BaseDirectory, "Standards", "xsd", "pain.001.001.09.xsd"));
        var schemas = new XmlSchemaSet();
        schemas.Add(null, reader);
        schemas.Compile();
        return schemas;
    });
}
