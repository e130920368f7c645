using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>What a provider is written about.</summary>
public enum ProviderNewsKind
{
    /// <summary>A household asks: there is a time to answer in.</summary>
    Requested,

    /// <summary>It took its request back.</summary>
    Withdrawn,

    CancelledByHousehold,

    /// <summary>It says that something was wrong.</summary>
    Disputed,

    /// <summary>A household bought a product: the text says how many pieces.</summary>
    ProductBought,

    /// <summary>It called off what it had not fetched of one.</summary>
    ProductCalledOff,

    /// <summary>The office answered, or changed, an accreditation; the step says how.</summary>
    Accreditation,
}

/// <summary>Something that happened to a provider without its doing. Nobody of a household is named.</summary>
/// <param name="Subject">The booking, what was bought of a product, the request for accreditation or the accreditation, as a bare id.</param>
/// <param name="Step">Null where it is not about accreditation.</param>
/// <param name="On">When the service is; null for accreditation and products.</param>
/// <param name="AnswerBy">Until when a request can be answered; null for everything else.</param>
/// <param name="Text">What the office wrote, how many pieces were bought; empty for none.</param>
public sealed record ProviderNews(
    ProviderNewsKind Kind, Instant At, Guid Subject, AccreditationStep? Step, string NameIt, string NameEn, Instant? On, Instant? AnswerBy, string Text);

/// <summary>Somebody of a provider with an e-mail, and what has happened since they were last written to; never nothing.</summary>
public sealed record ProviderLetter(Id<User> User, Id<Provider> Provider, string Email, string Name, bool IsEnglish, IReadOnlyList<ProviderNews> News);

/// <summary>Writes to the people of a provider what households and the office did, as <see cref="LetterRound{TWhose}"/> does.</summary>
public sealed class ProviderLetters(Database db, IClock clock)
{
    /// <summary>What is older is no news: it stands on the provider's pages.</summary>
    private const string Lately = "greatest(m.mailed_at, @until - interval '2 days')";

    // What the clock or a larger step did is told by the page of the day; here is what somebody decided.
    private const string OfHouseholds = "e.status in ('Requested', 'Withdrawn', 'CancelledByHousehold', 'Disputed')";
    private const string OfTheOffice = "n.step in ('MoreAsked', 'Granted', 'Refused', 'Suspended', 'Reinstated', 'Revoked')";

    private const string Notes =
        """
        marketplace.accreditation_note n
        left join marketplace.accreditation_request q on q.territory_id = @territory and q.id = n.request_id
        left join marketplace.accreditation a on a.territory_id = @territory and a.id = n.accreditation_id
        """;

    private const string Sales =
        """
        marketplace.package k
        join marketplace.offer o on o.territory_id = @territory and o.id = k.offer_id and o.kind = 'Product'
        cross join lateral (values ('ProductBought', k.bought_at, k.units::text), ('ProductCalledOff', case when k.status = 'Returned' then k.ended_at end, '')) s(what, at, text)
        """;

    private const string Due =
        $"""
        (exists (select from marketplace.booking_event e
                 join marketplace.booking b on b.territory_id = @territory and b.id = e.booking_id
                 where e.territory_id = @territory and e.at > {Lately} and e.at <= @until and {OfHouseholds} and b.provider_id = m.provider_id)
         or exists (select from {Notes}
                    where n.territory_id = @territory and n.at > {Lately} and n.at <= @until and {OfTheOffice}
                      and coalesce(q.provider_id, a.provider_id) = m.provider_id)
         or exists (select from {Sales}
                    where k.territory_id = @territory and s.at > {Lately} and s.at <= @until and k.provider_id = m.provider_id))
        """;

    private const string News =
        $"""
        select e.status as kind, e.at, b.id as subject, null as step, o.title_it as name_it, o.title_en as name_en, b.starts_at as "on",
               case when e.status = 'Requested' then b.answer_by end as answer_by, '' as text
        from marketplace.booking_event e
        join marketplace.booking b on b.territory_id = @territory and b.id = e.booking_id
        join marketplace.offer o on o.territory_id = @territory and o.id = b.offer_id
        where e.territory_id = @territory and e.at > @after and e.at <= @until and {OfHouseholds} and b.provider_id = @provider
        union all
        select 'Accreditation', n.at, coalesce(q.id, a.id), n.step, c.name_it, c.name_en, null, null, n.note
        from {Notes}
        join marketplace.service_class c on c.territory_id = @territory and c.code = any(array[q.class_code, a.class_code])
        where n.territory_id = @territory and n.at > @after and n.at <= @until and {OfTheOffice} and coalesce(q.provider_id, a.provider_id) = @provider
        union all
        select s.what, s.at, k.id, null, o.title_it, o.title_en, null, null, s.text
        from {Sales}
        where k.territory_id = @territory and s.at > @after and s.at <= @until and k.provider_id = @provider
        order by at, subject limit 50
        """;

    private readonly LetterRound<Provider> round = new(db, clock, "provider_mailed", "provider_id", Due);

    /// <summary>Sends what is due by <paramref name="send"/> and answers how many letters that were. One that throws is due again.</summary>
    public Task<int> SendDueAsync(TerritoryId territory, Func<ProviderLetter, Task> send, CancellationToken cancel = default) =>
        round.SendDueAsync(territory, async (tx, reader, after, until) =>
        {
            var news = await tx.ListAsync<ProviderNews>(News, new { provider = reader.Whose, after = Instant.Max(after, until - Duration.FromDays(2)), until });
            if (news.Count == 0) return false;
            await send(new(reader.UserId, reader.Whose, reader.Email, reader.DisplayName, reader.IsEnglish, news));
            return true;
        }, cancel);
}
