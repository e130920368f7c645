using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests.Accrediting;


/// <summary>From a provider's request to its accreditation: nobody is accredited by itself, nothing that was shown or said goes missing.</summary>
public sealed class AccreditationRequestTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly byte[] Pdf = Encoding.ASCII.GetBytes("%PDF-1.7 una polizza");

    [Fact]
    public async Task A_provider_asks_shows_what_is_missing_and_is_accredited()
    {
        var town = await OpenAsync();
        var id = (await town.AskAsync()).OrThrow();
        Assert.Equal([id], (await town.Requests.OpenAsync(town.Territory)).Select(r => r.Id));
        Assert.Null(await town.Accreditations.InForceAsync(town.Territory, town.Gelso.Id, "school", town.Today.PlusDays(1)));

        town.Clock.Advance(Duration.FromHours(1));
        (await town.Requests.AskMoreAsync(town.Territory, id, " La polizza è illeggibile. ", town.Officer)).OrThrow();
        Assert.Equal(RequestStatus.Incomplete, (await town.FileAsync(id)).Request.Status);
        Assert.IsType<RequestIs>(Refused(await town.GrantAsync(id)));

        town.Clock.Advance(Duration.FromHours(1));
        (await town.Requests.CompleteAsync(town.Territory, id, "Eccola", [town.Document("polizza", Pdf)], town.Gelso.User)).OrThrow();
        town.Clock.Advance(Duration.FromHours(1));
        (await town.GrantAsync(id)).OrThrow();
        (await town.GrantAsync(id)).OrThrow();
        Assert.NotNull(await town.Accreditations.InForceAsync(town.Territory, town.Gelso.Id, "school", town.Today.PlusDays(1)));
        Assert.Empty(await town.Requests.OpenAsync(town.Territory));

        var file = await town.FileAsync(id);
        Assert.Equal(["polizza", "polizza", "statuto"], file.Documents.Select(d => d.Code).Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                (AccreditationStep.Submitted, "Buongiorno"), (AccreditationStep.MoreAsked, "La polizza è illeggibile."),
                (AccreditationStep.Completed, "Eccola"), (AccreditationStep.Granted, ""),
            ],
            file.Notes.Select(n => (n.Step, n.Note)));

        // What happens to it later stands behind what came before, on both sides.
        town.Clock.Advance(Duration.FromHours(1));
        var accreditation = file.Request.AccreditationId!.Value;
        (await town.Accreditations.SuspendAsync(town.Territory, accreditation, "Polizza non rinnovata", town.Officer)).OrThrow();
        Assert.Equal((AccreditationStep.Suspended, "Polizza non rinnovata"), Last((await town.FileAsync(id)).Notes));
        var (card, notes) = (await town.Accreditations.FindAsync(town.Territory, accreditation))!.Value;
        Assert.Equal((AccreditationStatus.Suspended, id, 5), (card.Status, card.RequestId, notes.Count));

        static (AccreditationStep, string) Last(IReadOnlyList<AccreditationNote> notes) => (notes[^1].Step, notes[^1].Note);
    }

    [Fact]
    public async Task Sent_twice_it_is_asked_and_shown_once()
    {
        var town = await OpenAsync();
        var wish = town.Wish();
        Assert.Equal(wish.Id, (await town.Requests.SubmitAsync(town.Territory, wish, town.Gelso.User)).OrThrow());
        Assert.Equal(wish.Id, (await town.Requests.SubmitAsync(town.Territory, wish, town.Gelso.User)).OrThrow());
        Assert.Equal(2, (await town.FileAsync(wish.Id)).Documents.Count);
        Assert.IsType<RequestIdReused>(Refused(await town.Requests.SubmitAsync(town.Territory, wish with { ClassCode = "care" }, town.Gelso.User)));

        var more = town.Document("polizza", Pdf);
        for (var times = 0; times < 2; times++) (await town.Requests.CompleteAsync(town.Territory, wish.Id, "Una più nuova", [more], town.Gelso.User)).OrThrow();
        var file = await town.FileAsync(wish.Id);
        Assert.Equal((3, 2), (file.Documents.Count, file.Notes.Count));
    }

    [Fact]
    public async Task Each_wrong_request_is_refused_by_its_own_reason_and_nothing_is_written()
    {
        var town = await OpenAsync();
        var good = town.Wish();
        var (from, to) = (good.From, good.To);
        (NewAccreditationRequest Wish, Type Why)[] table =
        [
            (good with { From = town.Today.PlusDays(-1) }, typeof(AccreditationDaysWrong)),
            (good with { To = from.PlusDays(-1) }, typeof(AccreditationDaysWrong)),
            (good with { To = from.PlusYears(5).PlusDays(1) }, typeof(AccreditationDaysWrong)),
            (good with { ClassCode = "niente" }, typeof(ServiceClassNotFound)),
            (good with { ClassCode = "care" }, typeof(AccreditationOverlaps)),
            (good with { Note = new('x', 601) }, typeof(TextLength)),
            (good with { Documents = [] }, typeof(DocumentMissing)),
            (good with { Documents = [good.Documents[0]] }, typeof(DocumentMissing)),
            (With(Pdf, null), typeof(DocumentEndWrong)),
            (With(Pdf, town.Today.PlusDays(-1)), typeof(DocumentEndWrong)),
            (With("MZ\u0090 un programma"u8.ToArray(), to), typeof(DocumentTypeUnknown)),
            (With("<html>"u8.ToArray(), to), typeof(DocumentTypeUnknown)),
            (With([], to), typeof(DocumentTooLarge)),
            (With([.. Pdf, .. new byte[AccreditationRequests.BytesMax]], to), typeof(DocumentTooLarge)),
            (good with { Documents = [.. Enumerable.Range(0, 31).Select(_ => town.Document("polizza", Pdf)), town.Document("statuto", Pdf)] }, typeof(TooManyDocuments)),
        ];
        foreach (var (wish, why) in table)
        {
            Assert.Equal(why, Refused(await town.Requests.SubmitAsync(town.Territory, wish, town.Gelso.User))?.GetType());
        }

        Assert.Empty(await town.Requests.OfProviderAsync(town.Territory, town.Gelso.Id));
        // The last day that is allowed, for as long as is allowed.
        (await town.Requests.SubmitAsync(town.Territory, good with { From = town.Today, To = town.Today.PlusYears(5) }, town.Gelso.User)).OrThrow();
        Assert.IsType<RequestWaits>(Refused(await town.AskAsync()));
        // Something else may be asked for meanwhile.
        (await town.Requests.SubmitAsync(town.Territory, town.Wish() with { ClassCode = "home-care" }, town.Gelso.User)).OrThrow();

        NewAccreditationRequest With(byte[] content, LocalDate? end) =>
            good with { Documents = [good.Documents[0], town.Document("polizza", content) with { ValidTo = end }] };
    }

    /// <summary>Who may do what in which state: the answer of every step to every state, as a table.</summary>
    [Theory]
    [InlineData(RequestStatus.Submitted, "AGRCW")]
    [InlineData(RequestStatus.Incomplete, "aRCW")]
    [InlineData(RequestStatus.Granted, "gC")]
    [InlineData(RequestStatus.Refused, "r")]
    [InlineData(RequestStatus.Withdrawn, "w")]
    public async Task A_step_applies_where_it_should(RequestStatus status, string accepted)
    {
        var town = await OpenAsync();
        // A capital letter is a step that moves or adds, a small one a repetition that changes nothing.
        foreach (var step in "AGRCW")
        {
            var id = (await town.AskAsync()).OrThrow();
            await BringAsync(id);
            var before = await town.FileAsync(id);
            Assert.Equal(status, before.Request.Status);
            var refusal = Refused(await DoAsync(step, id));
            var after = await town.FileAsync(id);
            if (accepted.Contains(step))
            {
                Assert.Null(refusal);
                Assert.Equal(before.Notes.Count + 1, after.Notes.Count);
            }
            else
            {
                if (accepted.Contains(char.ToLowerInvariant(step))) Assert.Null(refusal);
                else Assert.Equal(new RequestIs(id, status), refusal);
                Assert.Equal((before.Request.Status, before.Notes.Count), (after.Request.Status, after.Notes.Count));
            }

            // Out of the way of the next.
            await town.Requests.WithdrawAsync(town.Territory, id, town.Gelso.User);
            if (after.Request.AccreditationId is { } granted) (await town.Accreditations.RevokeAsync(town.Territory, granted, "Prova", town.Officer)).OrThrow();
        }

        Task BringAsync(Id<AccreditationRequest> id) => status switch
        {
            RequestStatus.Incomplete => DoAsync('A', id),
            RequestStatus.Granted => DoAsync('G', id),
            RequestStatus.Refused => DoAsync('R', id),
            RequestStatus.Withdrawn => DoAsync('W', id),
            _ => Task.CompletedTask,
        };

        Task<Result<Done>> DoAsync(char step, Id<AccreditationRequest> id) => step switch
        {
            'A' => town.Requests.AskMoreAsync(town.Territory, id, "Altro", town.Officer),
            'G' => town.GrantAsync(id),
            'R' => town.Requests.RefuseAsync(town.Territory, id, "No", town.Officer),
            'C' => town.Requests.CompleteAsync(town.Territory, id, "Ecco", [], town.Gelso.User),
            _ => town.Requests.WithdrawAsync(town.Territory, id, town.Gelso.User),
        };
    }

    [Fact]
    public async Task The_office_says_why_and_by_which_act()
    {
        var town = await OpenAsync();
        var id = (await town.AskAsync()).OrThrow();
        foreach (var note in new[] { "", "  ", new string('x', 601) })
        {
            Assert.IsType<TextLength>(Refused(await town.Requests.AskMoreAsync(town.Territory, id, note, town.Officer)));
            Assert.IsType<TextLength>(Refused(await town.Requests.RefuseAsync(town.Territory, id, note, town.Officer)));
            Assert.IsType<TextLength>(Refused(await town.Requests.CompleteAsync(town.Territory, id, note, [], town.Gelso.User)));
        }

        Assert.IsType<TextLength>(Refused(await town.GrantAsync(id, act: "12")));
        Assert.IsType<AccreditationDaysWrong>(Refused(await town.GrantAsync(id, to: town.Today.PlusDays(-1))));
        Assert.IsType<AccreditationDaysWrong>(Refused(await town.GrantAsync(id, from: town.Today, to: town.Today.PlusYears(5).PlusDays(1))));
        (await town.GrantAsync(id, from: town.Today.PlusDays(-3))).OrThrow();
        var granted = (await town.FileAsync(id)).Request.AccreditationId!.Value;
        Assert.IsType<TextLength>(Refused(await town.Accreditations.SuspendAsync(town.Territory, granted, " ", town.Officer)));
        Assert.IsType<TextLength>(Refused(await town.Accreditations.RevokeAsync(town.Territory, granted, "", town.Officer)));
    }

    [Fact]
    public async Task Whoever_decides_at_once_one_of_them_decides()
    {
        var town = await OpenAsync();
        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => town.AskAsync())));
        var id = Assert.Single(asked, a => Refused(a) is null).OrThrow();
        Assert.All(asked.Select(Refused).OfType<Refusal>(), r => Assert.IsType<RequestWaits>(r));

        var decided = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => i % 3 == 0
            ? town.GrantAsync(id)
            : i % 3 == 1 ? town.Requests.RefuseAsync(town.Territory, id, "No", town.Officer) : town.Requests.WithdrawAsync(town.Territory, id, town.Gelso.User))));
        var file = await town.FileAsync(id);
        Assert.Single(file.Notes, n => n.Step is not AccreditationStep.Submitted);
        Assert.Equal(8, decided.Count(d => Refused(d) is RequestIs));
        Assert.Equal(file.Request.Status is RequestStatus.Granted, file.Request.AccreditationId is not null);
    }

    [Fact]
    public async Task Nobody_sees_or_touches_what_is_another_providers()
    {
        var town = await OpenAsync();
        var other = await town.Town.CooperativeAsync();
        var id = (await town.AskAsync()).OrThrow();
        var document = (await town.FileAsync(id)).Documents[0].Id;
        Assert.Null(await town.Requests.FindAsync(town.Territory, id, other.Id));
        Assert.Null(await town.Requests.ContentAsync(town.Territory, id, document, other.Id));
        Assert.Equal(Pdf, (await town.Requests.ContentAsync(town.Territory, id, document, town.Gelso.Id))!.Value.Content);
        Assert.Equal(Pdf, (await town.Requests.ContentAsync(town.Territory, id, document))!.Value.Content);
        Assert.Null(await town.Requests.ContentAsync(town.Territory, Id<AccreditationRequest>.New(), document));
        Assert.IsType<RequestNotFound>(Refused(await town.Requests.WithdrawAsync(town.Territory, id, other.User)));
        Assert.IsType<RequestNotFound>(Refused(await town.Requests.CompleteAsync(town.Territory, id, "Io", [], other.User)));
        Assert.Empty(await town.Requests.OfProviderAsync(town.Territory, other.Id));
        Assert.IsType<RequestIdReused>(Refused(await town.Requests.SubmitAsync(town.Territory, town.Wish() with { Id = id }, other.User)));

        var elsewhere = await BookingTown.BuildAsync(database);
        Assert.Null(await town.Requests.FindAsync(elsewhere.Territory, id));
        Assert.Null(await town.Requests.ContentAsync(elsewhere.Territory, id, document));
        Assert.Empty(await town.Requests.OpenAsync(elsewhere.Territory));
    }

    [Fact]
    public async Task What_is_required_follows_the_class_and_the_day()
    {
        var town = await OpenAsync();
        var documents = town.Documents;
        (await documents.PutAsync(town.Territory, new(Id<RequiredDocument>.New(), "casa", "care", "Piano di assistenza", "Care plan", false, town.Today.PlusDays(-9), town.Today.PlusDays(9)))).OrThrow();
        (await documents.PutAsync(town.Territory, new(Id<RequiredDocument>.New(), "dopo", null, "Dal mese prossimo", "From next month", false, town.Today.PlusDays(10), null))).OrThrow();
        Assert.Equal(["polizza", "statuto", "casa"], await CodesAsync("home-care", town.Today));
        Assert.Equal(["polizza", "statuto"], await CodesAsync("school", town.Today));
        Assert.Equal(["dopo", "polizza", "statuto"], await CodesAsync("care", town.Today.PlusDays(10)));
        Assert.IsType<ServiceClassNotFound>(Refused(await documents.PutAsync(
            town.Territory, new(Id<RequiredDocument>.New(), "boh", "boh", "Niente", "Nothing", false, town.Today, null))));

        async Task<List<string>> CodesAsync(string code, LocalDate on) => [.. (await documents.ForAsync(town.Territory, code, on)).Select(d => d.Code)];
    }

    [Theory]
    [InlineData("update marketplace.accreditation_request set status = 'Granted', accreditation_id = gen_random_uuid() where status = 'Withdrawn'", "23514,23503,P0001")]
    [InlineData("update marketplace.accreditation_request set status = 'Submitted' where status = 'Withdrawn'", "P0001")]
    [InlineData("update marketplace.accreditation_request set status = 'Refused', accreditation_id = null where status = 'Granted'", "P0001")]
    [InlineData("update marketplace.accreditation_request set accreditation_id = null where status = 'Granted'", "23514")]
    [InlineData("update marketplace.accreditation_request set wanted_to = wanted_to + 1", "42501")]
    [InlineData("update marketplace.accreditation_note set note = 'altro'", "42501")]
    [InlineData("delete from marketplace.accreditation_note", "42501")]
    [InlineData("update marketplace.accreditation_document set content = 'x'", "42501")]
    [InlineData("delete from marketplace.accreditation_document", "42501")]
    [InlineData("update marketplace.required_document set ends = true", "42501")]
    [InlineData("update marketplace.accreditation set status = 'Granted' where status = 'Revoked'", "P0001")]
    [InlineData("""
        insert into marketplace.accreditation_note (territory_id, id, accreditation_id, step, note, by_user, at)
        select territory_id, gen_random_uuid(), id, 'Suspended', '', (select id from marketplace.app_user limit 1), now() from marketplace.accreditation
        """, "23514")]
    public async Task SQL_keeps_what_was_decided_and_said(string statement, string states)
    {
        var town = await OpenAsync();
        (await town.Requests.WithdrawAsync(town.Territory, (await town.AskAsync()).OrThrow(), town.Gelso.User)).OrThrow();
        var id = (await town.AskAsync()).OrThrow();
        (await town.GrantAsync(id)).OrThrow();
        var second = (await town.Accreditations.GrantAsync(
            town.Territory, Id<Accreditation>.New(), town.Gelso.Id, "home-care", town.Today, town.Today.PlusDays(9), "Determina 1")).OrThrow();
        (await town.Accreditations.RevokeAsync(town.Territory, second, "Prova", town.Officer)).OrThrow();
        var error = await Assert.ThrowsAsync<PostgresException>(() => town.Town.Db.ExecuteAsync(town.Territory, statement));
        Assert.Contains(error.SqlState, states.Split(','));
    }

    [Theory]
    [InlineData("%PDF-1.4", DocumentType.Pdf)]
    [InlineData("\u00ff\u00d8\u00ff\u00e0", DocumentType.Jpeg)]
    [InlineData("\u0089PNG\r\n\u001a\n", DocumentType.Png)]
    [InlineData("%PDF", null)]
    [InlineData(" %PDF-1.4", null)]
    [InlineData("\u0089PNG\r\n", null)]
    [InlineData("GIF89a", null)]
    [InlineData("PK\u0003\u0004", null)]
    [InlineData("", null)]
    public void A_file_is_what_it_begins_with(string content, DocumentType? expected) =>
        Assert.Equal(expected, DocumentTypes.Of(Encoding.Latin1.GetBytes(content)));

    private static Refusal? Refused<T>(Result<T> result)
        where T : notnull => result.IsRefused(out var refusal) ? refusal : null;

    private async Task<Call> OpenAsync()
    {
        var town = new Call(await BookingTown.BuildAsync(database));
        var since = town.Today.PlusYears(-1);
        (await town.Documents.PutAsync(town.Territory, new(Id<RequiredDocument>.New(), "statuto", null, "Statuto", "Statute", false, since, null))).OrThrow();
        (await town.Documents.PutAsync(town.Territory, new(Id<RequiredDocument>.New(), "polizza", null, "Polizza", "Insurance policy", true, since, null))).OrThrow();
        return town;
    }

    /// <summary>A town whose office has called for providers.</summary>
    private sealed class Call(BookingTown town)
    {
        public BookingTown Town => town;
        public TerritoryId Territory => town.Territory;
        public HandClock Clock => town.Clock;
        public LocalDate Today => town.Clock.Today();
        public BookingTown.Cooperative Gelso => town.Gelso;
        public Id<User> Officer => town.Officer;
        public AccreditationRequests Requests { get; } = new(town.Db, town.Clock);
        public Accreditations Accreditations { get; } = new(town.Db, town.Clock);
        public RequiredDocuments Documents { get; } = new(town.Db);

        public NewDocument Document(string code, byte[] content) => new(Id<AccreditationDocument>.New(), code, $"C:\\carte\\{code}.pdf", content, Today.PlusYears(1));

        public NewAccreditationRequest Wish() => new(
            Id<AccreditationRequest>.New(), "school", Today.PlusDays(1), Today.PlusYears(3), " Buongiorno ", [Document("statuto", Pdf), Document("polizza", Pdf)]);

        public Task<Result<Id<AccreditationRequest>>> AskAsync() => Requests.SubmitAsync(Territory, Wish(), Gelso.User);

        public async Task<RequestFile> FileAsync(Id<AccreditationRequest> id) => (await Requests.FindAsync(Territory, id, Gelso.Id))!;

        public Task<Result<Done>> GrantAsync(Id<AccreditationRequest> id, LocalDate? from = null, LocalDate? to = null, string act = "Determina 7/2026") =>
            Requests.GrantAsync(Territory, id, from ?? Today.PlusDays(1), to ?? Today.PlusYears(2), act, Officer);
    }
}
