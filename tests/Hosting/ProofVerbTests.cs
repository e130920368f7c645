using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Borsellino.Ledger;
using Borsellino.Tests.Ledger;
using Borsellino.Web.Hosting;
using NodaTime;

namespace Borsellino.Tests.Hosting;

/// <summary>
/// A proof leaves the house as a file: the program checks it without a database, and so does a page of somebody else's
/// language. Both find the same change.
/// </summary>
public sealed partial class ProofVerbTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("borsellino-proof-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proof_is_written_and_checked_by_two_programs_that_see_every_change()
    {
        var (book, entry) = await SealedAsync();
        var (code, json) = await RunProgram.OnAsync(database.OwnerConnection, data, "prove", $"{entry}");
        Assert.True(code == 0, json);
        var file = await KeepAsync(json);
        var chain = Convert.ToHexStringLower((await new Seals(book.Db, book.Clock).LastAsync(book.Territory, Cancel))!.Chain);

        var (mine, theirs) = await CheckAsync(file);
        Assert.Equal((0, 0), (mine.Code, theirs.Code));
        Assert.EndsWith(chain, mine.Words.Trim(), StringComparison.Ordinal);
        Assert.EndsWith(chain, theirs.Words.Trim(), StringComparison.Ordinal);

        foreach (var (field, changed) in new[]
        {
            ("\"memo\": \"m", "\"memo\": \"M"), ("\"debit\": 700", "\"debit\": 701"), ("\"entries\": 3", "\"entries\": 4"), ("\"index\": ", "\"index\": 1"),
            ("\"before\": \"0", "\"before\": \"1"), ("\"recordedAt\": \"2026-01-15", "\"recordedAt\": \"2026-01-16"), ("\"chain\": \"", "\"chain\": \"0"),
        })
        {
            Assert.Contains(field, json, StringComparison.Ordinal);
            (mine, theirs) = await CheckAsync(await KeepAsync(json.Replace(field, changed, StringComparison.Ordinal)));
            Assert.Equal((1, 1), (mine.Code, theirs.Code));
            Assert.Contains("FAILS", mine.Words, StringComparison.Ordinal);
            Assert.Contains("FAILS", theirs.Words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_cannot_be_proven_or_read_is_said_in_one_sentence()
    {
        await AssertSaidAsync("'x' is no id of an entry.", "prove", "x");
        await AssertSaidAsync("No book has an entry entry_", "prove", $"{Id<JournalEntry>.New()}");
        await AssertSaidAsync("is no proof: ", "verify-proof", await KeepAsync("{}"));
        await AssertSaidAsync("Could not find file", "verify-proof", Path.Combine(data, "nowhere.json"));
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    /// <summary>A book whose first day has three entries, the one asked for with a text of many kinds of letters.</summary>
    private async Task<(Book Book, Id<JournalEntry> Entry)> SealedAsync()
    {
        var book = await Book.OpenAsync(database);
        var (bank, purse) = (await book.AccountAsync("bank"), await book.AccountAsync("grant"));
        var entry = new JournalEntry(
            Id<JournalEntry>.New(), "test", "città 7", Book.Day, "tester", "mèmo «\"a\\b\"»\nseconda riga €", [new(bank, purse, new(700))]);
        Assert.Null(await book.PostAsync(bank, purse, 100));
        Assert.Null(await book.PostAsync(entry));
        Assert.Null(await book.PostAsync(bank, purse, 100));
        book.Clock.Advance(Duration.FromDays(3));
        Assert.Equal(3, await new Seals(book.Db, book.Clock).SealDueAsync(book.Territory, Cancel));
        return (book, entry.Id);
    }

    private async Task<((int Code, string Words) Mine, (int Code, string Words) Theirs)> CheckAsync(string file) => (
        await Shell.RunAsync(["dotnet", Path.Combine(AppContext.BaseDirectory, "Borsellino.Web.dll"), "verify-proof", file], Cancel),
        await Shell.RunAsync(["node", Checker(), file], Cancel));

    private async Task AssertSaidAsync(string sentence, params string[] words)
    {
        var (code, said) = await RunProgram.OnAsync(database.OwnerConnection, data, words);
        Assert.Equal(1, code);
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private async Task<string> KeepAsync(string text)
    {
        var file = Path.Combine(data, $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, JsonOnly().Match(text).Value, Cancel);
        return file;
    }

    private static string Checker([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../docs/check-proof.mjs"));

    /// <summary>Without what else the program said.</summary>
    [GeneratedRegex(@"\{.*\}", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JsonOnly();
}
