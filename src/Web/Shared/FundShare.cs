using NodaTime;

namespace Borsellino.Web.Shared;

/// <summary>What one funder put in a purse: cents that may be spent, cents held by bookings, and the last day.</summary>
/// <param name="Colour">1 to 5, the same on every page for the same funder; a name always stands beside it.</param>
public sealed record FundShare(string Funder, int Colour, long FreeCents, long HeldCents, LocalDate? Until);

/// <summary>The home page's purse: the one number, and whose money it is.</summary>
/// <param name="Shares">Soonest expiry first or as the page needs; the bar keeps their order.</param>
public sealed record PurseCard(IReadOnlyList<FundShare> Shares, LocalDate Today)
{
    /// <summary>An expiry closer than this many days is said in red, with its distance.</summary>
    public const int NearDays = 30;

    public long FreeCents => Shares.Sum(share => share.FreeCents);
    public long HeldCents => Shares.Sum(share => share.HeldCents);

    public bool IsNear(FundShare share) =>
        share.Until is { } until && Period.DaysBetween(Today, until) <= NearDays;
}
