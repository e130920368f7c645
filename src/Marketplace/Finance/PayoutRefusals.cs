using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

public sealed record PayoutNotFound(Id<Payout> Payout) : Refusal("payout_not_found");

/// <summary>The payout with this id is another one.</summary>
public sealed record PayoutIdReused(Id<Payout> Payout) : Refusal("payout_id_reused");

/// <summary>Nobody, or nobody of those named, is owed anything that is not in a payout already.</summary>
public sealed record NothingToPay() : Refusal("nothing_to_pay");

/// <summary>Between the summary and the act something was earned or taken: what is owed is not what was seen.</summary>
public sealed record PayablesChanged(Money Seen, Money Now) : Refusal("payables_changed");

public sealed record ExecutionInThePast(LocalDate ExecutionOn) : Refusal("execution_in_the_past");

/// <summary>Banks take transfers for so many days ahead at most.</summary>
public sealed record ExecutionTooFar(LocalDate ExecutionOn, LocalDate Latest) : Refusal("execution_too_far");

/// <summary>Banks do not settle on this day.</summary>
public sealed record NotABankDay(LocalDate ExecutionOn, LocalDate Next) : Refusal("not_a_bank_day");

/// <summary>The account a provider wants to be paid on cannot be right.</summary>
public sealed record ProviderIbanWrong(Id<Provider> Provider, string Name, IbanFault Fault) : Refusal("provider_iban_wrong");

/// <summary>The treasury's own account cannot be right.</summary>
public sealed record TreasuryIbanWrong(IbanFault Fault) : Refusal("treasury_iban_wrong");

/// <summary>A bank would not take the file.</summary>
public sealed record PayoutFileFaulty(PaymentFault Fault) : Refusal("payout_file_faulty");

/// <summary>The act does not apply to a payout in this state.</summary>
public sealed record PayoutNotReady(Id<Payout> Payout, PayoutStatus Status) : Refusal("payout_not_ready");

/// <summary>Whoever prepared a payout cannot be the one who signs it.</summary>
public sealed record SecondSignatureNeeded(Id<Payout> Payout) : Refusal("second_signature_needed");

/// <summary>A booking inside is no longer owed as it was when the payout was prepared.</summary>
public sealed record BookingNoLongerOwed(Id<Booking> Booking, string Reference) : Refusal("booking_no_longer_owed");
