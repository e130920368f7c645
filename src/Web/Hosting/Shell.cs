using System.Diagnostics;

namespace Borsellino.Web.Hosting;

/// <summary>Runs a small program of the system and waits for it.</summary>
public static class Shell
{
    /// <summary>
    /// Answers the exit code and everything the program printed. A program that does not exist answers 127, as in a
    /// shell. Cancelling ends the program.
    /// </summary>
    public static async Task<(int Code, string Words)> RunAsync(string[] command, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A plain language, because the words of initdb may end in an error shown to people and in the tests.
        start.Environment["LC_ALL"] = "C";

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (127, e.Message);
        }

        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>As <see cref="RunAsync"/>, but throws with what was printed when the program fails.</summary>
    public static async Task<string> MustRunAsync(string[] command, CancellationToken cancel)
    {
        var (code, words) = await RunAsync(command, cancel);
        if (code == 0) return words;
        throw new InvalidOperationException(
            $"'{string.Join(' ', command)}' failed with code {code}:{Environment.NewLine}{words.Trim()}");
    }
}
