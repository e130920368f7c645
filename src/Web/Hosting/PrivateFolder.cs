namespace Borsellino.Web.Hosting;

/// <summary>A folder that only its owner may enter.</summary>
public static class PrivateFolder
{
    /// <summary>
    /// Makes the folder and those above it; one that exists stays as it is. Throws a sentence for people where that is
    /// not possible.
    /// </summary>
    public static void Make(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"There can be no folder '{folder}': a file stands in the way, or it may not be made there. Choose another with --data.", e);
        }
    }
}
