using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A household's question to a person of the office, with the page on which it came up.</summary>
/// <param name="Page">The address below the territory's, such as <c>/prenota/slot_…</c>; empty for none.</param>
/// <param name="About">What stood on that page, in the words of who asks.</param>
/// <param name="Answer">What was agreed, as the office wrote it down; null while nobody has called back.</param>
public sealed record HelpRequest(
    Id<HelpRequest> Id, Id<Household> HouseholdId, int HouseholdNumber, string AskedBy, string Page, string About, string Phone,
    string Question, Instant AskedAt, string? Answer, string? AnsweredBy, Instant? AnsweredAt) : IIdentified
{
    public static string Prefix => "help";

    public bool IsOpen => AnsweredAt is null;
}

/// <summary>What a household is about to ask. The id is made with the form, so that sending it twice asks once.</summary>
public sealed record NewHelpRequest(Id<HelpRequest> Id, string Page, string About, string Phone, string Question);

public sealed record HelpRequestNotFound(Id<HelpRequest> Id) : Refusal("help_request_not_found");

public sealed record HelpRequestIdReused(Id<HelpRequest> Id) : Refusal("help_request_id_reused");

/// <summary>Somebody else has called back meanwhile.</summary>
public sealed record HelpAlreadyGiven(Id<HelpRequest> Id, string By) : Refusal("help_already_given");

/// <summary>A household has as many open questions as one person can have at a time.</summary>
public sealed record TooManyHelpRequests(int Max) : Refusal("too_many_help_requests");

/// <summary>Households ask a person for help; the office calls back and writes down what was agreed.</summary>
public sealed class HelpRequests(Database db, IClock clock)
{
    /// <summary>A question and an answer are at most so many characters.</summary>
    public const int TextMax = 600;

    /// <summary>So many questions of one household may be open.</summary>
    public const int OpenMax = 5;

    private const int RowsMax = 100;

    private const string Select =
        """
        select r.id, r.household_id, h.number as household_number, who.display_name as asked_by, r.page, r.about, r.phone, r.question,
               r.asked_at, r.answer, helper.display_name as answered_by, r.answered_at
        from marketplace.help_request r
        join marketplace.household h on h.territory_id = @territory and h.id = r.household_id
        join marketplace.app_user who on who.territory_id = @territory and who.id = r.asked_by
        left join marketplace.app_user helper on helper.territory_id = @territory and helper.id = r.answered_by
        where r.territory_id = @territory
        """;

    /// <summary>
    /// Asks. The same again changes nothing. Refused: a phone number that is none, a text too long, more than
    /// <see cref="OpenMax"/> open questions of the household.
    /// </summary>
    public Task<Result<Id<HelpRequest>>> AskAsync(
        TerritoryId territory, NewHelpRequest request, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<HelpRequest>>(territory, async tx =>
        {
            var (phone, question) = (request.Phone.Trim(), request.Question.Trim());
            if (!PhoneNumber.IsReadable(phone)) return new PhoneUnreadable();
            if (question.Length > TextMax) return new TextLength("question", 0, TextMax);

            // The household's row is the lock: two windows of one family follow each other.
            await Households.LockAsync(tx, by.Household);
            if (await FindAsync(tx, request.Id) is { } earlier)
                return earlier.HouseholdId == by.Household && earlier.Question == question ? earlier.Id : new HelpRequestIdReused(request.Id);
            var open = await tx.FindAsync<long>(
                "select count(*) from marketplace.help_request where territory_id = @territory and household_id = @Household and answered_at is null",
                new { by.Household });
            if (open >= OpenMax) return new TooManyHelpRequests(OpenMax);
            await tx.ExecuteAsync(
                """
                insert into marketplace.help_request (territory_id, id, household_id, asked_by, page, about, phone, question, asked_at)
                values (@territory, @Id, @Household, @User, left(@Page, 200), left(@About, 200), @phone, @question, @now)
                """, new { request.Id, by.Household, by.User, request.Page, request.About, phone, question, now = clock.Now });
            return request.Id;
        }, cancel);

    /// <summary>Writes down what was agreed on the phone. Once: the same again by the same person changes nothing.</summary>
    public Task<Result<Done>> AnswerAsync(
        TerritoryId territory, Id<HelpRequest> id, Id<User> by, string answer, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            var text = answer.Trim();
            if (text.Length is 0 or > TextMax) return new TextLength("answer", 1, TextMax);
            var answered = await tx.ExecuteAsync(
                """
                update marketplace.help_request set answer = @text, answered_by = @by, answered_at = greatest(asked_at, @now)
                where territory_id = @territory and id = @id and answered_at is null
                """, new { id, by, text, now = clock.Now });
            if (answered == 1) return default(Done);
            if (await FindAsync(tx, id) is not { } request) return new HelpRequestNotFound(id);
            return request.Answer == text ? default(Done) : new HelpAlreadyGiven(id, request.AnsweredBy!);
        }, cancel);

    /// <summary>Who waits for a call, the longest first, at most a hundred.</summary>
    public Task<List<HelpRequest>> WaitingAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<HelpRequest>(territory, $"{Select} and r.answered_at is null order by r.asked_at, r.id limit {RowsMax}", null, cancel);

    /// <summary>What was answered, the latest first.</summary>
    public Task<List<HelpRequest>> AnsweredAsync(TerritoryId territory, int limit, CancellationToken cancel = default) =>
        db.ListAsync<HelpRequest>(
            territory, $"{Select} and r.answered_at is not null order by r.answered_at desc, r.id limit @limit",
            new { limit = Math.Min(limit, RowsMax) }, cancel);

    /// <summary>A household's own questions, the latest first.</summary>
    public Task<List<HelpRequest>> OfHouseholdAsync(
        TerritoryId territory, Id<Household> household, int limit, CancellationToken cancel = default) =>
        db.ListAsync<HelpRequest>(
            territory, $"{Select} and r.household_id = @household order by r.asked_at desc, r.id limit @limit",
            new { household, limit = Math.Min(limit, RowsMax) }, cancel);

    /// <summary>The number by which the family is known, to be called at unless it says another; empty for none.</summary>
    public async Task<string> PhoneOfAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        await db.FindAsync<string>(
            territory,
            """
            select p.phone from marketplace.household h
            join marketplace.person p on p.territory_id = @territory and p.id = h.reference_person_id
            where h.territory_id = @territory and h.id = @household
            """, new { household }, cancel) ?? "";

    private static Task<HelpRequest?> FindAsync(Transaction tx, Id<HelpRequest> id) =>
        tx.FindAsync<HelpRequest>($"{Select} and r.id = @id", new { id });
}
