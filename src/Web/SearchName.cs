using Borsellino.Marketplace;

namespace Borsellino.Web;

/// <summary>What a search is called: what it asks, in both languages.</summary>
public static class SearchName
{
    public static Words Of(SearchCriteria asked, ClassTree tree, IReadOnlyList<Municipality> municipalities)
    {
        var isEnglish = Language.IsEnglish;
        try
        {
            return new(In(english: false), In(english: true));
        }
        finally
        {
            Language.Speak(isEnglish);
        }

        string In(bool english)
        {
            Language.Speak(english);
            return string.Join(", ", Parts(asked, tree, municipalities));
        }
    }

    private static IEnumerable<string> Parts(SearchCriteria asked, ClassTree tree, IReadOnlyList<Municipality> municipalities)
    {
        if (asked.Text.Trim() is { Length: > 0 } text) yield return $"«{text}»";
        if (asked.ClassCode is { } code) yield return tree.Find(code)?.Name.In(Language.IsEnglish) ?? code;
        if (asked.MunicipalityCode is { } place)
        {
            var name = municipalities.FirstOrDefault(m => m.Code == place)?.Name ?? place;
            yield return asked.WithinKm is { } km ? Texts.Say("entro {0} km da {1}", km, name) : name;
        }

        if (asked.From is { } from) yield return Texts.Say("a partire dal {0}", Display.Day(from));
        if (asked.PriceMax is { } most)
            yield return asked.AfterPurse ? Texts.Say("a me restano al massimo {0}", Display.Money(most)) : Texts.Say("fino a {0}", Display.Money(most));
        if (asked.Age is { } age) yield return Texts.Say("{0} anni", age);
        if (asked.Sharing is Sharing.Shared) yield return Texts.Say("in gruppo");
        if (asked.Sharing is Sharing.Alone) yield return Texts.Say("da soli");
        if (asked.Language is { } language) yield return Texts.Say("in {0}", NeedWords.LanguageName(language));
        foreach (var access in asked.Access.Each) yield return OfferWords.Access(access);
    }
}
