using System.Globalization;

namespace Borsellino.Web.Hosting;

/// <summary>
/// How far a long piece of work is: one line that is written over on a terminal, and one line for every quarter where
/// the output goes to a file.
/// </summary>
public sealed class ProgressLine(string what)
{
    private const int Width = 24;
    private int shown = -1;

    /// <summary>Says how much is done, from 0 to 1.</summary>
    public void Report(double done)
    {
        var percent = (int)(Math.Clamp(done, 0, 1) * 100);
        if (percent == shown || (Console.IsOutputRedirected && percent / 25 == shown / 25 && shown >= 0)) return;
        shown = percent;
        var bar = new string('#', percent * Width / 100).PadRight(Width, '.');
        var line = string.Create(CultureInfo.InvariantCulture, $"{what} [{bar}] {percent,3} %");
        if (Console.IsOutputRedirected) Console.Out.WriteLine(line);
        else Console.Out.Write($"\r{line}");
    }

    /// <summary>Ends the line with the time it took.</summary>
    public void Done(TimeSpan took)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{what}: done in {took.TotalSeconds:0.0} s");
        Console.Out.WriteLine(Console.IsOutputRedirected ? line : $"\r{line.PadRight(what.Length + Width + 10)}");
    }
}
