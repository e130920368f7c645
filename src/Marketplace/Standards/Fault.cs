namespace Borsellino.Marketplace.Standards;

/// <summary>
/// Why a text is not what it was handed in as. A fault is found by reading alone, without the books, and carries
/// what a sentence for the person needs: which character, which row, what was expected.
/// </summary>
/// <param name="Code">Stable and in snake_case: page texts, tests and logs are keyed by it.</param>
public abstract record Fault(string Code);
