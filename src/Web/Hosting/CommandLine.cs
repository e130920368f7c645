using System.Globalization;
using NodaTime.Text;
using Npgsql;

namespace Borsellino.Web.Hosting;

/// <summary>What the program is asked to do.</summary>
public enum Verb
{
    Help,
    Serve,
    Migrate,
    Verify,
    Demo,
    ImportGrants,
    ExportJournal,
    Prove,
    VerifyProof,
}

/// <summary>Why a command line was not understood, as one sentence for the person who typed it.</summary>
public sealed record Misunderstood(string Sentence);

/// <summary>A command line that was understood: the verb, and what was said, under the names of the configuration.</summary>
/// <param name="Settings">Only what was typed; the rest comes from files and the environment.</param>
/// <param name="Passed">Words for ASP.NET Core itself, such as <c>--environment=Development</c>.</param>
public sealed record CommandLine(Verb Verb, IReadOnlyDictionary<string, string?> Settings, string[] Passed)
{
    private static readonly Verb[] Every = [Verb.Serve, Verb.Migrate, Verb.Verify, Verb.Demo, Verb.ImportGrants, Verb.ExportJournal, Verb.Prove, Verb.VerifyProof];

    private static readonly Dictionary<string, Verb> Verbs = new(StringComparer.Ordinal)
    {
        ["help"] = Verb.Help,
        ["serve"] = Verb.Serve,
        ["migrate"] = Verb.Migrate,
        ["verify"] = Verb.Verify,
        ["demo"] = Verb.Demo,
        ["import-grants"] = Verb.ImportGrants,
        ["export-journal"] = Verb.ExportJournal,
        ["prove"] = Verb.Prove,
        ["verify-proof"] = Verb.VerifyProof,
    };

    /// <summary>Verbs that want one word more, and the setting that it is.</summary>
    private static readonly Dictionary<Verb, string> Objects = new()
    {
        [Verb.ImportGrants] = "Import:File",
        [Verb.Prove] = "Proof:Entry",
        [Verb.VerifyProof] = "Proof:File",
    };

    private static readonly Dictionary<string, Option> Options = new(StringComparer.Ordinal)
    {
        ["--port"] = Option.Number("Web:Port", 1, 65_535, Verb.Serve),
        ["--data"] = new("Data:Folder", "a folder", IsSaid, Every),
        ["--connection"] = new(
            "ConnectionStrings:Owner", "a connection string such as 'Host=db;Database=borsellino;Username=…'",
            IsConnectionString, Every)
        { IsSecret = true },
        ["--empty"] = new("Town:Empty", null, null, [Verb.Serve]),
        ["--households"] = Option.Number("Town:Households", 200, 25_000, Verb.Serve, Verb.Demo),
        ["--days"] = Option.Number("Demo:Days", 1, 366, Verb.Demo),
        ["--export"] = new("Demo:Export", "a folder", IsSaid, [Verb.Demo]),
        ["--programme"] = new("Import:Programme", "the code of a programme", IsSaid, [Verb.ImportGrants]),
        ["--territory"] = new("Export:Territory", "the name of a territory in addresses, such as tradate", IsSaid, [Verb.ExportJournal]),
        ["--from"] = new("Export:From", "a day such as 2026-01-31", IsDay, [Verb.ExportJournal]),
        ["--to"] = new("Export:To", "a day such as 2026-01-31", IsDay, [Verb.ExportJournal]),
        ["--csv"] = new("Export:Csv", null, null, [Verb.ExportJournal]),
    };

    /// <summary>The settings of the host itself that tests and ASP.NET Core's own tools hand over as arguments.</summary>
    private static readonly string[] HostSettings = ["environment", "contentRoot", "applicationName", "urls"];

    /// <summary>Every option there is.</summary>
    public static IEnumerable<string> OptionNames => Options.Keys;

