using Borsellino.Ledger;

namespace Borsellino.Web.Hosting.Verbs;

/// <summary>
/// <c>./run verify-proof FILE</c>: checks a proof with nothing but the file, says each step that holds and the one that
/// does not. Exit code 0 only if all hold.
/// </summary>
public static class VerifyProof
{
    public static async Task<int> RunAsync(Settings settings, CancellationToken cancel)
    {
        InclusionProof proof;
        try
        {
            proof = InclusionProof.Read(await File.ReadAllTextAsync(settings.ProofFile!, cancel));
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"'{settings.ProofFile}' is no proof: {e.Message}");
            return 1;
        }

        var steps = proof.Check();
        foreach (var step in steps) await Console.Out.WriteLineAsync($"{(step.Holds ? "ok    " : "FAILS ")} {step.Says}");
        var holds = steps[^1].Holds;
        await Console.Out.WriteLineAsync(holds
            ? $"The entry {proof.Entry.Id} stands in the chain of {proof.Seals[^1].Day}. Compare this value with the one made public:\n{proof.Seals[^1].Chain}"
            : "This proof shows nothing: something in it was changed.");
        return holds ? 0 : 1;
    }
}
