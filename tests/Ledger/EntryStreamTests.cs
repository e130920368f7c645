using Borsellino.Ledger;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// The stream of entries: each once, none skipped, whatever commits in which order. Runs alone, because the end of the
/// stream waits for every transaction of the server.
/// </summary>
[Collection(nameof(Alone))]
public sealed class EntryStreamTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_miss_nothing_and_repeat_nothing_while_many_write()
    {
        await using var pool = database.OpenPool(12);
        var book = await Book.OpenAsync(database, pool);
        var (bank, purses) = (await book.AccountAsync("bank"), await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => book.AccountAsync("grant"))));
        var written = new List<Id<JournalEntry>>[8];
        var writing = Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            written[writer] = [];
            for (var i = 0; i < 40; i++)
            {
                var entry = Book.Entry(bank, purses[writer], i + 1);
                Assert.Null(await book.PostAsync(entry));
                written[writer].Add(entry.Id);
            }
        })));

        var readers = await Task.WhenAll(new[] { 1, 7, 1000 }.Select(limit => FollowAsync(book, limit, 8 * 40)));
        await writing;

        Assert.All(readers, read => Assert.Equal(written.SelectMany(w => w).Order(ById), read.Order(ById)));
        var again = (await new EntryStream(book.Db).AfterAsync(book.Territory, cancel: Cancel)).Select(e => e.Id).ToList();
        Assert.All(readers, read => Assert.Equal(again, read));
        // One writer's entries come in the order in which it wrote them.
        Assert.All(written, of => Assert.Equal(of, again.Where(of.Contains)));
    }

    [Fact]
    public async Task Nothing_overtakes_a_transaction_that_is_still_open()
    {
        var book = await Book.OpenAsync(database);
        var (grant, other) = (await book.PurseAsync(100), await book.PurseAsync(100));
        var (shop, market) = (await book.AccountAsync("shop"), await book.AccountAsync("shop"));
        var stream = new EntryStream(book.Db);
        var before = await ReadAsync(book, 2);
        var (slow, quick) = (Book.Entry(grant, shop, 1), Book.Entry(other, market, 1));
        var place = before[^1].Place;

        (await book.DoAsync<Done>(async tx =>
        {
            (await book.Ledger.PostAsync(tx, slow)).OrThrow();
            Assert.Null(await book.PostAsync(quick));
            Assert.Empty(await stream.AfterAsync(book.Territory, place, cancel: Cancel));
            return default(Done);
        })).OrThrow();

        var after = await ReadAsync(book, 2, place);
        Assert.Equal([slow.Id, quick.Id], after.Select(e => e.Id));
        Assert.Empty(await stream.AfterAsync(book.Territory, after[^1].Place, cancel: Cancel));
    }

    [Fact]
    public async Task What_was_rolled_back_is_not_read_and_holds_nothing_back()
    {
        var book = await Book.OpenAsync(database);
        var (grant, shop) = (await book.PurseAsync(100), await book.AccountAsync("shop"));
        Assert.True((await book.DoAsync<Done>(async tx =>
        {
            (await book.Ledger.PostAsync(tx, Book.Entry(grant, shop, 1))).OrThrow();
            return new AccountNotFound(shop);
        })).IsRefused(out _));
        var entry = Book.Entry(grant, shop, 2);
        Assert.Null(await book.PostAsync(entry));

        Assert.Equal(entry.Id, (await ReadAsync(book, 2))[^1].Id);
    }

    [Fact]
    public async Task An_entry_is_read_as_it_was_recorded_and_only_in_its_territory()
    {
        var (book, neighbour) = (await Book.OpenAsync(database), await Book.OpenAsync(database));
        var (bank, grant, shop) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"), await book.AccountAsync("shop"));
        var entry = new JournalEntry(
            Id<JournalEntry>.New(), "test", "a reference", Book.Day.PlusDays(-3), "tester", "a memo", [new(bank, grant, new(30)), new(bank, shop, new(12))]);
        Assert.Null(await book.PostAsync(entry));
        Assert.Null(await neighbour.PostAsync(await neighbour.AccountAsync("bank"), await neighbour.AccountAsync("grant"), 5));

        var read = Assert.Single(await ReadAsync(book, 1));
        Assert.Equal(
            (entry.Id, "test", "a reference", Book.Day.PlusDays(-3), Book.Morning, "tester", "a memo", null),
            (read.Id, read.Kind, read.Reference, read.EffectiveOn, read.RecordedAt, read.Actor, read.Memo, read.Reverses));
        Assert.Equal(entry.Postings(), read.Postings);
        Assert.DoesNotContain(await ReadAsync(neighbour, 1), e => e.Id == entry.Id);
        Assert.Empty(await new EntryStream(book.Db).AfterAsync(database.NewTerritory(), cancel: Cancel));
    }

    [Fact]
    public void A_place_is_a_text_and_no_other_text_is_a_place()
    {
        var place = new StreamPlace(ulong.MaxValue, Id<JournalEntry>.New());
        Assert.Equal(place, StreamPlace.Parse(place.ToString()));
        foreach (var text in new[] { null, "", "-", "1", "1-2", "-1-" + Guid.NewGuid().ToString("N"), $"x-{Guid.NewGuid():N}", $"1-{Guid.NewGuid():D}", $"1-{Guid.NewGuid():N} " })
        {
            Assert.False(StreamPlace.TryParse(text, null, out _));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(EntryStream.LimitMax + 1)]
    public Task A_limit_has_limits(int limit) => Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        () => new EntryStream(database.Db).AfterAsync(new(1), limit: limit, cancel: Cancel));

    private static readonly Comparer<Id<JournalEntry>> ById = Comparer<Id<JournalEntry>>.Create((a, b) => a.Value.CompareTo(b.Value));

    /// <summary>Follows from the beginning until so many entries are read, by their places as text.</summary>
    private static async Task<List<Id<JournalEntry>>> FollowAsync(Book book, int limit, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        var (read, place) = (new List<Id<JournalEntry>>(), "");
        while (read.Count < count)
        {
            StreamPlace? after = place.Length == 0 ? null : StreamPlace.Parse(place);
            foreach (var entry in await new EntryStream(book.Db).AfterAsync(book.Territory, after, limit, patience.Token))
            {
                read.Add(entry.Id);
                place = entry.Place.ToString();
            }
        }

        return read;
    }

    /// <summary>So many entries after a place, as soon as the server's own work, such as its vacuum, lets them through.</summary>
    private static async Task<IReadOnlyList<StreamedEntry>> ReadAsync(Book book, int count, StreamPlace? after = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var read = await new EntryStream(book.Db).AfterAsync(book.Territory, after, cancel: patience.Token);
            if (read.Count >= count) return read;
        }
    }
}
