using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web.Hosting.Verbs;

/// <summary>
/// <c>./run import-grants</c>: uploads a CSV of grants into a programme, checks it to the end, prints the verdicts,
/// leaves the refused rows beside the file and asks for approval. No money moves: a second person approves in the web.
/// The terminal reads English; the refused rows go back to an office and are in Italian.
/// </summary>
public static class ImportGrants
{
    private const int Done = 0;
    private const int Refused = 1;

    public static async Task<int> RunAsync(Settings settings, DatabaseAddress address, CancellationToken cancel)
    {
        Language.Speak(english: true);
        var file = settings.GrantsFile!;
        if (Directory.Exists(file)) return await SayAsync($"'{file}' is a folder, not a CSV file.");
        if (!File.Exists(file)) return await SayAsync($"There is no file '{file}'.");
        var bytes = await File.ReadAllBytesAsync(file, cancel);

        await address.MigrateAsync(cancel);
        var services = new ServiceCollection().AddLogging().AddSingleton(new Database(address.Application)).AddMarketplace();
        await using var provider = services.BuildServiceProvider();
        if (await FindAsync(provider, settings.Programme!, cancel) is not var (place, programme, officer)) return Refused;

        var imports = provider.GetRequiredService<GrantImports>();
        var uploaded = await imports.UploadAsync(place.Id, Id<GrantImport>.New(), programme.Id, Path.GetFileName(file), bytes, officer.Id, cancel);
        if (uploaded.IsRefused(out var refusal, out var list)) return await SayAsync(RefusalText.For(refusal));
        var import = await CheckAsync(imports, place.Id, list.Id, cancel);
        if (import.Status is GrantImportStatus.Unreadable)
            return await SayAsync(ImportWords.FileSentence(import.FaultCode!, import.FaultDetails));

        await Console.Out.WriteLineAsync($"{import.FileName} for {programme.Code}, {programme.NameEn}, in {place.Name}");
        if (list.WasThere) await Console.Out.WriteLineAsync("The same file was read before: nothing is added.");
        await PrintAsync(provider.GetRequiredService<GrantRows>(), place.Id, import, file, cancel);
        if (import.RowsGood == 0) return await SayAsync("No row is good, so there is nothing to approve.");

        var here = $"/{place.Slug}/comune/assegnazioni/{import.Id}";
        if (import.Status is not GrantImportStatus.Checked)
        {
            await Console.Out.WriteLineAsync($"Where the list stands: {ImportWords.StatusOf(import.Status)}. Its page: {here}");
            return Done;
        }

        var requested = await imports.RequestApprovalAsync(place.Id, import.Id, officer.Id, cancel);
        if (requested.IsRefused(out refusal)) return await SayAsync(RefusalText.For(refusal));
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"No money has moved yet. {officer.DisplayName} asks for approval of {import.RowsGood} grants, {Euro(import.AmountGood)} euro:"));
        await Console.Out.WriteLineAsync($"a second officer must approve them at {here}");
        return Done;
    }

    /// <summary>
    /// The territory that has the programme, and an officer of it in whose name the list is uploaded. A code that
    /// several territories use is said with its territory: <c>tradate/BUONI-2026</c>.
    /// </summary>
    private static async Task<(Place Place, Programme Programme, DemoPerson Officer)?> FindAsync(
        ServiceProvider provider, string said, CancellationToken cancel)
    {
        var parts = said.Split('/', 2);
        var (slug, code) = parts.Length == 2 ? (parts[0], parts[1]) : ("", parts[0]);
        List<(Place Place, Programme Programme)> found = [];
        foreach (var place in await provider.GetRequiredService<Territories>().AllAsync(cancel))
        {
            if (slug.Length > 0 && place.Slug != slug) continue;
            if (await provider.GetRequiredService<Programmes>().FindByCodeAsync(place.Id, code, cancel) is { } programme)
                found.Add((place, programme));
        }

        if (found.Count == 0)
        {
            await SayAsync(slug.Length > 0
                ? $"The territory '{slug}' has no programme with the code {code}."
                : $"No territory has a programme with the code {code}.");
            return null;
        }

        if (found.Count > 1)
        {
            var choices = string.Join(" or ", found.Select(f => $"{f.Place.Slug}/{f.Programme.Code}"));
            await SayAsync($"Several territories have a programme with the code {code}: say --programme {choices}.");
            return null;
        }

        var only = found[0];
        var officers = await provider.GetRequiredService<Users>().WithRoleAsync(only.Place.Id, Role.Officer, cancel);
        if (officers.Count > 0) return (only.Place, only.Programme, officers[0]);
        await SayAsync($"{only.Place.Name} has no officer in whose name the list could be uploaded.");
        return null;
    }

    private static async Task<GrantImport> CheckAsync(
        GrantImports imports, TerritoryId territory, Id<GrantImport> id, CancellationToken cancel)
    {
        var shown = false;
        while (true)
        {
            var import = (await imports.FindAsync(territory, id, cancel))!;
            if (import.Status is not GrantImportStatus.Checking)
            {
                if (shown) await Console.Out.WriteLineAsync();
                return import;
            }

            if (!Console.IsOutputRedirected)
            {
                shown = true;
                await Console.Out.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\rChecking: {import.RowsDone} rows"));
            }

            // Beside a running ./run its worker may be at this import: then there is nothing to do but to look again.
            if (!await imports.WorkAsync(territory, cancel)) await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
        }
    }

    /// <summary>The verdicts as a table, the first refused rows with their reasons, and all of them as a file.</summary>
    private static async Task PrintAsync(GrantRows rows, TerritoryId territory, GrantImport import, string file, CancellationToken cancel)
    {
        await RowAsync("verdict", "rows", "euro");
        await RowAsync("good", Whole(import.RowsGood), Euro(import.AmountGood));
        foreach (var reasons in (await rows.VerdictsAsync(territory, import.Id, cancel)).GroupBy(v => v.Group))
        {
            await RowAsync(
                $"refused: {ImportWords.GroupOf(reasons.Key)}", Whole(reasons.Sum(v => v.Rows)), Euro(reasons.Sum(v => v.Amount)));
        }

        await RowAsync("in all", Whole(import.RowsTotal), "");
        if (import.RowsBad == 0) return;

        var (first, count) = await rows.PageAsync(territory, import.Id, GrantRowFilter.Bad, null, "", 1, cancel);
        foreach (var row in first)
            await Console.Out.WriteLineAsync($"  row {row.RowNumber}: {ImportWords.Sentence(row.Verdict!)}");
        if (count > first.Count) await Console.Out.WriteLineAsync($"  and {count - first.Count} more");
        var path = Path.ChangeExtension(file, ".refused.csv");
        await File.WriteAllBytesAsync(path, (await RefusedAsync(rows, territory, import.Id, cancel))!, cancel);
        await Console.Out.WriteLineAsync($"The refused rows, each with its reason, to correct and hand in again: {path}");
    }

    private static async Task<byte[]?> RefusedAsync(GrantRows rows, TerritoryId territory, Id<GrantImport> import, CancellationToken cancel)
    {
        Language.Speak(english: false);
        return await rows.RejectedCsvAsync(territory, import, Texts.Say("riga"), Texts.Say("motivo"), ImportWords.Sentence, cancel);
    }

    private static Task RowAsync(string what, string rows, string euro) =>
        Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {what,-44}{rows,8}{euro,16}").TrimEnd());

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Euro(Money amount) => Display.Figure(amount);

    private static async Task<int> SayAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return Refused;
    }
}
