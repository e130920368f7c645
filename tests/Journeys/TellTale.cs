using System.Buffers;
using Dapper;
using Npgsql;

namespace Borsellino.Tests.Journeys;

/// <summary>
/// Reads all that a program wrote down while people used it, looking for people: full names, tax codes, bank accounts, addresses of
/// e-mail, telephones. A log is read by whoever looks after the machine, who has no business with them (ASVS 16.2.5).
/// </summary>
internal static class TellTale
{
    private const int ShownMax = 5;

    /// <summary>Everything about people that a town's database knows.</summary>
    public static async Task<SearchValues<string>> AboutAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        var said = (await connection.QueryAsync<string>(
            """
            select distinct said from (
                select unnest(array[first_name || ' ' || last_name, last_name || ' ' || first_name, tax_code, email, phone]) as said from marketplace.person
                union all select unnest(array[email, display_name, tax_code]) from marketplace.app_user
                union all select unnest(array[iban, email]) from marketplace.provider
                union all select phone from marketplace.help_request
            ) s
            where length(said) >= 6
            """)).AsList();
        Assert.True(said.Count > 500, $"A town has more than {said.Count} things to keep quiet about.");
        return SearchValues.Create([.. said], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The lines of a folder of logs that say any of it, the first few; and how many lines were read.</summary>
    public static async Task<(List<string> Lines, int Read)> ReadAsync(string folder, SearchValues<string> people)
    {
        var (found, read) = (new List<string>(), 0);
        foreach (var file in Directory.GetFiles(folder))
        {
            await foreach (var line in File.ReadLinesAsync(file))
            {
                read++;
                if (line.AsSpan().ContainsAny(people) && found.Count < ShownMax) found.Add(line);
            }
        }

        return (found, read);
    }
}
