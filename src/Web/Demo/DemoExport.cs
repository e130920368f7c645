using System.Globalization;
using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Marketplace.Standards;
using NodaTime;
using NodaTime.Text;

namespace Borsellino.Web.Demo;

/// <summary>
/// Leaves in a folder every file that a town makes: the lists of the office and their refused rows, the bank's files
/// and what each provider is told of them, receipts, monthly statements. Without a folder it leaves nothing.
/// </summary>
public sealed class DemoExport(string? folder)
{
    public int Files { get; private set; }

    public Task ListAsync(string fileName, byte[] csv, CancellationToken cancel) => WriteAsync("elenchi", fileName, csv, cancel);

    /// <summary>The bank's file, and for each provider the notice of what it is paid for.</summary>
    public async Task PayoutAsync(Town town, Id<Payout> id, PayoutFile file, CancellationToken cancel)
    {
        if (folder is null || await town.Payouts.FindAsync(town.Territory, id, cancel) is not { } payout) return;
        await WriteAsync("liquidazioni", file.Name, file.Content, cancel);
        foreach (var line in payout.Lines) await NoticeAsync(town, payout.Payout, line, cancel);
    }

    private async Task NoticeAsync(Town town, Payout payout, PayoutLineDetail line, CancellationToken cancel)
    {
        var text = new StringBuilder()
            .AppendLine(Texts.Say("Avviso di pagamento {0}", line.EndToEndId)).AppendLine()
            .AppendLine(Texts.Say("A: {0}, IBAN {1}", line.CreditorName, line.CreditorIban))
            .AppendLine(Texts.Say("Da: {0}, distinta {1}, valuta {2}", payout.DebtorName, payout.Reference, Day(payout.ExecutionOn)))
            .AppendLine(Texts.Say("Importo: {0} euro", Euro(line.Amount))).AppendLine();
        foreach (var paid in await town.Payouts.BookingsAsync(town.Territory, payout.Id, line.Line, limit: line.Bookings, cancel: cancel))
        {
            var day = paid.StartsAt.InZone(ClockExtensions.Rome).Date;
            text.AppendLine(Texts.Say("{0}, {1}, {2}: {3} euro", Day(day), paid.TitleIt, paid.Reference, Euro(paid.Amount)));
        }

        await WriteAsync("avvisi", $"{line.EndToEndId}.txt", Encoding.UTF8.GetBytes(text.ToString()), cancel);
    }

    /// <summary>The rows of a list that were refused, each with its reason, as the office gets them back.</summary>
    public async Task RefusedAsync(Town town, TownOffice.Handed list, CancellationToken cancel)
    {
        if (folder is null || await town.Imports.FindAsync(town.Territory, list.Id, cancel) is not { RowsBad: > 0 }) return;
        var rows = await town.Rows.RejectedCsvAsync(
            town.Territory, list.Id, Texts.Say("riga"), Texts.Say("motivo"), ImportWords.Sentence, cancel);
        if (rows is not null) await WriteAsync("elenchi", $"{Path.GetFileNameWithoutExtension(list.FileName)}.scarti.csv", rows, cancel);
    }

    /// <summary>What a family gets for a service it has accepted.</summary>
    public async Task ReceiptAsync(Town town, Id<Household> household, Id<Booking> booking, CancellationToken cancel)
    {
        if (folder is null || await town.Cards.FindAsync(town.Territory, household, booking, cancel) is not { } detail) return;
        var card = detail.Card;
        var text = new StringBuilder()
            .AppendLine(Texts.Say("Ricevuta {0}", card.Reference)).AppendLine()
            .Append(card.TitleIt).Append(", ").AppendLine(card.Provider)
            .AppendLine(Texts.Say("Servizio del {0}", Day(card.Day)))
            .AppendLine(Texts.Say("Prezzo: {0} euro", ItalianAmount.Format(card.Price)));
        foreach (var payer in detail.Payers)
        {
            text.AppendLine(Texts.Say("Pagato da {0} ({1}): {2} euro", payer.Funder, payer.ProgrammeIt, ItalianAmount.Format(payer.Amount)));
        }

        if (card.Copayment.IsPositive) text.AppendLine(Texts.Say("A tuo carico: {0} euro", ItalianAmount.Format(card.Copayment)));
        await WriteAsync("ricevute", $"{card.Reference}.txt", Encoding.UTF8.GetBytes(text.ToString()), cancel);
    }

    /// <summary>The month that ends on a day: the trial balance, and a statement for everybody who was owed something.</summary>
    public async Task MonthAsync(Town town, LocalDate lastDay, CancellationToken cancel)
    {
        var balance = await town.Chronicle.WatchAsync(
            "trial balance at a month's end", () => town.TrialBalances.AtAsync(town.Territory, lastDay, cancel));
        if (!balance.Balances) throw new InvalidOperationException($"The book does not balance on {lastDay}: {balance.Difference}.");
        if (folder is null) return;

        var month = lastDay.ToString("uuuu-MM", CultureInfo.InvariantCulture);
        IEnumerable<IReadOnlyList<string>> lines = balance.Lines.Select(l => (IReadOnlyList<string>)
            [BookWords.Chart(l.Chart), Whole(l.Accounts), Euro(l.Debits), Euro(l.Credits), Euro(l.DebitBalance), Euro(l.CreditBalance), Euro(l.Held)]);
        await WriteAsync("bilanci", $"{month}.csv", CsvWriter.File(lines.Prepend(
            ["conto", "conti", "dare", "avere", "saldo_dare", "saldo_avere", "impegnato"])), cancel);
        foreach (var payable in await town.Payables.ListAsync(town.Territory, cancel)) await StatementAsync(town, payable, lastDay, month, cancel);
    }

    private async Task StatementAsync(Town town, Payable payable, LocalDate lastDay, string month, CancellationToken cancel)
    {
        var first = new LocalDate(lastDay.Year, lastDay.Month, 1);
        if (await town.Statements.OfAsync(town.Territory, payable.AccountId, first, lastDay, cancel: cancel) is not { } statement) return;
        IEnumerable<IReadOnlyList<string>> lines = statement.Lines.Select(l => (IReadOnlyList<string>)
            [LocalDatePattern.Iso.Format(l.EffectiveOn), BookWords.Kind(l.Kind), l.Memo, Euro(l.Debit), Euro(l.Credit), Euro(l.Balance)]);
        var name = string.Concat(payable.Name.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c == ' ')).Replace(' ', '-');
        await WriteAsync("estratti", $"{month}-{name}.csv", CsvWriter.File(lines
            .Prepend(["", "", Texts.Say("saldo iniziale"), "", "", Euro(statement.Opening)])
            .Prepend(["data", "tipo", "causale", "dare", "avere", "saldo"])), cancel);
    }

    private async Task WriteAsync(string part, string name, byte[] content, CancellationToken cancel)
    {
        if (folder is null) return;
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, part)).FullName, name);
        await File.WriteAllBytesAsync(path, content, cancel);
        Files++;
    }

    private static string Euro(Money amount) => ItalianAmount.Format(amount);

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Day(LocalDate day) => day.ToString("d MMMM uuuu", CultureInfo.GetCultureInfo("it-IT"));
}
