using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web.Shared;

/// <summary>Who pays how much of one thing: the list, which ends with the family itself, and the same as a bar.</summary>
public sealed record Payers(IReadOnlyList<PayShare> List, IReadOnlyList<FundShare> Bar)
{
    public static readonly Payers None = new([], []);

    /// <summary>What the purse would pay.</summary>
    /// <param name="isProduct">Whether it is a thing, which has a delivery and no day.</param>
    public static Payers Of(Coverage coverage, bool isProduct = false) => Of(
        [.. coverage.Lines.Select(l => (l.Grant.Funder, BookingWords.Either(l.Grant.ProgrammeIt, l.Grant.ProgrammeEn), l.Amount))], coverage.Copayment,
        new(coverage.Lines.Select(l => l.Grant.Funder).Concat(coverage.NotPaying.Select(n => n.Grant.Funder))), isProduct).WithOwnPart(coverage, isProduct);

    /// <summary>What pays a package or a product that was bought.</summary>
    public static Payers Of(PackageCard card, IReadOnlyList<BookingPayer> payers) => Of(
        [.. payers.Select(p => (p.Funder, BookingWords.Either(p.ProgrammeIt, p.ProgrammeEn), p.Amount))], card.Copayment, new(payers.Select(p => p.Funder)), card.IsProduct);

    /// <param name="copayment">What the family pays the provider itself, on the day or when a product is handed over.</param>
    public static Payers Of(IReadOnlyList<(string Funder, string Programme, Money Amount)> lines, Money copayment, FundColours colours, bool isProduct = false) => new(
        [
            .. lines.Select(l => new PayShare(l.Funder, colours.Of(l.Funder), l.Amount, l.Programme)),
            new(Texts.Say("Tu paghi"), 0, copayment, copayment.IsPositive ? ToProvider(isProduct) : null),
        ],
        [.. lines.Select(l => new FundShare(l.Funder, colours.Of(l.Funder), l.Amount, Money.Zero, null))]);

    /// <summary>The part that a programme leaves to the family by its ISEE stands apart from what the purse merely does not reach.</summary>
    private Payers WithOwnPart(Coverage coverage, bool isProduct)
    {
        if (!coverage.OwnPart.IsPositive) return this;
        var by = coverage.Lines.Where(l => l.Share is not null).MaxBy(l => l.Own.Of(coverage.Price))!;
        PayShare own = new(Texts.Say("La tua parte"), 0, coverage.OwnPart, $"{RuleWords.OwnPart(by)}; {ToProvider(isProduct)}");
        var rest = coverage.Copayment - coverage.OwnPart;
        return this with
        {
            List = rest.IsPositive
                ? [.. List.SkipLast(1), own, new(Texts.Say("Paghi anche"), 0, rest, Texts.Say("quello che il borsellino non copre"))]
                : [.. List.SkipLast(1), own],
        };
    }

    private static string ToProvider(bool isProduct) =>
        isProduct ? Texts.Say("direttamente all’ente, quando te lo consegna") : Texts.Say("direttamente all’ente, il giorno del servizio");
}
