using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using NodaTime;
using Microsoft.AspNetCore.Http.Extensions;
using NodaTime.Text;

namespace Borsellino.Web.Pages.Public;

/// <summary>A search as it stands in the address of the catalogue: what was asked, and the way to ask a little differently.</summary>
public sealed record CatalogueQuery
{
    /// <summary>The distances people can choose from, in kilometres. None: in the municipality itself.</summary>
    public static readonly IReadOnlyList<int> Distances = [3, 5, 10];

    /// <summary>What stands in the address for each thing of accessibility.</summary>
    public static readonly IReadOnlyDictionary<string, OfferAccess> AccessNames = new Dictionary<string, OfferAccess>(StringComparer.Ordinal)
    {
        ["senza-gradini"] = OfferAccess.StepFree, ["ascensore"] = OfferAccess.Lift, ["bagno"] = OfferAccess.AdaptedToilet,
        ["parcheggio"] = OfferAccess.ReservedParking, ["lis"] = OfferAccess.SignLanguage, ["induzione"] = OfferAccess.HearingLoop,
        ["facile"] = OfferAccess.EasyToRead,
    };

    private const int PageSize = 12;

    /// <summary>Beside a map more are listed, because all that are listed are on it.</summary>
    private const int MapSize = 24;

    public string Text { get; init; } = "";
    public string? Class { get; init; }
    public string? Municipality { get; init; }
    public int? WithinKm { get; init; }
    public LocalDate? From { get; init; }

    /// <summary>As it was typed, so that a mistake comes back to whoever made it.</summary>
    public string FromText { get; init; } = "";

    public Money? PriceMax { get; init; }
    public string PriceText { get; init; } = "";

    /// <summary>Whether prices are what the purse of who looks leaves to pay; nobody else is asked.</summary>
    public bool AfterPurse { get; init; }

    public int? Age { get; init; }
    public string AgeText { get; init; } = "";
    public Sharing Sharing { get; init; }
    public string? Spoken { get; init; }
    public AccessNeeds Access { get; init; }
    public SearchOrder Order { get; init; }

    /// <summary>Whether the list stands beside a map.</summary>
    public bool OnMap { get; init; }

    public int Page { get; init; } = 1;

    /// <summary>What could not be understood: the name of the field and a sentence. The rest is searched without it.</summary>
    public IReadOnlyList<(string Field, string Sentence)> Faults { get; init; } = [];

    /// <summary>How many things beside the words are asked.</summary>
    public int Filters => new[]
    {
        Class is not null, Municipality is not null, From is not null, PriceMax is not null, Age is not null, Sharing is not Sharing.Either,
        Spoken is not null, !Access.IsNone,
    }.Count(f => f);

    public bool IsOpen => Filters == 0 && Text.Length == 0;

    /// <summary>Reads the address. Classes, municipalities and languages that do not exist are left out: an old link still answers.</summary>
    public static CatalogueQuery Read(IQueryCollection query, ClassTree tree, IReadOnlyList<Municipality> municipalities)
    {
        var faults = new List<(string, string)>();
        var text = Value(query, "cerca");
        var (fromText, priceText) = (Value(query, "dal"), Value(query, "fino"));
        var ageText = Value(query, "eta");
        var municipality = municipalities.FirstOrDefault(m => m.Code == Value(query, "comune"))?.Code;
        return new()
        {
            Text = text.Length > SearchWords.TextMax ? text[..SearchWords.TextMax] : text,
            Class = tree.Find(Value(query, "tipo"))?.Code,
            Municipality = municipality,
            WithinKm = municipality is not null && Number(query, "entro") is { } km && Distances.Contains(km) ? km : null,
            From = ReadDay(fromText, faults), FromText = fromText,
            PriceMax = ReadPrice(priceText, faults), PriceText = priceText,
            AfterPurse = Value(query, "prezzo") == "mio",
            Age = ReadAge(ageText, faults), AgeText = ageText,
            Sharing = Value(query, "insieme") switch { "gruppo" => Sharing.Shared, "soli" => Sharing.Alone, _ => Sharing.Either },
            Spoken = Needs.Languages.FirstOrDefault(l => l == Value(query, "lingua")),
            Access = new(AccessNames.Where(a => query["accesso"].Contains(a.Key, StringComparer.Ordinal)).Select(a => a.Value)),
            Order = Value(query, "ordine") switch { "prezzo" => SearchOrder.Price, "distanza" => SearchOrder.Distance, _ => SearchOrder.Fit },
            Page = Math.Clamp(Number(query, "pagina") ?? 1, 1, SearchCriteria.PageMax),
            Faults = faults,
        };
    }

