using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Something typed that cannot be taken.</summary>
/// <param name="Field">The name of the field as forms have it, in snake_case.</param>
public abstract record FieldRefusal(string Code, string Field) : Refusal(Code);

public sealed record ProgrammeCodeMalformed() : FieldRefusal("programme_code_malformed", "code");

public sealed record ProgrammeCodeTaken(string ProgrammeCode) : FieldRefusal("programme_code_taken", "code");

/// <summary>A text is shorter or longer than it may be.</summary>
public sealed record TextLength(string Field, int Min, int Max) : FieldRefusal("text_length", Field);

public sealed record ProgrammeDaysReversed(LocalDate From, LocalDate To) : FieldRefusal("programme_days_reversed", "valid_to");

/// <summary>The last day is in the past.</summary>
public sealed record ProgrammeOverAlready(LocalDate To) : FieldRefusal("programme_over_already", "valid_to");

public sealed record SettlementDaysOutside(int Min, int Max) : FieldRefusal("settlement_days_outside", "settlement_days");

public sealed record AmountNotPositive(string Field) : FieldRefusal("amount_not_positive", Field);

public sealed record ServiceClassesMissing() : FieldRefusal("service_classes_missing", "classes");

public sealed record ServiceClassUnknown(string ClassCode) : FieldRefusal("service_class_unknown", "classes");

public sealed record BandOutside(int Band) : FieldRefusal("band_outside", "bands");

public sealed record BandTwice(int Band) : FieldRefusal("band_twice", "bands");

/// <summary>The limits of the bands do not grow with their numbers.</summary>
public sealed record BandLimitsReversed(int Band) : FieldRefusal("band_limits_reversed", "bands");

public sealed record FunderUnknown(Id<Funder> Funder) : FieldRefusal("funder_unknown", "funder");

public sealed record FunderNameTaken(string Name) : FieldRefusal("funder_name_taken", "name");

public sealed record FunderIdReused(Id<Funder> Funder) : Refusal("funder_id_reused");

public sealed record ProgrammeNotFound(Id<Programme> Programme) : Refusal("programme_not_found");

public sealed record ProgrammeIdReused(Id<Programme> Programme) : Refusal("programme_id_reused");

public sealed record ProgrammeClosed(Id<Programme> Programme) : Refusal("programme_closed");

/// <summary>The programme's last day has passed: nobody could spend a grant of it.</summary>
public sealed record ProgrammeEnded(Id<Programme> Programme, LocalDate On) : Refusal("programme_ended");

public sealed record CommitmentIdReused(Id<Commitment> Commitment) : Refusal("commitment_id_reused");

public sealed record ImportNotFound(Id<GrantImport> Import) : Refusal("import_not_found");

public sealed record ImportIdReused(Id<GrantImport> Import) : Refusal("import_id_reused");

public sealed record ImportFileTooLarge(long Bytes, long Max) : Refusal("import_file_too_large");

/// <summary>The import stands elsewhere than the operation needs, usually because a colleague was faster.</summary>
public sealed record ImportStandsElsewhere(Id<GrantImport> Import, GrantImportStatus Status) : Refusal("import_stands_elsewhere");

public sealed record ImportWithoutGoodRows(Id<GrantImport> Import) : Refusal("import_without_good_rows");

/// <summary>Whoever uploaded a list or asked for its approval cannot be the one who decides.</summary>
public sealed record SecondPersonNeeded(Id<GrantImport> Import) : Refusal("second_person_needed");

/// <summary>The programme has less left than the import needs, other imports on their way counted.</summary>
public sealed record BudgetTooSmall(Money Left, Money Needed) : Refusal("budget_too_small");

/// <summary>A list can be taken back for 24 hours after it was posted.</summary>
public sealed record UndoTooLate(Id<GrantImport> Import, Instant Until) : Refusal("undo_too_late");

public sealed record GrantNotFound(Id<Grant> Grant) : Refusal("grant_not_found");

public sealed record GrantStandsElsewhere(Id<Grant> Grant, GrantStatus Status) : Refusal("grant_stands_elsewhere");

/// <summary>Part of the grant is set aside for bookings, which must end first.</summary>
public sealed record GrantIsHeld(Id<Grant> Grant, Money Held) : Refusal("grant_is_held");
