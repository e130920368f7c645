using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Web;

/// <summary>The rules of programmes in sentences, with their figures: what each says, and why a grant does not pay or not more.</summary>
public static class RuleWords
{
    public static string Why(NotPaying one) => one.Reason switch
    {
        WhyNot.NotActive => Texts.Say("è sospesa: chiedi all’ufficio"),
        WhyNot.OtherServices => Texts.Say("vale per altri servizi"),
        WhyNot.NotYetValid => Texts.Say("vale solo dal {0}", Display.DayShort(one.Grant.ValidFrom)),
        WhyNot.EndsBefore => Texts.Say("finisce il {0}, prima del servizio", Display.DayShort(one.Grant.ValidTo)),
        WhyNot.Empty => Texts.Say("non ha più soldi liberi"),
        WhyNot.MonthLimitReached => Texts.Say("per quel mese hai già usato il massimo di {0}", Display.Money(one.Grant.MonthMax ?? Money.Zero)),
        WhyNot.NotNeeded => Texts.Say("non serve: il prezzo è già coperto"),
        WhyNot.WholePriceOnly => Texts.Say("ha {0}: per legge paga da sola un servizio intero, mai una parte", Display.Money(one.Grant.Available)),
        WhyNot.NoCopayment => Texts.Say("ha {0}, ma paga solo quando copre tutto il prezzo insieme alle altre", Display.Money(one.Grant.Available)),
        WhyNot.OtherProviders => Texts.Say("paga solo gli enti del suo elenco, e questo in quel giorno non c’è"),
        WhyNot.OtherMunicipalities => Texts.Say("paga solo quello che si fa nei comuni del suo elenco, e questo in quel giorno si fa altrove"),
        WhyNot.BookingLimitReached => Texts.Say("per una prenotazione paga al massimo {0}, e li paga già", Display.Money(one.Grant.UnitMax ?? Money.Zero)),
        WhyNot.TooManyHours when one.Period!.MinutesUsed < one.Period.Limit.MinutesMax =>
            Texts.Say("{0}; questo servizio è più lungo di quello che resta", Used(one.Period)),
        WhyNot.PeriodLimitReached or WhyNot.TooManyHours => Used(one.Period!),
        WhyNot.FringeThresholdReached => Texts.Say(
            "l’azienda può darti al massimo {0} in un anno di fringe benefit (art. 51 c. 3 TUIR), e ne hai già {1}: oltre sarebbero tassati tutti",
            Display.Money(one.Grant.Fringe!.Threshold), Display.Money(one.Grant.Fringe.Used)),
        WhyNot.IseeMissing => Texts.Say("chiede un ISEE valido nel giorno del servizio, e non c’è: portalo all’ufficio"),
        WhyNot.AllIsOwnPart => Texts.Say("con il tuo ISEE il prezzo è tutto a carico tuo"),
        WhyNot.NoShareRule => Texts.Say("per quel giorno non dice ancora quanto paga la famiglia: chiedi all’ufficio"),
    };

    /// <summary>What keeps a grant from paying more, which it would if it could.</summary>
    public static string More(CoverageLine line) => line.HeldBack!.By switch
    {
        HeldBackBy.Available => Texts.Say("di più non ha"),
        HeldBackBy.UnitMax => Texts.Say("per una prenotazione paga al massimo {0}", Display.Money(line.Grant.UnitMax ?? Money.Zero)),
        HeldBackBy.MonthMax => Texts.Say("per quel mese le resta solo questo, su {0}", Display.Money(line.Grant.MonthMax ?? Money.Zero)),
        HeldBackBy.PeriodLimit => Used(line.HeldBack.Period!),
        HeldBackBy.FringeThreshold => Texts.Say("di più supererebbe la soglia dei fringe benefit di {0} in un anno", Display.Money(line.Grant.Fringe!.Threshold)),
        HeldBackBy.OwnPart => Texts.Say("il resto è la tua parte"),
    };

    /// <summary>How the household's part of a price came about.</summary>
    public static string OwnPart(CoverageLine line) => line.IseeTo is { } to
        ? Texts.Say("secondo il tuo ISEE, valido fino al {0}", Display.DayShort(to))
        : Texts.Say("senza un ISEE valido in quel giorno vale la parte più alta, finché non ne porti uno");

