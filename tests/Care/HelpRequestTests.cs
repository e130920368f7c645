using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Tests.Care;

/// <summary>A family asks to be called, somebody calls: once each, by the right people, and both sides read what was agreed.</summary>
public sealed class HelpRequestTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Phone = "0331 555 123";

    [Fact]
    public async Task A_question_waits_until_somebody_calls_back()
    {
        var (town, requests) = await OpenAsync();
        var first = await AskAsync(town, requests, town.Rossi, "Non capisco i tempi");
        town.Clock.Advance(Duration.FromMinutes(5));
        var second = await AskAsync(town, requests, town.Bianchi, "");
        Assert.Equal([first, second], (await requests.WaitingAsync(town.Territory)).Select(r => r.Id));

        (await requests.AnswerAsync(town.Territory, first, town.Gelso.User.User, " Abbiamo guardato insieme ")).OrThrow();

        Assert.Equal([second], (await requests.WaitingAsync(town.Territory)).Select(r => r.Id));
        var answered = Assert.Single(await requests.AnsweredAsync(town.Territory, 10));
        Assert.Equal((first, "Abbiamo guardato insieme", town.Clock.Now), (answered.Id, answered.Answer, answered.AnsweredAt));
        Assert.Equal([first], (await requests.OfHouseholdAsync(town.Territory, town.Rossi.Id, 5)).Select(r => r.Id));
        Assert.Equal(("/prenota/slot", "Il Doposcuola", Phone), (answered.Page, answered.About, answered.Phone));
    }

    [Fact]
    public async Task Sent_twice_it_is_asked_once_and_answered_twice_it_is_answered_once()
    {
        var (town, requests) = await OpenAsync();
        var request = New("Quanto mi resta?");
        var by = town.Rossi.User;
        Assert.Equal(request.Id, (await requests.AskAsync(town.Territory, request, by)).OrThrow());
        Assert.Equal(request.Id, (await requests.AskAsync(town.Territory, request, by)).OrThrow());
        Assert.Single(await requests.WaitingAsync(town.Territory));
        Assert.IsType<HelpRequestIdReused>(Refused(await requests.AskAsync(town.Territory, request with { Question = "Altro" }, by)));
        Assert.IsType<HelpRequestIdReused>(Refused(await requests.AskAsync(town.Territory, request, town.Bianchi.User)));

        var (one, other) = (town.Gelso.User.User, town.Quercia.User.User);
        (await requests.AnswerAsync(town.Territory, request.Id, one, "Venti euro")).OrThrow();
        (await requests.AnswerAsync(town.Territory, request.Id, one, "Venti euro")).OrThrow();
        Assert.IsType<HelpAlreadyGiven>(Refused(await requests.AnswerAsync(town.Territory, request.Id, other, "Trenta euro")));
        Assert.Equal("Venti euro", Assert.Single(await requests.AnsweredAsync(town.Territory, 10)).Answer);
    }

    [Theory]
    [InlineData("", "phone_unreadable")]
    [InlineData("chiamami", "phone_unreadable")]
    [InlineData("12", "phone_unreadable")]
    [InlineData("+39 0331 555 1234567890", "phone_unreadable")]
    [InlineData("0331-555", "phone_unreadable")]
    [InlineData("+39 333 555 0123", null)]
    [InlineData("  0331 555010 ", null)]
    public async Task A_number_is_digits_with_spaces(string phone, string? code)
    {
        var (town, requests) = await OpenAsync();
        var asked = await requests.AskAsync(town.Territory, New("") with { Phone = phone }, town.Rossi.User);
        Assert.Equal(code, asked.IsRefused(out var refusal) ? refusal.Code : null);
        Assert.Equal(code is null ? 1 : 0, (await requests.WaitingAsync(town.Territory)).Count);
    }

    [Fact]
    public async Task Too_long_too_many_and_not_there_are_refused()
    {
        var (town, requests) = await OpenAsync();
        var by = town.Rossi.User;
        Assert.IsType<TextLength>(Refused(await requests.AskAsync(town.Territory, New(new string('x', HelpRequests.TextMax + 1)), by)));
        for (var i = 0; i < HelpRequests.OpenMax; i++) (await requests.AskAsync(town.Territory, New($"{i}"), by)).OrThrow();
        Assert.IsType<TooManyHelpRequests>(Refused(await requests.AskAsync(town.Territory, New("ancora"), by)));
        (await requests.AskAsync(town.Territory, New("io no"), town.Bianchi.User)).OrThrow();

        var waiting = (await requests.WaitingAsync(town.Territory))[0].Id;
        var helper = town.Gelso.User.User;
        Assert.IsType<TextLength>(Refused(await requests.AnswerAsync(town.Territory, waiting, helper, "  ")));
        Assert.IsType<TextLength>(Refused(await requests.AnswerAsync(town.Territory, waiting, helper, new string('x', HelpRequests.TextMax + 1))));
        Assert.IsType<HelpRequestNotFound>(Refused(await requests.AnswerAsync(town.Territory, Id<HelpRequest>.New(), helper, "Sì")));

        var elsewhere = await BookingTown.BuildAsync(database);
        Assert.IsType<HelpRequestNotFound>(Refused(await requests.AnswerAsync(elsewhere.Territory, waiting, helper, "Sì")));
        Assert.Empty(await requests.WaitingAsync(elsewhere.Territory));
    }

    [Fact]
    public async Task What_was_asked_or_answered_cannot_be_changed_behind_our_back()
    {
        var (town, requests) = await OpenAsync();
        await AskAsync(town, requests, town.Rossi, "Quanto mi resta?");
        foreach (var change in new[] { "question = 'Altro'", "phone = '02 123456'", "household_id = household_id" })
        {
            var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => town.ChangeAsync(
                $"update marketplace.help_request set {change} where territory_id = @territory", new { }));
            Assert.Equal(Npgsql.PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
        }
    }

    private async Task<(BookingTown Town, HelpRequests Requests)> OpenAsync()
    {
        var town = await BookingTown.BuildAsync(database);
        return (town, new(town.Db, town.Clock));
    }

    private static NewHelpRequest New(string question) => new(Id<HelpRequest>.New(), "/prenota/slot", "Il Doposcuola", Phone, question);

    private static async Task<Id<HelpRequest>> AskAsync(BookingTown town, HelpRequests requests, BookingTown.Family family, string question) =>
        (await requests.AskAsync(town.Territory, New(question), family.User)).OrThrow();
}
