using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>What a provider writes itself: drafts, and changes of what is published.</summary>
public sealed partial class Offers
{
    public const int TitleMin = 3, TitleMax = 120, TextMax = 1_000, UnitMax = 80, AddressMax = 200;
    public const int MinutesMin = 15, MinutesMax = 1_440, CancelHoursMax = 720, AnswerHoursMax = 240, AgeLimit = 120;

    /// <summary>The most that one service costs.</summary>
    public static readonly Money PriceMax = Money.Euro(10_000);

    /// <summary>
    /// A provider writes an offer down, which nobody sees yet. The same again changes nothing. Refused: what is missing, too long or outside
    /// its range, by its field; an unknown class or municipality.
    /// </summary>
    public Task<Result<Id<Offer>>> DraftAsync(TerritoryId territory, Offer offer, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<Offer>>(territory, async tx =>
            Faults(offer).FirstOrDefault() is { } wrong ? wrong : await CreateAsync(tx, offer with { ProviderId = by.Provider, Status = OfferStatus.Draft }), cancel);

    /// <summary>
    /// A provider changes its offer. What is booked keeps the price and the rules it was booked by. Refused: an offer that is not its own; what
    /// a draft is refused for; another name, class, length or place once families have seen it.
    /// </summary>
    public Task<Result<Done>> ChangeAsync(TerritoryId territory, Offer offer, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (Faults(offer).FirstOrDefault() is { } wrong) return wrong;
            if (await LockAsync(tx, offer.Id) is not { } known || known.ProviderId != by.Provider) return new OfferNotFound(offer.Id);
            if (known.IsProduct != offer.IsProduct) return new OfferFixed("kind");
            if (known.Status is not OfferStatus.Draft && Fixed(known, offer) is { } field) return new OfferFixed(field);
            if (await UnknownAsync(tx, offer) is { } unknown) return unknown;
            if (known.Coming.Any(p => p.Price < offer.CancelFee)) return new OfferWrong("cancel_fee");
            await PutPriceAsync(tx, offer.Id, new(clock.Today(), offer.Price));
            await tx.ExecuteAsync(
                """
                update marketplace.offer
                set class_code = @ClassCode, title_it = @titleIt, title_en = @titleEn, summary_it = @summaryIt, summary_en = @summaryEn,
                    addressed_it = @addressedIt, addressed_en = @addressedEn, needed_it = @neededIt, needed_en = @neededEn, achieved_it = @achievedIt,
                    achieved_en = @achievedEn, unit_it = @unitIt, unit_en = @unitEn, price = @Price, minutes = @Minutes, place = @place, address = @Address,
                    municipality_code = @MunicipalityCode, latitude = @Latitude, longitude = @Longitude, cancel_hours = @CancelHours,
                    cancel_fee = @CancelFee, answer_hours = @AnswerHours, reach = @reach, topics = @topics, age_min = @AgeMin, age_max = @AgeMax,
                    languages = @languages, access = @access, notice_hours = @NoticeHours, package_units = @packageUnits,
                    package_name_it = @packageNameIt, package_name_en = @packageNameEn, package_days = @packageDays,
                    package_return_days = @packageReturnDays, package_returns_rest = @packageReturnsRest
                where territory_id = @territory and id = @Id
                """, Columns(offer));
            await CarryAsync(tx, offer.Id);
            // Another address is another way to go.
            if (known.NeedsStaff) await Rosters.RefreshAsync(tx, by.Provider, clock.Now, clock.Now + NodaTime.Duration.FromDays(StaffLists.AwayMax), clock.Now);
            return default(Done);
        }, cancel);

    /// <summary>
    /// A provider says how many pieces of its product can still be bought; null where nobody counts. Refused: an offer that is not its own or no
    /// product, a number outside its range, and another one than it was shown: one was sold meanwhile.
    /// </summary>
    public Task<Result<Done>> SetStockAsync(TerritoryId territory, Id<Offer> id, int? shown, int? stock, ProviderUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { Product: { } product } offer || offer.ProviderId != by.Provider) return new OfferNotFound(id);
            if (product.Stock == stock) return default(Done);
            if (stock is < 0 or > ProductTerms.StockMax) return new OfferWrong("stock");
            if (product.Stock != shown) return new StockChanged(product.Stock);
            await tx.ExecuteAsync("update marketplace.offer set stock = @stock where territory_id = @territory and id = @id", new { id, stock });
            return default(Done);
        }, cancel);

    /// <summary>All that is wrong with what an offer says, by its fields; those in English have <c>_en</c> behind their name.</summary>
    public static IEnumerable<OfferWrong> Faults(Offer offer)
    {
        foreach (var (field, text, max) in new[]
        {
            ("title", offer.Title, TitleMax), ("summary", offer.Summary, TextMax), ("addressed", offer.Addressed, TextMax), ("needed", offer.Needed, TextMax),
            ("achieved", offer.Achieved, TextMax), ("unit", offer.Unit, UnitMax),
        })
        {
            if (IsWrong(text.It, max)) yield return new(field);
            if (text.En != text.It && IsWrong(text.En, max)) yield return new(field + "_en");
        }

        if (!offer.Price.IsPositive || offer.Price > PriceMax) yield return new("price");
        if (offer.IsProduct ? offer.Minutes != 0 : offer.Minutes is < MinutesMin or > MinutesMax) yield return new("minutes");
        if (offer.IsProduct && offer.Place is ServicePlace.Online) yield return new("place");
        if (offer.CancelHours is < 0 or > CancelHoursMax) yield return new("cancel_hours");
        if (offer.CancelFee < Money.Zero || offer.CancelFee > offer.Price || (offer.IsProduct && offer.CancelFee.IsPositive)) yield return new("cancel_fee");
        if (offer.AnswerHours is < 1 or > AnswerHoursMax) yield return new("answer_hours");
        if (offer.NoticeHours is < 0 or > CancelHoursMax) yield return new("notice_hours");
        if (offer.Languages.Count == 0 || offer.Languages.Except(Needs.Languages, StringComparer.Ordinal).Any()) yield return new("languages");
        if (offer.AgeMin is < 0 or > AgeLimit) yield return new("age_min");
        if (offer.AgeMax is < 0 or > AgeLimit || offer.AgeMax < offer.AgeMin) yield return new("age_max");
        if (offer.Package is { } package) foreach (var fault in package.Faults(offer.Price)) yield return fault;
        if (offer.Product is { } product) foreach (var fault in product.Faults()) yield return fault;
        if (offer.Address.Length > AddressMax || (offer.Place is ServicePlace.AtProvider && offer.Address.Trim().Length < TitleMin)) yield return new("address");

        static bool IsWrong(string text, int max) => text.Trim().Length < TitleMin || text.Length > max;
    }

    /// <summary>What makes it another offer; null where it is the same.</summary>
    private static string? Fixed(Offer known, Offer offer) =>
        known.Title != offer.Title ? "title"
        : known.ClassCode != offer.ClassCode ? "class"
        : known.Minutes != offer.Minutes ? "minutes"
        : known.Place != offer.Place ? "place"
        : null;
}
