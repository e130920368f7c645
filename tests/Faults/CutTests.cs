using Borsellino.Ledger;
using Borsellino.Tests.Hosting;
using Borsellino.Tests.Ledger;

namespace Borsellino.Tests.Faults;

/// <summary>The wire breaks between the commit and its answer, again and again, for single callers and for a queue.</summary>
public sealed class CutTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_payment_whose_answer_was_cut_off_stands_in_the_book_once(bool inQueue)
    {
        await using var wire = new CuttingProxy(database.ApplicationConnection);
        await using var db = new Database(wire.Connection);
        var book = await Book.OpenAsync(database, db);
        var cuts = Effort.Times(40, 1000);
        var (purse, shop) = (await book.PurseAsync(cuts), await book.AccountAsync("shop"));
        await using var queue = new PostingQueue(db, book.Ledger, writers: 1);

        for (var i = 0; i < cuts; i++)
        {
            var entry = Book.Entry(purse, shop, 1);
            wire.Arm(Cut.AfterCommit);
            Assert.Null(await SendAsync(entry));
            // Whoever asks once more gets the answer that was kept.
            Assert.Null(await SendAsync(entry));
        }

        Assert.Equal(cuts, wire.Cuts);
        Assert.Equal((0, cuts), (await book.BalanceAsync(purse), await book.BalanceAsync(shop)));
        Assert.Equal(cuts + 1, await book.CountAsync("journal_entry"));

        Task<Refusal?> SendAsync(JournalEntry entry) =>
            inQueue ? queue.DoAsync(book.Territory, new Instruction.Post(entry), TestContext.Current.CancellationToken) : book.PostAsync(entry);
    }
}
