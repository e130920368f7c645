using Borsellino.Ledger;

namespace Borsellino.Tests;

public static class Outcomes
{
    /// <summary>Why an operation was refused; fails if it was not.</summary>
    public static Refusal Refused<T>(Result<T> result) where T : notnull
    {
        Assert.True(result.IsRefused(out var refusal), $"not refused: {result}");
        return refusal;
    }
}
