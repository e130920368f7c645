using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>
/// Who of a provider can serve a time, and who does. Pure: it knows the people and what they are bound to, and asks nobody.
/// </summary>
/// <param name="travel">Between two services that are not at one address.</param>
public sealed class Roster(IReadOnlyList<StaffMember> members, IEnumerable<Duty> duties, Duration travel)
{
    private readonly ILookup<Id<StaffMember>, Duty> duties = duties.ToLookup(d => d.Staff);

    public Duration Travel => travel;

    public IReadOnlyList<StaffMember> Members => members;

    public IEnumerable<StaffMember> Free(StaffTime time) => members.Where(m => IsFree(m, time));

    /// <summary>Whether somebody gives it, is at work all the time, and comes from and gets to all else. What they are bound to of this very time does not count.</summary>
    public bool IsFree(StaffMember member, StaffTime time) =>
        Suits(member, time) && !duties[member.Id].Any(d => d.Slot != time.Slot && Meets(d, time));

    /// <summary>Whether somebody gives it and is at work all the time, whatever else they are bound to.</summary>
    public static bool Suits(StaffMember member, StaffTime time) => member.Offers.Contains(time.Offer) && member.Works(time.StartsAt, time.EndsAt);

    /// <summary>
    /// Who serves it: whoever was last with the family, if free; then who has the fewest minutes of service on that day; then by name. Null
    /// when nobody can.
    /// </summary>
    public StaffMember? Choose(StaffTime time, Id<StaffMember>? last = null) =>
        Free(time)
            .OrderBy(m => m.Id != last).ThenBy(m => MinutesOn(m, time.StartsAt.InZone(ClockExtensions.Rome).Date))
            .ThenBy(m => m.LastName, StringComparer.Ordinal).ThenBy(m => m.FirstName, StringComparer.Ordinal).ThenBy(m => m.Id.Value)
            .FirstOrDefault();

    private double MinutesOn(StaffMember member, LocalDate day) =>
        duties[member.Id].Where(d => d.StartsAt.InZone(ClockExtensions.Rome).Date == day).Sum(d => (d.EndsAt - d.StartsAt).TotalMinutes);

    private bool Meets(Duty duty, StaffTime time) =>
        (duty.StartsAt < time.EndsAt && time.StartsAt < duty.EndsAt)
        || (duty.Place != time.Place && duty.StartsAt < time.EndsAt + travel && time.StartsAt < duty.TravelsUntil);
}
