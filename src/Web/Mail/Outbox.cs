using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Borsellino.Web.Hosting;

namespace Borsellino.Web.Mail;

/// <summary>Something to be read by one person.</summary>
public sealed record Letter(string To, string Subject, string Text);

/// <summary>
/// Sends letters: to the mail server of the configuration, over TLS, or, where there is none, into the folder
/// <c>outbox</c> beside the data, for a demo or a person who looks there.
/// </summary>
public sealed class Outbox(MailSettings settings)
{
    private const int TimeoutMs = 20_000;

    /// <summary>Throws <see cref="SmtpException"/> where the server does not take it.</summary>
    public async Task SendAsync(Letter letter, CancellationToken cancel = default)
    {
        using var client = settings.Host is null ? ToFolder() : ToServer(settings.Host);
        using var message = new MailMessage(settings.Sender, letter.To, letter.Subject, letter.Text.ReplaceLineEndings("\r\n"))
        {
            SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8, BodyTransferEncoding = TransferEncoding.EightBit,
        };
        await client.SendMailAsync(message, cancel);
    }

    private SmtpClient ToFolder()
    {
        PrivateFolder.Make(settings.Folder);
        return new() { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = settings.Folder };
    }

    private SmtpClient ToServer(string host) => new(host, settings.Port)
    {
        // Only a server on this machine may be spoken to in the clear.
        EnableSsl = !(host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address))),
        Credentials = settings.User is { Length: > 0 } user ? new NetworkCredential(user, settings.Password) : null,
        Timeout = TimeoutMs,
    };
}
