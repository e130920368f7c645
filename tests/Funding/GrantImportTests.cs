using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests.Funding;

/// <summary>A list on its way from upload to money in purses.</summary>
public sealed class GrantImportTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Approved_rows_become_grants_with_money()
    {
        var town = await Town.FoundAsync(database);
        var import = await town.PostedAsync(Town.Row(1, "120,50"), Town.Row(2, "80"), Town.Row(3, "x"));

        var read = await town.ImportAsync(import);
        Assert.Equal(
            (GrantImportStatus.Posted, 3, 2, 2, new Money(20_050), new Money(20_050)),
            (read.Status, read.RowsTotal, read.RowsGood, read.RowsDone, read.AmountGood, read.AmountPosted));
        var grants = await town.GrantsAsync();
        Assert.Equal([8_000, 12_050], grants.Select(g => g.Free.Cents).Order());
        Assert.All(grants, g => Assert.Equal((GrantStatus.Active, new LocalDate(2026, 12, 31)), (g.Status, g.ValidTo)));
        Assert.Equal(2, (await town.RowsAsync(import)).Count(r => r.GrantId is not null));
        Assert.Equal((2, 2), (await town.CountAsync("marketplace.person"), await town.CountAsync("marketplace.household")));

        var account = await new Accounts(town.Db).FindAsync(town.Territory, grants[0].AccountId);
        Assert.Equal(new LocalDate(2027, 1, 30).EndOfDayInRome(), account!.HoldsUntil);
        var entry = await new Statements(town.Db).EntryAsync(town.Territory, grants[0].ActivationEntryId);
        Assert.Equal((EntryKinds.GrantActivated, town.Bruno.ToString()), (entry!.Head.Kind, entry.Head.Actor));
    }

    [Fact]
    public async Task No_money_moves_before_the_second_person_says_yes()
    {
        var town = await Town.FoundAsync(database);
        await town.RequestedAsync(Town.Row(1));
        await town.Imports.WorkThroughAsync(town.Territory);
        Assert.Equal(0, await town.CountAsync("marketplace.welfare_grant"));
        Assert.Equal(Money.Zero, (await town.FiguresAsync()).Granted);
        Assert.Equal(Money.Euro(100), (await town.FiguresAsync()).Waiting);
    }

    [Fact]
    public async Task The_same_file_twice_adds_nothing()
    {
        var town = await Town.FoundAsync(database);
        var first = await town.PostedAsync(Town.Row(1));
        var again = (await town.Imports.UploadAsync(
            town.Territory, Id<GrantImport>.New(), town.Programme, "copia.csv", Town.Csv(Town.Row(1)), town.Bruno)).OrThrow();
        Assert.Equal(new UploadedList(first, WasThere: true), again);
        Assert.False(await town.Imports.WorkAsync(town.Territory));
        Assert.Equal(1, await town.CountAsync("marketplace.grant_import"));
    }

    [Fact]
    public async Task A_withdrawn_or_rejected_file_may_come_again()
    {
        var town = await Town.FoundAsync(database);
        var first = await town.CheckedAsync(Town.Row(1));
        (await town.Imports.WithdrawAsync(town.Territory, first)).OrThrow();
        var second = await town.RequestedAsync(Town.Row(1));
        (await town.Imports.RejectAsync(town.Territory, second, town.Bruno, "Manca l'atto")).OrThrow();
        var third = await town.CheckedAsync(Town.Row(1));
        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.Equal("Manca l'atto", (await town.ImportAsync(second)).DecisionNote);
    }

    [Fact]
    public async Task Of_a_hundred_rows_with_three_bad_ones_97_go_on_and_the_corrected_hundred_add_three()
    {
        var town = await Town.FoundAsync(database, budget: 20_000);
        var bad = Enumerable.Range(1, 100).Select(i => Town.Row(i, i is 10 or 20 or 30 ? "boh" : "100,00")).ToList();
        var first = await town.PostedAsync(bad);
        Assert.Equal(97, (await town.ImportAsync(first)).RowsGood);

        var second = await town.PostedAsync(Enumerable.Range(1, 100).Select(i => Town.Row(i)));
        Assert.Equal((3, 97), ((await town.ImportAsync(second)).RowsGood, (await town.ImportAsync(second)).RowsBad));
        Assert.Equal(100, await town.CountAsync("marketplace.welfare_grant"));
        Assert.Equal(Money.Euro(10_000), (await town.FiguresAsync()).Granted);
    }

    [Fact]
    public async Task Whoever_uploaded_or_asked_cannot_approve_or_reject()
    {
        var town = await Town.FoundAsync(database);
        var import = await town.CheckedAsync(Town.Row(1));
        (await town.Imports.RequestApprovalAsync(town.Territory, import, town.Bruno)).OrThrow();
        foreach (var user in new[] { town.Anna, town.Bruno })
        {
            Assert.IsType<SecondPersonNeeded>(Refused(await town.Imports.ApproveAsync(town.Territory, import, user)));
            Assert.IsType<SecondPersonNeeded>(Refused(await town.Imports.RejectAsync(town.Territory, import, user, "no")));
        }

        (await town.Imports.ApproveAsync(town.Territory, import, town.Carla)).OrThrow();
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("bruno")]
    [InlineData("nobody")]
    public async Task Four_eyes_stand_in_the_database_too(string who)
    {
        var town = await Town.FoundAsync(database);
        var import = await town.CheckedAsync(Town.Row(1));
        (await town.Imports.RequestApprovalAsync(town.Territory, import, town.Bruno)).OrThrow();
        var decider = who switch { "anna" => $"'{town.Anna.Value}'", "bruno" => $"'{town.Bruno.Value}'", _ => "null" };
        var refused = await Assert.ThrowsAsync<PostgresException>(() => town.DoAsync(tx => tx.ExecuteAsync(
            $"update marketplace.grant_import set status = 'Approved', decided_by = {decider} where territory_id = @territory and id = '{import.Value}'")));
        Assert.Equal("grant_import_four_eyes", refused.ConstraintName);
    }

    [Fact]
    public async Task Operations_out_of_turn_are_refused_and_repeated_ones_are_not()
    {
        var town = await Town.FoundAsync(database);
        var t = town.Territory;
        var import = await town.UploadAsync(Town.Row(1));
        Assert.IsType<ImportStandsElsewhere>(Refused(await town.Imports.RequestApprovalAsync(t, import, town.Anna)));
        await town.Imports.WorkThroughAsync(t);
        Assert.IsType<ImportStandsElsewhere>(Refused(await town.Imports.ApproveAsync(t, import, town.Bruno)));
        Assert.IsType<ImportStandsElsewhere>(Refused(await town.Imports.RejectAsync(t, import, town.Bruno, "no")));
        Assert.IsType<ImportStandsElsewhere>(Refused(await town.Imports.UndoAsync(t, import, town.Bruno)));
        (await town.Imports.RequestApprovalAsync(t, import, town.Anna)).OrThrow();
        (await town.Imports.RequestApprovalAsync(t, import, town.Anna)).OrThrow();
        Assert.IsType<ImportStandsElsewhere>(Refused(await town.Imports.CheckAgainAsync(t, import)));
        Assert.IsType<TextLength>(Refused(await town.Imports.RejectAsync(t, import, town.Bruno, "  ")));
        (await town.Imports.ApproveAsync(t, import, town.Bruno)).OrThrow();
        (await town.Imports.ApproveAsync(t, import, town.Bruno)).OrThrow();
        Assert.IsType<ImportStandsElsewhere>(Refused(await town.Imports.ApproveAsync(t, import, town.Carla)));
        Assert.IsType<ImportStandsElsewhere>(Refused(await town.Imports.WithdrawAsync(t, import)));
        var unknown = Id<GrantImport>.New();
        Assert.IsType<ImportNotFound>(Refused(await town.Imports.ApproveAsync(t, unknown, town.Bruno)));
        Assert.IsType<ImportNotFound>(Refused(await town.Imports.RequestApprovalAsync(t, unknown, town.Bruno)));
        Assert.IsType<ImportNotFound>(Refused(await town.Imports.WithdrawAsync(t, unknown)));
    }

    [Fact]
    public async Task An_upload_is_refused_where_it_cannot_lead_anywhere()
    {
        var town = await Town.FoundAsync(database);
        var id = Id<GrantImport>.New();
        Task<Result<UploadedList>> UploadAsync(Id<Programme> programme, byte[] file) =>
            town.Imports.UploadAsync(town.Territory, id, programme, "a.csv", file, town.Anna);

        Assert.IsType<ImportFileTooLarge>(Refused(await UploadAsync(town.Programme, new byte[GrantImport.BytesMax + 1])));
        Assert.IsType<ProgrammeNotFound>(Refused(await UploadAsync(Id<Programme>.New(), Town.Csv(Town.Row(1)))));
        (await UploadAsync(town.Programme, Town.Csv(Town.Row(1)))).OrThrow();
        (await UploadAsync(town.Programme, Town.Csv(Town.Row(1)))).OrThrow();
        Assert.IsType<ImportIdReused>(Refused(await UploadAsync(town.Programme, Town.Csv(Town.Row(2)))));

        id = Id<GrantImport>.New();
        await town.DoAsync(tx => tx.ExecuteAsync("update marketplace.programme set status = 'Closed' where territory_id = @territory"));
        Assert.IsType<ProgrammeClosed>(Refused(await UploadAsync(town.Programme, Town.Csv(Town.Row(3)))));
        await town.DoAsync(tx => tx.ExecuteAsync("update marketplace.programme set status = 'Open' where territory_id = @territory"));
        town.Clock.MoveTo(new LocalDate(2026, 12, 31).EndOfDayInRome());
        Assert.IsType<ProgrammeEnded>(Refused(await UploadAsync(town.Programme, Town.Csv(Town.Row(3)))));
    }

    [Fact]
    public async Task A_list_without_a_good_row_asks_nobody()
    {
        var town = await Town.FoundAsync(database);
        var import = await town.CheckedAsync(Town.Row(1, "x"));
        Assert.IsType<ImportWithoutGoodRows>(Refused(await town.Imports.RequestApprovalAsync(town.Territory, import, town.Anna)));
    }

    [Fact]
    public async Task Two_lists_that_race_for_one_budget_do_not_both_get_it()
    {
        var town = await Town.FoundAsync(database, budget: 150);
        var one = await town.CheckedAsync(Town.Row(1));
        var two = await town.CheckedAsync(Town.Row(2));
        var answers = await Task.WhenAll(
            town.Imports.RequestApprovalAsync(town.Territory, one, town.Anna), town.Imports.RequestApprovalAsync(town.Territory, two, town.Anna));
        var refusal = Assert.Single(answers, a => a.IsRefused(out _));
        Assert.True(refusal.IsRefused(out var why));
        Assert.Equal(new BudgetTooSmall(Money.Euro(50), Money.Euro(100)), why);
    }

    [Fact]
    public async Task A_grant_that_appeared_meanwhile_stops_only_its_own_row()
    {
        var town = await Town.FoundAsync(database);
        // Both are checked before either is asked for, so neither check sees the other.
        var one = await town.CheckedAsync(Town.Row(1), Town.Row(2));
        var two = await town.CheckedAsync(Town.Row(2), Town.Row(3));
        foreach (var import in new[] { one, two })
        {
            (await town.Imports.RequestApprovalAsync(town.Territory, import, town.Anna)).OrThrow();
            (await town.Imports.ApproveAsync(town.Territory, import, town.Bruno)).OrThrow();
        }

        await town.Imports.WorkThroughAsync(town.Territory);
        Assert.Equal(["good", "good"], await town.VerdictsAsync(one));
        Assert.Equal(["already_granted codice_fiscale 10000,2026-01-15", "good"], await town.VerdictsAsync(two));
        var read = await town.ImportAsync(two);
        Assert.Equal((GrantImportStatus.Posted, 1, Money.Euro(100), Money.Euro(100)), (read.Status, read.RowsGood, read.AmountGood, read.AmountPosted));
        Assert.Equal(Money.Euro(300), (await town.FiguresAsync()).Granted);
    }

    [Fact]
    public async Task A_crash_between_chunks_loses_and_doubles_nothing()
    {
        var town = await Town.FoundAsync(database, budget: 100_000);
        var import = await town.UploadAsync(Enumerable.Range(1, 4_500).Select(i => Town.Row(i, "10,00")));

        // Each step is as after a crash: another process that knows nothing of the one before.
        for (var step = 0; step < 2; step++) Assert.True(await Fresh(town).WorkAsync(town.Territory));
        var half = await town.ImportAsync(import);
        Assert.Equal((GrantImportStatus.Checking, 4_000, 4_500), (half.Status, half.RowsDone, half.RowsTotal));
        using (var cancelled = new CancellationTokenSource())
        {
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Fresh(town).WorkAsync(town.Territory, cancelled.Token));
        }

        await Fresh(town).WorkThroughAsync(town.Territory);
        Assert.Equal(4_500, (await town.ImportAsync(import)).RowsGood);

        (await town.Imports.RequestApprovalAsync(town.Territory, import, town.Anna)).OrThrow();
        (await town.Imports.ApproveAsync(town.Territory, import, town.Bruno)).OrThrow();
        Assert.True(await Fresh(town).WorkAsync(town.Territory));
        Assert.Equal((GrantImportStatus.Approved, 1_000), ((await town.ImportAsync(import)).Status, (await town.ImportAsync(import)).RowsDone));
        await Assert.ThrowsAsync<PostgresException>(() => CrashingStepAsync(town));
        Assert.Equal(1_000, await town.CountAsync("marketplace.welfare_grant"));
        await Fresh(town).WorkThroughAsync(town.Territory);
        Assert.Equal((4_500, 4_500), (await town.CountAsync("marketplace.welfare_grant"), await town.CountAsync("marketplace.household")));
        Assert.Equal(Money.Euro(45_000), (await town.FiguresAsync()).Granted);
    }

    /// <summary>A chunk that fails at its very last statement: nothing of it may stay.</summary>
    private static async Task CrashingStepAsync(Town town)
    {
        var trigger = $"crash_{town.Territory}";
        await town.Database.AsOwnerAsync(
            $"""
            create function {trigger}() returns trigger language plpgsql as $$ begin raise exception 'the machine stopped'; end $$;
            create constraint trigger {trigger} after update on marketplace.grant_import deferrable initially deferred
                for each row when (new.territory_id = {town.Territory}) execute function {trigger}();
            """);
        try
        {
            await Fresh(town).WorkAsync(town.Territory);
        }
        finally
        {
            await town.Database.AsOwnerAsync($"drop trigger {trigger} on marketplace.grant_import; drop function {trigger}();");
        }
    }

    private static GrantImports Fresh(Town town) => new(town.Db, town.Ledger, town.Clock);

    [Fact]
    public async Task Several_workers_at_once_do_each_row_once()
    {
        var town = await Town.FoundAsync(database, budget: 100_000);
        var one = await town.UploadAsync(Enumerable.Range(1, 3_000).Select(i => Town.Row(i, "10,00")));
        var two = await town.UploadAsync(Enumerable.Range(3_001, 3_000).Select(i => Town.Row(i, "10,00")));
        await TogetherAsync(town);
        foreach (var import in new[] { one, two })
        {
            Assert.Equal(3_000, (await town.ImportAsync(import)).RowsGood);
            (await town.Imports.RequestApprovalAsync(town.Territory, import, town.Anna)).OrThrow();
            (await town.Imports.ApproveAsync(town.Territory, import, town.Bruno)).OrThrow();
        }

        await TogetherAsync(town);
        Assert.Equal(6_000, await town.CountAsync("marketplace.welfare_grant"));
        Assert.Equal(Money.Euro(60_000), (await town.FiguresAsync()).Granted);
        Assert.Equal(6_000, (await town.Db.ListAsync<int>(town.Territory, "select max(number) from marketplace.household where territory_id = @territory"))[0]);
    }

    private static async Task TogetherAsync(Town town)
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Fresh(town).WorkThroughAsync(town.Territory)));
        // One worker may have seen only what the others were at and gone home.
        await town.Imports.WorkThroughAsync(town.Territory);
    }

    [Fact]
    public async Task A_list_is_taken_back_within_its_day_except_what_is_in_use()
    {
        var town = await Town.FoundAsync(database);
        var import = await town.PostedAsync(Town.Row(1), Town.Row(2), Town.Row(3));
        var grants = await town.GrantsAsync();
        await town.HoldAsync(grants[0], 30, town.Clock.Now + Duration.FromDays(3));
        (await town.Imports.UndoAsync(town.Territory, import, town.Anna)).OrThrow();
        await town.Imports.WorkThroughAsync(town.Territory);

        Assert.Equal(GrantImportStatus.Undone, (await town.ImportAsync(import)).Status);
        Assert.Equal(
            [GrantStatus.Active, GrantStatus.Revoked, GrantStatus.Revoked], (await town.GrantsAsync()).OrderBy(g => g.Status).Select(g => g.Status));
        Assert.Equal(Money.Euro(100), (await town.FiguresAsync()).Granted);
        var again = await town.CheckedAsync(Town.Row(1), Town.Row(2), Town.Row(3));
        Assert.NotEqual(import, again);
        Assert.Equal(2, (await town.ImportAsync(again)).RowsGood);
    }

    [Fact]
    public async Task After_a_day_a_list_stays()
    {
        var town = await Town.FoundAsync(database);
        var import = await town.PostedAsync(Town.Row(1));
        town.Clock.Advance(Duration.FromHours(24));
        Assert.IsType<UndoTooLate>(Refused(await town.Imports.UndoAsync(town.Territory, import, town.Anna)));
    }
}
