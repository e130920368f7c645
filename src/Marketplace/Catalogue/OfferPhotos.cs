using System.Text.Json;
using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>The photo of an offer, without its bytes.</summary>
/// <param name="Hash">What its address is made of: another picture has another.</param>
/// <param name="Width">Of the large picture, in pixels; the small one is always <see cref="PhotoFile.CardWidth"/> by <see cref="PhotoFile.CardHeight"/>.</param>
/// <param name="Alt">What is to be seen, for whoever does not see it.</param>
public sealed record OfferPhoto(string Hash, int Width, int Height, Words Alt);

/// <summary>One photo for each offer, which its provider puts there, replaces and takes away.</summary>
public sealed class OfferPhotos(Database db, IClock clock)
{
    public const int AltMin = 3, AltMax = 160;

    /// <summary>
    /// Puts the photo in the place of an earlier one. Again changes nothing. Refused: an offer that is not the provider's own, words that are
    /// missing or too long, a file that <see cref="PhotoFile.Read"/> refuses.
    /// </summary>
    public async Task<Result<string>> PutAsync(TerritoryId territory, Id<Offer> id, byte[] content, Words alt, ProviderUser by, CancellationToken cancel = default)
    {
        var words = new Words(alt.It.Trim(), alt.En.Trim());
        if (Faults(words).FirstOrDefault() is { } wrong) return wrong;
        // Drawn before the transaction: nobody waits for it, and it is not drawn twice.
        if (PhotoFile.Read(content).IsRefused(out var unreadable, out var photo)) return unreadable;
        return await db.TransactAsync<string>(territory, async tx =>
        {
            if (await Offers.FindAsync(tx, id) is not { } offer || offer.ProviderId != by.Provider) return new OfferNotFound(id);
            await tx.ExecuteAsync(
                """
                insert into marketplace.offer_photo (territory_id, offer_id, sha256, large, card, width, height, alt_it, alt_en, uploaded_by, uploaded_at)
                values (@territory, @id, @hash, @Large, @Card, @Width, @Height, @It, @En, @User, @now)
                on conflict (territory_id, offer_id) do update
                set sha256 = excluded.sha256, large = excluded.large, card = excluded.card, width = excluded.width, height = excluded.height,
                    alt_it = excluded.alt_it, alt_en = excluded.alt_en, uploaded_by = excluded.uploaded_by, uploaded_at = excluded.uploaded_at
                """,
                new { id, hash = Convert.FromHexString(photo.Hash), photo.Large, photo.Card, photo.Width, photo.Height, words.It, words.En, by.User, now = clock.Now });
            return photo.Hash;
        }, cancel);
    }

    /// <summary>Takes the photo away. Where there is none nothing changes. Refused: an offer that is not the provider's own.</summary>
    public Task<Result<Done>> RemoveAsync(TerritoryId territory, Id<Offer> id, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await Offers.FindAsync(tx, id) is not { } offer || offer.ProviderId != by.Provider) return new OfferNotFound(id);
            await tx.ExecuteAsync("delete from marketplace.offer_photo where territory_id = @territory and offer_id = @id", new { id });
            return default(Done);
        }, cancel);

    /// <summary>The bytes of a photo of a published offer, or of any offer of the provider who asks; null where there is none.</summary>
    /// <param name="hash">As in <see cref="OfferPhoto.Hash"/>; anything else is that of none.</param>
    /// <param name="isCard">Whether the small picture is asked for.</param>
    public async Task<(byte[] Content, bool IsPublished)?> ContentAsync(
        TerritoryId territory, string hash, bool isCard, Id<Provider>? whose, CancellationToken cancel = default)
    {
        if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigitLower)) return null;
        // The same picture may belong to several offers: what is published once may be seen.
        var found = await db.ListAsync<Content>(
            territory,
            $"""
            select p.{(isCard ? "card" : "large")} as bytes, o.status = 'Published' as is_published
            from marketplace.offer_photo p
            join marketplace.offer o on o.territory_id = @territory and o.id = p.offer_id
            where p.territory_id = @territory and p.sha256 = @sha256 and (o.status = 'Published' or o.provider_id = @whose)
            order by is_published desc limit 1
            """, new { sha256 = Convert.FromHexString(hash), whose = whose?.Value }, cancel);
        return found.Count == 0 ? null : (found[0].Bytes, found[0].IsPublished);
    }

    /// <summary>All that is wrong with the words of a photo, by their fields.</summary>
    public static IEnumerable<PhotoWordsWrong> Faults(Words alt)
    {
        if (alt.It.Trim().Length is < AltMin or > AltMax) yield return new("alt_it");
        if (alt.En.Trim().Length is < AltMin or > AltMax) yield return new("alt_en");
    }

    /// <summary>The photo of an offer beside its other columns, without a statement of its own; as <see cref="Parse"/> takes it.</summary>
    /// <param name="offer">The name of the offer in the statement.</param>
    internal static string Of(string offer) =>
        $"""
        (select json_build_array(encode(ph.sha256, 'hex'), ph.width, ph.height, ph.alt_it, ph.alt_en)::text
                from marketplace.offer_photo ph
                where ph.territory_id = @territory and ph.offer_id = {offer}.id)
        """;

    internal static OfferPhoto? Parse(string? cells)
    {
        if (cells is null) return null;
        using var read = JsonDocument.Parse(cells);
        var cell = read.RootElement;
        return new(cell[0].GetString()!, cell[1].GetInt32(), cell[2].GetInt32(), new(cell[3].GetString()!, cell[4].GetString()!));
    }

    private sealed record Content(byte[] Bytes, bool IsPublished);
}
