using System.Runtime.InteropServices;
using Borsellino.Web.Hosting.Verbs;
using Npgsql;

namespace Borsellino.Web.Hosting;

/// <summary>Runs what the command line asks and answers the exit code.</summary>
public static class Commands
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int NotUnderstood = 2;
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] words)
    {
        var (commandLine, misunderstood) = CommandLine.Parse(words);
        if (misunderstood is not null)
        {
            await Console.Error.WriteLineAsync($"{misunderstood.Sentence} ./run --help lists what there is.");
            return NotUnderstood;
        }

        if (commandLine!.Verb is Verb.Help)
        {
            await Console.Out.WriteLineAsync(HelpText.Text);
            return Done;
        }

        // What is written into files and the database is for people in Italy, on a machine of any language.
        Language.Speak(english: false);
        using var interruption = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await RunAsync(commandLine, interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or NpgsqlException or IOException
            or UnauthorizedAccessException)
        {
            // What a person can act on: no server, a wrong password, a full disk. The trace would only hide it.
            await Console.Error.WriteLineAsync(e.Message);
            if (Environment.GetEnvironmentVariable("BORSELLINO_TRACE") is not null)
                await Console.Error.WriteLineAsync(e.ToString());
            return Failed;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interruption.Cancel();
        }
    }

    private static async Task<int> RunAsync(CommandLine commandLine, CancellationToken cancel)
    {
        var builder = WebHost.Configure(commandLine);
        var settings = Settings.From(builder.Configuration);
        // Whoever checks a proof needs no database, and should not need one.
        if (commandLine.Verb is Verb.VerifyProof) return await VerifyProof.RunAsync(settings, cancel);
        await using var address = await DatabaseAddress.OpenAsync(builder.Configuration, settings, cancel);
        return commandLine.Verb switch
        {
            Verb.Serve => await Serve.RunAsync(builder, settings, address, cancel),
            Verb.Migrate => await Migrate.RunAsync(address, cancel),
            Verb.Verify => await Verify.RunAsync(settings, address, cancel),
            Verb.Demo => await Verbs.Demo.RunAsync(settings, address, cancel),
            Verb.ExportJournal => await ExportJournal.RunAsync(settings, address, cancel),
            Verb.Prove => await Prove.RunAsync(settings, address, cancel),
            Verb.ImportGrants => await ImportGrants.RunAsync(settings, address, cancel),
            _ => throw new ArgumentOutOfRangeException(nameof(commandLine), commandLine.Verb, "No such verb."),
        };
    }
}
