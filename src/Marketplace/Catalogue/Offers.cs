using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Only a published offer is found and booked.</summary>
public enum OfferStatus
{
    Draft,
    Published,
    Withdrawn,
}

/// <summary>Where a service is given.</summary>
public enum ServicePlace
{
    AtHome,
    AtProvider,
    Online,
}

/// <summary>What makes a service usable by who moves, hears or reads otherwise, as its provider says.</summary>
public enum OfferAccess
{
    StepFree,
    Lift,
    AdaptedToilet,
    ReservedParking,

    /// <summary>Somebody there speaks Italian sign language (LIS).</summary>
    SignLanguage,
    HearingLoop,
    EasyToRead,
}

/// <summary>A priced service of one provider, with all that its card says.</summary>
/// <param name="Addressed">Whom it is for.</param>
/// <param name="Needed">What people must have or bring, one thing a line.</param>
/// <param name="Achieved">What people get.</param>
/// <param name="Unit">What the price is for: "a incontro di un’ora".</param>
/// <param name="Minutes">How long one service takes.</param>
/// <param name="MunicipalityCode">Where it is given; for one at home or online, where the provider starts from.</param>
/// <param name="CancelHours">Free to cancel until so many hours before it starts; after that <paramref name="CancelFee"/> is owed.</param>
/// <param name="AnswerHours">The provider answers a request within so many hours, or it lapses.</param>
/// <param name="Reach">The municipalities a service at home reaches, by code; empty for all of the territory.</param>
public sealed record Offer(
    Id<Offer> Id, Id<Provider> ProviderId, string ClassCode, OfferStatus Status, Words Title, Words Summary, Words Addressed,
    Words Needed, Words Achieved, Words Unit, Money Price, int Minutes, ServicePlace Place, string Address, string MunicipalityCode,
    double Latitude, double Longitude, int CancelHours, Money CancelFee, int AnswerHours, IReadOnlyList<string> Reach,
    IReadOnlyList<string> Topics) : IIdentified
{
    public static string Prefix => "offer";

    /// <summary>From how many years it is for; null: from the first.</summary>
    public int? AgeMin { get; init; }

    /// <summary>Up to how many years it is for, those included; null: to any.</summary>
    public int? AgeMax { get; init; }

    /// <summary>The languages in which it is given, as ISO 639-1 names them; one at least.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["it"];

    public IReadOnlyList<OfferAccess> Access { get; init; } = [];

    /// <summary>It must be asked for so many hours before it starts; 0 for until it starts.</summary>
    public int NoticeHours { get; init; }

    /// <summary>What it costs from later days on, the soonest first.</summary>
    public IReadOnlyList<DatedPrice> Coming { get; init; } = [];

    /// <summary>What it costs on a day, today or later.</summary>
    public Money PriceOn(LocalDate day) => Coming.LastOrDefault(p => p.From <= day)?.Price ?? Price;

    /// <summary>So many units of it at once; null where it is sold one by one only.</summary>
    public PackageTerms? Package { get; init; }

    /// <summary>Null for a service. A product has no times, and neither their rules nor their length.</summary>
    public ProductTerms? Product { get; init; }

    public bool IsProduct => Product is not null;

    /// <summary>Whether its times can be had only while somebody of the provider's staff is free, who is then bound to them.</summary>
    public bool NeedsStaff { get; init; }

    /// <summary>The photo that its provider put there; null for none.</summary>
    public OfferPhoto? Photo { get; init; }

    /// <summary>Whether the service can be had in the municipality.</summary>
    public bool Reaches(string municipalityCode) => Place switch
    {
        ServicePlace.AtHome => Reach.Count == 0 || Reach.Contains(municipalityCode, StringComparer.Ordinal),
        ServicePlace.AtProvider => MunicipalityCode == municipalityCode,
        ServicePlace.Online => true,
    };
}

/// <summary>What providers offer.</summary>
public sealed partial class Offers(Database db, IClock clock)
{
    /// <summary>The most municipalities, topics or things needed that one offer names.</summary>
    public const int ListMax = 400;

    private static readonly string Select =
        $"""
        select id, provider_id, class_code, status, title_it, title_en, summary_it, summary_en, addressed_it, addressed_en,
               needed_it, needed_en, achieved_it, achieved_en, unit_it, unit_en, price, minutes, place, address, municipality_code,
               latitude, longitude, cancel_hours, cancel_fee, answer_hours, reach, topics, age_min, age_max, languages, access, notice_hours, needs_staff, package_units, package_name_it, package_name_en,
               package_days, package_return_days, package_returns_rest, kind, stock,
               {ComingOf("offer")} as coming, {OfferPhotos.Of("offer")} as photo
        from marketplace.offer
        """;

