using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Papers;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>
/// The town's call for providers: what they must show, and two who ask, of whom one has to answer; and the weeks of those whose people are
/// there. Every step may be repeated.
/// </summary>
public sealed class TownCall(Town town)
{
    private readonly RequiredDocuments documents = new(town.Db);
    private readonly AccreditationRequests requests = new(town.Db, town.Clock);

    /// <summary>
    /// What is asked of everybody, and of those who are with children: art. 2 of D.Lgs. 39/2014. That contributions are paid (DURC) holds for
    /// 120 days: D.M. 30 January 2015, art. 7.
    /// </summary>
    public async Task FoundAsync(CancellationToken cancel)
    {
        var since = town.Clock.Today();
        await PutAsync("statuto", null, "Statuto e atto costitutivo", "Statute and deed of foundation", ends: false, since, cancel);
        await PutAsync("durc", null, "Regolarità dei contributi (DURC)", "Proof that contributions are paid (DURC)", ends: true, since, cancel);
        await PutAsync("polizza", null, "Polizza di responsabilità civile", "Liability insurance", ends: true, since, cancel);
        await PutAsync("minori", "crescere", "Certificato penale di chi lavora con i minori", "Criminal record certificates of those who work with minors", ends: false, since, cancel);
    }

    /// <summary>
    /// How the town's services are taxed: 5 % for those of social cooperatives (DPR 633/72, Tab. A parte II-bis n. 1), and the letters of art. 51 TUIR
    /// under which a company may give them.
    /// </summary>
    public async Task TaxAsync(CancellationToken cancel)
    {
        const string cooperatives = "DPR 633/72, Tab. A parte II-bis n. 1; TUIR art. 51 c. 2";
        const string exempt = "DPR 633/72 art. 10 n. 18; TUIR art. 51 c. 2 lett. f";
        (string Code, WelfareLetter? Letter, int Vat, string Reference)[] rows =
        [
            ("casa", WelfareLetter.FTer, 500, cooperatives), ("crescere", WelfareLetter.FBis, 500, cooperatives), ("disabilita", WelfareLetter.FTer, 500, cooperatives),
            ("muoversi", WelfareLetter.FTer, 500, cooperatives), ("salute", WelfareLetter.F, 0, exempt), ("insieme", WelfareLetter.F, 500, cooperatives),
            ("spesa", WelfareLetter.C3, 2200, "DPR 633/72 art. 16; TUIR art. 51 c. 3"),
        ];
        foreach (var (code, letter, vat, reference) in rows)
        {
            var tax = new ClassTax(
                Id<ClassTax>.From("demo", town.Script.Data, code), code, letter, vat, vat == 0 ? "N4" : "", reference, town.Clock.Today(), null);
            (await new ClassTaxes(town.Db, town.Clock).SetAsync(town.Territory, tax, CastUser.IdOf(TownCast.Uploads), cancel)).OrThrow();
        }
    }

    /// <summary>Two cooperatives of the cast ask for something that they do not do yet; the second has forgotten a page.</summary>
    public async Task AskAsync(CancellationToken cancel)
    {
        var place = await town.Territories.FindAsync(town.Script.Slug, cancel) ?? throw new InvalidOperationException($"{town.Script.Slug} is not founded.");
        var askers = Coordinators.Take(2).ToList();
        foreach (var (number, user) in askers.Index())
        {
            var code = number == 0 ? "educatore-a-casa" : "gruppi-di-cammino";
            var provider = DemoCatalogue.ProviderId(town.Script.Data, user.Provider!);
            if (await town.Accreditations.InForceAsync(town.Territory, provider, code, town.Clock.Today(), cancel) is not null) continue;
            var id = Id<AccreditationRequest>.From("demo", town.Script.Data, user.Key);
            var from = town.Clock.Today().PlusDays(1);
            var required = await documents.ForAsync(town.Territory, code, town.Clock.Today(), cancel);
            var shown = required.Select(r => new NewDocument(
                Id<AccreditationDocument>.From("demo", id, r.Code), r.Code, $"{r.Code}.pdf", Sheet(place, r), r.Ends ? from.PlusDays(120) : null));
            var wish = new NewAccreditationRequest(id, code, from, from.PlusYears(3).PlusDays(-1), "", [.. shown]);
            var asked = await requests.SubmitAsync(town.Territory, wish, new(provider, user.Id), cancel);
            if (number == 1 && !asked.IsRefused(out _))
                await requests.AskMoreAsync(town.Territory, id, "Nella polizza manca la pagina con i massimali: ce la mandate?", CastUser.IdOf(TownCast.Uploads), cancel);
        }
    }

    /// <summary>The offers of the cast's cooperatives go on as they did, week after week.</summary>
    public async Task GoOnAsync(CancellationToken cancel)
    {
        var openings = new Openings(town.Db, town.Clock);
        var people = Coordinators.ToDictionary(u => u.Provider!, u => new ProviderUser(DemoCatalogue.ProviderId(town.Script.Data, u.Provider!), u.Id), StringComparer.Ordinal);
        foreach (var (provider, offer, week) in DemoCatalogue.Weeks(town.Script.Data))
        {
            if (!people.TryGetValue(provider, out var by)) continue;
            foreach (var at in week)
            {
                var id = Id<OpeningHours>.From("demo", offer, (int)at.Day, at.From);
                // Two that meet in the data are one too many: the first stays.
                await openings.AddAsync(town.Territory, new(id, offer, (int)at.Day, at.From, at.Minutes, at.Capacity, town.Clock.Today(), null), by, cancel);
            }
        }
    }

    /// <summary>One person of each cooperative of the cast; its last person is not there before the town is finished.</summary>
    private IEnumerable<CastUser> Coordinators =>
        town.Cast.Users.SkipLast(1).Where(u => u.Role is Role.Provider && u.Provider is not null).DistinctBy(u => u.Provider, StringComparer.Ordinal);

    private static byte[] Sheet(Place place, RequiredDocument document) => PaperPdf.Of(new(
        place, document.Code, document.NameIt, document.NameIt, [new PaperPart.Paragraph("Un foglio di prova della città di prova.")]));

    private async Task PutAsync(string code, string? classCode, string it, string en, bool ends, LocalDate since, CancellationToken cancel) =>
        (await documents.PutAsync(
            town.Territory, new(Id<RequiredDocument>.From("demo", town.Script.Data, code), code, classCode, it, en, ends, since, null), cancel)).OrThrow();
}
