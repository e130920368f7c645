using Microsoft.Playwright;

namespace Borsellino.Tests.Journeys;

/// <summary>
/// A person with a keyboard and no mouse. At every stop of the way they see where they are: the focus has a ring, and it is neither out of
/// sight nor under something else (WCAG 2.2, 2.4.7 and 2.4.11).
/// </summary>
public sealed class Keyboard(IPage page)
{
    /// <summary>Nobody presses a key more often than this to get somewhere on one page.</summary>
    private const int StopsMax = 120;

    /// <summary>Where the focus is: what a screen reader would call it, and what is wrong with how it is shown.</summary>
    private const string Look =
        """
        () => {
            const at = document.activeElement;
            if (!at || at === document.body) return ['', ''];
            const named = id => document.getElementById(id)?.textContent;
            const name = at.getAttribute('aria-label') || named(at.getAttribute('aria-labelledby')) || (at.labels && at.labels[0]?.textContent)
                || at.textContent || at.getAttribute('name') || '';
            // A choice that looks like a button is drawn by its label.
            const drawn = [at, at.closest('label'), at.nextElementSibling].filter(e => e && (e === at || at.type === 'radio' || at.type === 'checkbox'));
            const ringed = drawn.some(e => { const s = getComputedStyle(e); return s.boxShadow !== 'none' || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2); });
            const box = drawn.map(e => e.getBoundingClientRect()).sort((a, b) => b.width * b.height - a.width * a.height)[0];
            const [x, y] = [box.left + Math.min(box.width / 2, 20), box.top + box.height / 2];
            let wrong = '';
            if (!ringed) wrong = 'has no ring';
            else if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) wrong = 'is out of sight';
            else {
                const over = document.elementFromPoint(x, Math.min(Math.max(y, 1), innerHeight - 1));
                if (over && !drawn.some(e => e.contains(over) || over.contains(e))) wrong = 'is under ' + over.outerHTML.slice(0, 60);
            }
            return [name.replace(/\s+/g, ' ').trim(), wrong];
        }
        """;

    private readonly List<string> wrong = [];

    /// <summary>Every stop that could not be seen.</summary>
    public IReadOnlyList<string> Wrong => wrong;

    /// <summary>Goes on with the tabulator until something with this name has the focus, and looks at each stop on the way.</summary>
    public async Task GoToAsync(string name)
    {
        var passed = new List<string>();
        for (var stop = 0; stop < StopsMax; stop++)
        {
            await page.Keyboard.PressAsync("Tab");
            var at = await LookAsync();
            if (at.Contains(name, StringComparison.Ordinal)) return;
            passed.Add(at);
        }

        Assert.Fail($"No way leads to «{name}» on {page.Url}; the stops were: {string.Join(" | ", passed.Where(p => p.Length > 0).Distinct(StringComparer.Ordinal))}");
    }

    /// <summary>Presses a key that leads to another page, and waits until that is there.</summary>
    public async Task FollowAsync(string key)
    {
        var loaded = new TaskCompletionSource();
        void Arrive(object? sender, IPage at) => loaded.TrySetResult();
        page.Load += Arrive;
        await page.Keyboard.PressAsync(key);
        await loaded.Task.WaitAsync(TimeSpan.FromSeconds(15));
        page.Load -= Arrive;
    }

    public async Task PressAsync(string key)
    {
        await page.Keyboard.PressAsync(key);
        await LookAsync();
    }

    public Task TypeAsync(string text) => page.Keyboard.TypeAsync(text);

    private async Task<string> LookAsync()
    {
        var seen = await page.EvaluateAsync<string[]>(Look);
        if (seen[1].Length > 0) wrong.Add($"{page.Url}: «{seen[0]}» {seen[1]}");
        return seen[0];
    }
}
