namespace Borsellino.Web.Hosting;

/// <summary>
/// How PostgreSQL, which refuses to run as root, is started from here: as ourselves, or in a user namespace where root
/// has another number, or as another user of the machine.
/// </summary>
/// <param name="Prefix">The words that stand before the command.</param>
/// <param name="Owner">Who must own the folders of the server, as <c>user:group</c> numbers; null if it is us.</param>
public sealed record ServerUser(string[] Prefix, string? Owner)
{
    private static readonly ServerUser Ourselves = new([], null);

    /// <summary>Chooses the way for a cluster in <paramref name="folder"/>, which may already belong to somebody.</summary>
    public static async Task<ServerUser> ForAsync(string folder, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess) return Ourselves;
        if (!OperatingSystem.IsLinux())
            throw new InvalidOperationException("PostgreSQL does not run as root: start Borsellino as an ordinary user.");

        // An earlier run by an ordinary user left its cluster: only that user may serve it.
        var (_, owner) = await Shell.RunAsync(["stat", "-c", "%u:%g", folder], cancel);
        owner = owner.Trim();
        if (Directory.Exists(folder) && !owner.StartsWith("0:", StringComparison.Ordinal)) return Another(owner);

        string[] namespaced = ["unshare", "--user", "--map-user=1000", "--map-group=1000"];
        if ((await Shell.RunAsync([.. namespaced, "true"], cancel)).Code == 0) return new(namespaced, null);

        foreach (var user in (string[])["postgres", "nobody"])
        {
            var (code, id) = await Shell.RunAsync(["id", "-u", user], cancel);
            var (_, group) = await Shell.RunAsync(["id", "-g", user], cancel);
            if (code == 0) return Another($"{id.Trim()}:{group.Trim()}");
        }

        throw new InvalidOperationException(
            "PostgreSQL does not run as root, and this machine allows no user namespace and has no other user: "
            + "start Borsellino as an ordinary user or give a running server with --connection.");
    }

    private static ServerUser Another(string owner)
    {
        var ids = owner.Split(':');
        return new(["setpriv", $"--reuid={ids[0]}", $"--regid={ids[1]}", "--clear-groups"], owner);
    }

    /// <summary>
    /// Gives a folder to the server's user, where it is not us. The folder above becomes one that may be passed
    /// through, though not read; what else is private in there is so by itself.
    /// </summary>
    public async Task GiveAsync(string folder, CancellationToken cancel)
    {
        if (Owner is null) return;
        await Shell.MustRunAsync(["chmod", "o+x", Path.GetDirectoryName(folder)!], cancel);
        await Shell.MustRunAsync(["chown", Owner, folder], cancel);
        var (code, _) = await Shell.RunAsync([.. Prefix, "test", "-w", folder], cancel);
        if (code == 0) return;
        throw new InvalidOperationException(
            $"PostgreSQL must run as user {Owner} here, who cannot reach '{folder}': choose another folder with "
            + "--data, such as /var/lib/borsellino.");
    }
}
