using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>A limit says neither how much money nor how much time.</summary>
public sealed record LimitOfNothing() : FieldRefusal("limit_of_nothing", "limits");

/// <summary>A limit of fewer minutes than one, or of more than a year has.</summary>
public sealed record LimitMinutesOutside(int Min, int Max) : FieldRefusal("limit_minutes_outside", "limits");

/// <summary>The programme pays nothing of the class that a limit is about.</summary>
public sealed record LimitOfOtherServices(string ClassCode) : FieldRefusal("limit_of_other_services", "limit_class");

public sealed record RuleDaysReversed(LocalDate From, LocalDate To) : FieldRefusal("rule_days_reversed", "rule_to");

/// <summary>What was held or spent by then would not have been under this rule.</summary>
public sealed record RuleStartsInThePast(LocalDate First) : FieldRefusal("rule_starts_in_the_past", "rule_from");

/// <summary>A rule that has held on a day held on it.</summary>
public sealed record RuleEndsInThePast(LocalDate First) : FieldRefusal("rule_ends_in_the_past", "last");

public sealed record RuleEnded(LocalDate On) : Refusal("rule_ended");

public sealed record RuleNotFound() : Refusal("rule_not_found");

public sealed record RuleIdReused() : Refusal("rule_id_reused");

public sealed record TooManyRules(int Max) : Refusal("too_many_rules");

public sealed record ListedProviderUnknown(Id<Provider> Provider) : FieldRefusal("listed_provider_unknown", "provider");

public sealed record ListedMunicipalityUnknown(string Municipality) : FieldRefusal("listed_municipality_unknown", "municipality");

public sealed record MunicipalityListedAlready(string Municipality) : FieldRefusal("municipality_listed_already", "municipality");

public sealed record ProviderListedAlready(Id<Provider> Provider) : FieldRefusal("provider_listed_already", "provider");

/// <summary>The household is to pay a part, and nothing says how much.</summary>
public sealed record ShareRuleMissing() : FieldRefusal("share_rule_missing", "share");

/// <summary>The most is less than the least, or either is below nothing or above the whole price.</summary>
public sealed record ShareFiguresWrong() : FieldRefusal("share_figures_wrong", "share_most");

/// <summary>The second limit of the ISEE is not above the first.</summary>
public sealed record ShareLimitsReversed() : FieldRefusal("share_limits_reversed", "share_isee_to");

/// <summary>A table without steps, with too many, or with limits that do not grow.</summary>
public sealed record ShareBandsWrong(int Max) : FieldRefusal("share_bands_wrong", "share_bands");

/// <summary>The programme asks households for no part.</summary>
public sealed record ShareNotAskedFor(Id<Programme> Programme) : Refusal("share_not_asked_for");

public sealed record IseeOutside(Money Max) : FieldRefusal("isee_outside", "value");

public sealed record DsuNumberMalformed() : FieldRefusal("dsu_number_malformed", "dsu_number");

/// <summary>A declaration is not presented tomorrow.</summary>
public sealed record DsuInTheFuture(LocalDate Today) : FieldRefusal("dsu_in_the_future", "presented_on");

/// <summary>It ends before it begins, or after the year in which it was presented.</summary>
public sealed record DsuDaysWrong(LocalDate From, LocalDate To) : FieldRefusal("dsu_days_wrong", "isee_to");

public sealed record IseeIdReused(Id<HouseholdIsee> Isee) : Refusal("isee_id_reused");

public sealed record HouseholdNotFound(Id<Household> Household) : Refusal("household_not_found");
