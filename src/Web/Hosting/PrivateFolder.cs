namespace Borsellino.Web.Hosting;

/// <summary>A folder that only its owner may enter.</summary>
public static class PrivateFolder
{
    /// <summary>Makes the folder and those above it; one that exists stays as it is.</summary>
    public static void Make(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
