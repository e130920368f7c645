using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests.Catalogue;

/// <summary>Territories, providers and what they are accredited for.</summary>
public sealed class ProviderTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_territory_is_found_by_its_slug_with_its_municipalities_by_name()
    {
        var town = await Town.BuildAsync(database);
        var place = await town.Territories.FindAsync($"paese-{town.Id}", TestContext.Current.CancellationToken);
        Assert.NotNull(place);
        Assert.Equal(3, place.Municipalities);
        Assert.NotNull(await new Accounts(town.Db).FindAsync(town.Id, place.BankAccountId, TestContext.Current.CancellationToken));
        Assert.Equal(["Biella", "Tradate", "Vedano Olona"], (await town.Territories.MunicipalitiesAsync(town.Id)).Select(m => m.Name));
        Assert.Null(await town.Territories.FindAsync("altrove"));
    }

    [Fact]
    public async Task A_territory_set_up_twice_is_one_and_its_slug_is_its_own()
    {
        var town = await Town.BuildAsync(database);
        (await town.Territories.CreateAsync(town.Setup())).OrThrow();

        var other = town.Setup() with { Id = database.NewTerritory() };
        Assert.True((await town.Territories.CreateAsync(other)).IsRefused(out var refusal));
        Assert.IsType<TerritorySlugTaken>(refusal);
    }

    [Fact]
    public async Task A_provider_has_its_account_from_the_start()
    {
        var town = await Town.BuildAsync(database);
        var cooperative = await town.CooperativeAsync("Il Salice");
        var shop = (await town.Providers.CreateAsync(town.Id, town.NewProvider("Bottega Verde", kind: ProviderKind.Shop))).OrThrow();

        Assert.Equal("provider", await ChartAsync(cooperative));
        Assert.Equal("shop", await ChartAsync(shop));

        async Task<string> ChartAsync(Id<Provider> id)
        {
            var provider = await town.Providers.FindAsync(town.Id, id);
            return (await new Accounts(town.Db).FindAsync(town.Id, provider!.AccountId))!.Chart;
        }
    }

    [Fact]
    public async Task The_same_provider_again_changes_nothing_and_another_one_is_refused()
    {
        var town = await Town.BuildAsync(database);
        var salice = town.NewProvider("Il Salice");
        (await town.Providers.CreateAsync(town.Id, salice)).OrThrow();
        (await town.Providers.CreateAsync(town.Id, salice)).OrThrow();

        Assert.IsType<ProviderIdReused>(Refusal(await town.Providers.CreateAsync(
            town.Id, salice with { VatNumber = Marketplace.Standards.VatNumber.Parse("01234567897") })));
        Assert.IsType<ProviderNameTaken>(Refusal(await town.Providers.CreateAsync(town.Id, salice with { Id = Id<Provider>.New() })));
        Assert.IsType<MunicipalityNotFound>(Refusal(await town.Providers.CreateAsync(town.Id, town.NewProvider("La Quercia", "Z999"))));
        Assert.Single(await town.Providers.OfKindAsync(town.Id, ProviderKind.Cooperative));
    }

    [Fact]
    public async Task An_accreditation_holds_for_its_class_and_those_below_on_its_days_only()
    {
        var town = await Town.BuildAsync(database);
        var salice = await town.CooperativeAsync("Il Salice");
        await town.AccreditAsync(salice, "casa", new(2026, 1, 10), new(2026, 6, 30));

        Assert.True(await MayAsync("assistenza", new(2026, 1, 10)));
        Assert.True(await MayAsync("casa", new(2026, 6, 30)));
        Assert.False(await MayAsync("assistenza", new(2026, 1, 9)));
        Assert.False(await MayAsync("assistenza", new(2026, 7, 1)));
        Assert.False(await MayAsync("doposcuola", new(2026, 2, 1)));

        async Task<bool> MayAsync(string code, LocalDate on) => await town.Accreditations.InForceAsync(town.Id, salice, code, on) is not null;
    }

    [Fact]
    public async Task An_accreditation_is_suspended_reinstated_and_revoked_for_good()
    {
        var town = await Town.BuildAsync(database);
        var salice = await town.CooperativeAsync("Il Salice");
        var id = await town.AccreditAsync(salice, "casa");

        (await town.Accreditations.SuspendAsync(town.Id, id, "Manca la polizza", town.Officer)).OrThrow();
        (await town.Accreditations.SuspendAsync(town.Id, id, "Manca la polizza", town.Officer)).OrThrow();
        Assert.Null(await town.Accreditations.InForceAsync(town.Id, salice, "casa", Town.Day));
        (await town.Accreditations.ReinstateAsync(town.Id, id, town.Officer)).OrThrow();
        Assert.NotNull(await town.Accreditations.InForceAsync(town.Id, salice, "casa", Town.Day));
        (await town.Accreditations.RevokeAsync(town.Id, id, "Ha chiuso", town.Officer)).OrThrow();
        Assert.IsType<AccreditationIs>(Refusal(await town.Accreditations.ReinstateAsync(town.Id, id, town.Officer)));
        Assert.IsType<AccreditationNotFound>(Refusal(await town.Accreditations.RevokeAsync(town.Id, Id<Accreditation>.New(), "Ha chiuso", town.Officer)));
    }

    [Fact]
    public async Task Two_accreditations_of_one_class_do_not_overlap_unless_one_was_revoked()
    {
        var town = await Town.BuildAsync(database);
        var salice = await town.CooperativeAsync("Il Salice");
        var first = await town.AccreditAsync(salice, "casa", new(2026, 1, 1), new(2026, 12, 31));
        Assert.IsType<AccreditationOverlaps>(Refusal(await GrantAsync(new(2026, 12, 31))));
        (await GrantAsync(new(2027, 1, 1))).OrThrow();
        (await town.Accreditations.RevokeAsync(town.Id, first, "Ha chiuso", town.Officer)).OrThrow();
        (await GrantAsync(new(2026, 6, 1), new(2026, 12, 31))).OrThrow();

        Task<Result<Id<Accreditation>>> GrantAsync(LocalDate from, LocalDate? to = null) =>
            town.Accreditations.GrantAsync(town.Id, Id<Accreditation>.New(), salice, "casa", from, to ?? new(2027, 12, 31), "Determina 3/2026");
    }

    [Fact]
    public async Task A_class_never_stands_below_itself()
    {
        var town = await Town.BuildAsync(database);
        Assert.IsType<ServiceClassCycle>(Refusal(await town.Classes.PutAsync(
            town.Id, [new("casa", "assistenza", "Aiuto a casa", "Help at home", "it-pa", "", 1)])));
        Assert.IsType<ServiceClassNotFound>(Refusal(await town.Classes.PutAsync(
            town.Id, [new("orti", "terra", "Orti", "Gardens", "it-pa", "", 1)])));
    }

    private static Refusal Refusal<T>(Result<T> result) where T : notnull
    {
        Assert.True(result.IsRefused(out var refusal));
        return refusal;
    }
}
