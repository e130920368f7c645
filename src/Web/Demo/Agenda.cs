using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>What is going to happen in a town, soonest first; of two things at the same instant, the one planned first.</summary>
public sealed class Agenda
{
    private readonly PriorityQueue<(Instant At, Func<CancellationToken, Task> What), (Instant, int)> things = new();
    private int planned;

    public void Plan(Instant at, Func<CancellationToken, Task> what) => things.Enqueue((at, what), (at, planned++));

    /// <summary>Takes the next thing that happens before an instant.</summary>
    public bool TryTake(Instant before, out Instant at, out Func<CancellationToken, Task> what)
    {
        if (things.TryPeek(out var next, out _) && next.At < before)
        {
            (at, what) = things.Dequeue();
            return true;
        }

        (at, what) = (default, _ => Task.CompletedTask);
        return false;
    }
}
