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
    public Task The_ledger_agrees_with_its_model() => CheckAsync(AgreesWithModelAsync, nameof(AgreesWithModelAsync), Effort.Times(60, 3000), size: 40);

    [Fact]
    public Task A_list_does_what_its_instructions_do_one_by_one() =>
        CheckAsync(ListLikeOneByOneAsync, nameof(ListLikeOneByOneAsync), Effort.Times(30, 1000), size: 60);

    /// <summary>Tells so many random stories. Of a failure it prints the steps that matter as a test.</summary>
    private static async Task CheckAsync(Func<Step[], Task> property, string name, int times, int size)
    {
        (Step[] Story, Exception Why)? least = null;
        var told = Prop.ForAll(Step.Stories, async story =>
        {
            try
            {
                await property(story);
            }
            catch (Exception e)
            {
                least = (story, e);
                throw;
            }
        });
        try
        {
            await told.CheckAsync(Config.QuickThrowOnFailure.WithMaxTest(times).WithEndSize(size));
        }
        catch (Exception e) when (least is { } failure)
        {
            // FsCheck shrinks for as long as it still fails: the last failure is the shortest.
            Assert.Fail($"{failure.Why.Message}\n\n{Code(name, failure.Story)}\n\n{e.Message.Split('\n')[0]}");
        }
    }

    /// <summary>A story as a test of this class.</summary>
    private static string Code(string property, Step[] story) =>
        $"    [Fact]\n    public Task Once_this_failed() => {property}(\n    [\n"
        + string.Concat(story.Select(step => $"        {step},\n")) + "    ]);";

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

    [Fact]
    public async Task A_failing_list_is_shrunk_to_the_step_that_matters_and_printed_as_code()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => CheckAsync(NeverKeepsAsync, nameof(NeverKeepsAsync), times: 1000, size: 60));

        Assert.Matches(@"NeverKeepsAsync\(\n    \[\n        new Step\.Capture\(\d+, \d+, RestOfHold\.Keep\),\n    \]\);", failure.Message);
        Assert.Equal(
            "new Step.Many((new Step.ReopenPeriod(3, true), 1), (new Step.ExpireDue(), 0))",
            $"{new Step.Many((new Step.ReopenPeriod(3, true), 1), (new Step.ExpireDue(), 0))}");

        static async Task NeverKeepsAsync(Step[] story)
        {
            await Task.Yield();
            Assert.DoesNotContain(
                story.SelectMany(s => s is Step.Many many ? many.Steps.Select(m => m.Step) : [s]),
                step => step is Step.Capture { Rest: RestOfHold.Keep });
        }
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
            await MoveTimeAsync(book, model, step);
            var list = story.Tell(step, book.Clock.Now);
            var (expected, actual) = (model.Do(list, book.Clock.Now), await book.ListAsync(list));
            Assert.True(
                expected.SequenceEqual(actual),
                $"{step}: the model says {string.Join(", ", expected.Select(e => $"{e}"))}; the ledger {string.Join(", ", actual.Select(a => $"{a}"))}");
            Assert.Equal(model.Tell(), await TellAsync(book));
        }

        await AgreeOnPastDaysAsync(book, model, story);
        Assert.Empty(await book.AuditAsync());
    }

    /// <summary>The steps that are no instructions: time passes, holds run out, periods close and open again.</summary>
    private static async Task MoveTimeAsync(Book book, LedgerModel model, Step step)
    {
        var (periods, today) = (new Periods(book.Clock), book.Clock.Today());
        switch (step)
        {
            case Step.Wait wait:
                book.Clock.Advance(Duration.FromHours(wait.Hours));
                break;
            case Step.ExpireDue:
                Assert.Equal(model.ExpireDue(book.Clock.Now).ToHashSet(), (await book.ExpireDueAsync()).ToHashSet());
                break;
            case Step.ClosePeriod close:
                var day = today.PlusDays(-close.DaysBack);
                var closed = await book.DoAsync(tx => periods.CloseAsync(tx, day, "tester"));
                Assert.Equal(model.Close(day), !closed.IsRefused(out var refusal));
                Assert.True(refusal is null or BalanceRulesBroken, $"{refusal}");
                break;
            case Step.ReopenPeriod reopen:
                var (from, id) = (today.PlusDays(-reopen.DaysBack), Id<PeriodEvent>.New());
                var said = (await book.DoAsync(tx => periods.AskReopenAsync(tx, id, from, "an invoice was missed", "anna"))).IsRefused(out var no)
                    || (await book.DoAsync(tx => periods.ReopenAsync(tx, id, reopen.ByAnother ? "bruno" : "anna"))).IsRefused(out no) ? no : null;
                Assert.Equal(model.Reopen(from, id, reopen.ByAnother), said);
                break;
        }
    }

    /// <summary>What was dated back counts on its day, whenever it was recorded.</summary>
    private static async Task AgreeOnPastDaysAsync(Book book, LedgerModel model, Story story)
    {
        for (var day = Book.Day.PlusDays(-4); day <= book.Clock.Today(); day = day.PlusDays(3))
        {
            Assert.True((await new TrialBalances(book.Db).AtAsync(book.Territory, day)).Balances);
            foreach (var account in story.Accounts)
            {
                var statement = (await new Statements(book.Db).OfAsync(book.Territory, account.Id, day, day))!;
                Assert.Equal(model.BalanceAt(account.Id, day), statement.Closing.Cents);
            }
        }
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
