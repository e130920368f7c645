using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// From a provider's request to its accreditation: it shows documents, the office asks for what is missing, grants or refuses. Each step
/// leaves a dated note that both sides read. The provider's row is the lock: steps for one provider follow each other.
/// </summary>
public sealed partial class AccreditationRequests(Database db, IClock clock)
{
    /// <summary>What is written with a step has at most so many characters.</summary>
    public const int NoteMax = 600;

    /// <summary>A document has at most so many bytes: 5 MiB.</summary>
    public const int BytesMax = 5 * 1024 * 1024;

    /// <summary>So many documents of one request, those shown anew included.</summary>
    public const int DocumentsMax = 30;

    /// <summary>One asks for so many years at most.</summary>
    public const int YearsMax = 5;

    /// <summary>The act by which one is granted: 3 to so many characters.</summary>
    public const int ActMin = 3, ActMax = 120;

    private const string Select =
        """
        select r.id, r.provider_id, p.name as provider, r.class_code, c.name_it, c.name_en, r.wanted_from, r.wanted_to, r.status,
               r.submitted_at, r.moved_at, r.accreditation_id
        from marketplace.accreditation_request r
        join marketplace.provider p on p.territory_id = @territory and p.id = r.provider_id
        join marketplace.service_class c on c.territory_id = @territory and c.code = r.class_code
        where r.territory_id = @territory
        """;

