using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Where an accreditation stands. Only a granted one counts, and only within its days.</summary>
public enum AccreditationStatus
{
    Granted,
    Suspended,
    Revoked,
}

/// <summary>The right of a provider to serve a class and all classes below it, from one day to another, both included.</summary>
/// <param name="ActReference">The act that grants it, as offices cite it.</param>
public sealed record Accreditation(
    Id<Accreditation> Id, Id<Provider> ProviderId, string ClassCode, LocalDate ValidFrom, LocalDate ValidTo,
    AccreditationStatus Status, string ActReference) : IIdentified
{
    public static string Prefix => "accr";

    public bool IsInForceOn(LocalDate day) => Status is AccreditationStatus.Granted && ValidFrom <= day && day <= ValidTo;
}

/// <summary>An accreditation as the office lists it.</summary>
/// <param name="Ahead">How many bookings of the class, or one below it, the provider has from today on.</param>
public sealed record AccreditationCard(
    Id<Accreditation> Id, Id<Provider> ProviderId, string Provider, string ClassCode, string NameIt, string NameEn, LocalDate ValidFrom,
    LocalDate ValidTo, AccreditationStatus Status, string ActReference, int Ahead, Id<AccreditationRequest>? RequestId);

/// <summary>Who may serve what, and since when.</summary>
public sealed class Accreditations(Database db, IClock clock)
{
    private const string Select =
        "select id, provider_id, class_code, valid_from, valid_to, status, act_reference from marketplace.accreditation";

    /// <summary>
    /// The classes that a query answers (<c>code</c>, <c>parent_code</c>) and all above them, as <c>class</c>; stands after <c>with recursive</c>. Who is
    /// accredited for one may give what is below it.
    /// </summary>
    internal static string ClassesAbove(string first) =>
        $"""
        class as (
            {first}
            union
            select c.code, c.parent_code from class below
            join marketplace.service_class c on c.territory_id = @territory and c.code = below.parent_code
        )
        """;

    /// <summary>Whether a provider is accredited for one of these classes on a day, both said as the query around it names them.</summary>
    internal static string IsInForce(string provider, string day) =>
        $"""
        exists (select from marketplace.accreditation a
                where a.territory_id = @territory and a.provider_id = {provider} and a.status = 'Granted'
                  and a.class_code in (select code from class) and {day} between a.valid_from and a.valid_to)
        """;

    /// <summary>
    /// Grants an accreditation. The same again changes nothing. Refused when the provider or the class is unknown, or
    /// when another accreditation of the same class that was not revoked covers some of the days.
    /// </summary>
    public Task<Result<Id<Accreditation>>> GrantAsync(
        TerritoryId territory, Id<Accreditation> id, Id<Provider> provider, string classCode, LocalDate validFrom, LocalDate validTo,
        string actReference, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(validTo, validFrom);
        ArgumentException.ThrowIfNullOrWhiteSpace(actReference);
        var wanted = new Accreditation(id, provider, classCode, validFrom, validTo, AccreditationStatus.Granted, actReference);
        return db.TransactAsync<Id<Accreditation>>(territory, tx => GrantAsync(tx, wanted), cancel);
    }

    /// <summary>The same, within a transaction.</summary>
    internal static async Task<Result<Id<Accreditation>>> GrantAsync(Transaction tx, Accreditation wanted)
    {
        // The provider's row is the lock: two grants for one provider follow each other.
        if (!await Providers.LockAsync(tx, wanted.ProviderId)) return new ProviderNotFound(wanted.ProviderId);
        if (await LockAsync(tx, wanted.Id) is { } earlier)
        {
            return earlier with { Status = wanted.Status } == wanted ? wanted.Id : new AccreditationIdReused(wanted.Id);
        }

        if (!await ServiceClasses.ExistsAsync(tx, wanted.ClassCode)) return new ServiceClassNotFound(wanted.ClassCode);
        if (await OverlappingAsync(tx, wanted.ProviderId, wanted.ClassCode, wanted.ValidFrom, wanted.ValidTo) is { } other)
            return new AccreditationOverlaps(other.Id, other.ValidFrom, other.ValidTo);

        await tx.ExecuteAsync(
            """
            insert into marketplace.accreditation
                (territory_id, id, provider_id, class_code, valid_from, valid_to, status, act_reference)
            values (@territory, @Id, @ProviderId, @ClassCode, @ValidFrom, @ValidTo, 'Granted', @ActReference)
            """,
            new { wanted.Id, wanted.ProviderId, wanted.ClassCode, wanted.ValidFrom, wanted.ValidTo, wanted.ActReference });
        return wanted.Id;
    }

