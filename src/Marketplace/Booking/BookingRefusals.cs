using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

public sealed record SlotWithdrawn(Id<Slot> Slot) : Refusal("slot_withdrawn");

public sealed record SlotOver(Id<Slot> Slot, Instant StartsAt) : Refusal("slot_over");

/// <summary>Its provider wants to be asked earlier: <paramref name="AskBy"/> has passed.</summary>
public sealed record SlotTooNear(Id<Slot> Slot, Instant AskBy) : Refusal("slot_too_near");

public sealed record SlotFull(Id<Slot> Slot) : Refusal("slot_full");

public sealed record OfferWithdrawn(Id<Offer> Offer) : Refusal("offer_withdrawn");

/// <summary>The provider has no accreditation in force for the service on its day.</summary>
public sealed record ProviderNotAccredited(Id<Provider> Provider, LocalDate On) : Refusal("provider_not_accredited");

/// <summary>The service is given at home, and the provider does not go to the household's municipality.</summary>
public sealed record ServiceOutOfReach(string Municipality) : Refusal("service_out_of_reach");

public sealed record PersonNotInHousehold(Id<Person> Person) : Refusal("person_not_in_household");

/// <summary>This person has a place in this slot already.</summary>
public sealed record AlreadyBooked(Id<Booking> Earlier, string Reference) : Refusal("already_booked");

/// <summary>The purse cannot pay. <paramref name="Available"/> is what its rules let it pay for this, not all it has.</summary>
public sealed record NotEnoughInPurse(Money Available, Money Needed) : Refusal("not_enough_in_purse");

/// <summary>The price is not the one the household saw. Nothing was booked: it sees the new one and decides.</summary>
public sealed record PriceChanged(Money Shown, Money Now) : Refusal("price_changed");

/// <summary>The price is the same; who pays it, or the terms of cancelling, are not what the household saw.</summary>
public sealed record TermsChanged() : Refusal("terms_changed");

/// <summary>The service ends after the money that would pay for it.</summary>
public sealed record GrantEndsTooSoon(Instant Until, Instant EndsAt) : Refusal("grant_ends_too_soon");

public sealed record BookingNotFound(Id<Booking> Booking) : Refusal("booking_not_found");

/// <summary>The booking with this id is another one.</summary>
public sealed record BookingIdReused(Id<Booking> Booking) : Refusal("booking_id_reused");

/// <summary>The step does not apply in this state.</summary>
public sealed record BookingNotReady(Id<Booking> Booking, BookingStatus Status, BookingStep Step) : Refusal("booking_not_ready");

public sealed record AnswerTooLate(Id<Booking> Booking, Instant AnswerBy) : Refusal("answer_too_late");

public sealed record ServiceStarted(Id<Booking> Booking, Instant StartsAt) : Refusal("service_started");

public sealed record ServiceNotStarted(Id<Booking> Booking, Instant StartsAt) : Refusal("service_not_started");

/// <summary>
/// Its group was below its quorum when the service began, and nobody has decided that it goes on: nobody was told to come, so nobody was
/// missing.
/// </summary>
public sealed record GroupUndecided(Id<Booking> Booking) : Refusal("group_undecided");

/// <summary>The free limit passed between showing and cancelling: it costs more than was shown, so nothing was done.</summary>
public sealed record CancelFeeChanged(Money Shown, Money Now) : Refusal("cancel_fee_changed");

/// <summary>The money held for the booking went back before the provider said it was done.</summary>
public sealed record DeliveredTooLate(Id<Booking> Booking, Instant HeldUntil) : Refusal("delivered_too_late");

/// <summary>There is no part of the price that the household pays, or the service did not take place.</summary>
public sealed record CopaymentNotDue(Id<Booking> Booking, BookingStatus Status) : Refusal("copayment_not_due");

/// <summary>That the household has paid its part can be taken back for a while only.</summary>
public sealed record CopaymentUndoOver(Id<Booking> Booking, Instant Until) : Refusal("copayment_undo_over");

/// <summary>Its time has not come: a sweep arrived too early.</summary>
public sealed record NotYetDue(Id<Booking> Booking, Instant DueAt) : Refusal("not_yet_due");
