using System.Net.Mail;
using System.Threading.Channels;
using Borsellino.Marketplace;

namespace Borsellino.Web.Mail;

/// <summary>Somebody says they have forgotten the password that belongs to an e-mail.</summary>
/// <param name="Home">The address of the territory's pages, without a slash at the end.</param>
public sealed record ForgottenPassword(Place Place, string Email, string Home, bool IsEnglish);

/// <summary>
/// Writes to people who have forgotten their password. The page only hands the e-mail over and answers: whether anybody
/// has it is found out here, where nobody can measure how long it takes. What waits is lost with the program; the person
/// asks again.
/// </summary>
public sealed partial class PasswordMail(Passwords passwords, Outbox outbox, ILogger<PasswordMail> log) : BackgroundService
{
    /// <summary>More than this waiting at once is somebody's play, and is dropped.</summary>
    private const int WaitingMax = 500;

    private readonly Channel<Func<CancellationToken, Task>> waiting =
        Channel.CreateBounded<Func<CancellationToken, Task>>(new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.Wait });

    public void Ask(ForgottenPassword forgotten)
    {
        if (!waiting.Writer.TryWrite(cancel => WriteAsync(forgotten, cancel))) Full(log);
    }

    /// <summary>Ends when everything asked for before has been sent, or has failed.</summary>
    public async Task FlushAsync(CancellationToken cancel = default)
    {
        var done = new TaskCompletionSource();
        await waiting.Writer.WriteAsync(_ =>
        {
            done.SetResult();
            return Task.CompletedTask;
        }, cancel);
        await done.Task.WaitAsync(cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var next in waiting.Reader.ReadAllAsync(stoppingToken)) await next(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task WriteAsync(ForgottenPassword forgotten, CancellationToken cancel)
    {
        try
        {
            if (await passwords.StartResetAsync(forgotten.Place.Id, forgotten.Email, cancel) is not { } reset) return;
            Language.Speak(english: forgotten.IsEnglish);
            await outbox.SendAsync(Letter(forgotten, reset), cancel);
            Sent(log, reset.Owner.Id.ToString());
        }
        catch (Exception e) when (e is SmtpException or FormatException or IOException || Hosting.Outage.IsBehind(e))
        {
            // No name and no address: the mail server's own log has them.
            Failed(log, e.GetType().Name);
        }
    }

    private static Letter Letter(ForgottenPassword forgotten, PasswordReset reset) => new(
        reset.Owner.Email,
        Texts.Say("Una nuova password per il tuo Borsellino"),
        string.Join(
            "\n\n",
            Texts.Say("Buongiorno {0},", reset.Owner.DisplayName),
            Texts.Say("qualcuno, forse tu, ha chiesto una nuova password per {0}. Per sceglierla apri questo indirizzo entro un’ora:", forgotten.Place.Name),
            $"{forgotten.Home}/password/nuova#codice={reset.Token}",
            Texts.Say("Se la pagina chiede un codice, è questo: {0}", reset.Token),
            Texts.Say("Vale una volta sola. Se non l’hai chiesto tu non devi fare niente: la tua password resta quella di prima."),
            Texts.Say("Serve una mano? Chiama {0}. Noi non ti chiediamo mai la password, nemmeno al telefono.", forgotten.Place.HelpPhone))
        + "\n");

    [LoggerMessage(1, LogLevel.Information, "A link for a new password was sent to {User}")]
    private static partial void Sent(ILogger log, string user);

    [LoggerMessage(2, LogLevel.Error, "A link for a new password could not be sent: {Reason}")]
    private static partial void Failed(ILogger log, string reason);

    [LoggerMessage(3, LogLevel.Error, "Too many links for new passwords are asked for: one was not sent")]
    private static partial void Full(ILogger log);
}