    /// <summary>
    /// Asks. The same again changes nothing. Refused: days that begin in the past or are more than <see cref="YearsMax"/> years; a class that
    /// is unknown, asked for already, or accredited on some of these days; a required document that is missing, of a type that is not taken,
    /// too large, or over before today.
    /// </summary>
    public Task<Result<Id<AccreditationRequest>>> SubmitAsync(
        TerritoryId territory, NewAccreditationRequest wish, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<AccreditationRequest>>(territory, async tx =>
        {
            var note = wish.Note.Trim();
            if (note.Length > NoteMax) return new TextLength("note", 0, NoteMax);
            if (wish.From < clock.Today() || wish.To < wish.From || wish.To > wish.From.PlusYears(YearsMax)) return new AccreditationDaysWrong(YearsMax);
            if (!await Providers.LockAsync(tx, by.Provider)) return new ProviderNotFound(by.Provider);
            if (await FindAsync(tx, wish.Id) is { } earlier)
                return earlier.ProviderId == by.Provider && earlier.ClassCode == wish.ClassCode ? earlier.Id : new RequestIdReused(wish.Id);
            if (!await ServiceClasses.ExistsAsync(tx, wish.ClassCode)) return new ServiceClassNotFound(wish.ClassCode);
            var mine = await tx.ListAsync<AccreditationRequest>(
                $"{Select} and r.provider_id = @Provider and r.class_code = @ClassCode and r.status in ('Submitted', 'Incomplete')",
                new { by.Provider, wish.ClassCode });
            if (mine is [var waiting, ..]) return new RequestWaits(waiting.Id);
            if (await Accreditations.OverlappingAsync(tx, by.Provider, wish.ClassCode, wish.From, wish.To) is { } other)
                return new AccreditationOverlaps(other.Id, other.ValidFrom, other.ValidTo);
            var required = await RequiredDocuments.ForAsync(tx, wish.ClassCode, clock.Today());
            if (Missing(required, [.. wish.Documents.Select(d => d.Code)]) is { } missing) return missing;
            if (Wrong(required, wish.Documents, shown: 0) is { } wrong) return wrong;
            await tx.ExecuteAsync(
                """
                insert into marketplace.accreditation_request (
                    territory_id, id, provider_id, class_code, wanted_from, wanted_to, status, submitted_by, submitted_at, moved_at)
                values (@territory, @Id, @Provider, @ClassCode, @From, @To, 'Submitted', @User, @now, @now)
                """, new { wish.Id, by.Provider, wish.ClassCode, wish.From, wish.To, by.User, now = clock.Now });
            await KeepAsync(tx, wish.Id, wish.Documents, by.User);
            await NoteAsync(tx, wish.Id, AccreditationStep.Submitted, note, by.User);
            return wish.Id;
        }, cancel);

    /// <summary>
    /// The provider shows more or answers, and the office has it again; what was granted stays granted, and only its papers are renewed.
    /// A document that is there already is not added twice. Refused: nothing to add, what is over, documents as for a request.
    /// </summary>
    public Task<Result<Done>> CompleteAsync(
        TerritoryId territory, Id<AccreditationRequest> id, string note, IReadOnlyList<NewDocument> documents, ProviderUser by,
        CancellationToken cancel = default) =>
        MoveAsync(territory, id, by.Provider, async (tx, request) =>
        {
            var text = note.Trim();
            if (text.Length > NoteMax || (text.Length == 0 && documents.Count == 0)) return new TextLength("note", 1, NoteMax);
            if (request.Status is RequestStatus.Refused or RequestStatus.Withdrawn) return new RequestIs(id, request.Status);
            var shown = (await DocumentsAsync(tx, id)).Select(d => d.Id).ToHashSet();
            var added = documents.Where(d => !shown.Contains(d.Id)).ToList();
            if (added.Count == 0 && documents.Count > 0) return default(Done);
            if (Wrong(await RequiredDocuments.ForAsync(tx, request.ClassCode, clock.Today()), added, shown.Count) is { } wrong) return wrong;
            await KeepAsync(tx, id, added, by.User);
            await NoteAsync(tx, id, AccreditationStep.Completed, text, by.User);
            if (request.Status is RequestStatus.Incomplete) await SetAsync(tx, id, RequestStatus.Submitted, null);
            return default(Done);
        }, cancel);

    /// <summary>The provider does not want it any more. Repeatable; refused once it is decided.</summary>
    public Task<Result<Done>> WithdrawAsync(TerritoryId territory, Id<AccreditationRequest> id, ProviderUser by, CancellationToken cancel = default) =>
        MoveAsync(territory, id, by.Provider, async (tx, request) =>
        {
            if (request.Status is RequestStatus.Withdrawn) return default(Done);
            if (!request.IsOpen) return new RequestIs(id, request.Status);
            await SetAsync(tx, id, RequestStatus.Withdrawn, null);
            await NoteAsync(tx, id, AccreditationStep.Withdrawn, "", by.User);
            return default(Done);
        }, cancel);

    /// <summary>The office says what else it needs: 1 to <see cref="NoteMax"/> characters. Refused for one that does not wait for the office.</summary>
    public Task<Result<Done>> AskMoreAsync(TerritoryId territory, Id<AccreditationRequest> id, string note, Id<User> by, CancellationToken cancel = default) =>
        AnswerAsync(territory, id, note, by, RequestStatus.Incomplete, AccreditationStep.MoreAsked, cancel);

    /// <summary>The office does not grant it, and says why: 1 to <see cref="NoteMax"/> characters.</summary>
    public Task<Result<Done>> RefuseAsync(TerritoryId territory, Id<AccreditationRequest> id, string note, Id<User> by, CancellationToken cancel = default) =>
        AnswerAsync(territory, id, note, by, RequestStatus.Refused, AccreditationStep.Refused, cancel);

    /// <summary>
    /// Accredits, by an act and for the days that the office says, which need not be those asked for. Repeatable. Refused: a request that does
    /// not wait for the office, days as for a request (they may begin in the past), an accreditation of the class on some of these days.
    /// </summary>
    public Task<Result<Done>> GrantAsync(
        TerritoryId territory, Id<AccreditationRequest> id, LocalDate from, LocalDate to, string act, Id<User> by, CancellationToken cancel = default) =>
        MoveAsync(territory, id, null, async (tx, request) =>
        {
            var reference = act.Trim();
            if (reference.Length is < ActMin or > ActMax) return new TextLength("act", ActMin, ActMax);
            if (to < from || to < clock.Today() || to > from.PlusYears(YearsMax)) return new AccreditationDaysWrong(YearsMax);
            if (request.Status is RequestStatus.Granted) return default(Done);
            if (request.Status is not RequestStatus.Submitted) return new RequestIs(id, request.Status);
            var accreditation = new Accreditation(
                Id<Accreditation>.From("request", id), request.ProviderId, request.ClassCode, from, to, AccreditationStatus.Granted, reference);
            if ((await Accreditations.GrantAsync(tx, accreditation)).IsRefused(out var refusal)) return refusal;
            await SetAsync(tx, id, RequestStatus.Granted, accreditation.Id);
            await NoteAsync(tx, id, AccreditationStep.Granted, "", by);
            return default(Done);
        }, cancel);

    private Task<Result<Done>> AnswerAsync(
        TerritoryId territory, Id<AccreditationRequest> id, string note, Id<User> by, RequestStatus to, AccreditationStep step, CancellationToken cancel) =>
        MoveAsync(territory, id, null, async (tx, request) =>
        {
            var text = note.Trim();
            if (text.Length is < 1 or > NoteMax) return new TextLength("note", 1, NoteMax);
            if (request.Status == to) return default(Done);
            // What waits for the provider may be refused too: it may never answer.
            if (!request.IsOpen || (to is RequestStatus.Incomplete && request.Status is not RequestStatus.Submitted)) return new RequestIs(id, request.Status);
            await SetAsync(tx, id, to, null);
            await NoteAsync(tx, id, step, text, by);
            return default(Done);
        }, cancel);

    /// <param name="provider">Whose it must be; null for the office, which sees all.</param>
    private Task<Result<Done>> MoveAsync(
        TerritoryId territory, Id<AccreditationRequest> id, Id<Provider>? provider, Func<Transaction, AccreditationRequest, Task<Result<Done>>> move,
        CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await FindAsync(tx, id) is not { } seen || (provider is { } whose && seen.ProviderId != whose)) return new RequestNotFound(id);
            await Providers.LockAsync(tx, seen.ProviderId);
            return await move(tx, (await FindAsync(tx, id))!);
        }, cancel);

    private static DocumentMissing? Missing(IEnumerable<RequiredDocument> required, HashSet<string> shown) =>
        required.FirstOrDefault(r => !shown.Contains(r.Code)) is { } missing ? new(missing.Code, missing.NameIt, missing.NameEn) : null;

    private Refusal? Wrong(List<RequiredDocument> required, IReadOnlyList<NewDocument> documents, int shown)
    {
        if (documents.Count + shown > DocumentsMax) return new TooManyDocuments(DocumentsMax);
        foreach (var document in documents)
        {
            if (document.Content.Length is 0 or > BytesMax) return new DocumentTooLarge(document.Code, BytesMax);
            if (DocumentTypes.Of(document.Content) is null) return new DocumentTypeUnknown(document.Code);
            var ends = required.Exists(r => r.Code == document.Code && r.Ends);
            if (ends && (document.ValidTo is null || document.ValidTo < clock.Today())) return new DocumentEndWrong(document.Code);
        }

        return null;
    }

    private async Task KeepAsync(Transaction tx, Id<AccreditationRequest> request, IReadOnlyList<NewDocument> documents, Id<User> by)
    {
        foreach (var document in documents)
        {
            await tx.ExecuteAsync(
                """
                insert into marketplace.accreditation_document (territory_id, id, request_id, code, file_name, type, content, valid_to, added_by, added_at)
                values (@territory, @Id, @request, @Code, @name, @type, @Content, @ValidTo, @by, @now)
                """,
                new
                {
                    document.Id, request, document.Code, name = NameOf(document.FileName), type = DocumentTypes.Of(document.Content).ToString(),
                    document.Content, document.ValidTo, by, now = clock.Now,
                });
        }
    }

    /// <summary>A name as it can be read, whatever path or length it came with.</summary>
    private static string NameOf(string fileName)
    {
        var name = string.Concat(Path.GetFileName(fileName.Replace('\\', '/')).Where(c => !char.IsControl(c))).Trim();
        return name.Length == 0 ? "-" : name.Length > 200 ? name[..200] : name;
    }

    private Task<int> SetAsync(Transaction tx, Id<AccreditationRequest> id, RequestStatus status, Id<Accreditation>? accreditation) =>
        tx.ExecuteAsync(
            "update marketplace.accreditation_request set status = @status, moved_at = @now, accreditation_id = @accreditation where territory_id = @territory and id = @id",
            new { id, status = status.ToString(), accreditation, now = clock.Now });

    private Task<int> NoteAsync(Transaction tx, Id<AccreditationRequest> id, AccreditationStep step, string note, Id<User> by) =>
        tx.ExecuteAsync(
            """
            insert into marketplace.accreditation_note (territory_id, id, request_id, step, note, by_user, at)
            values (@territory, @key, @id, @step, @note, @by, @now)
            """, new { key = Guid.CreateVersion7(), id, step = step.ToString(), note, by, now = clock.Now });

    private static Task<AccreditationRequest?> FindAsync(Transaction tx, Id<AccreditationRequest> id) =>
        tx.FindAsync<AccreditationRequest>($"{Select} and r.id = @id", new { id });

    private static Task<List<AccreditationDocument>> DocumentsAsync(Transaction tx, Id<AccreditationRequest> id) =>
        tx.ListAsync<AccreditationDocument>(SelectDocuments, new { id });
}
