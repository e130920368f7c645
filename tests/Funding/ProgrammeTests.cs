using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests.Funding;

/// <summary>Programmes: what opening one refuses, committing its budget, and the five words that must foot.</summary>
public sealed class ProgrammeTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    public static TheoryData<string, Func<NewProgramme, NewProgramme>, string> Faults() => new()
    {
        { "programme_code_malformed", p => p with { Code = "buono" }, "code" },
        { "programme_code_taken", p => p with { Code = "BUONO-2026" }, "code" },
        { "text_length", p => p with { NameIt = "ab" }, "name_it" },
        { "text_length", p => p with { NameEn = new string('a', 121) }, "name_en" },
        { "text_length", p => p with { PurposeIt = new string('a', 601) }, "purpose_it" },
        { "text_length", p => p with { PurposeEn = new string('a', 601) }, "purpose_en" },
        { "text_length", p => p with { ActReference = new string('a', 121) }, "act_reference" },
        { "programme_days_reversed", p => p with { ValidTo = new(2025, 12, 31) }, "valid_to" },
        { "programme_over_already", p => p with { ValidFrom = new(2025, 1, 1), ValidTo = new(2025, 12, 31) }, "valid_to" },
        { "settlement_days_outside", p => p with { SettlementDays = 181 }, "settlement_days" },
        { "amount_not_positive", p => p with { UnitMax = Money.Zero }, "unit_max" },
        { "amount_not_positive", p => p with { MonthMax = -Money.Euro(1) }, "month_max" },
        { "service_classes_missing", p => p with { ClassCodes = [] }, "classes" },
        { "service_class_unknown", p => p with { ClassCodes = ["home-care", "flying"] }, "classes" },
        { "funder_unknown", p => p with { Funder = Id<Funder>.New() }, "funder" },
        { "band_outside", p => p with { Bands = [new(10, null, Money.Euro(1))] }, "bands" },
        { "band_twice", p => p with { Bands = [new(1, Money.Euro(1), Money.Euro(1)), new(1, null, Money.Euro(1))] }, "bands" },
        { "amount_not_positive", p => p with { Bands = [new(1, null, Money.Zero)] }, "bands" },
        { "band_limits_reversed", p => p with { Bands = [new(1, Money.Euro(9), Money.Euro(1)), new(2, Money.Euro(8), Money.Euro(1))] }, "bands" },
        { "band_limits_reversed", p => p with { Bands = [new(1, null, Money.Euro(1)), new(2, Money.Euro(8), Money.Euro(1))] }, "bands" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task What_cannot_be_taken_is_refused_by_its_field(string code, Func<NewProgramme, NewProgramme> spoil, string field)
    {
        var town = await Town.FoundAsync(database, budget: 0);
        var refusal = Assert.IsAssignableFrom<FieldRefusal>(
            Refused(await town.Programmes.OpenAsync(town.Territory, spoil(town.NewProgramme("ALTRA-1")), town.Anna)));
        Assert.Equal((code, field), (refusal.Code, refusal.Field));
        Assert.Equal(2, await town.CountAsync("ledger.account"));
    }

    [Fact]
    public async Task The_same_programme_and_the_same_commitment_again_change_nothing()
    {
        var town = await Town.FoundAsync(database, budget: 0);
        var programme = town.NewProgramme("ALTRA-1");
        for (var i = 0; i < 2; i++) (await town.Programmes.OpenAsync(town.Territory, programme, town.Anna)).OrThrow();
        Assert.IsType<ProgrammeIdReused>(Refused(await town.Programmes.OpenAsync(town.Territory, programme with { Code = "ALTRA-2" }, town.Anna)));

        var id = Id<Commitment>.New();
        Task<Result<Id<Commitment>>> CommitAsync(long euro, Id<Programme>? of = null, string act = "Determina 9") =>
            town.Programmes.CommitAsync(town.Territory, id, of ?? programme.Id, Money.Euro(euro), act, town.Anna);
        for (var i = 0; i < 2; i++) (await CommitAsync(500)).OrThrow();
        Assert.IsType<CommitmentIdReused>(Refused(await CommitAsync(501)));
        Assert.Equal(Money.Euro(500), (await town.FiguresAsync(programme.Id)).Committed);
        Assert.Single(await town.Programmes.CommitmentsAsync(town.Territory, programme.Id));

        id = Id<Commitment>.New();
        Assert.IsType<ProgrammeNotFound>(Refused(await CommitAsync(1, Id<Programme>.New())));
        Assert.Equal("amount", ((FieldRefusal)Refused(await CommitAsync(0))).Field);
        Assert.Equal("act_reference", ((FieldRefusal)Refused(await CommitAsync(1, act: " "))).Field);
        town.Clock.MoveTo(new LocalDate(2027, 1, 1).StartOfDayInRome());
        Assert.IsType<ProgrammeEnded>(Refused(await CommitAsync(1)));
    }

    [Fact]
    public async Task A_programme_is_read_as_it_was_opened()
    {
        var town = await Town.FoundAsync(database, budget: 0);
        var read = (await town.Programmes.FindByCodeAsync(town.Territory, " buono-2026 "))!;
        Assert.Equal(town.Programme, read.Id);
        Assert.Equal(("Comune di Tradate", 30, Money.Euro(100)), (read.Funder, read.SettlementDays, read.UnitMax!.Value));
        Assert.Equal(["home-care", "school"], await town.Programmes.ClassesAsync(town.Territory, read.Id));
        Assert.Equal(
            [new(1, Money.Euro(8_000), Money.Euro(400)), new(2, Money.Euro(15_000), Money.Euro(300)), new(3, null, Money.Euro(200))],
            await town.Programmes.BandsAsync(town.Territory, read.Id));
        Assert.Single(await town.Programmes.ListAsync(town.Territory));
    }

    [Fact]
    public async Task A_funder_has_one_name()
    {
        var town = await Town.FoundAsync(database, budget: 0);
        var funders = new Funders(town.Db);
        Assert.IsType<FunderNameTaken>(Refused(await funders.AddAsync(town.Territory, new(Id<Funder>.New(), FunderKind.Region, "Comune di Tradate"))));
        Assert.IsType<FunderIdReused>(Refused(await funders.AddAsync(town.Territory, new(town.Funder, FunderKind.Region, "Altro"))));
        Assert.IsType<TextLength>(Refused(await funders.AddAsync(town.Territory, new(Id<Funder>.New(), FunderKind.Region, " "))));
        Assert.Single(await funders.ListAsync(town.Territory));
    }

    [Fact]
    public async Task The_five_words_foot_at_every_step()
    {
        var town = await Town.FoundAsync(database, budget: 1_000);
        await town.PostedAsync(Town.Row(1), Town.Row(2), Town.Row(3));
        var grants = await town.GrantsAsync();
        await FootsAsync(town, 1_000, 300, 0, 0, 300);
        var hold = await town.HoldAsync(grants[0], 40, town.Clock.Now + Duration.FromDays(9));
        await FootsAsync(town, 1_000, 300, 0, 40, 260);
        await town.CaptureAsync(hold);
        await FootsAsync(town, 1_000, 300, 40, 0, 260);
        (await town.Grants.RevokeAsync(town.Territory, grants[1].Id, town.Anna)).OrThrow();
        await FootsAsync(town, 1_000, 200, 40, 0, 160);
        await town.CommitAsync(50);
        await FootsAsync(town, 1_050, 200, 40, 0, 160);
        Assert.Equal(await town.FiguresAsync(), Assert.Single(await town.Report.ListAsync(town.Territory)));
    }

    private static async Task FootsAsync(Town town, long committed, long granted, long spent, long held, long free)
    {
        var f = await town.FiguresAsync();
        Assert.Equal(
            (Money.Euro(committed), Money.Euro(granted), Money.Euro(spent), Money.Euro(held), Money.Euro(free)),
            (f.Committed, f.Granted, f.Spent, f.Held, f.Free));
        Assert.Equal(f.Granted, f.Spent + f.Held + f.Free);
        Assert.Equal(f.Committed, f.Granted + f.Left);
        // What was spent, counted once more from the entries themselves.
        var delivered = (await town.Db.ListAsync<Money>(
            town.Territory,
            """
            select coalesce(sum(p.debit), 0)::bigint from ledger.posting p
            join ledger.journal_entry e on e.territory_id = @territory and e.id = p.entry_id and e.kind = 'delivered'
            where p.territory_id = @territory
            """))[0];
        Assert.Equal(delivered, f.Spent);
    }
}
