using System.Globalization;

namespace Borsellino.Benchmarks;

/// <summary>What to measure and for how long.</summary>
internal sealed record Options(string What, double Seconds, int Rounds, int Accounts, bool Json, string Only = "", long Postings = 1_000_000,
    int Needs = 5000, int Offers = 10_000)
{
    public const string Usage =
        """
        ./bench ledger [--seconds N] [--rounds N] [--accounts N] [--json]
          posting, beside the TPC-B transaction of pgbench and a plain one-transfer-at-a-time ledger, in turns
          --seconds N   how long each side runs in each round (5)
          --rounds N    how many times the sides take turns (3)
          --accounts N  accounts that take part (100000)
          --only WORDS  only the sides whose name has these words
          --json        figures for programs

        ./bench growth [--postings N]
          what a posting, a past balance and a statement's page cost while one account grows, and the memory it takes
          --postings N  where it ends (1000000); each power of ten from 10,000 on is measured

        ./bench web [--seconds N] [--rounds N] [--json]
          the catalogue, a service's card and a family's purse, beside the same bytes without a database and beside a plain
          page of two queries, in turns; 16 browsers

        ./bench pools [--seconds N] [--rounds N]
          pools of six shares committed in a second, and 64 families racing for five places

        ./bench matching [--needs N] [--rounds N]
          a plan for a town's open needs, beside first come, first served and beside what no plan can pass
          --needs N     how many are open (5000)

        ./bench search [--offers N] [--seconds N] [--rounds N] [--json]
          searches of the catalogue by kind of question, beside a plain ilike and a plain full-text query, in turns
          --offers N    how many services there are (10000)

        ./bench booking [--seconds N] [--rounds N] [--json]
          bookings from request to payment, beside a plain transaction that writes the same rows without a rule, in turns
        """;

    /// <summary>Null if the words make no sense.</summary>
    public static Options? Parse(string[] words)
    {
        if (words is not ["ledger" or "growth" or "web" or "pools" or "matching" or "search" or "booking", ..]) return null;
        var options = new Options(words[0], 5, 3, 100_000, Json: false);
        for (var i = 1; i < words.Length; i++)
        {
            if (words[i] == "--json")
            {
                options = options with { Json = true };
                continue;
            }

            if (words[i] == "--only" && i + 1 < words.Length)
            {
                options = options with { Only = words[++i] };
                continue;
            }

            if (i + 1 == words.Length || !double.TryParse(words[i + 1], CultureInfo.InvariantCulture, out var n) || n <= 0) return null;
            options = words[i++] switch
            {
                "--seconds" => options with { Seconds = n },
                "--rounds" => options with { Rounds = (int)Math.Ceiling(n) },
                "--needs" => options with { Needs = Math.Clamp((int)n, 2, 20_000) },
                "--offers" => options with { Offers = Math.Clamp((int)n, 100, 1_000_000) },
                "--postings" => options with { Postings = (long)n },
                "--accounts" => options with { Accounts = Math.Max(1000, (int)n) },
                _ => options with { Rounds = 0 },
            };
            if (options.Rounds == 0) return null;
        }

        return options;
    }
}
