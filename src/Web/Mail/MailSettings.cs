using Borsellino.Web.Hosting;

namespace Borsellino.Web.Mail;

/// <summary>What the section <c>Mail</c> of the configuration says. Without a server, letters are left in a folder.</summary>
/// <param name="Folder">Where letters are left as <c>.eml</c> files when there is no server.</param>
public sealed record MailSettings(string? Host, int Port, string Sender, string? User, string? Password, string Folder)
{
    /// <summary>Throws a sentence that names the setting when a value is no good.</summary>
    public static MailSettings Of(IConfiguration configuration, Settings settings) => new(
        configuration["Mail:Host"] is { Length: > 0 } host ? host : null,
        Settings.Number(configuration, "Mail:Port", 587, 1, 65_535),
        configuration["Mail:From"] is { Length: > 0 } from ? from : "borsellino@localhost",
        configuration["Mail:User"],
        configuration["Mail:Password"],
        Path.Combine(settings.DataFolder, "outbox"));
}
