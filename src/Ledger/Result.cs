using System.Diagnostics.CodeAnalysis;

namespace Borsellino.Ledger;

/// <summary>
/// Why an operation was declined. It depends on the state of the books, so the caller could not have known without
/// asking; nothing was written. A caller's mistake throws instead.
/// </summary>
/// <param name="Code">Stable and in snake_case: logs, tests, the API and page texts are keyed by it.</param>
public abstract record Refusal(string Code);

/// <summary>What an operation answers: a value, or the refusal that stopped it.</summary>
public sealed class Result<T> where T : notnull
{
    private readonly T? value;
    private readonly Refusal? refusal;

    private Result(T? value, Refusal? refusal) => (this.value, this.refusal) = (value, refusal);

    public static implicit operator Result<T>(T value) => new(value, null);
    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);

    public bool IsRefused([NotNullWhen(true)] out Refusal? refusal) => (refusal = this.refusal) is not null;

    public bool IsRefused([NotNullWhen(true)] out Refusal? refusal, [NotNullWhen(false)] out T? value)
    {
        (refusal, value) = (this.refusal, this.value);
        return refusal is not null;
    }

    /// <summary>The value, where a refusal would be a mistake of the program: it throws then.</summary>
    public T OrThrow() =>
        refusal is null ? value! : throw new InvalidOperationException($"Refused: {refusal}");

    public override string ToString() => refusal?.ToString() ?? $"{value}";
}

/// <summary>The value of an operation that has nothing to say but that it was done.</summary>
public readonly record struct Done;
