using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>What a journal entry is about, in the marketplace's words. A family is its number.</summary>
public abstract record EntrySubject
{
    private EntrySubject()
    {
    }

    public sealed record OfBooking(Id<Booking> Booking, string Reference, string TitleIt, string TitleEn, int HouseholdNumber) : EntrySubject;

    public sealed record OfPayout(Id<Payout> Payout, string Reference) : EntrySubject;

    public sealed record OfGrant(Id<Grant> Grant, int HouseholdNumber, string ProgrammeCode) : EntrySubject;

    public sealed record OfProgramme(Id<Programme> Programme, string Code, string NameIt, string NameEn) : EntrySubject;
}

/// <summary>Finds what entries are about from their references, many at once: the prefix of an id says what it is.</summary>
public sealed class EntrySubjects(Database db)
{
    /// <summary>What each of these references means; one that means nothing here is left out.</summary>
    public async Task<IReadOnlyDictionary<string, EntrySubject>> OfAsync(
        TerritoryId territory, IReadOnlyCollection<string> references, CancellationToken cancel = default)
    {
        var subjects = new Dictionary<string, EntrySubject>(StringComparer.Ordinal);
        foreach (var b in await ReadAsync<Booking, BookingRow>(
            """
            select b.id, b.reference, f.title_it, f.title_en, h.number
            from marketplace.booking b
            join marketplace.offer f on f.territory_id = @territory and f.id = b.offer_id
            join marketplace.household h on h.territory_id = @territory and h.id = b.household_id
            where b.territory_id = @territory and b.id = any(@ids)
            """))
        {
            subjects[b.Id.ToString()] = new EntrySubject.OfBooking(b.Id, b.Reference, b.TitleIt, b.TitleEn, b.Number);
        }

        foreach (var o in await ReadAsync<Payout, PayoutRow>(
            "select id, reference from marketplace.payout where territory_id = @territory and id = any(@ids)"))
        {
            subjects[o.Id.ToString()] = new EntrySubject.OfPayout(o.Id, o.Reference);
        }

        foreach (var g in await ReadAsync<Grant, GrantRow>(
            """
            select g.id, h.number, p.code
            from marketplace.welfare_grant g
            join marketplace.household h on h.territory_id = @territory and h.id = g.household_id
            join marketplace.programme p on p.territory_id = @territory and p.id = g.programme_id
            where g.territory_id = @territory and g.id = any(@ids)
            """))
        {
            subjects[g.Id.ToString()] = new EntrySubject.OfGrant(g.Id, g.Number, g.Code);
        }

        foreach (var p in await ReadAsync<Programme, ProgrammeRow>(
            "select id, code, name_it, name_en from marketplace.programme where territory_id = @territory and id = any(@ids)"))
        {
            subjects[p.Id.ToString()] = new EntrySubject.OfProgramme(p.Id, p.Code, p.NameIt, p.NameEn);
        }

        return subjects;

        async Task<List<TRow>> ReadAsync<TOf, TRow>(string sql) where TOf : IIdentified
        {
            var ids = references.Select(r => Id<TOf>.TryParse(r, null, out var id) ? id.Value : default).Where(id => id != default).Distinct().ToArray();
            return ids.Length == 0 ? [] : await db.ListAsync<TRow>(territory, sql, new { ids }, cancel);
        }
    }

    private sealed record BookingRow(Id<Booking> Id, string Reference, string TitleIt, string TitleEn, int Number);

    private sealed record PayoutRow(Id<Payout> Id, string Reference);

    private sealed record GrantRow(Id<Grant> Id, int Number, string Code);

    private sealed record ProgrammeRow(Id<Programme> Id, string Code, string NameIt, string NameEn);
}
