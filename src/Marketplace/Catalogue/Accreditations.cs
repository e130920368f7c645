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

/// <summary>Who may serve what, and since when.</summary>
public sealed class Accreditations(Database db)
{
    private const string Select =
        "select id, provider_id, class_code, valid_from, valid_to, status, act_reference from marketplace.accreditation";

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

    private static async Task<Result<Id<Accreditation>>> GrantAsync(Transaction tx, Accreditation wanted)
    {
        // The provider's row is the lock: two grants for one provider follow each other.
        var providers = await tx.ListAsync<int>(
            "select 1 from marketplace.provider where territory_id = @territory and id = @ProviderId for update", new { wanted.ProviderId });
        if (providers.Count == 0) return new ProviderNotFound(wanted.ProviderId);
        if (await LockAsync(tx, wanted.Id) is { } earlier)
        {
            return earlier with { Status = wanted.Status } == wanted ? wanted.Id : new AccreditationIdReused(wanted.Id);
        }

        var classes = await tx.ListAsync<int>(
            "select 1 from marketplace.service_class where territory_id = @territory and code = @ClassCode", new { wanted.ClassCode });
        if (classes.Count == 0) return new ServiceClassNotFound(wanted.ClassCode);
        var others = await tx.ListAsync<Accreditation>(
            $"""
            {Select}
            where territory_id = @territory and provider_id = @ProviderId and class_code = @ClassCode
              and status <> 'Revoked' and valid_from <= @ValidTo and valid_to >= @ValidFrom
            order by valid_from limit 1
            """, new { wanted.ProviderId, wanted.ClassCode, wanted.ValidFrom, wanted.ValidTo });
        if (others is [var other]) return new AccreditationOverlaps(other.Id, other.ValidFrom, other.ValidTo);

        await tx.ExecuteAsync(
            """
            insert into marketplace.accreditation
                (territory_id, id, provider_id, class_code, valid_from, valid_to, status, act_reference)
            values (@territory, @Id, @ProviderId, @ClassCode, @ValidFrom, @ValidTo, 'Granted', @ActReference)
            """,
            new { wanted.Id, wanted.ProviderId, wanted.ClassCode, wanted.ValidFrom, wanted.ValidTo, wanted.ActReference });
        return wanted.Id;
    }

    /// <summary>Takes a granted accreditation out of force for a while: its offers are no longer found or booked.</summary>
    public Task<Result<Done>> SuspendAsync(TerritoryId territory, Id<Accreditation> id, CancellationToken cancel = default) =>
        MoveAsync(territory, id, AccreditationStatus.Suspended, from: [AccreditationStatus.Granted], cancel);

    /// <summary>Puts a suspended accreditation back in force.</summary>
    public Task<Result<Done>> ReinstateAsync(TerritoryId territory, Id<Accreditation> id, CancellationToken cancel = default) =>
        MoveAsync(territory, id, AccreditationStatus.Granted, from: [AccreditationStatus.Suspended], cancel);

    /// <summary>Ends an accreditation for good. What was booked before is not touched here.</summary>
    public Task<Result<Done>> RevokeAsync(TerritoryId territory, Id<Accreditation> id, CancellationToken cancel = default) =>
        MoveAsync(territory, id, AccreditationStatus.Revoked, from: [AccreditationStatus.Granted, AccreditationStatus.Suspended], cancel);

    private Task<Result<Done>> MoveAsync(
        TerritoryId territory, Id<Accreditation> id, AccreditationStatus to, AccreditationStatus[] from, CancellationToken cancel) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } accreditation) return new AccreditationNotFound(id);
            if (accreditation.Status == to) return default(Done);
            if (!from.Contains(accreditation.Status)) return new AccreditationIs(id, accreditation.Status);
            await tx.ExecuteAsync(
                "update marketplace.accreditation set status = @to where territory_id = @territory and id = @id",
                new { id, to = to.ToString() });
            return default(Done);
        }, cancel);

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

    private static Task<Accreditation?> LockAsync(Transaction tx, Id<Accreditation> id) =>
        tx.FindAsync<Accreditation>($"{Select} where territory_id = @territory and id = @id for update", new { id });
}