    /// <summary>Reads the words; answers either the command line or why it was not understood.</summary>
    public static (CommandLine? CommandLine, Misunderstood? Misunderstood) Parse(string[] words)
    {
        Verb? verb = null;
        List<string> passed = [];
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        List<(string Name, Option Option)> said = [];

        for (var i = 0; i < words.Length; i++)
        {
            var (name, value) = Halves(words[i]);
            if (name is "--help" or "-h") return (new(Verb.Help, settings, []), null);
            if (IsForTheHost(name, value, words))
            {
                passed.Add(words[i]);
            }
            else if (!name.StartsWith('-'))
            {
                if (verb is null)
                {
                    if (!Verbs.TryGetValue(words[i], out var known)) return No($"There is no verb '{words[i]}'.");
                    verb = known;
                }
                else if (Objects.TryGetValue(verb.Value, out var setting) && !settings.ContainsKey(setting))
                {
                    settings[setting] = words[i];
                }
                else
                {
                    return No($"'{words[i]}' is one word too many.");
                }
            }
            else
            {
                if (!Options.TryGetValue(name, out var option)) return No($"There is no option {name}.");
                if (settings.ContainsKey(option.Setting)) return No($"{name} is given twice.");
                if (option.Takes is null)
                {
                    if (value is not null) return No($"{name} takes no value.");
                    settings[option.Setting] = "true";
                }
                else
                {
                    // A following option is not a value: '--port --empty' forgot the port.
                    value ??= i + 1 < words.Length && !words[i + 1].StartsWith("--", StringComparison.Ordinal) ? words[++i] : null;
                    if (value is null) return No($"{name} needs {option.Takes}.");
                    if (!option.Fits!(value))
                    {
                        var shown = option.IsSecret ? "what was given" : $"'{value}'";
                        return No($"{name} needs {option.Takes}, and {shown} is not that.");
                    }

                    settings[option.Setting] = value;
                }

                said.Add((name, option));
            }
        }

        var wanted = verb ?? Verb.Serve;
        if (wanted is Verb.Help) return (new(Verb.Help, settings, []), null);
        foreach (var (name, option) in said)
        {
            if (!option.Verbs.Contains(wanted)) return No($"{name} is no option of {NameOf(wanted)}.");
        }

        if (settings.ContainsKey("Town:Empty") && settings.ContainsKey("Town:Households"))
            return No("--empty and --households exclude each other.");
        if (wanted is Verb.Demo && !settings.ContainsKey("Demo:Days")) return No("demo needs --days.");
        if (wanted is Verb.ImportGrants && !settings.ContainsKey("Import:File")) return No("import-grants needs a CSV file.");
        if (wanted is Verb.ImportGrants && !settings.ContainsKey("Import:Programme"))
            return No("import-grants needs --programme.");
        if (wanted is Verb.Prove && !settings.ContainsKey("Proof:Entry")) return No("prove needs the id of an entry.");
        if (wanted is Verb.VerifyProof && !settings.ContainsKey("Proof:File")) return No("verify-proof needs a file.");
        return (new(wanted, settings, [.. passed]), null);
    }

    /// <summary>The verb as people type it.</summary>
    public static string NameOf(Verb verb) => Verbs.First(known => known.Value == verb).Key;

    private static (CommandLine?, Misunderstood?) No(string sentence) => (null, new(sentence));

    private static (string Name, string? Value) Halves(string word)
    {
        var equals = word.StartsWith("--", StringComparison.Ordinal) ? word.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (word, null) : (word[..equals], word[(equals + 1)..]);
    }

    /// <summary>A setting by its full name, one of the host's own, or the empty word for a section that tests hand over.</summary>
    private static bool IsForTheHost(string name, string? value, string[] words) =>
        value is not null
        && (name.Contains(':', StringComparison.Ordinal)
            || HostSettings.Contains(name.TrimStart('-'), StringComparer.OrdinalIgnoreCase)
            || (value.Length == 0 && words.Any(word => word.StartsWith(name + ":", StringComparison.Ordinal))));

    private static bool IsDay(string value) => LocalDatePattern.Iso.Parse(value).Success;

    private static bool IsSaid(string value) => !string.IsNullOrWhiteSpace(value);

    private static bool IsConnectionString(string value)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(value).Host);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <param name="Takes">What the value must be, in words; null for an option without value.</param>
    private sealed record Option(string Setting, string? Takes, Func<string, bool>? Fits, Verb[] Verbs)
    {
        /// <summary>True if the value must not be repeated on the screen.</summary>
        public bool IsSecret { get; init; }

        public static Option Number(string setting, int least, int most, params Verb[] verbs) =>
            new(
                setting,
                string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
                value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most,
                verbs);
    }
}
