using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>No voucher has this number with this PIN. Which of the two is wrong is not said.</summary>
public sealed record VoucherNotRecognised() : Refusal("voucher_not_recognised");

/// <summary>The PIN of this voucher was tried too often. The list of the day still works.</summary>
public sealed record VoucherTriedTooOften() : Refusal("voucher_tried_too_often");

public sealed record VoucherOfAnotherProvider() : Refusal("voucher_of_another_provider");

public sealed record VoucherOfAnotherDay(LocalDate On) : Refusal("voucher_of_another_day");

/// <summary>The provider has not accepted the request.</summary>
public sealed record VoucherNotActive(Instant AnswerBy) : Refusal("voucher_not_active");

public sealed record VoucherUsed(Instant At) : Refusal("voucher_used");

/// <summary>It is a product's: how many pieces are handed over is still to be said.</summary>
public sealed record VoucherOfPieces(Id<Package> Product) : Refusal("voucher_of_pieces");

public sealed record VoucherCancelled(Instant At) : Refusal("voucher_cancelled");

public sealed record VoucherExpired(Instant At) : Refusal("voucher_expired");