    /// <summary>"nella settimana dal 05.10.2026 al 11.10.2026: 4 ore su 4 ore già usate".</summary>
    public static string Used(PeriodUse use)
    {
        var when = use.Limit.Period switch
        {
            LimitPeriod.Week => Texts.Say("nella settimana dal {0} al {1}", Display.DayShort(use.From), Display.DayShort(use.To)),
            LimitPeriod.Month => Texts.Say("nel mese di {0}", Display.Month(use.From.ToYearMonth())),
            LimitPeriod.Year => Texts.Say("nell’anno {0}", use.From.Year.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        };
        var used = (use.Limit.MinutesMax, use.Limit.Max) switch
        {
            ({ } minutes, { } cents) => Texts.Say(
                "{0} su {1} già usate, {2} su {3} già usati", Display.Length(use.MinutesUsed), Display.Length(minutes), Display.Money(use.Used), Display.Money(cents)),
            ({ } minutes, null) => Texts.Say("{0} su {1} già usate", Display.Length(use.MinutesUsed), Display.Length(minutes)),
            (null, { } cents) => Texts.Say("{0} su {1} già usati", Display.Money(use.Used), Display.Money(cents)),
            (null, null) => throw new InvalidOperationException($"The limit {use.Limit.Id} is of nothing."),
        };
        return use.Limit.ClassName is { } name ? Texts.Say("{0}, per {1}: {2}", when, name.In(Language.IsEnglish), used) : Texts.Say("{0}: {1}", when, used);
    }

    /// <summary>"al massimo 4 ore alla settimana, per Aiuto in casa".</summary>
    public static string Limit(PeriodLimit limit)
    {
        var most = string.Join(
            Texts.Say(" e "), new[] { limit.MinutesMax is { } m ? Display.Length(m) : null, limit.Max is { } c ? Display.Money(c) : null }.OfType<string>());
        var each = limit.Period switch
        {
            LimitPeriod.Week => Texts.Say("al massimo {0} alla settimana", most),
            LimitPeriod.Month => Texts.Say("al massimo {0} al mese", most),
            LimitPeriod.Year => Texts.Say("al massimo {0} all’anno", most),
        };
        return limit.ClassName is { } name ? Texts.Say("{0}, per {1}", each, name.In(Language.IsEnglish)) : each;
    }

    /// <summary>"dal 01.01.2026", "dal 01.01.2026 al 31.03.2026", or that it was taken back.</summary>
    public static string Days(LocalDate from, LocalDate? to) => to switch
    {
        null => Texts.Say("dal {0}", Display.DayShort(from)),
        { } last when last < from => Texts.Say("annullata prima di cominciare"),
        { } last => Texts.Say("dal {0} al {1}", Display.DayShort(from), Display.DayShort(last)),
    };

    public static string Period(LimitPeriod period) => period switch
    {
        LimitPeriod.Week => Texts.Say("Alla settimana"),
        LimitPeriod.Month => Texts.Say("Al mese"),
        LimitPeriod.Year => Texts.Say("All’anno"),
    };

    public static string Formula(ShareFormula formula) => formula switch
    {
        ShareFormula.Bands => Texts.Say("A fasce"),
        ShareFormula.Linear => Texts.Say("Lineare"),
        ShareFormula.Quadratic => Texts.Say("Quadratica"),
    };

    public static string Unit(ShareUnit unit) => unit switch
    {
        ShareUnit.Booking => Texts.Say("Euro a prenotazione"),
        ShareUnit.Hour => Texts.Say("Euro all’ora"),
        ShareUnit.Price => Texts.Say("Percentuale del prezzo"),
    };

    public static string Indicator(IseeIndicator indicator) => indicator switch
    {
        IseeIndicator.Ordinary => Texts.Say("ISEE ordinario"),
        IseeIndicator.Minors => Texts.Say("ISEE minorenni"),
        IseeIndicator.SocioSanitary => Texts.Say("ISEE sociosanitario"),
        IseeIndicator.University => Texts.Say("ISEE università"),
    };

    public static string Without(WithoutIsee without) => without switch
    {
        WithoutIsee.Most => Texts.Say("Paga la parte più alta"),
        WithoutIsee.NotPaid => Texts.Say("La misura non paga"),
    };

    /// <summary>A figure of a share rule in what it is: "3,00 € all’ora", "20%".</summary>
    public static string Figure(ShareUnit unit, long figure) => unit switch
    {
        ShareUnit.Booking => Texts.Say("{0} a prenotazione", Display.Money(figure)),
        ShareUnit.Hour => Texts.Say("{0} all’ora", Display.Money(figure)),
        ShareUnit.Price => Texts.Say("{0}% del prezzo", ItalianAmount.Format(new(figure))),
    };

    /// <summary>The whole rule, line by line.</summary>
    public static IReadOnlyList<string> Lines(ShareRule rule) => rule.Formula is ShareFormula.Bands
        ?
        [
            .. rule.Bands.Select(b => Texts.Say("ISEE fino a {0}: {1}", Display.Money(b.IseeTo), Figure(rule.Unit, b.Figure))),
            Texts.Say("oltre: {0}", Figure(rule.Unit, rule.Most)),
        ]
        :
        [
            Texts.Say("ISEE fino a {0}: {1}", Display.Money(rule.IseeFrom), Figure(rule.Unit, rule.Least)),
            Texts.Say("da {0} in su: {1}", Display.Money(rule.IseeTo), Figure(rule.Unit, rule.Most)),
        ];
}
