using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

public sealed record ServiceClassNotFound(string ClassCode) : Refusal("service_class_not_found");

/// <summary>The class would stand below itself.</summary>
public sealed record ServiceClassCycle(string ClassCode) : Refusal("service_class_cycle");

/// <summary>A part of a class that cannot be taken.</summary>
public sealed record ServiceClassWrong(string Part) : FieldRefusal("service_class_wrong", Part);

/// <summary>There is a class of this code already.</summary>
public sealed record ServiceClassTaken(string ClassCode) : FieldRefusal("service_class_taken", "code");

public sealed record MunicipalityNotFound(string Municipality) : Refusal("municipality_not_found");

public sealed record ProviderNotFound(Id<Provider> Provider) : Refusal("provider_not_found");

public sealed record ProviderIdReused(Id<Provider> Provider) : Refusal("provider_id_reused");

public sealed record ProviderNameTaken(string Name) : Refusal("provider_name_taken");

public sealed record AccreditationNotFound(Id<Accreditation> Accreditation) : Refusal("accreditation_not_found");

public sealed record AccreditationIdReused(Id<Accreditation> Accreditation) : Refusal("accreditation_id_reused");

/// <summary>The provider already has an accreditation for the class on some of these days.</summary>
public sealed record AccreditationOverlaps(Id<Accreditation> Other, LocalDate From, LocalDate To) : Refusal("accreditation_overlaps");

/// <summary>The accreditation stands where this step does not apply.</summary>
public sealed record AccreditationIs(Id<Accreditation> Accreditation, AccreditationStatus Status) : Refusal("accreditation_is");

/// <summary>The provider has no accreditation for the class, or for one above it, in force on the day.</summary>
public sealed record NotAccredited(Id<Provider> Provider, string ClassCode, LocalDate On) : Refusal("not_accredited");

public sealed record OfferNotFound(Id<Offer> Offer) : Refusal("offer_not_found");

public sealed record OfferIdReused(Id<Offer> Offer) : Refusal("offer_id_reused");

/// <summary>The offer stands where this step does not apply.</summary>
public sealed record OfferIs(Id<Offer> Offer, OfferStatus Status) : Refusal("offer_is");

/// <summary>What is said of an offer is missing, too long, or outside its range.</summary>
public sealed record OfferWrong(string Field) : FieldRefusal("offer_wrong", Field);

/// <summary>Families have seen and perhaps booked it by this: it is another offer that says otherwise.</summary>
public sealed record OfferFixed(string Field) : FieldRefusal("offer_fixed", Field);

/// <summary>As many changes of its price lie ahead as may.</summary>
public sealed record TooManyPrices(int Max) : FieldRefusal("too_many_prices", "planned_from");

/// <summary>Another number of pieces than was shown is left: some were bought, or called off, meanwhile.</summary>
public sealed record StockChanged(int? Stock) : FieldRefusal("stock_changed", "stock");

/// <summary>A product has no times: nobody comes to anybody.</summary>
public sealed record ProductHasNoTimes(Id<Offer> Offer) : Refusal("product_has_no_times");

public sealed record PhotoMissing() : FieldRefusal("photo_missing", "photo");

public sealed record PhotoTooLarge(int BytesMax) : FieldRefusal("photo_too_large", "photo");

/// <summary>What was sent is no picture, or of a kind that is not taken.</summary>
public sealed record PhotoTypeUnknown() : FieldRefusal("photo_type_unknown", "photo");

public sealed record PhotoTooManyPixels(int Megapixels) : FieldRefusal("photo_too_many_pixels", "photo");

/// <summary>It begins like a picture and cannot be read to its end.</summary>
public sealed record PhotoUnreadable() : FieldRefusal("photo_unreadable", "photo");

/// <summary>What is to be seen on a photo is not said, or at too great length.</summary>
public sealed record PhotoWordsWrong(string Field) : FieldRefusal("photo_words_wrong", Field);

public sealed record SlotNotFound(Id<Slot> Slot) : Refusal("slot_not_found");

public sealed record SlotInPast(Instant StartsAt) : Refusal("slot_in_past");

/// <summary>Somebody has a place in the slot: they must be moved or cancelled first.</summary>
public sealed record SlotHasBookings(Id<Slot> Slot, int Taken) : Refusal("slot_has_bookings");

/// <summary>The household has marked as many offers as it may.</summary>
public sealed record TooManyFavourites(int Max) : Refusal("too_many_favourites");

/// <summary>The household has saved as many searches as it may.</summary>
public sealed record TooManySavedSearches(int Max) : Refusal("too_many_saved_searches");

public sealed record SavedSearchNotFound(Id<SavedSearch> Search) : Refusal("saved_search_not_found");

public sealed record SavedSearchIdReused(Id<SavedSearch> Search) : Refusal("saved_search_id_reused");

/// <summary>It would find everything: there is nothing in it to be told about.</summary>
public sealed record SearchAsksNothing() : Refusal("search_asks_nothing");
