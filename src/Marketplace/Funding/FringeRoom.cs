using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// What a household may have of a company in a year as fringe benefits (TUIR art. 51 c. 3). Past the threshold by a cent all of it is taxed,
/// so the company's money pays nothing that would pass it. What counts is the day on which a title is asked for, not that of the service:
/// from then on the employee has it.
/// </summary>
/// <param name="Threshold">In cents, for the year of the day it was read for.</param>
/// <param name="WithChildren">Whether it is the higher one, for who declared children that depend on them.</param>
/// <param name="Classes">The classes that count, those below them included.</param>
/// <param name="Uses">What the company has paid or holds in that year, by what it is for.</param>
public sealed record FringeRoom(
    Id<Funder> Company, Money Threshold, bool WithChildren, IReadOnlySet<string> Classes, IReadOnlyList<FringeUse> Uses)
{
    public Money Used => Uses.Sum(u => u.Amount);

    /// <summary>What is left; below zero where a declaration was withdrawn after more than the lower threshold was had.</summary>
    public Money Left => Threshold - Used;
}

/// <summary>What a company paid or holds for a booking, a share that waits, or an agreed raise.</summary>
public sealed record FringeUse(Guid Source, Money Amount);

/// <summary>What the law lets a company give in fringe benefits, from one day to another.</summary>
/// <param name="General">In cents a year; <paramref name="WithChildren"/> for who declares children that depend on them.</param>
public sealed record FringeThreshold(LocalDate ValidFrom, LocalDate ValidTo, Money General, Money WithChildren, string Law);
