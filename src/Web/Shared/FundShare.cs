using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Web.Shared;

/// <summary>What one funder put in a purse: what may be spent, what bookings hold, and the last day.</summary>
/// <param name="Colour">1 to 5, the same on every page for the same funder; a name always stands beside it.</param>
public sealed record FundShare(string Funder, int Colour, Money Free, Money Held, LocalDate? Until);

/// <summary>The home page's purse: the one number, and whose money it is.</summary>
/// <param name="Shares">Soonest expiry first or as the page needs; the bar keeps their order.</param>
public sealed record PurseCard(IReadOnlyList<FundShare> Shares, LocalDate Today)
{
    /// <summary>An expiry closer than this many days is said in red, with its distance.</summary>
    public const int NearDays = 30;

    public Money Free => new(Shares.Sum(share => share.Free.Cents));
    public Money Held => new(Shares.Sum(share => share.Held.Cents));

    public bool IsNear(FundShare share) =>
        share.Until is { } until && Period.DaysBetween(Today, until) <= NearDays;
}
