using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>Rows become records exactly, or not at all.</summary>
public sealed class RecordMapTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private sealed record Two(Money Amount, string ShortName);

    private sealed record All(
        Id<Account> AccountId, Id<Hold>? HoldId, TerritoryId Territory, Money Amount, Money? NoAmount, Instant At, LocalDate On,
        LocalTime Time, AccountKind Kind, Instant? Never);

    private Task<List<T>> AskAsync<T>(string sql, object? parameters = null) =>
        database.Db.ListAsync<T>(new(1), sql, parameters, TestContext.Current.CancellationToken);

    [Fact]
    public async Task The_columns_are_the_parameters_in_their_order() =>
        Assert.Equal(new(new(5), "x"), Assert.Single(await AskAsync<Two>("select 5::bigint as amount, 'x' as short_name")));

    [Theory]
    [InlineData("select 5::bigint as amount")]
    [InlineData("select 5::bigint as amount, 'x' as short_name, 1 as extra")]
    [InlineData("select 'x' as short_name, 5::bigint as amount")]
    [InlineData("select 5::bigint as amounts, 'x' as short_name")]
    [InlineData("select 5::bigint as \"Amount\", 'x' as short_name")]
    public async Task A_missing_an_extra_and_a_misplaced_column_throw(string sql)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync<Two>(sql));
        Assert.Contains("Two wants the columns [amount, short_name]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_type_of_the_house_goes_there_and_back()
    {
        var all = new All(
            Id<Account>.New(), null, new(1), new(-7), null, Book.Morning + Duration.FromMilliseconds(1), Book.Day, new(23, 59, 1),
            AccountKind.Income, null);

        var back = await AskAsync<All>(
            """
            select @AccountId as account_id, @HoldId::uuid as hold_id, @Territory as territory, @Amount as amount,
                   @NoAmount::bigint as no_amount, @At as at, @On as on, @Time as time, 'Income' as kind, null::timestamptz as never
            """,
            new { all.AccountId, all.HoldId, all.Amount, all.NoAmount, all.At, all.On, all.Time });

        Assert.Equal(all, Assert.Single(back));
    }

    [Fact]
    public async Task Ids_and_money_are_read_alone_too()
    {
        var id = Id<JournalEntry>.New();
        Assert.Equal([id], await AskAsync<Id<JournalEntry>>("select @id", new { id }));
        Assert.Equal([new Money(3)], await AskAsync<Money>("select 3::bigint"));
        Assert.Equal(["1"], await AskAsync<string>("select current_setting('app.territory')"));
        Assert.Null(await database.Db.FindAsync<Two>(
            new(1), "select 5::bigint as amount, 'x' as short_name where false", cancel: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.Db.FindAsync<Two>(
            new(1), "select 5::bigint as amount, 'x' as short_name from generate_series(1, 2)", cancel: TestContext.Current.CancellationToken));
    }
}
