using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>One date of a series, for who looks at it.</summary>
/// <param name="Living">How many take part as it stands: who is in, and members who will be taken in when it comes near.</param>
/// <param name="Outcome">What became of it for the household that looks; null where that is not decided, and for everybody else.</param>
/// <param name="Why">The code of the refusal, for a date it missed.</param>
/// <param name="IsIn">Whether the household takes part in it, by the series or by hand.</param>
public sealed record SeriesDate(
    Id<Pool> Pool, PoolStatus Status, Instant StartsAt, Instant EndsAt, Instant FreezeAt, int Living, TurnOutcome? Outcome, string Why, bool IsIn);

/// <summary>A weekly series as people read it.</summary>
/// <param name="Members">How many households take part in all dates.</param>
/// <param name="Mine">The household that looks, when it is one of them.</param>
public sealed record SeriesCard(PoolSeries Series, int Members, SeriesMember? Mine, IReadOnlyList<SeriesDate> Dates)
{
    /// <summary>How many dates the household may still leave out.</summary>
    public int SkipsLeft => Mine is null ? 0 : Math.Max(Series.SkipsMax - Dates.Count(d => d.Outcome is TurnOutcome.Skipped), 0);

    /// <summary>Whether one more household may take part in all dates.</summary>
    public bool HasPlace => Series.EndedAt is null && Members < Series.HeadsMax;
}

/// <summary>Reading series.</summary>
public sealed class SeriesCards(Database db)
{
    /// <param name="household">Who looks; null for its provider.</param>
    public async Task<SeriesCard?> FindAsync(
        TerritoryId territory, Id<PoolSeries> id, Id<Household>? household, CancellationToken cancel = default)
    {
        var found = await db.ListByKeyAsync<Row>(
            territory,
            """
            select s.id, s.offer_id, s.provider_id, s.weight_max::int as weight_max, s.heads_max::int as heads_max, s.skips_max::int as skips_max,
                   s.last_day, s.ended_at, mine.id as member, mine.person_id, mine.weight::int as weight, mine.cap, mine.joined_by,
                   (select count(*)::int from marketplace.series_member m
                    where m.territory_id = @territory and m.series_id = s.id and m.left_at is null) as members
            from marketplace.pool_series s
            left join marketplace.series_member mine on mine.territory_id = @territory and mine.series_id = s.id
                and mine.household_id = @household and mine.left_at is null
            where s.territory_id = @territory and s.id = @id
            """, new { id, household }, cancel);
        if (found.SingleOrDefault() is not { } row) return null;
        var dates = await db.ListByKeyAsync<SeriesDate>(
            territory,
            $"""
            select p.id as pool, p.status, p.starts_at, p.ends_at, p.freeze_at,
                   (select count(*)::int from marketplace.pool_share s
                    left join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
                    where s.territory_id = @territory and s.pool_id = p.id and (s.status = 'Joined' or s.status = 'Committed' and {Pools.IsLiving}))
                   + (select count(*)::int from {SeriesMember.Waiting} and p.status = 'Collecting') as living,
                   t.outcome, coalesce(t.why, '') as why,
                   exists (select from marketplace.pool_share s
                    left join marketplace.booking b on b.territory_id = @territory and b.id = s.booking_id
                    where s.territory_id = @territory and s.pool_id = p.id and s.household_id = @household
                      and (s.status = 'Joined' or s.status = 'Committed' and {Pools.IsLiving})) as is_in
            from marketplace.pool p
            left join marketplace.series_turn t on t.territory_id = @territory and t.pool_id = p.id and t.member_id = @mine
            where p.territory_id = @territory and p.series_id = @id
            order by p.starts_at
            """, new { id, household, mine = row.Member }, cancel);
        return new(
            new(row.Id, row.OfferId, row.ProviderId, row.WeightMax, row.HeadsMax, row.SkipsMax, row.LastDay, row.EndedAt), row.Members,
            row.Member is not { } member ? null : new(
                member, row.Id, household!.Value, row.PersonId!.Value, row.Weight!.Value, row.Cap!.Value, row.JoinedBy!.Value, null), dates);
    }

    private sealed record Row(
        Id<PoolSeries> Id, Id<Offer> OfferId, Id<Provider> ProviderId, int WeightMax, int HeadsMax, int SkipsMax, LocalDate LastDay,
        Instant? EndedAt, Id<SeriesMember>? Member, Id<Person>? PersonId, int? Weight, Money? Cap, Id<User>? JoinedBy, int Members);
}
