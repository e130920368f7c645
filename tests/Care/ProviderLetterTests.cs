using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Mail;
using NodaTime;

namespace Borsellino.Tests.Care;

/// <summary>Providers are written to about what households and the office do: once, only theirs, and no household is named.</summary>
public sealed class ProviderLetterTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Who_is_asked_is_written_to_once_with_the_time_to_answer_in()
    {
        var (t, letters, sent) = await OpenAsync();
        var booking = (await t.BookAsync(t.Rossi, await t.SlotAsync(Money.Euro(20)))).OrThrow();
        Assert.Equal(1, await RoundAsync(t, letters, sent));
        var news = Assert.Single(Assert.Single(sent).News);
        Assert.Equal((ProviderNewsKind.Requested, booking.Value), (news.Kind, news.Subject));
        Assert.Equal((await t.FindAsync(booking)).Card.AnswerBy, news.AnswerBy);
        Assert.Equal(t.Gelso.Id, sent[0].Provider);
        Assert.Equal(0, await RoundAsync(t, letters, sent));

        // What the provider does itself is no news to it; what the household does then is.
        (await t.Bookings.ConfirmAsync(t.Territory, booking, t.Gelso.User)).OrThrow();
        Assert.Equal(0, await RoundAsync(t, letters, sent));
        (await t.Bookings.CancelByHouseholdAsync(t.Territory, booking, t.Rossi.User, Money.Zero)).OrThrow();
        Assert.Equal(1, await RoundAsync(t, letters, sent));
        Assert.Equal(ProviderNewsKind.CancelledByHousehold, Assert.Single(sent[^1].News).Kind);
    }

    [Fact]
    public async Task What_the_office_does_to_an_accreditation_is_written_with_its_words()
    {
        var (t, letters, sent) = await OpenAsync();
        var accreditations = new Accreditations(t.Db, t.Clock);
        var id = (await t.Db.ListAsync<Id<Accreditation>>(
            t.Territory, "select id from marketplace.accreditation where territory_id = @territory and provider_id = @Id", new { t.Quercia.Id }))[0];
        (await accreditations.SuspendAsync(t.Territory, id, "Manca la polizza.", t.Officer)).OrThrow();
        Assert.Equal(1, await RoundAsync(t, letters, sent));
        var letter = Assert.Single(sent);
        Assert.Equal((t.Quercia.Id, AccreditationStep.Suspended, "Manca la polizza."), (letter.Provider, letter.News[0].Step, letter.News[0].Text));
        Assert.Equal(0, await RoundAsync(t, letters, sent));
    }

    [Theory]
    [InlineData(false, "Una famiglia chiede Aiuto in casa", "rispondete entro")]
    [InlineData(true, "A household asks for Help at home", "answer by")]
    public async Task It_says_what_and_when_and_names_nobody(bool english, string what, string until)
    {
        var (t, letters, sent) = await OpenAsync();
        await t.BookAsync(t.Rossi, await t.SlotAsync(Money.Euro(20)));
        await RoundAsync(t, letters, sent);
        var text = ProviderMail.Write(PlaceOf(t), sent[0] with { IsEnglish = english }, new("https://welfare.example.it/x")).Text;
        Assert.Contains(what, text, StringComparison.Ordinal);
        Assert.Contains(until, text, StringComparison.Ordinal);
        Assert.Contains("https://welfare.example.it/tradate/ente", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bernasconi", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_sold_a_product_is_told_how_many_to_get_ready_and_what_was_called_off()
    {
        var town = await ProductTown.BuildAsync(database);
        var (t, letters, sent) = await OpenAsync(town.Town);
        var id = (await town.BuyAsync(3)).OrThrow();
        Assert.Equal(1, await RoundAsync(t, letters, sent));
        Assert.Equal((t.Gelso.Id, ProviderNewsKind.ProductBought, id.Value, "3"), (sent[0].Provider, sent[0].News[0].Kind, sent[0].News[0].Subject, Assert.Single(sent[0].News).Text));
        Assert.Contains("ha comprato Kit di prova, pezzi 3", ProviderMail.Write(PlaceOf(t), sent[0], null).Text, StringComparison.Ordinal);
        // What it hands over is its own deed; what the household calls off is not.
        (await town.HandAsync((await town.BuyAsync(1)).OrThrow(), 1)).OrThrow();
        Assert.Equal(1, await RoundAsync(t, letters, sent));
        Assert.Equal(ProviderNewsKind.ProductBought, Assert.Single(sent[^1].News).Kind);
        (await town.Packages.ReturnAsync(t.Territory, id, t.Rossi.User)).OrThrow();
        Assert.Equal(1, await RoundAsync(t, letters, sent));
        Assert.Equal((ProviderNewsKind.ProductCalledOff, id.Value), (Assert.Single(sent[^1].News).Kind, sent[^1].News[0].Subject));
        Assert.Equal(0, await RoundAsync(t, letters, sent));
    }

    [Fact]
    public async Task What_the_server_did_not_take_is_due_again_and_what_is_old_is_not()
    {
        var (t, letters, sent) = await OpenAsync();
        await t.BookAsync(t.Rossi, await t.SlotAsync(Money.Euro(20)));
        t.Clock.Advance(Duration.FromMinutes(2));
        await Assert.ThrowsAsync<IOException>(() => letters.SendDueAsync(t.Territory, _ => throw new IOException("The server is away.")));
        Assert.Equal(1, await RoundAsync(t, letters, sent));
        (await t.BookAsync(t.Rossi, await t.SlotAsync(Money.Euro(20), t.Clock.Now + Duration.FromDays(9)))).OrThrow();
        t.Clock.Advance(Duration.FromDays(3));
        Assert.Equal(0, await RoundAsync(t, letters, sent));
    }

    private async Task<(BookingTown Town, ProviderLetters Letters, List<ProviderLetter> Sent)> OpenAsync(BookingTown? town = null)
    {
        var t = town ?? await BookingTown.BuildAsync(database);
        foreach (var cooperative in new[] { t.Gelso, t.Quercia })
        {
            await t.Db.TransactAsync<Done>(t.Territory, async tx =>
            {
                await Users.GrantAsync(tx, cooperative.User.User, new(Role.Provider, null, cooperative.Id));
                return default(Done);
            });
        }

        await t.GrantAsync(t.Rossi, Money.Euro(200));
        var (letters, sent) = (new ProviderLetters(t.Db, t.Clock), new List<ProviderLetter>());
        await RoundAsync(t, letters, sent);
        Assert.Empty(sent);
        return (t, letters, sent);
    }

    /// <summary>Two minutes later, whoever records is through.</summary>
    private static async Task<int> RoundAsync(BookingTown t, ProviderLetters letters, List<ProviderLetter> sent)
    {
        t.Clock.Advance(Duration.FromMinutes(2));
        return await letters.SendDueAsync(t.Territory, letter =>
        {
            sent.Add(letter);
            return Task.CompletedTask;
        });
    }

    private static Place PlaceOf(BookingTown t) => new(
        t.Territory, "tradate", "Tradate", "Tradate", "Ufficio", "via Roma 1", "Tradate", "0331 000000", "", "", "", "", default, "petrol", false, 1);
}
