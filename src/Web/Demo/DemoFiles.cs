namespace Borsellino.Web.Demo;

/// <summary>
/// Files that a visitor of the demo can hand in. They follow from the data and the seed, so they fit a town of every
/// size; <c>docs/demo</c> has them.
/// </summary>
public static class DemoFiles
{
    /// <summary>The list of grants, and the key of the programme it is for.</summary>
    public const string ListName = "elenco-buoni.csv", ListProgramme = "buoni";

    private const int Families = 12;
    private const int SmallestTown = 200;

    /// <summary>Twelve families of Tradate that can have shop vouchers, then three rows that cannot be taken.</summary>
    public static byte[] List(ulong seed)
    {
        var municipalities = DemoCatalogue.MunicipalitiesOf("tradate");
        var script = new TownScript("tradate", "tradate", new(1), seed, SmallestTown, 0);
        var funding = TownFunding.Of(script.Data);
        var grants = new TownGrants(
            script, TownCast.Of(script.Data), funding, Townspeople.Invent(seed, SmallestTown, municipalities), municipalities);
        return grants.Csv(grants.Sample(funding.Programmes.Single(p => p.Key == ListProgramme), Families), withFaults: true);
    }
}
