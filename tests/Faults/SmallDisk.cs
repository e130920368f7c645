using Borsellino.Web.Hosting;

namespace Borsellino.Tests.Faults;

/// <summary>A file system of its own with little room, in which a heavy file takes what is left and gives it back.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>Makes one; skips the test, saying why, where the machine does not allow it.</summary>
    public static async Task<SmallDisk> MakeAsync(int megabytes)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "a file system can be mounted only by root on Linux");
        var folder = Path.Combine("/tmp", $"borsellino-disk-{Path.GetRandomFileName()[..8]}");
        Directory.CreateDirectory(folder);
        var (code, words) = await Shell.RunAsync(["mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder], CancellationToken.None);
        if (code == 0) return new(folder);
        Directory.Delete(folder);
        Assert.Skip($"this machine mounts no file system: {words.Trim()}");
        return null;
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        var block = new byte[4096];
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public void Free() => File.Delete(Ballast);

    /// <summary>Takes it out of sight at once; the room is free when the last process of a server that died has gone, too.</summary>
    public async ValueTask DisposeAsync()
    {
        await Shell.MustRunAsync(["umount", "--lazy", Folder], CancellationToken.None);
        Directory.Delete(Folder);
    }
}
