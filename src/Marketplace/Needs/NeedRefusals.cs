using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

public sealed record NeedNotFound(Id<Need> Need) : Refusal("need_not_found");

/// <summary>The need with this id is another one.</summary>
public sealed record NeedIdReused(Id<Need> Need) : Refusal("need_id_reused");

/// <summary>The step does not apply to a need that stands so.</summary>
public sealed record NeedNotReady(Id<Need> Need, NeedStatus Status) : Refusal("need_not_ready");

/// <summary>A household looks for as many groups as one can at a time.</summary>
public sealed record TooManyNeeds(int Max) : Refusal("too_many_needs");

/// <summary>A class that no service is given by.</summary>
public sealed record NeedClassUnknown(string ClassCode) : FieldRefusal("need_class_unknown", "class");

public sealed record NeedLengthOutside(int Min, int Max) : FieldRefusal("need_length_outside", "minutes");

public sealed record NeedSizesOutside(int Min, int Max) : FieldRefusal("need_sizes_outside", "size_max");

public sealed record NeedReachOutside(int Max) : FieldRefusal("need_reach_outside", "reach");

public sealed record NeedLanguageUnknown() : FieldRefusal("need_language_unknown", "languages");

/// <summary>There is no time at all, or one that ends before it begins.</summary>
public sealed record NeedTimesWrong(int Max) : FieldRefusal("need_times_wrong", "days");

/// <summary>No time is as long as the service.</summary>
public sealed record NeedTimesTooShort(int Minutes) : FieldRefusal("need_times_too_short", "days");

/// <summary>Nobody of this tax code belongs to a household here.</summary>
public sealed record NobodyOfTaxCode() : FieldRefusal("nobody_of_tax_code", "tax_code");

/// <summary>What an operator does for a household says where its consent can be found.</summary>
public sealed record ConsentMissing(int Min, int Max) : FieldRefusal("consent_missing", "consent");

public sealed record MeetingPlaceNotFound(Id<MeetingPlace> Place) : FieldRefusal("meeting_place_not_found", "near");

public sealed record MeetingPlaceIdReused(Id<MeetingPlace> Place) : Refusal("meeting_place_id_reused");

/// <summary>The municipality has a meeting place of this name.</summary>
public sealed record MeetingPlaceNameTaken(string Name) : FieldRefusal("meeting_place_name_taken", "name");

public sealed record MeetingPlaceRoomsOutside(int Max) : FieldRefusal("meeting_place_rooms_outside", "rooms");

/// <summary>No degrees of the earth.</summary>
public sealed record MeetingPlacePointWrong() : FieldRefusal("meeting_place_point_wrong", "latitude");

/// <summary>The point lies far from the middle of the municipality: a slip of the keyboard.</summary>
public sealed record MeetingPlaceFarAway(int KilometresMax) : FieldRefusal("meeting_place_far_away", "latitude");

/// <summary>A territory has as many meeting places as a plan can look at.</summary>
public sealed record TooManyMeetingPlaces(int Max) : Refusal("too_many_meeting_places");

public sealed record ProposalNotFound(Id<Proposal> Proposal) : Refusal("proposal_not_found");

public sealed record ProposalNotReady(Id<Proposal> Proposal, ProposalStatus Status) : Refusal("proposal_not_ready");

/// <summary>The time for answering is over.</summary>
public sealed record ProposalOver(Id<Proposal> Proposal, Instant AnswerBy) : Refusal("proposal_over");

/// <summary>The group has waited for a provider as long as its households were told: they look again.</summary>
public sealed record GroupOver(Id<Proposal> Proposal, Instant TakeBy) : Refusal("group_over");

public sealed record GroupPriceNotFound(Id<GroupPrice> GroupPrice) : Refusal("group_price_not_found");

public sealed record GroupPriceIdReused(Id<GroupPrice> GroupPrice) : Refusal("group_price_id_reused");

/// <summary>The provider has a price in force for this class and length: that one ends first.</summary>
public sealed record GroupPriceInForce(Id<GroupPrice> Earlier) : FieldRefusal("group_price_in_force", "class");

/// <summary>The provider asks no price for such a group on that day.</summary>
public sealed record GroupPriceMissing(int Heads, LocalDate On) : Refusal("group_price_missing");

/// <summary>The provider asks more than the households agreed to.</summary>
public sealed record GroupPriceAboveAgreed(Money Asked, Money Agreed) : Refusal("group_price_above_agreed");

/// <summary>The offer is none of the class that the group looks for.</summary>
public sealed record OfferOfAnotherClass(Id<Offer> Offer) : FieldRefusal("offer_of_another_class", "offer");

/// <summary>The households agreed to another day of the week.</summary>
public sealed record NotTheAgreedWeekday(IsoDayOfWeek Agreed) : FieldRefusal("not_the_agreed_weekday", "day");

/// <summary>Too soon for the households to join, or too far away for them to wait.</summary>
public sealed record FirstDayOutside(LocalDate From, LocalDate To) : FieldRefusal("first_day_outside", "day");

/// <summary>The offer has a time that begins then and ends at another time.</summary>
public sealed record TimeOfferedOtherwise(Instant Starts) : FieldRefusal("time_offered_otherwise", "day");

/// <summary>The places of the pool are kept, until it is decided, for the households that agreed to it.</summary>
public sealed record PoolIsKept(Id<Pool> Pool, Instant Until) : Refusal("pool_is_kept");