    /// <summary>
    /// Takes a granted accreditation out of force for a while: its offers are no longer found or booked, what is booked stays. The provider
    /// reads why: 1 to <see cref="AccreditationRequests.NoteMax"/> characters.
    /// </summary>
    public Task<Result<Done>> SuspendAsync(TerritoryId territory, Id<Accreditation> id, string why, Id<User> by, CancellationToken cancel = default) =>
        MoveAsync(territory, id, AccreditationStatus.Suspended, [AccreditationStatus.Granted], (AccreditationStep.Suspended, why, by), cancel);

    /// <summary>Puts a suspended accreditation back in force.</summary>
    public Task<Result<Done>> ReinstateAsync(TerritoryId territory, Id<Accreditation> id, Id<User> by, CancellationToken cancel = default) =>
        MoveAsync(territory, id, AccreditationStatus.Granted, [AccreditationStatus.Suspended], (AccreditationStep.Reinstated, null, by), cancel);

    /// <summary>Ends an accreditation for good, and says why. What was booked before is not touched here.</summary>
    public Task<Result<Done>> RevokeAsync(TerritoryId territory, Id<Accreditation> id, string why, Id<User> by, CancellationToken cancel = default) =>
        MoveAsync(
            territory, id, AccreditationStatus.Revoked, [AccreditationStatus.Granted, AccreditationStatus.Suspended], (AccreditationStep.Revoked, why, by), cancel);

