namespace Borsellino.Web.Hosting;

/// <summary>What <c>./run --help</c> prints.</summary>
public static class HelpText
{
    public const string Text = """
        Borsellino: one purse for a household's public money, one ledger behind it.

        ./run [serve]           starts the town's web pages, with a database of its own and a demo town
            --port N            the port on this machine (5080)
            --empty             no demo town
            --households N      how many households the demo town has (200 to 25000)

        ./run migrate           brings the database to the newest schema and ends

        ./run verify            recomputes every balance from its postings, every hold from its lines and
                                every seal from its day's entries; names the first disagreement and ends
                                with code 1 if there is one

        ./run demo --days N     plays N days of the town's life (1 to 366) and prints what happened
            --export DIR        leaves every file it made there: payouts, notices, receipts,
                                statements, lists and their refused rows
            --households N      how many households the town has, if it has to be made first

        ./run import-grants FILE.csv --programme CODE
                                reads a list of grants into a programme, prints the verdicts, leaves the
                                refused rows as FILE.refused.csv and asks a second person to approve
                                (a code that several territories use: --programme TERRITORY/CODE)

        ./run export-journal    writes a territory's book to the standard output, as a journal that hledger
                                reads and checks: ./run export-journal > book.journal
            --territory NAME    which one, as in its addresses, where there are several
            --from D, --to D    only these days (2026-01-31), with the balances brought forward
            --csv               one row for each posting instead

        ./run prove ENTRY       writes a file that shows to a stranger that the entry stands in the sealed
                                book: ./run prove entry_019a… > payment.json
        ./run verify-proof FILE checks such a file, without any database; code 1 if a step fails

        With every verb:
            --data DIR          where the database, keys and logs are kept (.data in the repository)
            --connection STRING a PostgreSQL server, 15 or newer, instead of the one kept in the data
                                folder: 'Host=…;Database=…;Username=…;Password=…', as the tables' owner
            --help              this text

        Every verb works beside a running ./run on the same data. Everything can also be set in
        appsettings.json or the environment, such as Web__Port=8080 or ConnectionStrings__Owner=…
        Codes at the end: 0 done, 1 failed, 2 not understood, 130 interrupted.
        """;
}
