using System.Text.RegularExpressions;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>An ISEE band that a programme admits.</summary>
/// <param name="IseeTo">The upper limit of the band; null for none.</param>
/// <param name="AmountMax">At most so much for one household.</param>
public sealed record ProgrammeBand(short Band, Money? IseeTo, Money AmountMax);

/// <summary>A programme about to be opened, as an officer typed it.</summary>
/// <param name="UnitMax">At most so much for one booking; null for no limit. Month: in one calendar month of service.</param>
/// <param name="SettlementDays">So many days after the last one, delivered services may still be accepted and paid.</param>
/// <param name="ClassCodes">What it pays for, with everything below each class.</param>
/// <param name="Bands">Whom it admits; none for every household and any amount.</param>
public sealed partial record NewProgramme(
    Id<Programme> Id, string Code, string NameIt, string NameEn, string PurposeIt, string PurposeEn, Id<Funder> Funder,
    LocalDate ValidFrom, LocalDate ValidTo, int SettlementDays, CopaymentRule Copayment, Money? UnitMax, Money? MonthMax,
    string ActReference, IReadOnlyList<string> ClassCodes, IReadOnlyList<ProgrammeBand> Bands)
{
    /// <summary>How much at most in a week, a month or a year; none for no such limit.</summary>
    public IReadOnlyList<PeriodLimit> Limits { get; init; } = [];

    /// <summary>Whom it pays from its first day on; none for every accredited provider.</summary>
    public IReadOnlyList<Id<Provider>> Providers { get; init; } = [];

    /// <summary>How the household's part is found; for a programme that asks for one, and only for that.</summary>
    public ShareRule? Share { get; init; }

    public const int SettlementDaysMax = 180;
    public const int ActReferenceMax = 120;
    private const int BandsMax = 9;
    private const int MatchMillisecondsMax = 1_000;

    /// <summary>The first thing wrong with it that can be seen without the books, or null.</summary>
    internal FieldRefusal? Refuse(LocalDate today)
    {
        if (!CodeShape().IsMatch(Code)) return new ProgrammeCodeMalformed();
        if (NameIt.Length is < 3 or > 120) return new TextLength("name_it", 3, 120);
        if (NameEn.Length is < 3 or > 120) return new TextLength("name_en", 3, 120);
        if (PurposeIt.Length > 600) return new TextLength("purpose_it", 0, 600);
        if (PurposeEn.Length > 600) return new TextLength("purpose_en", 0, 600);
        if (ValidTo < ValidFrom) return new ProgrammeDaysReversed(ValidFrom, ValidTo);
        if (ValidTo < today) return new ProgrammeOverAlready(ValidTo);
        if (SettlementDays is < 0 or > SettlementDaysMax) return new SettlementDaysOutside(0, SettlementDaysMax);
        if (UnitMax is { IsPositive: false }) return new AmountNotPositive("unit_max");
        if (MonthMax is { IsPositive: false }) return new AmountNotPositive("month_max");
        if (ActReference.Length > ActReferenceMax) return new TextLength("act_reference", 0, ActReferenceMax);
        if (ClassCodes.Count == 0) return new ServiceClassesMissing();
        return RefuseBands() ?? RefuseRules();
    }

    private FieldRefusal? RefuseRules()
    {
        if (Limits.Select(l => l.Refuse()).FirstOrDefault(r => r is not null) is { } limit) return limit;
        if (Copayment is not CopaymentRule.Required) return null;
        return Share is null ? new ShareRuleMissing() : Share.Refuse();
    }

    private FieldRefusal? RefuseBands()
    {
        Money? below = Money.Zero;
        foreach (var band in Bands.OrderBy(b => b.Band))
        {
            if (band.Band is < 1 or > BandsMax) return new BandOutside(band.Band);
            if (Bands.Count(b => b.Band == band.Band) > 1) return new BandTwice(band.Band);
            if (!band.AmountMax.IsPositive) return new AmountNotPositive("bands");
            // Only the last band may have no upper limit.
            if (below is null || band.IseeTo <= below) return new BandLimitsReversed(band.Band);
            below = band.IseeTo;
        }

        return null;
    }

    [GeneratedRegex(@"^[A-Z0-9][A-Z0-9-]{1,19}\z", RegexOptions.CultureInvariant, MatchMillisecondsMax)]
    private static partial Regex CodeShape();
}
