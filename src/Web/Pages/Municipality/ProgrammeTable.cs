using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using NodaTime;

namespace Borsellino.Web.Pages.Officers;

/// <summary>Programmes in the five words, with the sum that explains where the money is.</summary>
public sealed record ProgrammeTable(IReadOnlyList<ProgrammeFigures> Rows, Instant At)
{
    public Money Total(Func<ProgrammeFigures, Money> figure) => Rows.Sum(figure);

    public Tally Sum => SumOf(Rows);

    /// <summary>Stanziato = speso + impegnato + libero + da assegnare.</summary>
    public static Tally SumOf(IReadOnlyList<ProgrammeFigures> rows)
    {
        var waiting = rows.Sum(r => r.Waiting);
        return new([
            new(Texts.Say("Stanziato"), Display.Money(rows.Sum(r => r.Committed)), Strong: true),
            new(Texts.Say("Speso"), Display.Money(rows.Sum(r => r.Spent)), "="),
            new(Texts.Say("Impegnato"), Display.Money(rows.Sum(r => r.Held)), "+"),
            new(Texts.Say("Libero nei borsellini"), Display.Money(rows.Sum(r => r.Free)), "+"),
            new(
                Texts.Say("Da assegnare"), Display.Money(rows.Sum(r => r.Left)), "+",
                Note: waiting.IsPositive ? Texts.Say("di cui {0} in elenchi da approvare", Display.Money(waiting)) : null),
        ]);
    }

    public static string NameOf(ProgrammeFigures programme) => Language.IsEnglish ? programme.NameEn : programme.NameIt;
}
