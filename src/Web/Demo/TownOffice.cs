using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>
/// The office of the programmes: one officer uploads lists of families, another approves them. Each programme has its
/// first list on its day; after that there is a short one every week.
/// </summary>
public sealed class TownOffice(Town town, FoundedTown founded, Agenda agenda, DemoExport export, TownServices services)
{
    private const int LaterSize = 12;
    private const int FirstLaterDay = 12;

    private readonly Id<User> uploads = CastUser.IdOf(TownCast.Uploads);
    private readonly Id<User> approves = CastUser.IdOf(TownCast.Approves);

    /// <summary>A list of a programme: the first, or one of those that follow, counted from 0.</summary>
    public sealed record Handed(TownProgramme Programme, string Name, IReadOnlyList<ListedFamily> Families, bool WithFaults)
    {
        public Id<GrantImport> Id => Id<GrantImport>.From("demo", Programme.Id, Name);

        public string FileName => $"{Programme.Key}-{Name}.csv";
    }

    public Handed FirstOf(TownProgramme programme) => new(programme, "elenco-1", founded.Grants.First(programme), WithFaults: true);

    public Handed LaterOf(TownProgramme programme, int number) => new(
        programme, string.Create(CultureInfo.InvariantCulture, $"elenco-{number + 2}"),
        founded.Grants.Later(programme, number, LaterSize), WithFaults: number % 2 == 1);

    /// <summary>Lets the families spend that got their money before a life was cut off; finishes what was begun.</summary>
    public async Task ResumeAsync(CancellationToken cancel)
    {
        foreach (var programme in town.Funding.Programmes)
        {
            foreach (var list in Enumerable.Range(-1, 20).Select(i => i < 0 ? FirstOf(programme) : LaterOf(programme, i)))
            {
                if (await town.Imports.FindAsync(town.Territory, list.Id, cancel) is not { } import) continue;
                if (import.Status is GrantImportStatus.Posted) services.MaySpend(programme, list.Families);
                else await ApproveAsync(list, cancel);
            }
        }
    }

    public void Plan(LocalDate day, int number)
    {
        foreach (var programme in town.Funding.Programmes.Where(p => p.Wave == number)) Plan(day, FirstOf(programme));
        if (number < FirstLaterDay || day.DayOfWeek is not IsoDayOfWeek.Wednesday) return;
        var week = (number - FirstLaterDay) / 7;
        Plan(day, LaterOf(town.Funding.Programmes[week % town.Funding.Programmes.Count], week / town.Funding.Programmes.Count));
    }

    private void Plan(LocalDate day, Handed list)
    {
        if (list.Families.Count == 0) return;
        agenda.Plan(TownLife.Hour(day, 9, 10), cancel => HandInAsync(list, cancel));
        agenda.Plan(TownLife.Hour(day, 11, 40), cancel => ApproveAsync(list, cancel));
    }

    /// <summary>Uploads a list, has it checked and asks for approval of its good rows.</summary>
    public async Task HandInAsync(Handed list, CancellationToken cancel)
    {
        await UploadAsync(list, cancel);
        if (await StatusAsync(list, cancel) is not GrantImportStatus.Checked) return;
        await town.Chronicle.DoAsync(
            "approval asked for", () => town.Imports.RequestApprovalAsync(town.Territory, list.Id, uploads, cancel));
    }

    /// <summary>Uploads a list and has it checked, no more.</summary>
    public async Task UploadAsync(Handed list, CancellationToken cancel)
    {
        if (list.Families.Count == 0) return;
        var csv = founded.Grants.Csv(list.Families, list.WithFaults);
        (await town.Chronicle.DoAsync(
            "list uploaded",
            () => town.Imports.UploadAsync(town.Territory, list.Id, list.Programme.Id, list.FileName, csv, uploads, cancel))).OrThrow();
        await town.Chronicle.WatchAsync("list checked", async () =>
        {
            await town.Imports.WorkThroughAsync(town.Territory, cancel);
            return list.Id;
        });
        await export.ListAsync(list.FileName, csv, cancel);
    }

    private async Task ApproveAsync(Handed list, CancellationToken cancel)
    {
        if (await StatusAsync(list, cancel) is GrantImportStatus.Requested)
        {
            (await town.Chronicle.DoAsync(
                "list approved by a second person",
                () => town.Imports.ApproveAsync(town.Territory, list.Id, approves, cancel))).OrThrow();
        }

        await town.Chronicle.WatchAsync("list posted", async () =>
        {
            await town.Imports.WorkThroughAsync(town.Territory, cancel);
            return (await town.Imports.FindAsync(town.Territory, list.Id, cancel))!;
        }, import => import.AmountPosted);
        if (await StatusAsync(list, cancel) is GrantImportStatus.Posted) services.MaySpend(list.Programme, list.Families);
        await export.RefusedAsync(town, list, cancel);
    }

    private async Task<GrantImportStatus?> StatusAsync(Handed list, CancellationToken cancel) =>
        (await town.Imports.FindAsync(town.Territory, list.Id, cancel))?.Status;
}
