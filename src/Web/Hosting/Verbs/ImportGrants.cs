using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web.Hosting.Verbs;

/// <summary>
/// <c>./run import-grants</c>: uploads a CSV of grants into a programme, checks it to the end, prints what it found,
/// leaves the refused rows beside the file and asks for approval. A second person approves in the web.
/// </summary>
public static class ImportGrants
{
    private const int Done = 0;
    private const int Refused = 1;

    public static async Task<int> RunAsync(Settings settings, DatabaseAddress address, CancellationToken cancel)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(new Database(address.Application)).AddMarketplace();
        await using var provider = services.BuildServiceProvider();
        var file = settings.GrantsFile!;
        var bytes = await File.ReadAllBytesAsync(file, cancel);
        if (await FindAsync(provider, settings.Programme!, cancel) is not var (place, programme, officer)) return Refused;

        var imports = provider.GetRequiredService<GrantImports>();
        var uploaded = await imports.UploadAsync(place.Id, Id<GrantImport>.New(), programme.Id, Path.GetFileName(file), bytes, officer, cancel);
        if (uploaded.IsRefused(out var refusal, out var list)) return await SayAsync(RefusalText.For(refusal));
        if (list.WasThere) await Console.Out.WriteLineAsync("This file was there already; nothing is added.");
        var import = await CheckAsync(imports, place.Id, list.Id, cancel);
        if (import.Status is GrantImportStatus.Unreadable)
            return await SayAsync(ImportWords.FileSentence(import.FaultCode!, import.FaultDetails));

        await PrintAsync(provider.GetRequiredService<GrantRows>(), place.Id, import, file, cancel);
        if (import.Status is not GrantImportStatus.Checked || import.RowsGood == 0) return import.RowsGood == 0 ? Refused : Done;
        var requested = await imports.RequestApprovalAsync(place.Id, import.Id, officer, cancel);
        if (requested.IsRefused(out refusal)) return await SayAsync(RefusalText.For(refusal));
        await Console.Out.WriteLineAsync(
            $"Approval is asked for {import.RowsGood} grants, {import.AmountGood} euro: a second person decides at /{place.Slug}/comune/assegnazioni/{import.Id}");
        return Done;
    }

    /// <summary>The territory that has the programme, and an officer of it in whose name the list is uploaded.</summary>
    private static async Task<(Place Place, Programme Programme, Id<User> Officer)?> FindAsync(
        ServiceProvider provider, string code, CancellationToken cancel)
    {
        foreach (var place in await provider.GetRequiredService<Territories>().AllAsync(cancel))
        {
            if (await provider.GetRequiredService<Programmes>().FindByCodeAsync(place.Id, code, cancel) is not { } programme) continue;
            var officers = await provider.GetRequiredService<Users>().WithRoleAsync(place.Id, Role.Officer, cancel);
            if (officers.Count > 0) return (place, programme, officers[0].Id);
            await SayAsync($"{place.Name} has no officer in whose name the list could be uploaded.");
            return null;
        }

        await SayAsync($"No territory has a programme with the code {code}.");
        return null;
    }

    private static async Task<GrantImport> CheckAsync(
        GrantImports imports, TerritoryId territory, Id<GrantImport> id, CancellationToken cancel)
    {
        while (true)
        {
            var import = (await imports.FindAsync(territory, id, cancel))!;
            if (import.Status is not GrantImportStatus.Checking) return import;
            await Console.Out.WriteAsync($"\rChecking: {import.RowsDone} rows");
            // Beside a running ./run its worker may be at this import: then there is nothing to do but to look again.
            if (!await imports.WorkAsync(territory, cancel)) await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
        }
    }

    private static async Task PrintAsync(GrantRows rows, TerritoryId territory, GrantImport import, string file, CancellationToken cancel)
    {
        await Console.Out.WriteLineAsync($"\r{import.RowsTotal,7} rows in the file");
        await Console.Out.WriteLineAsync($"{import.RowsGood,7} good, {import.AmountGood} euro");
        foreach (var reason in await rows.VerdictsAsync(territory, import.Id, cancel))
            await Console.Out.WriteLineAsync($"{reason.Rows,7} refused: {ImportWords.GroupOf(reason.Group)} ({reason.Code})");
        if (import.RowsBad == 0) return;
        var refused = await rows.RejectedCsvAsync(territory, import.Id, Texts.Say("riga"), Texts.Say("motivo"), ImportWords.Sentence, cancel);
        var path = Path.ChangeExtension(file, ".refused.csv");
        await File.WriteAllBytesAsync(path, refused!, cancel);
        await Console.Out.WriteLineAsync($"The refused rows, each with its reason: {path}");
    }

    private static async Task<int> SayAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return Refused;
    }
}
