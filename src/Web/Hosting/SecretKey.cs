using System.Security.Cryptography;

namespace Borsellino.Web.Hosting;

/// <summary>A secret of this installation: random bytes in a file of the data folder, beside the other keys and outside the database.</summary>
public static class SecretKey
{
    /// <summary>
    /// The key of this name, made when there is none. Two processes that start at once agree on the one that was first in its place.
    /// Throws when the file has another length.
    /// </summary>
    public static byte[] Of(Settings settings, string name, int bytes)
    {
        var path = Path.Combine(settings.DataFolder, "keys", name);
        if (!File.Exists(path)) Make(path, bytes);
        var key = File.ReadAllBytes(path);
        return key.Length == bytes ? key : throw new InvalidOperationException($"The key {path} has {key.Length} bytes, not {bytes}: restore it from the backup.");
    }

    /// <summary>Written beside its place and moved there, so that nobody reads half of it.</summary>
    private static void Make(string path, int bytes)
    {
        var draft = $"{path}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options)) file.Write(RandomNumberGenerator.GetBytes(bytes));
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else was first: theirs is the key.
            File.Delete(draft);
        }
    }
}
