using Borsellino.Ledger;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests.Ledger;

/// <summary>
/// Random stories told to PostgreSQL and to a model of a page, and to two books in two ways. After every step the
/// answers and all figures agree; afterwards the book proves itself. A failure is shrunk to the steps that matter.
/// </summary>
public sealed class LedgerProperties(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public void The_ledger_agrees_with_its_model() =>
        Prop.ForAll(Step.Stories, AgreesWithModelAsync).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(40));

    [Fact]
    public void A_list_does_what_its_instructions_do_one_by_one() =>
        Prop.ForAll(Step.Stories, ListLikeOneByOneAsync).Check(Config.QuickThrowOnFailure.WithMaxTest(30).WithEndSize(60));

    [Fact]
    public void A_failing_story_is_shrunk_to_the_steps_that_matter()
    {
        Step[]? least = null;
        var failing = Prop.ForAll(Step.Stories, story =>
        {
            var fails = story.OfType<Step.Grant>().Any() && story.OfType<Step.Void>().Any();
            if (fails) least = story;
            return !fails;
        });

        Assert.ThrowsAny<Exception>(() => failing.Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(60)));
        Assert.Equal(2, least!.Length);
    }

    private async Task AgreesWithModelAsync(Step[] steps)
    {
        var (book, model, story) = (await Book.OpenAsync(database), new LedgerModel(), new Story());
        (await book.OpenAsync(story.Accounts)).OrThrow();
        foreach (var account in story.Accounts)
        {
            model.Open(account.Id, account.Chart, account.HoldsUntil);
        }

        foreach (var step in steps)
        {
            if (step is Step.Wait wait) book.Clock.Advance(Duration.FromHours(wait.Hours));
            if (step is Step.ClosePeriod close)
            {
                var day = book.Clock.Today().PlusDays(-close.DaysBack);
                var closed = await book.DoAsync(tx => new Periods(book.Clock).CloseAsync(tx, day, "tester"));
                Assert.Equal(model.Close(day), !closed.IsRefused(out var refusal));
                Assert.True(refusal is null or BalanceRulesBroken, $"{refusal}");
            }

            var list = story.Tell(step, book.Clock.Now);
            if (list.Count == 0) continue;
            var (expected, actual) = (model.Do(list, book.Clock.Now), await book.ListAsync(list));
            Assert.True(
                expected.SequenceEqual(actual),
                $"{step}: the model says {string.Join(", ", expected.Select(e => $"{e}"))}; the ledger {string.Join(", ", actual.Select(a => $"{a}"))}");
            Assert.Equal(model.Tell(), await TellAsync(book));
        }

        Assert.Empty(await book.AuditAsync());
    }

    private async Task ListLikeOneByOneAsync(Step[] steps)
    {
        var (together, apart, story) = (await Book.OpenAsync(database), await Book.OpenAsync(database), new Story());
        foreach (var book in (Book[])[together, apart]) (await book.OpenAsync(story.Accounts)).OrThrow();
        // Groups are numbered anew for each step, so that none spans two of them.
        var list = steps.SelectMany((step, n) => story.Tell(step, Book.Morning)
            .Select(i => i.Group is { } g ? i with { Group = (10 * n) + g } : i)).ToList();

        var answers = await together.ListAsync(list);
        var one = new Refusal?[list.Count];
        for (var i = 0; i < list.Count; i++)
        {
            var group = list[i].Group;
            if (group is null) one[i] = (await apart.ListAsync(list[i]))[0];
            else if (!list.Take(i).Any(earlier => earlier.Group == group))
            {
                int[] members = [.. Enumerable.Range(i, list.Count - i).Where(n => list[n].Group == group)];
                var said = await apart.ListAsync([.. members.Select(m => list[m])]);
                for (var n = 0; n < members.Length; n++) one[members[n]] = said[n];
            }
        }

        Assert.Equal(one, answers.AsEnumerable());
        Assert.Equal(await TellAsync(apart), await TellAsync(together));
        Assert.Equal(await PostingsAsync(apart), await PostingsAsync(together));
    }

    private static async Task<string> TellAsync(Book book) => string.Join('\n', await book.Db.ListAsync<string>(
        book.Territory,
        """
        (select id || ': ' || debits || '/' || credits || '/' || debits_held
         from ledger.account where territory_id = @territory order by id)
        union all
        (select h.id || ': ' || h.status || ' ' || string_agg(l.captured || '/' || l.released, ' ' order by l.line)
         from ledger.hold h join ledger.hold_line l on l.territory_id = @territory and l.hold_id = h.id
         where h.territory_id = @territory group by h.id, h.status order by h.id)
        """));

    private static Task<List<string>> PostingsAsync(Book book) => book.Db.ListAsync<string>(
        book.Territory,
        """
        select account_id || ' ' || position || ' ' || entry_id || '/' || line || ': ' || debit || '/' || credit || ' '
               || debits_after || '/' || credits_after || ' ' || effective_on
        from ledger.posting where territory_id = @territory order by account_id, position
        """);
}