    /// <summary>
    /// Writes an offer down as a draft, which nobody sees. The same again changes nothing. An unknown provider, class
    /// or municipality is refused.
    /// </summary>
    public Task<Result<Id<Offer>>> CreateAsync(TerritoryId territory, Offer offer, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offer.Reach.Count, ListMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offer.Topics.Count, ListMax);
        if (!offer.Price.IsPositive || offer.CancelFee > offer.Price) throw new ArgumentOutOfRangeException(nameof(offer), offer.Price, "A price is positive and not below the fee.");
        return db.TransactAsync<Id<Offer>>(territory, tx => CreateAsync(tx, offer), cancel);
    }

    private async Task<Result<Id<Offer>>> CreateAsync(Transaction tx, Offer offer)
    {
        if (await FindAsync(tx, offer.Id) is { } earlier)
        {
            return earlier.ProviderId == offer.ProviderId && earlier.Title == offer.Title ? offer.Id : new OfferIdReused(offer.Id);
        }

        if (await Providers.FindAsync(tx, offer.ProviderId) is null) return new ProviderNotFound(offer.ProviderId);
        if (await UnknownAsync(tx, offer) is { } refusal) return refusal;
        await InsertAsync(tx, offer);
        await PutPriceAsync(tx, offer.Id, new(clock.Today(), offer.Price));
        return offer.Id;
    }

    private static async Task<Refusal?> UnknownAsync(Transaction tx, Offer offer)
    {
        var unknown = await tx.ListAsync<Unknown>(
            """
            select (select count(*) from marketplace.service_class where territory_id = @territory and code = @ClassCode)::int as classes,
                   coalesce((
                       select min(m) from unnest(@municipalities) m
                       where not exists (select from marketplace.municipality where territory_id = @territory and code = m)), '') as municipality
            """, new { offer.ClassCode, municipalities = offer.Reach.Append(offer.MunicipalityCode).ToArray() });
        if (unknown[0].Classes == 0) return new ServiceClassNotFound(offer.ClassCode);
        return unknown[0].Municipality.Length > 0 ? new MunicipalityNotFound(unknown[0].Municipality) : null;
    }

    /// <summary>
    /// Lets people find and book the offer from now on. Refused when its provider is not accredited for its class
    /// today. Publishing what is published changes nothing.
    /// </summary>
    /// <param name="whose">Whose it must be; null for whoever may publish all.</param>
    public Task<Result<Done>> PublishAsync(TerritoryId territory, Id<Offer> id, Id<Provider>? whose = null, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } offer || (whose is { } provider && offer.ProviderId != provider)) return new OfferNotFound(id);
            if (offer.Status is OfferStatus.Published) return default(Done);
            var today = clock.Today();
            if (await Accreditations.InForceAsync(tx, offer.ProviderId, offer.ClassCode, today) is null)
            {
                return new NotAccredited(offer.ProviderId, offer.ClassCode, today);
            }

            await SetAsync(tx, id, OfferStatus.Published);
            return default(Done);
        }, cancel);

    /// <summary>Hides a published offer from search and new bookings; what is booked stays. A draft is refused.</summary>
    /// <param name="whose">Whose it must be; null for whoever may withdraw all.</param>
    public Task<Result<Done>> WithdrawAsync(TerritoryId territory, Id<Offer> id, Id<Provider>? whose = null, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } offer || (whose is { } provider && offer.ProviderId != provider)) return new OfferNotFound(id);
            if (offer.Status is OfferStatus.Withdrawn) return default(Done);
            if (offer.Status is OfferStatus.Draft) return new OfferIs(id, offer.Status);
            await SetAsync(tx, id, OfferStatus.Withdrawn);
            return default(Done);
        }, cancel);

    public async Task<Offer?> FindAsync(TerritoryId territory, Id<Offer> id, CancellationToken cancel = default) =>
        (await db.FindAsync<Row>(territory, $"{Select} where territory_id = @territory and id = @id", new { id }, cancel))?.ToOffer();

    public static async Task<Offer?> FindAsync(Transaction tx, Id<Offer> id) =>
        (await tx.FindAsync<Row>($"{Select} where territory_id = @territory and id = @id", new { id }))?.ToOffer();

    /// <summary>All offers of a provider, drafts and withdrawn ones too, by title; at most a thousand.</summary>
    public async Task<IReadOnlyList<Offer>> OfProviderAsync(TerritoryId territory, Id<Provider> provider, CancellationToken cancel = default) =>
        [.. (await db.ListAsync<Row>(
            territory, $"{Select} where territory_id = @territory and provider_id = @provider order by title_it, id limit 1000",
            new { provider }, cancel)).Select(r => r.ToOffer())];

    private static async Task<Offer?> LockAsync(Transaction tx, Id<Offer> id) =>
        (await tx.FindAsync<Row>($"{Select} where territory_id = @territory and id = @id for no key update", new { id }))?.ToOffer();

    private Task<int> SetAsync(Transaction tx, Id<Offer> id, OfferStatus status) =>
        tx.ExecuteAsync(
            """
            update marketplace.offer set status = @status, published_at = case @status when 'Published' then @now else published_at end
            where territory_id = @territory and id = @id
            """, new { id, status = status.ToString(), now = clock.Now });

    private static Task<int> InsertAsync(Transaction tx, Offer offer) =>
        tx.ExecuteAsync(
            """
            insert into marketplace.offer
                (territory_id, id, provider_id, class_code, status, title_it, title_en, summary_it, summary_en, addressed_it,
                 addressed_en, needed_it, needed_en, achieved_it, achieved_en, unit_it, unit_en, price, minutes, place, address,
                 municipality_code, latitude, longitude, cancel_hours, cancel_fee, answer_hours, reach, topics,
                 age_min, age_max, languages, access, notice_hours, package_units, package_name_it, package_name_en, package_days, package_return_days, package_returns_rest,
                 kind, stock)
            values (@territory, @Id, @ProviderId, @ClassCode, 'Draft', @titleIt, @titleEn, @summaryIt, @summaryEn, @addressedIt,
                    @addressedEn, @neededIt, @neededEn, @achievedIt, @achievedEn, @unitIt, @unitEn, @Price, @Minutes, @place, @Address,
                    @MunicipalityCode, @Latitude, @Longitude, @CancelHours, @CancelFee, @AnswerHours, @reach, @topics, @AgeMin, @AgeMax,
                    @languages, @access, @NoticeHours, @packageUnits, @packageNameIt, @packageNameEn, @packageDays, @packageReturnDays, @packageReturnsRest, @kind, @stock)
            """,
            Columns(offer));

    private static object Columns(Offer offer) => new
    {
        offer.Id, offer.ProviderId, offer.ClassCode, titleIt = offer.Title.It, titleEn = offer.Title.En,
        summaryIt = offer.Summary.It, summaryEn = offer.Summary.En, addressedIt = offer.Addressed.It, addressedEn = offer.Addressed.En,
        neededIt = offer.Needed.It, neededEn = offer.Needed.En, achievedIt = offer.Achieved.It, achievedEn = offer.Achieved.En,
        unitIt = offer.Unit.It, unitEn = offer.Unit.En, offer.Price, offer.Minutes, place = offer.Place.ToString(), offer.Address,
        offer.MunicipalityCode, offer.Latitude, offer.Longitude, offer.CancelHours, offer.CancelFee, offer.AnswerHours,
        reach = offer.Reach.ToArray(), topics = offer.Topics.ToArray(), offer.AgeMin, offer.AgeMax,
        languages = offer.Languages.ToArray(), access = offer.Access.Select(a => a.ToString()).ToArray(), offer.NoticeHours,
        packageUnits = offer.Package?.Units, packageNameIt = (offer.Product?.Name ?? offer.Package?.Name)?.It, packageNameEn = (offer.Product?.Name ?? offer.Package?.Name)?.En,
        packageDays = offer.Product?.Days ?? offer.Package?.Days, packageReturnDays = offer.Product?.ReturnDays ?? offer.Package?.ReturnDays,
        packageReturnsRest = offer.Product?.ReturnsRest ?? offer.Package?.ReturnsRest, kind = offer.IsProduct ? "Product" : "Service", offer.Product?.Stock,
    };

    private sealed record Unknown(int Classes, string Municipality);

    private sealed record Row(
        Id<Offer> Id, Id<Provider> ProviderId, string ClassCode, OfferStatus Status, string TitleIt, string TitleEn, string SummaryIt,
        string SummaryEn, string AddressedIt, string AddressedEn, string NeededIt, string NeededEn, string AchievedIt, string AchievedEn,
        string UnitIt, string UnitEn, Money Price, short Minutes, ServicePlace Place, string Address, string MunicipalityCode,
        double Latitude, double Longitude, short CancelHours, Money CancelFee, short AnswerHours, string[] Reach, string[] Topics, short? AgeMin, short? AgeMax,
        string[] Languages, string[] Access, short NoticeHours, bool NeedsStaff,
        short? PackageUnits, string? PackageNameIt, string? PackageNameEn, short? PackageDays, short? PackageReturnDays, bool? PackageReturnsRest, string Kind, int? Stock,
        string? Coming, string? Photo)
    {
        public Offer ToOffer() => new(
            Id, ProviderId, ClassCode, Status, new(TitleIt, TitleEn), new(SummaryIt, SummaryEn), new(AddressedIt, AddressedEn),
            new(NeededIt, NeededEn), new(AchievedIt, AchievedEn), new(UnitIt, UnitEn), Price, Minutes, Place, Address,
            MunicipalityCode, Latitude, Longitude, CancelHours, CancelFee, AnswerHours, Reach, Topics)
        {
            AgeMin = AgeMin, AgeMax = AgeMax, Languages = Languages, Access = [.. Access.Select(Enum.Parse<OfferAccess>)], NoticeHours = NoticeHours,
            NeedsStaff = NeedsStaff, Coming = ReadComing(Coming), Photo = OfferPhotos.Parse(Photo),
            Package = PackageUnits is { } units
                ? new(units, Price * units, new(PackageNameIt!, PackageNameEn!), PackageDays!.Value, PackageReturnDays!.Value, PackageReturnsRest!.Value) : null,
            Product = Kind == "Product" ? new(Stock, new(PackageNameIt!, PackageNameEn!), PackageDays!.Value, PackageReturnDays!.Value, PackageReturnsRest!.Value) : null,
        };
    }
}
