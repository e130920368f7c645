using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;

namespace Borsellino.Web.Pages.Finance;

/// <summary>
/// The stops of an entry's money, in the order money takes them: funder, programme, grant, booking, provider, payout.
/// The entry itself stands where it moves the money on.
/// </summary>
public static class EntryPath
{
    public static IReadOnlyList<PathStop> Of(RecordedEntry entry, Money amount, MoneyPath path)
    {
        var here = new PathStop(
            Texts.Say("Questa scrittura"), "it-check", BookWords.Kind(entry.Head.Kind), null, Display.Money(amount),
            Texts.Say("Registrata il {0}", Display.Moment(entry.Head.RecordedAt)), Here: true);
        var isTransfer = path.Payout?.EntryId == entry.Head.Id;
        var isBudget = path.Provider is null && path.GrantCount == 0;
        var isGrant = path.Provider is null && path.GrantCount > 0;
        return
        [
            .. path.Programmes.GroupBy(p => p.Funder, StringComparer.Ordinal).Select(Funder),
            .. isBudget ? [here] : Array.Empty<PathStop>(),
            .. path.Programmes.Select(Programme),
            .. isGrant ? [here] : Array.Empty<PathStop>(),
            .. path.Grants.Select(Grant),
            .. More(path.GrantCount - path.Grants.Count, Texts.Say("Assegnazioni")),
            .. path.Bookings.Select(b => Booking(b, linked: b.SettlementEntryId != entry.Head.Id)),
            .. More(path.BookingCount - path.Bookings.Count, Texts.Say("Prenotazioni")),
            .. path.Provider is not null && !isTransfer ? [here] : Array.Empty<PathStop>(),
            .. path.Provider is { } provider ? [Provider(provider)] : Array.Empty<PathStop>(),
            .. isTransfer ? [here] : Array.Empty<PathStop>(),
            .. path.Payout is { } payout ? [Payout(payout)] : Array.Empty<PathStop>(),
        ];
    }

    private static PathStop Funder(IGrouping<string, PathProgramme> programmes) => new(
        Texts.Say("Ente finanziatore"), "it-pa", programmes.Key, $"~/ragioneria/conto/{programmes.First().ReceivableAccountId}",
        Display.Money(programmes.Sum(p => p.Amount)), string.Join(", ", programmes.Select(p => p.ActReference).Where(a => a.Length > 0).Distinct(StringComparer.Ordinal)));

    private static PathStop Programme(PathProgramme programme) => new(
        Texts.Say("Misura"), "it-folder", BookWords.In(programme.NameIt, programme.NameEn), $"~/ragioneria/conto/{programme.AccountId}",
        Display.Money(programme.Amount), programme.Code);

    private static PathStop Grant(PathGrant grant) => new(
        Texts.Say("Assegnazione"), "it-card", Texts.Say("Famiglia {0} · {1}", BookWords.Family(grant.HouseholdNumber), grant.ProgrammeCode),
        $"~/ragioneria/conto/{grant.AccountId}", Display.Money(grant.Amount), Texts.Say("di {0} assegnati", Display.Money(grant.Granted)));

    private static PathStop Booking(PathBooking booking, bool linked) => new(
        Texts.Say("Prenotazione"), "it-calendar", BookWords.In(booking.TitleIt, booking.TitleEn),
        linked ? $"~/ragioneria/scritture/{booking.SettlementEntryId}" : null, Display.Money(booking.Amount),
        Texts.Say(
            "{0}, famiglia {1}, {2}", Display.Reference(booking.Reference), BookWords.Family(booking.HouseholdNumber),
            Display.DayShort(Display.DayOf(booking.StartsAt)))
        + (booking.Copayment.IsPositive ? ". " + Texts.Say("Prezzo {0}, di cui {1} dalla famiglia", Display.Money(booking.Price), Display.Money(booking.Copayment)) : ""));

    private static PathStop Provider(PathProvider provider) => new(
        Texts.Say("Ente erogatore"), "it-user", provider.Name, $"~/ragioneria/conto/{provider.AccountId}", null,
        Texts.Say("adesso gli dobbiamo {0}", Display.Money(provider.Balance)));

    private static PathStop Payout(PathPayout payout) => new(
        Texts.Say("Liquidazione"), "it-exchange-circle", Texts.Say("{0}, riga {1}", payout.Reference, payout.Line),
        $"~/ragioneria/liquidazioni/{payout.Id}/{payout.Line}", Display.Money(payout.LineAmount),
        Texts.Say("{0}, da pagare il {1}", BookWords.Status(payout.Status), Display.DayShort(payout.ExecutionOn)));

    private static IEnumerable<PathStop> More(int count, string kind)
    {
        if (count > 0) yield return new(kind, "it-more-items", Texts.Say("e altre {0}", Display.Number(count)), null, null, null);
    }
}
