using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Whether the household adds its own money to a programme's.</summary>
public enum CopaymentRule
{
    Forbidden,
    Allowed,

    /// <summary>It pays a part by its ISEE (<see cref="ShareRule"/>), and may pay more where the purse does not reach.</summary>
    Required,
}

/// <summary>A provider that a programme pays, as long as the row holds.</summary>
public sealed record ListedProvider(Id<ListedProvider> Id, Id<Provider> Provider, LocalDate ValidFrom, LocalDate? ValidTo) : IIdentified
{
    public static string Prefix => "listed";

    /// <summary>How the provider is called.</summary>
    public string Name { get; init; } = "";

    public bool HoldsOn(LocalDate day) => day >= ValidFrom && !(day > ValidTo);
}

/// <summary>A municipality in which a programme pays what is given, as long as the row holds.</summary>
/// <param name="Code">By the land register.</param>
public sealed record ListedMunicipality(Id<ListedMunicipality> Id, string Code, LocalDate ValidFrom, LocalDate? ValidTo) : IIdentified
{
    public static string Prefix => "place";

    /// <summary>How the municipality is called.</summary>
    public string Name { get; init; } = "";

    public bool HoldsOn(LocalDate day) => day >= ValidFrom && !(day > ValidTo);
}

/// <summary>The rules of a programme that come and go with their days.</summary>
public sealed record DatedRules(
    IReadOnlyList<PeriodLimit> Limits, IReadOnlyList<ListedProvider> Providers, IReadOnlyList<ListedMunicipality> Municipalities,
    IReadOnlyList<ShareRule> Shares)
{
    public static readonly DatedRules None = new([], [], [], []);

    /// <summary>Whether only listed providers are paid on a day: from the first row's first day on, also when no row holds any more.</summary>
    public bool IsListOn(LocalDate day) => Providers.Any(p => p.ValidFrom <= day && !(p.ValidTo < p.ValidFrom));

    /// <summary>Whether a provider is paid on a day; for no provider in particular, whether any is.</summary>
    public bool Admit(Id<Provider>? provider, LocalDate day) =>
        !IsListOn(day) || Providers.Any(p => (provider is null || p.Provider == provider) && p.HoldsOn(day));

    /// <summary>Whether it pays in listed municipalities only on a day: from the first row's first day on.</summary>
    public bool IsPlaceListOn(LocalDate day) => Municipalities.Any(m => m.ValidFrom <= day && !(m.ValidTo < m.ValidFrom));

    /// <summary>Whether what is given in a municipality is paid on a day; what is given nowhere in particular always is.</summary>
    public bool AdmitIn(string? municipality, LocalDate day) =>
        municipality is null || !IsPlaceListOn(day) || Municipalities.Any(m => m.Code == municipality && m.HoldsOn(day));

    /// <summary>How the household's part is found on a day.</summary>
    public ShareRule? ShareOn(LocalDate day) => Shares.Where(s => s.HoldsOn(day)).MaxBy(s => s.ValidFrom);
}

/// <summary>What a household's programme pays, or holds, for one service.</summary>
/// <param name="Source">The booking, the share of a pool that is not decided, or the agreed raise whose money it is.</param>
/// <param name="Service">The same for all money of one service: its minutes count once.</param>
public sealed record Use(Guid Source, Guid Service, string ClassCode, LocalDate On, Money Amount, int Minutes);

/// <summary>A grant with all that decides whether and how much it pays for one purchase.</summary>
/// <param name="Classes">The service classes it pays for, the classes below them included.</param>
/// <param name="UnitMax">Cents at most for one booking; null for no limit. Month: cents at most in a calendar month.</param>
/// <param name="Available">What is on its account and not held.</param>
/// <param name="WholePrice">On the day of the purchase the law lets it pay a whole price alone, never a part of one.</param>
public sealed record PurseGrant(
    Id<Grant> Id, Id<Programme> ProgrammeId, Id<Account> AccountId, string ProgrammeIt, string ProgrammeEn, string Funder,
    GrantStatus Status, LocalDate ValidFrom, LocalDate ValidTo, CopaymentRule Copayment, Money? UnitMax, Money? MonthMax,
    Money Available, Money Held, Instant HoldsUntil, bool WholePrice, IReadOnlySet<string> Classes)
{
    public DatedRules Rules { get; init; } = DatedRules.None;

    /// <summary>What the household has spent or holds under the programme, for services since the year of the purchase began.</summary>
    public IReadOnlyList<Use> Uses { get; init; } = [];

    /// <summary>What is known of the household's ISEE, where the programme asks for it.</summary>
    public IReadOnlyList<HouseholdIsee> Isee { get; init; } = [];

    /// <summary>The code of the municipality in which the household lives.</summary>
    public string LivesIn { get; init; } = "";

    /// <summary>What its company may still give the household as fringe benefits, for purchases asked for on the day it was read for; null for other funders.</summary>
    public FringeRoom? Fringe { get; init; }

    /// <summary>The same, where a purchase of this class counts.</summary>
    public FringeRoom? FringeOf(string classCode) => Fringe is { } room && room.Classes.Contains(classCode) ? room : null;

    /// <summary>What was spent or is held for services in the month of a day.</summary>
    public Money MonthUsed(LocalDate day) => Uses.Where(u => u.On.ToYearMonth() == day.ToYearMonth()).Sum(u => u.Amount);

    /// <summary>As it would be with what it holds for something given back.</summary>
    internal PurseGrant Without(Guid source, Money freed) =>
        this with
        {
            Available = Available + freed,
            Held = Held - freed,
            Uses = [.. Uses.Where(u => u.Source != source)],
            Fringe = Fringe is { } room ? room with { Uses = [.. room.Uses.Where(u => u.Source != source)] } : null,
        };

    /// <summary>As it would be with a purchase paid.</summary>
    public PurseGrant With(Purchase purchase, Guid source, Money amount) =>
        this with
        {
            Available = Available - amount,
            Held = Held + amount,
            Uses = [.. Uses, new(source, source, purchase.ClassCode, purchase.On, amount, purchase.Minutes)],
            Fringe = FringeOf(purchase.ClassCode) is { } room ? room with { Uses = [.. room.Uses, new(source, amount)] } : Fringe,
        };
}
