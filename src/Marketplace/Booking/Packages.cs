using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;

namespace Borsellino.Marketplace;

/// <summary>
/// Households buy units of an offer at once: the whole price is held, and paid unit by unit as they are given. What is not used goes back to
/// the very grants it came from. Rows are locked in one order everywhere: household, booking, package, offer, slot, accounts, holds.
/// </summary>
public sealed partial class Packages(Database db, GeneralLedger ledger, Bookings bookings, IClock clock)
{
    private const int SweepMax = 1000;

    private readonly Purses purses = new(db, clock);

    /// <summary>
    /// What buying the package of an offer would mean. Refused when it cannot be had at all; a purse that cannot pay is shown, with the
    /// reason for every grant.
    /// </summary>
    /// <param name="pieces">How many of a product; null for a package.</param>
    public async Task<Result<PackagePreview>> PreviewAsync(
        TerritoryId territory, Id<Household> household, Id<Offer> offer, int? pieces = null, CancellationToken cancel = default)
    {
        var today = clock.Today();
        if (await db.FindAsync<OfferToBuy>(territory, SelectOffer, new { offer, household, today }, cancel) is not { } found) return new OfferNotFound(offer);
        if (Refuse(found, pieces) is { } refusal) return refusal;
        var grants = await purses.GrantsAsync(territory, household, today, cancel);
        return Preview(found, pieces, grants, await bookings.PeopleAsync(territory, household, cancel));
    }

