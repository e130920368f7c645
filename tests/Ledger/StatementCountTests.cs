using System.Diagnostics;
using Borsellino.Ledger;

namespace Borsellino.Tests.Ledger;

/// <summary>The number of statements does not depend on the length of the list.</summary>
public sealed class StatementCountTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_list_of_a_thousand_sends_the_same_statements_as_a_list_of_one()
    {
        var book = await Book.OpenAsync(database);
        var (purse, shop) = (await book.PurseAsync(1_000_000), await book.AccountAsync("shop"));

        var one = await SentAsync(book, purse, shop, 1);
        var many = await SentAsync(book, purse, shop, 1000);

        Assert.NotEmpty(one);
        Assert.Equal(one, many);
        // Enter, lock and read, write.
        Assert.Equal(3, one.Count);
    }

    /// <summary>The texts that reach the server for so many entries, holds, captures and voids in one list.</summary>
    private static async Task<List<string>> SentAsync(Book book, Id<Account> purse, Id<Account> shop, int count)
    {
        List<Instruction> earlier = [], list = [];
        for (var i = 0; i < count; i++)
        {
            var (captured, voided) = (book.Hold(shop, (purse, 2)), book.Hold(shop, (purse, 2)));
            earlier.AddRange([new Instruction.Authorise(captured), new Instruction.Authorise(voided)]);
            list.AddRange(
            [
                new Instruction.Post(Book.Entry(purse, shop, 1)), new Instruction.Authorise(book.Hold(shop, (purse, 1))),
                Book.Capture(captured.Id, 1, RestOfHold.Keep), Book.Void(voided.Id),
            ]);
        }

        Assert.All(await book.ListAsync(earlier), Assert.Null);

        var sent = new List<string>();
        using var root = new Activity("count").Start();
        using var listener = new ActivityListener();
        listener.ShouldListenTo = source => source.Name == "Npgsql";
        listener.Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded;
        listener.ActivityStopped = activity =>
        {
            // Other tests run meanwhile: only what this one sends is counted.
            if (activity.TraceId != root.TraceId) return;
            if ((activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is string text) sent.Add(text);
        };
        ActivitySource.AddActivityListener(listener);
        Assert.All(await book.ListAsync(list), Assert.Null);
        return sent;
    }
}
