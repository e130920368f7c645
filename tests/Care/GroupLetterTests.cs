using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Mail;
using NodaTime;

namespace Borsellino.Tests.Care;

/// <summary>Providers are written to about groups that wait for one: once, only who may give the service, and nobody of the families is named.</summary>
public sealed class GroupLetterTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Who_is_accredited_is_written_to_once_about_each_group()
    {
        var (t, letters, sent) = await OpenAsync();
        await RoundAsync(t, letters, sent);
        var (_, first) = await t.AgreedAsync(3);
        Assert.Equal(2, await RoundAsync(t, letters, sent));
        Assert.Equal([t.Town.Gelso.Id, t.Town.Quercia.Id], sent.Select(l => l.Provider).OrderBy(p => p == t.Town.Gelso.Id ? 0 : 1));
        Assert.All(sent, l => Assert.Equal([first], l.Groups.Select(g => g.Id)));
        Assert.Equal(0, await RoundAsync(t, letters, sent));

        sent.Clear();
        var (_, second) = await t.AgreedAsync(2);
        Assert.Equal(2, await RoundAsync(t, letters, sent));
        Assert.All(sent, l => Assert.Equal([second], l.Groups.Select(g => g.Id)));
    }

    [Fact]
    public async Task Who_is_not_accredited_for_it_is_not_and_neither_is_anybody_once_it_is_taken_or_over()
    {
        var (t, letters, sent) = await OpenAsync();
        await RoundAsync(t, letters, sent);
        await t.Town.ChangeAsync("update marketplace.accreditation set class_code = 'school' where territory_id = @territory and provider_id = @Id", new { t.Town.Quercia.Id });
        var (_, proposal) = await t.AgreedAsync(3);
        Assert.Equal(1, await RoundAsync(t, letters, sent));
        Assert.Equal(t.Town.Gelso.Id, Assert.Single(sent).Provider);

        var (_, taken) = await t.AgreedAsync(2);
        (await t.TakeAsync(await t.TakingAsync(taken))).OrThrow();
        Assert.Equal(0, await RoundAsync(t, letters, sent));
        await t.AgreedAsync(2);
        t.Town.Clock.Advance(Duration.FromDays(15));
        Assert.Equal(0, await RoundAsync(t, letters, sent));
        Assert.DoesNotContain(sent.SelectMany(l => l.Groups), g => g.Id != proposal);
    }

    [Fact]
    public async Task What_the_server_did_not_take_is_due_again()
    {
        var (t, letters, sent) = await OpenAsync();
        await RoundAsync(t, letters, sent);
        await t.AgreedAsync(3);
        t.Town.Clock.Advance(Duration.FromMinutes(2));
        await Assert.ThrowsAsync<IOException>(() => letters.SendDueAsync(t.Territory, _ => throw new IOException("The server is away.")));
        Assert.Equal(2, await RoundAsync(t, letters, sent));
    }

    [Theory]
    [InlineData(false, "– Aiuto in casa, 3 famiglie, Scuola Pellico (Tradate), ogni martedì 15:00")]
    [InlineData(true, "– Help at home, 3 families, Scuola Pellico (Tradate), every Tuesday 3:00")]
    public async Task It_says_what_where_and_when_and_names_nobody(bool english, string line)
    {
        var (t, letters, sent) = await OpenAsync();
        await RoundAsync(t, letters, sent);
        var (families, _) = await t.AgreedAsync(3);
        await RoundAsync(t, letters, sent);

        var letter = GroupMail.Write(PlaceOf(t), sent[0] with { IsEnglish = english }, new("https://welfare.example.it/x"));

        Assert.Contains(line.Split(" 15:00")[0].Split(" 3:00")[0], letter.Text, StringComparison.Ordinal);
        Assert.Contains("https://welfare.example.it/tradate/ente/ricerche", letter.Text, StringComparison.Ordinal);
        foreach (var (family, need) in families)
        {
            Assert.DoesNotContain($"{family.Id.Value:N}", letter.Text, StringComparison.Ordinal);
            Assert.DoesNotContain($"{need.Value:N}", letter.Text, StringComparison.Ordinal);
        }

        var names = await t.Town.Db.ListAsync<string>(t.Territory, "select last_name from marketplace.person where territory_id = @territory and length(last_name) > 2");
        Assert.All(names, name => Assert.DoesNotContain(name, letter.Text, StringComparison.Ordinal));
    }

    private static Place PlaceOf(NeedTown t) => new(
        t.Territory, "tradate", "Tradate", "Tradate", "Ufficio", "via Roma 1", "Tradate", "0331 000000", "", "", "", "", default, "petrol", false, 1);

    private async Task<(NeedTown Town, GroupLetters Letters, List<GroupLetter> Sent)> OpenAsync()
    {
        var t = await NeedTown.BuildAsync(database);
        (await t.Town.Db.TransactAsync<Done>(t.Territory, async tx =>
        {
            foreach (var by in new[] { t.Town.Gelso, t.Town.Quercia }) await Users.GrantAsync(tx, by.User.User, new(Role.Provider, Provider: by.Id));
            return default(Done);
        })).OrThrow();
        return (t, new(t.Town.Db, t.Town.Clock), []);
    }

    /// <summary>Lets two minutes pass, so that what was agreed is old enough to be read.</summary>
    private static Task<int> RoundAsync(NeedTown t, GroupLetters letters, List<GroupLetter> sent)
    {
        t.Town.Clock.Advance(Duration.FromMinutes(2));
        return letters.SendDueAsync(t.Territory, letter =>
        {
            sent.Add(letter);
            return Task.CompletedTask;
        });
    }
}