    /// <summary>What was saved, as an address asks it.</summary>
    public static CatalogueQuery Of(SearchCriteria saved) => new()
    {
        Text = saved.Text, Class = saved.ClassCode, Municipality = saved.MunicipalityCode, WithinKm = saved.WithinKm, From = saved.From,
        FromText = saved.From is { } day ? Days.Iso(day) : "", PriceMax = saved.PriceMax,
        PriceText = saved.PriceMax is { } most ? ItalianAmount.Format(most) : "", AfterPurse = saved.AfterPurse, Age = saved.Age,
        AgeText = saved.Age?.ToString(CultureInfo.InvariantCulture) ?? "", Sharing = saved.Sharing,
        Spoken = saved.Language, Access = saved.Access,
    };

    public SearchCriteria ToCriteria() =>
        new(Text, Class, Municipality, WithinKm, From, PriceMax, Order, Page, OnMap ? MapSize : PageSize, AfterPurse, Age, Sharing, Spoken, Access);

    /// <summary>The address of this search, from its first page unless another is set.</summary>
    public string Address() => (OnMap ? "~/servizi/mappa" : "~/servizi") + ToQueryString();

    public string ToQueryString()
    {
        var query = new QueryBuilder();
        Add("cerca", Text);
        Add("tipo", Class);
        Add("comune", Municipality);
        Add("entro", WithinKm?.ToString(CultureInfo.InvariantCulture));
        Add("dal", FromText);
        Add("fino", PriceText);
        Add("prezzo", AfterPurse ? "mio" : null);
        Add("eta", AgeText);
        Add("insieme", Sharing switch { Sharing.Shared => "gruppo", Sharing.Alone => "soli", Sharing.Either => null });
        Add("lingua", Spoken);
        foreach (var (name, _) in AccessNames.Where(a => Access.Has(a.Value))) Add("accesso", name);
        Add("ordine", OrderName);
        Add("pagina", Page > 1 ? Page.ToString(CultureInfo.InvariantCulture) : null);
        return query.ToQueryString().ToString();

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) query.Add(name, value);
        }
    }

    public string AddressOfPage(int page) => (this with { Page = page }).Address();

    public string? OrderName => Order switch { SearchOrder.Price => "prezzo", SearchOrder.Distance => "distanza", SearchOrder.Fit => null };

    private static LocalDate? ReadDay(string text, List<(string, string)> faults)
    {
        if (text.Length == 0) return null;
        // Browsers send the first form; people without a date picker type the others.
        foreach (var pattern in (string[])["uuuu-MM-dd", "d/M/uuuu", "d.M.uuuu", "d-M-uuuu"])
        {
            var day = LocalDatePattern.CreateWithInvariantCulture(pattern).Parse(text);
            if (day.Success && day.Value.Year is > 1999 and < 2200) return day.Value;
        }

        faults.Add(("dal", Texts.Say("Dal giorno: «{0}» non è una data. Scrivila così: 31/12/2026.", text)));
        return null;
    }

    private static Money? ReadPrice(string text, List<(string, string)> faults)
    {
        if (text.Length == 0) return null;
        if (ItalianAmount.TryParse(text, out var amount, out _) && amount.IsPositive) return amount;
        faults.Add(("fino", Texts.Say("Prezzo: «{0}» non è una somma in euro. Scrivila così: 25 oppure 25,50.", text)));
        return null;
    }

    private static int? ReadAge(string text, List<(string, string)> faults)
    {
        if (text.Length == 0) return null;
        if (Typed.Whole(text) is { } age && age <= Offers.AgeLimit) return age;
        faults.Add(("eta", Texts.Say("Età: «{0}» non è un’età. Scrivi gli anni, per esempio 8.", text)));
        return null;
    }

    private static string Value(IQueryCollection query, string name) => query[name] is [{ } first, ..] ? Short(first.Trim()) : "";

    private static string Short(string text) => text.Length > 200 ? text[..200] : text;

    private static int? Number(IQueryCollection query, string name) =>
        int.TryParse(Value(query, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
