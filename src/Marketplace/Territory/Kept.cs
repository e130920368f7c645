namespace Borsellino.Marketplace;

/// <summary>Something that was read from the database and may be used again while it is young.</summary>
internal sealed record Kept<T>(T Value)
{
    // The machine's own time: the house's clock stands still in tests and demos.
    private readonly long readAt = Environment.TickCount64;

    public bool IsYoungerThan(TimeSpan age) => Environment.TickCount64 - readAt < age.TotalMilliseconds;
}
