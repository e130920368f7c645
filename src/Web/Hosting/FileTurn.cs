namespace Borsellino.Web.Hosting;

/// <summary>A file that one process of this machine holds at a time. A process that dies lets go of it.</summary>
internal static class FileTurn
{
    /// <summary>Waits for the file and takes it. Throws when <paramref name="patience"/> is over.</summary>
    public static async Task<FileStream> TakeAsync(string file, TimeSpan patience, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                if (TimeProvider.System.GetElapsedTime(started) > patience)
                    throw new TimeoutException($"Another Borsellino holds '{file}' and does not let go of it.", e);
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancel);
            }
        }
    }
}
