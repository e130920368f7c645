using Borsellino.Web.Hosting;

namespace Borsellino.Tests.Hosting;

/// <summary>What may be typed after ./run, and the sentence for everything else.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", Verb.Serve)]
    [InlineData("serve", Verb.Serve)]
    [InlineData("--port 8080 --data /tmp/x", Verb.Serve)]
    [InlineData("--port=8080", Verb.Serve)]
    [InlineData("--empty", Verb.Serve)]
    [InlineData("--households 25000", Verb.Serve)]
    [InlineData("--connection Host=db;Database=town", Verb.Serve)]
    [InlineData("migrate --data /tmp/x", Verb.Migrate)]
    [InlineData("--data /tmp/x verify", Verb.Verify)]
    [InlineData("demo --days 30 --export out --households 200", Verb.Demo)]
    [InlineData("import-grants list.csv --programme CASA-2026", Verb.ImportGrants)]
    [InlineData("import-grants --programme CASA-2026 list.csv", Verb.ImportGrants)]
    [InlineData("prove entry_019a", Verb.Prove)]
    [InlineData("verify-proof payment.json", Verb.VerifyProof)]
    [InlineData("help", Verb.Help)]
    [InlineData("demo --help", Verb.Help)]
    [InlineData("-h", Verb.Help)]
    public void What_is_understood(string words, Verb verb)
    {
        var (commandLine, misunderstood) = CommandLine.Parse(Words(words));
        Assert.Null(misunderstood);
        Assert.Equal(verb, commandLine!.Verb);
    }

    [Theory]
    [InlineData("fly", "There is no verb 'fly'.")]
    [InlineData("Serve", "There is no verb 'Serve'.")]
    [InlineData("serve now", "'now' is one word too many.")]
    [InlineData("import-grants a.csv b.csv", "'b.csv' is one word too many.")]
    [InlineData("--prot 8080", "There is no option --prot.")]
    [InlineData("--prot=8080", "There is no option --prot.")]
    [InlineData("-x", "There is no option -x.")]
    [InlineData("--port", "--port needs a whole number from 1 to 65535.")]
    [InlineData("--port --empty", "--port needs a whole number from 1 to 65535.")]
    [InlineData("--port 0", "--port needs a whole number from 1 to 65535, and '0' is not that.")]
    [InlineData("--port 65536", "--port needs a whole number from 1 to 65535, and '65536' is not that.")]
    [InlineData("--port 80a", "--port needs a whole number from 1 to 65535, and '80a' is not that.")]
    [InlineData("--port -1", "--port needs a whole number from 1 to 65535, and '-1' is not that.")]
    [InlineData("--port=", "--port needs a whole number from 1 to 65535, and '' is not that.")]
    [InlineData("--port 1 --port 2", "--port is given twice.")]
    [InlineData("--data=", "--data needs a folder, and '' is not that.")]
    [InlineData("--empty=yes", "--empty takes no value.")]
    [InlineData("--empty --households 200", "--empty and --households exclude each other.")]
    [InlineData("--households 199", "--households needs a whole number from 200 to 25000, and '199' is not that.")]
    [InlineData("--households 25001", "--households needs a whole number from 200 to 25000, and '25001' is not that.")]
    [InlineData("verify --port 8080", "--port is no option of verify.")]
    [InlineData("--days 30", "--days is no option of serve.")]
    [InlineData("migrate --empty", "--empty is no option of migrate.")]
    [InlineData("demo", "demo needs --days.")]
    [InlineData("demo --days 0", "--days needs a whole number from 1 to 366, and '0' is not that.")]
    [InlineData("demo --days 367", "--days needs a whole number from 1 to 366, and '367' is not that.")]
    [InlineData("demo --days 3 --export=", "--export needs a folder, and '' is not that.")]
    [InlineData("prove", "prove needs the id of an entry.")]
    [InlineData("prove a b", "'b' is one word too many.")]
    [InlineData("verify-proof", "verify-proof needs a file.")]
    [InlineData("import-grants", "import-grants needs a CSV file.")]
    [InlineData("import-grants a.csv", "import-grants needs --programme.")]
    [InlineData("import-grants a.csv --programme=", "--programme needs the code of a programme, and '' is not that.")]
    public void What_is_refused(string words, string sentence)
    {
        var (commandLine, misunderstood) = CommandLine.Parse(Words(words));
        Assert.Null(commandLine);
        Assert.Equal(sentence, misunderstood!.Sentence);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("Password=secret")]
    [InlineData("Host=db;Wrong Key=secret")]
    public void A_bad_connection_string_is_refused_and_never_repeated(string text)
    {
        var (_, misunderstood) = CommandLine.Parse(["--connection", text]);
        Assert.StartsWith("--connection needs a connection string", misunderstood!.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", misunderstood.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_typed_becomes_configuration()
    {
        var (commandLine, _) = CommandLine.Parse(Words("--port 8080 --data /tmp/x --households 300"));
        Assert.Equal("8080", commandLine!.Settings["Web:Port"]);
        Assert.Equal("/tmp/x", commandLine.Settings["Data:Folder"]);
        Assert.Equal("300", commandLine.Settings["Town:Households"]);
    }

    [Fact]
    public void Words_for_the_host_are_passed_on()
    {
        string[] words = ["--environment=Development", "--contentRoot=/x", "--ConnectionStrings=", "--ConnectionStrings:Owner=Host=db"];
        var (commandLine, misunderstood) = CommandLine.Parse(words);
        Assert.Null(misunderstood);
        Assert.Equal(words, commandLine!.Passed);
    }

    [Fact]
    public void The_help_names_every_verb_and_option()
    {
        foreach (var verb in Enum.GetValues<Verb>().Where(v => v is not Verb.Help))
            Assert.Contains(CommandLine.NameOf(verb), HelpText.Text, StringComparison.Ordinal);
        foreach (var option in CommandLine.OptionNames)
            Assert.Contains(option, HelpText.Text, StringComparison.Ordinal);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
