using System.Globalization;

namespace Borsellino.Web.Hosting;

/// <summary>
/// How far a long piece of work is: one line that is written over on a terminal, and one line for every quarter where
/// the output goes to a file or anywhere else than to the screen.
/// </summary>
public sealed class ProgressLine(string what, TextWriter output)
{
    private const int Width = 24;
    private readonly bool isTerminal = output == Console.Out && !Console.IsOutputRedirected;
    private int shown = -1;

    /// <summary>Says how much is done, from 0 to 1.</summary>
    public void Report(double done)
    {
        var percent = (int)(Math.Clamp(done, 0, 1) * 100);
        if (percent == shown || (!isTerminal && percent / 25 == shown / 25 && shown >= 0)) return;
        shown = percent;
        var bar = new string('#', percent * Width / 100).PadRight(Width, '.');
        var line = string.Create(CultureInfo.InvariantCulture, $"{what} [{bar}] {percent,3} %");
        if (isTerminal) output.Write($"\r{line}");
        else output.WriteLine(line);
    }

    /// <summary>Ends the line with the time it took.</summary>
    public void Done(TimeSpan took)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{what}: done in {took.TotalSeconds:0.0} s");
        output.WriteLine(isTerminal ? $"\r{line.PadRight(what.Length + Width + 10)}" : line);
    }
}
