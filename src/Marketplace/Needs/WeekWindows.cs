namespace Borsellino.Marketplace;

/// <summary>What is left of somebody's week.</summary>
public static class WeekWindows
{
    /// <summary>The windows without a time that was refused: cut, split in two, or gone. They stay in their order.</summary>
    public static IReadOnlyList<WeekWindow> Without(this IReadOnlyList<WeekWindow> windows, WeekWindow refused) =>
        [.. windows.SelectMany(w => w.Without(refused))];

    private static IEnumerable<WeekWindow> Without(this WeekWindow window, WeekWindow refused)
    {
        if (window.Day != refused.Day || refused.To <= window.From || window.To <= refused.From)
        {
            yield return window;
            yield break;
        }

        if (window.From < refused.From) yield return window with { To = refused.From };
        if (refused.To < window.To) yield return window with { From = refused.To };
    }
}
