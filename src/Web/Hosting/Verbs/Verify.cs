using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web.Hosting.Verbs;

/// <summary>
/// <c>./run verify</c>: proves every book from the ground up, balances from postings, holds from their lines, seals from
/// the entries of their days, and the marketplace against the book. Prints the first disagreement and how many there are.
/// Exit code 0 only if all agree.
/// </summary>
public static class Verify
{
    public static async Task<int> RunAsync(Settings settings, DatabaseAddress address, CancellationToken cancel)
    {
        await address.MigrateAsync(cancel);
        await using var db = new Database(address.Patient);
        var audit = new Audit(db);
        var marketplace = new MarketplaceAudit(db);
        var trialBalances = new TrialBalances(db);
        var seals = new Seals(db, new SystemClock());
        var today = new SystemClock().Today();
        var disagreements = 0;
        foreach (var territory in await audit.BooksAsync(cancel))
        {
            var found = (await audit.RunAsync(territory, cancel)).Concat(await marketplace.RunAsync(territory, cancel)).ToList();
            disagreements += found.Count;
            // Postings may be dated ahead; the far end of the calendar counts them all.
            var balance = await trialBalances.AtAsync(territory, today.PlusYears(100), cancel);
            await Console.Out.WriteLineAsync(
                $"Book {territory}: {balance.Entries} entries, {balance.Postings} postings, debit balances {balance.DebitBalances}, "
                + $"credit balances {balance.CreditBalances}, difference {balance.Difference}.");
            if (await seals.LastAsync(territory, cancel) is { } seal)
            {
                await Console.Out.WriteLineAsync($"  Sealed through {seal.Day:uuuu-MM-dd}, chain {Convert.ToHexStringLower(seal.Chain)}.");
            }

            if (found.Count > 0)
            {
                await Console.Out.WriteLineAsync($"  DISAGREES ({found[0].Check}): {found[0].What}");
                if (found.Count > 1) await Console.Out.WriteLineAsync($"  and {found.Count - 1} more.");
            }
        }

        await Console.Out.WriteLineAsync(disagreements == 0
            ? $"All agrees: {Audit.CheckNames.Count + MarketplaceAudit.CheckNames.Count} checks on every book."
            : $"{disagreements} disagreements.");
        return disagreements == 0 ? 0 : 1;
    }
}