    /// <summary>
    /// Buys: holds the whole price on the grants the waterfall chooses, all or nothing. The same request again answers the same package and
    /// changes nothing.
    /// </summary>
    public Task<Result<Id<Package>>> BuyAsync(TerritoryId territory, PackageRequest request, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Id<Package>>(territory, tx => BuyAsync(tx, request, by), cancel);

    /// <summary>The same, within a transaction.</summary>
    internal async Task<Result<Id<Package>>> BuyAsync(Transaction tx, PackageRequest request, HouseholdUser by)
    {
        await Households.LockAsync(tx, by.Household);
        if (await FindAsync(tx, request.Id) is { } earlier)
        {
            var same = earlier.OfferId == request.Offer && earlier.HouseholdId == by.Household && earlier.PersonId == request.Person
                && (request.Pieces is null || request.Pieces == earlier.Units);
            return same ? earlier.Id : new PackageIdReused(request.Id);
        }

        var today = clock.Today();
        // The offer first: whoever waited for its last piece reads what the one before has left.
        var found = await tx.LockThenListAsync<OfferToBuy>(
            "select id from marketplace.offer where territory_id = @territory and id = @Offer for no key update", SelectOffer,
            new { request.Offer, household = by.Household, today });
        if (found.SingleOrDefault() is not { } offer) return new OfferNotFound(request.Offer);
        if (Refuse(offer, request.Pieces) is { } refusal) return refusal;
        if (!await Bookings.IsInHouseholdAsync(tx, request.Person, by.Household)) return new PersonNotInHousehold(request.Person);
        var preview = Preview(offer, request.Pieces, await purses.LockAsync(tx, by.Household, today), []);
        var coverage = preview.Coverage;
        if (coverage.Price != request.Shown.Price) return new PriceChanged(request.Shown.Price, coverage.Price);
        // Each unit is paid a cent at least.
        if (!coverage.IsPossible || coverage.Covered.Cents < preview.Terms.Units) return new NotEnoughInPurse(coverage.Payable, coverage.Price);
        if (request.Shown != preview.Shown) return new TermsChanged();

        var reference = ReadableCode.New(Bookings.ReferenceGroups).Value;
        var hold = new Hold(
            Id<Hold>.From("package", request.Id), offer.PayeeId, [.. coverage.Lines.Select(l => new HoldLine(l.Grant.AccountId, l.Amount))],
            coverage.Lines.Min(l => l.Grant.HoldsUntil), request.Id.ToString(), by.User.ToString(), $"package {reference}");
        if ((await ledger.AuthoriseAsync(tx, hold)).IsRefused(out var unheld)) return unheld;

        // From here on the package must be recorded: every refusal is behind us.
        await tx.ExecuteAsync(
            """
            insert into marketplace.package
                (territory_id, id, reference, offer_id, provider_id, household_id, person_id, units, name_it, name_en, unit_price, price, covered, copayment,
                 hold_id, bought_by, bought_at, last_day, return_until, returns_rest, cancel_hours, cancel_fee)
            values (@territory, @Id, @reference, @Offer, @ProviderId, @Household, @Person, @Units, @It, @En, @unitPrice, @Price, @Covered, @Copayment,
                    @holdId, @User, @now, @LastDay, @ReturnUntil, @ReturnsRest, @CancelHours, @CancelFee);
            insert into marketplace.package_line (territory_id, package_id, line, grant_id, amount, own_cents, own_percent)
            select @territory, @Id, l.line, l.grant_id, l.amount, l.own_cents, l.own_percent
            from unnest(@grants, @amounts, @ownCents, @ownPercents) with ordinality l(grant_id, amount, own_cents, own_percent, line);
            update marketplace.offer set stock = stock - @Units where territory_id = @territory and id = @Offer and kind = 'Product' and stock is not null;
            """,
            new
            {
                request.Id, reference, request.Offer, offer.ProviderId, by.Household, request.Person, preview.Terms.Units, preview.Terms.Name.It,
                preview.Terms.Name.En, unitPrice = offer.Price, coverage.Price, coverage.Covered, coverage.Copayment, holdId = hold.Id, by.User,
                now = clock.Now, preview.LastDay, preview.ReturnUntil, preview.Terms.ReturnsRest, preview.CancelHours, preview.CancelFee,
                grants = coverage.Lines.Select(l => l.Grant.Id.Value).ToArray(), amounts = coverage.Lines.Select(l => l.Amount.Cents).ToArray(),
                ownCents = coverage.Lines.Select(l => l.Own.Amount.Cents).ToArray(), ownPercents = coverage.Lines.Select(l => l.Own.Percent).ToArray(),
            });
        return request.Id;
    }

    /// <summary>Why a package, or so many pieces, of the offer cannot be bought, whoever pays.</summary>
    private Refusal? Refuse(OfferToBuy offer, int? pieces)
    {
        if (offer.Status != "Published") return new OfferWithdrawn(offer.Id);
        if (offer.IsProduct ? pieces is null : offer.Units is null || pieces is not null) return new NoPackageOffered(offer.Id);
        if (pieces is < 1 or > ProductTerms.PiecesMax) return new PiecesOutside(ProductTerms.PiecesMax);
        if (pieces > offer.Stock) return new ProductSoldOut(offer.Id, offer.Stock.Value);
        if (!offer.IsAccredited) return new ProviderNotAccredited(offer.ProviderId, clock.Today());
        return offer.IsReached ? null : new ServiceOutOfReach(offer.Municipality);
    }

    private PackagePreview Preview(OfferToBuy offer, int? pieces, IReadOnlyList<PurseGrant> grants, IReadOnlyList<FamilyMember> people)
    {
        var today = clock.Today();
        var terms = offer.TermsOf(pieces);
        // It is one purchase of today: limits by booking, month and period count it whole, with the minutes of all its units.
        var purchase = new Purchase(offer.ClassCode, today, terms.Price, offer.Minutes * terms.Units, offer.ProviderId, Purchase.PlaceOf(offer.Place, offer.MunicipalityCode));
        var (lastDay, coverage) = PackageCover.Choose(grants, purchase, terms);
        return new(
            offer.Id, offer.TitleIt, offer.TitleEn, offer.UnitIt, offer.UnitEn, offer.Provider, terms, offer.Price, lastDay,
            today.PlusDays(terms.ReturnDays).EndOfDayInRome(), offer.CancelHours, Money.Min(offer.CancelFee, offer.Price), coverage,
            grants.Where(g => g.Status is GrantStatus.Active).Sum(g => g.Available), people, offer.Place, offer.Where,
            offer.IsProduct ? Math.Min(ProductTerms.PiecesMax, offer.Stock ?? ProductTerms.PiecesMax) : 0);
    }

    internal const string Select =
        """
        select p.id, p.reference, p.offer_id, p.provider_id, p.household_id, p.person_id, p.units::int as units, p.unit_price, p.price, p.covered, p.hold_id,
               h.expires_at as held_until, p.last_day, p.return_until, p.returns_rest, p.cancel_hours::int as cancel_hours, p.cancel_fee, p.status,
               o.kind = 'Product' as is_product
        from marketplace.package p
        join marketplace.offer o on o.territory_id = @territory and o.id = p.offer_id
        join ledger.hold h on h.territory_id = @territory and h.id = p.hold_id
        where p.territory_id = @territory
        """;

    private static Task<Package?> FindAsync(Transaction tx, Id<Package> id) => tx.FindAsync<Package>($"{Select} and p.id = @id", new { id });

    /// <summary>The package, locked: what is done with its units follows each other.</summary>
    internal static async Task<Package?> LockAsync(Transaction tx, Id<Package> id) =>
        (await tx.LockThenListAsync<Package>(
            "select id from marketplace.package where territory_id = @territory and id = @id for no key update", $"{Select} and p.id = @id", new { id })).SingleOrDefault();

    private static readonly string SelectOffer =
        $$"""
        with recursive place as (
            select p.municipality_code, m.name as municipality, p.address
            from marketplace.household h
            join marketplace.person p on p.territory_id = @territory and p.id = h.reference_person_id
            join marketplace.municipality m on m.territory_id = @territory and m.code = p.municipality_code
            where h.territory_id = @territory and h.id = @household
        ), {{Accreditations.ClassesAbove(
            """
            select c.code, c.parent_code from marketplace.offer o
            join marketplace.service_class c on c.territory_id = @territory and c.code = o.class_code
            where o.territory_id = @territory and o.id = @offer
            """)}}
        select o.id, o.provider_id, v.account_id as payee_id, o.status, o.class_code, {{Offers.PriceOn("@today")}} as price, o.minutes::int as minutes, o.cancel_hours::int as cancel_hours,
               o.cancel_fee, o.title_it, o.title_en, o.unit_it, o.unit_en, v.name as provider, place.municipality, o.place, o.municipality_code,
               {{Accreditations.IsInForce("o.provider_id", "@today")}} as is_accredited,
               o.place <> 'AtHome' or o.reach = '{}' or place.municipality_code = any(o.reach) as is_reached,
               o.package_units::int as units, o.package_name_it as name_it, o.package_name_en as name_en, o.package_days::int as days,
               o.package_return_days::int as return_days, o.package_returns_rest as returns_rest,
               o.kind = 'Product' as is_product, o.stock,
               case o.place when 'AtHome' then concat_ws(', ', nullif(place.address, ''), place.municipality)
                            when 'AtProvider' then concat_ws(', ', nullif(o.address, ''), there.name) else '' end as "where"
        from marketplace.offer o
        join marketplace.provider v on v.territory_id = @territory and v.id = o.provider_id
        join marketplace.municipality there on there.territory_id = @territory and there.code = o.municipality_code
        cross join place
        where o.territory_id = @territory and o.id = @offer and o.status <> 'Draft'
        """;

    private sealed record OfferToBuy(
        Id<Offer> Id, Id<Provider> ProviderId, Id<Account> PayeeId, string Status, string ClassCode, Money Price, int Minutes, int CancelHours, Money CancelFee,
        string TitleIt, string TitleEn, string UnitIt, string UnitEn, string Provider, string Municipality, ServicePlace Place, string MunicipalityCode, bool IsAccredited, bool IsReached, int? Units,
        string? NameIt, string? NameEn, int? Days, int? ReturnDays, bool? ReturnsRest,
        bool IsProduct, int? Stock, string Where)
    {
        public PackageTerms TermsOf(int? pieces) =>
            new((pieces ?? Units)!.Value, Price * (pieces ?? Units)!.Value, new(NameIt!, NameEn!), Days!.Value, ReturnDays!.Value, ReturnsRest!.Value);
    }
}