    /// <param name="said">The step, why (null where nobody has to say), and by whom.</param>
    private Task<Result<Done>> MoveAsync(
        TerritoryId territory, Id<Accreditation> id, AccreditationStatus to, AccreditationStatus[] from,
        (AccreditationStep Step, string? Why, Id<User> By) said, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            var note = said.Why?.Trim();
            if (note?.Length is < 1 or > AccreditationRequests.NoteMax) return new TextLength("note", 1, AccreditationRequests.NoteMax);
            if (await LockAsync(tx, id) is not { } accreditation) return new AccreditationNotFound(id);
            if (accreditation.Status == to) return default(Done);
            if (!from.Contains(accreditation.Status)) return new AccreditationIs(id, accreditation.Status);
            await tx.ExecuteAsync(
                "update marketplace.accreditation set status = @to where territory_id = @territory and id = @id",
                new { id, to = to.ToString() });
            await tx.ExecuteAsync(
                """
                insert into marketplace.accreditation_note (territory_id, id, accreditation_id, step, note, by_user, at)
                values (@territory, @key, @id, @step, @note, @By, @now)
                """, new { key = Guid.CreateVersion7(), id, step = said.Step.ToString(), note = note ?? "", said.By, now = clock.Now });
            return default(Done);
        }, cancel);

    /// <summary>
    /// Those that are in force or may be again, of all providers, the ones that end first before the others, then those that ended in the
    /// last year or were revoked; at most five hundred.
    /// </summary>
    public Task<List<AccreditationCard>> AllAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<AccreditationCard>(
            territory, $"{Cards} and a.valid_to >= @since order by a.status = 'Revoked' or a.valid_to < @today, a.valid_to, p.name, a.class_code, a.id limit 500",
            new { today = clock.Today(), since = clock.Today().PlusYears(-1) }, cancel);

    /// <summary>One of them with its steps; null for none with this id.</summary>
    public async Task<(AccreditationCard Card, List<AccreditationNote> Notes)?> FindAsync(
        TerritoryId territory, Id<Accreditation> id, CancellationToken cancel = default)
    {
        if (await db.FindAsync<AccreditationCard>(territory, $"{Cards} and a.id = @id", new { id, today = clock.Today() }, cancel) is not { } card) return null;
        return (card, await db.ListAsync<AccreditationNote>(
            territory,
            """
            select at, step, note from marketplace.accreditation_note
            where territory_id = @territory and (accreditation_id = @id or request_id = @RequestId) order by at, id
            """, new { id, card.RequestId }, cancel));
    }

    /// <summary>All accreditations a provider has or had, newest first; at most two hundred.</summary>
    public Task<List<Accreditation>> OfAsync(TerritoryId territory, Id<Provider> provider, CancellationToken cancel = default) =>
        db.ListAsync<Accreditation>(
            territory, $"{Select} where territory_id = @territory and provider_id = @provider order by valid_from desc, class_code limit 200",
            new { provider }, cancel);

    /// <summary>The accreditation by which the provider may serve the class on the day: for the class or for one above it. Null: it may not.</summary>
    public async Task<Accreditation?> InForceAsync(
        TerritoryId territory, Id<Provider> provider, string classCode, LocalDate on, CancellationToken cancel = default) =>
        (await db.ListAsync<Accreditation>(territory, InForce, new { provider, classCode, on }, cancel)).FirstOrDefault();

    /// <summary>The same, within a transaction.</summary>
    public static async Task<Accreditation?> InForceAsync(Transaction tx, Id<Provider> provider, string classCode, LocalDate on) =>
        (await tx.ListAsync<Accreditation>(InForce, new { provider, classCode, on })).FirstOrDefault();

    private const string InForce =
        $"""
        with recursive {ServiceClasses.Lineage}
        {Select}
        where territory_id = @territory and provider_id = @provider and status = 'Granted' and @on between valid_from and valid_to
          and class_code in (select ancestor from lineage where code = @classCode)
        order by valid_to desc, id
        """;

    private const string Cards =
        $"""
        with recursive {ServiceClasses.Lineage}
        select a.id, a.provider_id, p.name as provider, a.class_code, c.name_it, c.name_en, a.valid_from, a.valid_to, a.status, a.act_reference,
               (select count(*)::int from marketplace.booking b
                join marketplace.offer o on o.territory_id = @territory and o.id = b.offer_id
                join lineage l on l.code = o.class_code and l.ancestor = a.class_code
                where b.territory_id = @territory and b.provider_id = a.provider_id and b.status in ('Requested', 'Confirmed')) as ahead,
               (select r.id from marketplace.accreditation_request r where r.territory_id = @territory and r.accreditation_id = a.id) as request_id
        from marketplace.accreditation a
        join marketplace.provider p on p.territory_id = @territory and p.id = a.provider_id
        join marketplace.service_class c on c.territory_id = @territory and c.code = a.class_code
        where a.territory_id = @territory
        """;

    /// <summary>Another accreditation of exactly this class on some of these days; revoked ones do not count. Null for none.</summary>
    internal static async Task<Accreditation?> OverlappingAsync(Transaction tx, Id<Provider> provider, string classCode, LocalDate from, LocalDate to) =>
        (await tx.ListAsync<Accreditation>(
            $"""
            {Select}
            where territory_id = @territory and provider_id = @provider and class_code = @classCode
              and status <> 'Revoked' and valid_from <= @to and valid_to >= @from
            order by valid_from limit 1
            """, new { provider, classCode, from, to })).FirstOrDefault();

    private static Task<Accreditation?> LockAsync(Transaction tx, Id<Accreditation> id) =>
        tx.FindAsync<Accreditation>($"{Select} where territory_id = @territory and id = @id for no key update", new { id });
}
