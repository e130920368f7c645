using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using NodaTime;

namespace Borsellino.Web.Shared;

/// <summary>Reads what people typed, field by field, and says at each field what is wrong with it: all of them at once.</summary>
public sealed class FormReader(ModelStateDictionary state)
{
    private const int MinutesInHour = 60;

    /// <summary>An amount above zero; null for an empty field.</summary>
    public Money? Amount(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (ItalianAmount.TryParse(text, out var amount, out var fault)) return amount;
        state.AddModelError(field, ImportWords.AmountSentence(fault));
        return null;
    }

    /// <summary>An amount or zero; null for an empty field.</summary>
    public Money? AmountOrZero(string? text, string field) =>
        text?.Trim() is { Length: > 0 and <= 4 } zero && zero.All(c => c is '0' or ',' or '.') && zero[0] is '0' ? Money.Zero : Amount(text, field);

    /// <summary>Hours, with a comma, as minutes: 4 is 240, 0,25 is 15; null for an empty field.</summary>
    public int? Minutes(string? text, string field)
    {
        if (Amount(text, field) is not { } hundredths) return null;
        if (hundredths.Cents * MinutesInHour % 100 == 0 && hundredths <= Money.Euro(366 * 24)) return (int)(hundredths.Cents * MinutesInHour / 100);
        state.AddModelError(field, Texts.Say("Scrivi le ore come 4, 1,5 o 0,25."));
        return null;
    }

    /// <summary>A day that must be there.</summary>
    public LocalDate Day(string? text, string field)
    {
        if (Days.Read(text) is { } day) return day;
        state.AddModelError(field, Texts.Say("Serve un giorno, per esempio 31/12/2026."));
        return default;
    }

    /// <summary>A day, or null for an empty field.</summary>
    public LocalDate? DayOrNone(string? text, string field) => string.IsNullOrWhiteSpace(text) ? null : Day(text, field);

    /// <summary>One of a closed set, as a select sends it.</summary>
    public T Choice<T>(string? text, string field) where T : struct, Enum
    {
        if (Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value)) return value;
        state.AddModelError(field, Texts.Say("Scegli una voce dell’elenco."));
        return default;
    }
}
