using System.Threading.Channels;
using Npgsql;

namespace Borsellino.Ledger;

/// <summary>
/// Group commit, for callers without a transaction of their own: what arrives while one list is being committed goes
/// into the next. Many callers on one account then cost what one list does, and a waiting caller holds no connection.
/// Nothing is answered before its commit. Any number of processes may run one against the same database.
/// </summary>
/// <remarks>
/// At most <paramref name="waitingMax"/> callers wait; the next one waits for a place. <paramref name="writers"/> lists
/// are written at once: more than about two for each pair of cores only fight. A database that is away is tried again
/// for <paramref name="patience"/>; the ids make sure that what was recorded already is found and not repeated.
/// </remarks>
public sealed class PostingQueue(
    Database db, GeneralLedger ledger, int writers = 2, int waitingMax = 10_000, TimeSpan? patience = null) : IAsyncDisposable
{
    /// <summary>About how many instructions go into one list. A single caller's list is never cut.</summary>
    public const int ListMax = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly TimeSpan patience = patience ?? TimeSpan.FromSeconds(30);
    private readonly Channel<Request> waiting = Channel.CreateBounded<Request>(waitingMax);
    private readonly Lock starting = new();
    private Task[]? running;

    /// <summary>Does one instruction; null for done (now or earlier), or why not.</summary>
    public async Task<Refusal?> DoAsync(TerritoryId territory, Instruction instruction, CancellationToken cancel = default) =>
        (await DoAsync(territory, [instruction], cancel))[0];

    /// <summary>
    /// Does a caller's instructions in one transaction, in their order, beside those of others; answers as
    /// <see cref="GeneralLedger.DoAsync(Transaction, IReadOnlyList{Instruction})"/> does. Cancelling works until they are
    /// taken up; from then on the answer is worth waiting for.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">The database stayed away: ask again with the same ids.</exception>
    /// <exception cref="ObjectDisposedException">The queue takes nothing any more.</exception>
    public async Task<Refusal?[]> DoAsync(TerritoryId territory, IReadOnlyList<Instruction> instructions, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(instructions.Count, GeneralLedger.InstructionsMax);
        if (instructions.Count == 0) return [];
        Start();
        var request = new Request(territory, instructions);
        try
        {
            await waiting.Writer.WriteAsync(request, cancel);
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException("The posting queue takes nothing any more.", e);
        }

        await using var watch = cancel.UnsafeRegister(static r => ((Request)r!).Withdraw(), request);
        return await request.Answer;
    }

    /// <summary>Takes nothing more, finishes what was accepted, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (starting)
        {
            waiting.Writer.TryComplete();
            ending = running ?? [];
        }

        await Task.WhenAll(ending);
    }

    private void Start()
    {
        if (running is not null) return;
        lock (starting)
        {
            running ??= [.. Enumerable.Range(0, writers).Select(_ => Task.Run(WriteAsync))];
        }
    }

    private async Task WriteAsync()
    {
        var taken = new List<Request>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            await GatherAsync();
            for (var count = 0; count < ListMax && waiting.Reader.TryRead(out var request);)
            {
                if (!request.Take()) continue;
                taken.Add(request);
                count += request.Instructions.Count;
            }

            foreach (var ofOne in taken.GroupBy(r => r.Territory)) await SettleAsync(ofOne.Key, [.. ofOne]);
            taken.Clear();
        }
    }

    /// <summary>
    /// Those who were just answered may ask again at once: they are let go first, as long as more arrive, so that they
    /// come with this list and not with the one after it. Lists of all and of few in turns would cost twice as much.
    /// </summary>
    private async Task GatherAsync()
    {
        for (var seen = -1; waiting.Reader.Count > seen && seen < ListMax;)
        {
            seen = waiting.Reader.Count;
            await Task.Yield();
            await Task.Yield();
        }
    }

    private async Task SettleAsync(TerritoryId territory, List<Request> requests)
    {
        try
        {
            // A caller's list of ten thousand and the others' thousand may not fit into one.
            foreach (var part in Parts(requests)) await RecordAsync(territory, part);
        }
        catch (Exception e) when (e is not OutcomeUnknownException && requests.Count > 1)
        {
            // One of them is a mistake of its caller: each alone, so that it harms nobody else. Answered ones stay so.
            foreach (var request in requests.Where(r => !r.Answer.IsCompleted)) await SettleAsync(territory, [request]);
        }
        catch (Exception e)
        {
            foreach (var request in requests) request.Fail(e);
        }
    }

    private static IEnumerable<List<Request>> Parts(List<Request> requests)
    {
        var part = new List<Request>();
        var count = 0;
        foreach (var request in requests)
        {
            if (part.Count > 0 && count + request.Instructions.Count > GeneralLedger.InstructionsMax)
            {
                yield return part;
                (part, count) = ([], 0);
            }

            part.Add(request);
            count += request.Instructions.Count;
        }

        yield return part;
    }

    private async Task RecordAsync(TerritoryId territory, List<Request> requests)
    {
        var list = List(requests);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                var result = await db.TransactAsync<Refusal?[]>(territory, async tx => await ledger.DoAloneAsync(tx, list));
                var (answers, next) = (result.OrThrow(), 0);
                foreach (var request in requests)
                {
                    request.Succeed(answers[next..(next + request.Instructions.Count)]);
                    next += request.Instructions.Count;
                }

                return;
            }
            catch (NpgsqlException e) when (e.IsTransient)
            {
                if (TimeProvider.System.GetElapsedTime(began) > patience) throw new OutcomeUnknownException(e);
                await Task.Delay(Pause);
            }
        }
    }

    /// <summary>All instructions in the order of their callers; a group's number means something to its caller only.</summary>
    private static List<Instruction> List(List<Request> requests)
    {
        var list = new List<Instruction>();
        var groups = 0;
        foreach (var request in requests)
        {
            var numbers = new Dictionary<int, int>();
            foreach (var instruction in request.Instructions)
            {
                if (instruction.Group is not { } group)
                {
                    list.Add(instruction);
                    continue;
                }

                if (!numbers.TryGetValue(group, out var number)) numbers.Add(group, number = groups++);
                list.Add(instruction with { Group = number });
            }
        }

        return list;
    }

    /// <summary>What one caller asked. It is either taken up or withdrawn, whichever comes first.</summary>
    private sealed class Request(TerritoryId territory, IReadOnlyList<Instruction> instructions)
    {
        private readonly TaskCompletionSource<Refusal?[]> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int settled;

        public TerritoryId Territory { get; } = territory;
        public IReadOnlyList<Instruction> Instructions { get; } = instructions;
        public Task<Refusal?[]> Answer => answer.Task;

        public bool Take() => Interlocked.Exchange(ref settled, 1) == 0;

        public void Withdraw()
        {
            if (Take()) answer.TrySetCanceled();
        }

        public void Succeed(Refusal?[] answers) => answer.TrySetResult(answers);

        public void Fail(Exception e) => answer.TrySetException(e);
    }
}

/// <summary>
/// Whether something was recorded is not known: the database went away and stayed away. Asking again with the same ids
/// finds out, and does it if it was not done.
/// </summary>
public sealed class OutcomeUnknownException(Exception cause)
    : Exception("The database is away and has not said whether it recorded this. Ask again with the same ids.", cause);
