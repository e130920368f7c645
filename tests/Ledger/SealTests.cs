using Borsellino.Ledger;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests.Ledger;

/// <summary>Days that have passed are sealed, once, one after the other, whoever does it; a proof shows an entry in its seal.</summary>
public sealed class SealTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_day_that_has_passed_is_sealed_also_those_without_entries_and_today_is_not()
    {
        var (book, bank, purse) = await OpenAsync();
        Assert.Equal(0, await SealAsync(book));
        for (var i = 0; i < 3; i++) Assert.Null(await book.PostAsync(bank, purse, 10));
        Assert.Equal(0, await SealAsync(book));
        book.Clock.Advance(Duration.FromDays(3));
        Assert.Null(await book.PostAsync(bank, purse, 10));

        Assert.Equal(3, await SealAsync(book));
        Assert.Equal(0, await SealAsync(book));

        var seals = await AllAsync(book);
        Assert.Equal([(Book.Day, 3L), (Book.Day.PlusDays(1), 0L), (Book.Day.PlusDays(2), 0L)], seals.Select(s => (s.Day, s.Entries)));
        Assert.Equal(MerkleTree.EmptyRoot, seals[1].Root);
        var chain = SealChain.Beginning;
        foreach (var seal in seals) Assert.Equal(chain = SealChain.Next(chain, book.Territory, seal.Day, seal.Entries, seal.Root), seal.Chain);
        Assert.Equal(seals[^1].Chain, (await Seals(book).LastAsync(book.Territory, Cancel))!.Chain);
        book.Clock.Advance(Duration.FromDays(1));
        Assert.Equal(1, await SealAsync(book));
        Assert.Empty(await book.AuditAsync());
    }

    [Fact]
    public async Task A_book_without_entries_has_nothing_to_seal()
    {
        var book = await Book.OpenAsync(database);
        book.Clock.Advance(Duration.FromDays(10));
        Assert.Equal(0, await SealAsync(book));
        Assert.Null(await Seals(book).LastAsync(book.Territory, Cancel));
    }

    [Fact]
    public async Task The_day_ends_in_Rome()
    {
        var (book, bank, purse) = await OpenAsync();
        // In January midnight in Italy is 23:00 UTC.
        book.Clock.MoveTo(Instant.FromUtc(2026, 1, 15, 22, 59, 59));
        Assert.Null(await book.PostAsync(bank, purse, 10));
        book.Clock.MoveTo(Instant.FromUtc(2026, 1, 15, 23, 0));
        Assert.Null(await book.PostAsync(bank, purse, 10));
        Assert.Null(await book.PostAsync(bank, purse, 10));
        book.Clock.Advance(Duration.FromDays(1));

        Assert.Equal(2, await SealAsync(book));
        Assert.Equal([1L, 2L], (await AllAsync(book)).Select(s => s.Entries));
    }

    [Fact]
    public async Task Many_who_seal_at_once_make_the_same_seals()
    {
        var (book, bank, purse) = await OpenAsync();
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 5; i++) Assert.Null(await book.PostAsync(bank, purse, 10, Book.Day.PlusDays(round)));
            book.Clock.Advance(Duration.FromDays(2));
            var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => SealAsync(book))));
            Assert.Equal(2, made.Sum());
        }

        Assert.Equal([5L, 0L, 5L, 0L, 5L, 0L, 5L, 0L], (await AllAsync(book)).Select(s => s.Entries));
        Assert.Empty(await book.AuditAsync());
    }

    [Fact]
    public async Task What_began_before_the_seal_is_in_it()
    {
        var (book, bank, purse) = await OpenAsync();
        Assert.Null(await book.PostAsync(bank, purse, 10));
        Task<int> sealing = null!;
        (await book.DoAsync<Done>(async tx =>
        {
            (await book.Ledger.PostAsync(tx, Book.Entry(bank, purse, 20))).OrThrow();
            book.Clock.Advance(Duration.FromDays(1));
            sealing = SealAsync(book);
            await book.SomebodyWaitsAsync();
            return default(Done);
        })).OrThrow();

        Assert.Equal(1, await sealing);
        Assert.Equal([2L], (await AllAsync(book)).Select(s => s.Entries));
    }

    [Fact]
    public async Task Who_records_for_long_is_not_waited_for()
    {
        var (book, bank, purse) = await OpenAsync();
        Assert.Null(await book.PostAsync(bank, purse, 10));
        (await book.DoAsync<Done>(async tx =>
        {
            (await book.Ledger.PostAsync(tx, Book.Entry(bank, purse, 20))).OrThrow();
            book.Clock.Advance(Duration.FromDays(1));
            Assert.Null(await Seals(book).SealDueAsync(book.Territory, Cancel));
            return default(Done);
        })).OrThrow();

        Assert.Equal(1, await SealAsync(book));
        Assert.Equal([2L], (await AllAsync(book)).Select(s => s.Entries));
    }

    [Fact]
    public async Task What_is_recorded_while_days_are_sealed_is_in_one_seal_and_none_changes()
    {
        var (book, bank, purse) = await OpenAsync();
        Assert.Null(await book.PostAsync(bank, purse, 10));
        var writing = Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++) Assert.Null(await book.PostAsync(bank, purse, 1));
        })));
        for (var day = 0; day < 12; day++)
        {
            book.Clock.Advance(Duration.FromDays(1));
            await SealAsync(book);
        }

        await writing;
        book.Clock.Advance(Duration.FromDays(1));
        await SealAsync(book);
        var seals = await AllAsync(book);
        Assert.Equal(13, seals.Count);
        Assert.Equal(1 + (6 * 25), seals.Sum(s => s.Entries));
        Assert.Empty(await book.AuditAsync());
    }

    [Fact]
    public async Task A_clock_that_was_set_back_records_after_the_seal_not_in_it()
    {
        var (book, bank, purse) = await OpenAsync();
        Assert.Null(await book.PostAsync(bank, purse, 10));
        var late = new HandClock(Book.Morning + Duration.FromDays(3));
        Assert.Equal(3, await new Seals(book.Db, late).SealDueAsync(book.Territory, Cancel));

        // The book's own clock still stands on the first day.
        var entry = Book.Entry(bank, purse, 10);
        Assert.Null(await book.PostAsync(entry));
        Assert.Equal(0, await SealAsync(book));
        Assert.Equal(new EntryNotSealed(entry.Id, Book.Day.PlusDays(3)), await RefusedAsync(book, entry.Id));
        Assert.Empty(await book.AuditAsync());
    }

    [Fact]
    public async Task A_proof_holds_for_every_entry_and_for_no_other_content()
    {
        var (book, bank, purse) = await OpenAsync();
        var entries = Enumerable.Range(1, 11).Select(i => new JournalEntry(
            Id<JournalEntry>.New(), "test", "riferimento è", Book.Day, "tester", "memo\ncon «a capo» 1 2 3", [new(bank, purse, new(i)), new(bank, purse, new(1))]))
            .ToList();
        foreach (var entry in entries) Assert.Null(await book.PostAsync(entry));
        book.Clock.Advance(Duration.FromDays(3));
        await SealAsync(book);

        foreach (var entry in entries)
        {
            var proof = InclusionProof.Read((await Seals(book).ProveAsync(book.Territory, entry.Id, Cancel)).OrThrow().ToJson());
            Assert.Equal(6, proof.Check().Count);
            Assert.All(proof.Check(), step => Assert.True(step.Holds, step.Says));
            Assert.Equal(Convert.ToHexStringLower((await Seals(book).LastAsync(book.Territory, Cancel))!.Chain), proof.Seals[^1].Chain);
            foreach (var (changed, step) in Changes(proof))
            {
                Assert.Equal((step, false), (changed.Check().Count - 1, changed.Check()[^1].Holds));
            }
        }
    }

    /// <summary>What may be changed in a proof, and the step that does not hold then.</summary>
    private static IEnumerable<(InclusionProof Changed, int Step)> Changes(InclusionProof proof)
    {
        var (entry, zero) = (proof.Entry, new string('0', 64));
        yield return (proof with { Entry = entry with { Postings = [entry.Postings[0] with { Debit = entry.Postings[0].Debit + 1 }, entry.Postings[1]] } }, 0);
        yield return (proof with { Entry = entry with { RecordedAt = "2026-01-16T09:00:00.000000Z" } }, 1);
        yield return (proof with { Entry = entry with { RecordedAt = "yesterday" } }, 1);
        foreach (var changed in new[]
        {
            entry with { Memo = entry.Memo + "!" }, entry with { Kind = "other" }, entry with { Reference = "x" }, entry with { Actor = "other" },
            entry with { EffectiveOn = "2026-01-14" }, entry with { Id = Guid.NewGuid() }, entry with { Digest = zero },
            entry with { Reverses = Guid.NewGuid() }, entry with { RecordedAt = "2026-01-15T09:00:00.000001Z" }, entry with { Postings = [] },
            entry with { Postings = [.. entry.Postings.Select(p => p with { Debit = p.Debit * 2, Credit = p.Credit * 2 })] },
            // The same bytes in a row, cut elsewhere.
            entry with { Actor = entry.Actor[..^1], Memo = entry.Actor[^1] + entry.Memo },
            entry with { Territory = entry.Territory + 1 },
        }) yield return (proof with { Entry = changed }, 2);
        yield return (proof with { Index = (proof.Index + 1) % 11 }, 2);
        yield return (proof with { Path = [.. proof.Path.Skip(1)] }, 2);
        yield return (proof with { Path = ["not a hash", .. proof.Path.Skip(1)] }, 2);
        yield return (proof with { Seals = [proof.Seals[0] with { Root = zero }, .. proof.Seals.Skip(1)] }, 2);
        yield return (proof with { Before = new string('1', 64) }, 3);
        yield return (proof with { Seals = [proof.Seals[0] with { Chain = zero }, .. proof.Seals.Skip(1)] }, 3);
        yield return (proof with { Seals = [proof.Seals[0], proof.Seals[1] with { Entries = 1 }, proof.Seals[2]] }, 4);
        yield return (proof with { Seals = [proof.Seals[0], proof.Seals[2]] }, 4);
        yield return (proof with { Seals = [proof.Seals[0], proof.Seals[1], proof.Seals[2] with { Root = zero }] }, 5);
    }

    [Fact]
    public async Task What_is_not_sealed_is_not_proven()
    {
        var (book, bank, purse) = await OpenAsync();
        var (unknown, entry) = (Id<JournalEntry>.New(), Book.Entry(bank, purse, 10));
        Assert.Null(await book.PostAsync(entry));

        Assert.Equal(new EntryNotFound(unknown), await RefusedAsync(book, unknown));
        Assert.Equal(new EntryNotSealed(entry.Id, Book.Day), await RefusedAsync(book, entry.Id));
        var (other, _, _) = await OpenAsync();
        Assert.Equal(new EntryNotFound(entry.Id), await RefusedAsync(other, entry.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"format":"borsellino-proof-1","entry":null,"index":0,"path":[],"before":"","seals":[]}""")]
    [InlineData("""{"format":"another","index":0}""")]
    public void What_is_no_proof_is_not_read(string text) => Assert.Throws<FormatException>(() => InclusionProof.Read(text));

    /// <summary>The ground: 15 January is sealed with one entry, it is the 17th.</summary>
    private static readonly Dictionary<string, (string Sql, string Constraint)> Cases = new(StringComparer.Ordinal)
    {
        ["a seal changed"] = ("update ledger.seal set entries = 2 where territory_id = {t}", "append_only"),
        ["a seal removed"] = ("delete from ledger.seal where territory_id = {t}", "append_only"),
        ["all seals removed"] = ("truncate ledger.seal", "append_only"),
        ["a seal on a day that is open"] = (Seal("2026-01-17", "2026-01-16"), "seal_on_sealed_day"),
        ["a seal with a gap before it"] = ("update ledger.book set sealed_through = '2026-01-18' where territory_id = {t};" + Seal("2026-01-18", "2026-01-17"), "seal_continues"),
        ["a seal with a chain of its own"] = ("update ledger.book set sealed_through = '2026-01-18' where territory_id = {t};" + Seal("2026-01-17", "2026-01-15"), "seal_continues"),
        ["a sealed day opened again"] = ("update ledger.book set sealed_through = '2026-01-15' where territory_id = {t}", "sealed_stays"),
        ["all sealed days opened again"] = ("update ledger.book set sealed_through = null where territory_id = {t}", "sealed_stays"),
    };

    public static TheoryData<string, bool> Sent => new(Cases.Keys.SelectMany(c => new[] { (c, true), (c, false) }));

    [Theory, MemberData(nameof(Sent))]
    public async Task The_database_refuses(string what, bool asOwner)
    {
        var (book, bank, purse) = await OpenAsync();
        Assert.Null(await book.PostAsync(bank, purse, 10));
        book.Clock.Advance(Duration.FromDays(2));
        Assert.Equal(2, await SealAsync(book));
        var (sql, constraint) = Cases[what];
        sql = sql.Replace("{t}", $"{book.Territory}", StringComparison.Ordinal);

        var error = await Assert.ThrowsAsync<PostgresException>(() => asOwner ? book.AsOwnerAsync(sql) : book.AsApplicationAsync(sql));

        if (asOwner || error.SqlState != PostgresErrorCodes.InsufficientPrivilege) Assert.Equal(constraint, error.ConstraintName);
    }

    [Fact]
    public async Task One_territory_does_not_see_the_seals_of_another()
    {
        var (book, bank, purse) = await OpenAsync();
        Assert.Null(await book.PostAsync(bank, purse, 10));
        book.Clock.Advance(Duration.FromDays(1));
        await SealAsync(book);

        var (other, _, _) = await OpenAsync();
        Assert.Null(await Seals(other).LastAsync(other.Territory, Cancel));
        Assert.Equal([0L], await database.Db.ListAsync<long>(other.Territory, "select count(*) from ledger.seal", cancel: Cancel));
    }

    private static string Seal(string day, string before) =>
        "insert into ledger.seal (territory_id, day, entries, root, chain, sealed_at)"
        + $" select territory_id, '{day}', 0, sha256(''), ledger.chain(chain, territory_id, '{day}', 0, sha256('')), now()"
        + $" from ledger.seal where territory_id = {{t}} and day = (select max(day) from ledger.seal where territory_id = {{t}} and day <= '{before}')";

    private async Task<(Book Book, Id<Account> Bank, Id<Account> Purse)> OpenAsync()
    {
        var book = await Book.OpenAsync(database);
        return (book, await book.AccountAsync("bank"), await book.AccountAsync("grant"));
    }

    private static Seals Seals(Book book) => new(book.Db, book.Clock);

    /// <summary>How many days were sealed; nobody here records for long.</summary>
    private static async Task<int> SealAsync(Book book) =>
        await Seals(book).SealDueAsync(book.Territory, Cancel) ?? throw new InvalidOperationException("Somebody records for long.");

    private static Task<List<Seal>> AllAsync(Book book) => book.Db.ListAsync<Seal>(
        book.Territory, "select day, entries, root, chain from ledger.seal where territory_id = @territory order by day", cancel: Cancel);

    private static async Task<Refusal?> RefusedAsync(Book book, Id<JournalEntry> entry) =>
        (await Seals(book).ProveAsync(book.Territory, entry, Cancel)).IsRefused(out var refusal) ? refusal : null;
}
