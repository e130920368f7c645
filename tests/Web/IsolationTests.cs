using System.Net;
using Borsellino.Marketplace;
using Borsellino.Tests.Journeys;
using Borsellino.Web.Hosting;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Borsellino.Tests.Web;

/// <summary>
/// What belongs to somebody else does not exist: every address with an id and every form that somebody can reach, asked and sent by a
/// person with the same role in another territory, or of another family or provider of the same one. Nothing is shown and no row of the
/// database changes. Found by following links, so a new page is covered the day it is made. The town's clock stands still meanwhile.
/// </summary>
[Collection(nameof(TownByHand))]
public sealed class IsolationTests(TownByHand town)
{
    /// <summary>Ids that only their family or provider may use; offers and their times are for everybody of the territory.</summary>
    private static readonly string[] Private = ["book_", "payout_", "grant_", "hold_", "house_", "share_", "need_", "proposal_", "gprice_", "search_", "package_", "consent_"];

    /// <summary>Signing in is noted down, and has nothing to do with what is tried here.</summary>
    private const string OfSigningIn = "app_user|role_grant|session|sign_in|reset|second_factor|recovery|notice|attempt";

    public static TheoryData<string, string, Role, int> Strangers => new()
    {
        // From where, to where, and how many addresses and forms there are to try at least.
        { "tradate", "biella", Role.Household, 8 }, { "tradate", "biella", Role.Provider, 8 },
        { "tradate", "biella", Role.Officer, 12 }, { "tradate", "biella", Role.Finance, 12 },
        { "biella", "tradate", Role.Household, 4 }, { "biella", "tradate", Role.Provider, 4 },
        { "biella", "tradate", Role.Officer, 4 }, { "biella", "tradate", Role.Finance, 8 },
        { "tradate", "tradate", Role.Household, 4 }, { "tradate", "tradate", Role.Provider, 4 },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task What_belongs_to_others_is_not_there(string from, string to, Role role, int triedMin)
    {
        using var owner = await town.SignedInAsync(from, role);
        using var stranger = await town.SignedInAsync(to, role, which: from == to ? 1 : 0);
        var theirs = await Crawl.AsAsync(owner, from, role);
        var token = WebForm.On("/", await stranger.GetStringAsync(new Uri($"/{to}/profilo", UriKind.Relative)))
            .SelectMany(f => f.Fields).First(f => f.Name == WebForm.Token).Value;
        var known = await IdsAsync(from, to);
        // What an earlier story's clock made due happens now, and not between the two looks.
        await town.SettleAsync();
        var (before, tried, wrong) = (await RowsAsync(), 0, new List<string>());

        foreach (var path in theirs.Paths.Where(p => IsTheirs(p, from == to, known)).Select(p => Moved(p, from, to)))
        {
            tried++;
            using var answer = await stranger.GetAsync(new Uri(path, UriKind.Relative));
            if (answer.StatusCode is not HttpStatusCode.NotFound) wrong.Add($"{path} answers {answer.StatusCode}");
        }

        foreach (var form in theirs.Forms.Where(f => f.Method == "post" && f.Untouched().Select(x => x.Value).Append(f.Action).Any(v => IsTheirs(v, from == to, known))))
        {
            tried++;
            var action = Moved(form.Action, from, to);
            using var answer = await SendAsync(stranger, form, action, token);
            // Refused as something that is not there, or shown again because one of its answers is none of this territory.
            var isRefused = answer.StatusCode is HttpStatusCode.NotFound || (answer.StatusCode is HttpStatusCode.OK && await SaysWhyAsync(answer));
            if (!isRefused) wrong.Add($"{action} takes {string.Join(", ", form.Fields.Select(f => $"{f.Name}={f.Value[..Math.Min(f.Value.Length, 50)]}"))}: {answer.StatusCode} {answer.Headers.Location}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await RowsAsync());
        Assert.True(tried >= triedMin, $"Only {tried} addresses and forms were tried.");
    }

    private static bool IsTheirs(string text, bool isSameTerritory, HashSet<Guid> known) => Crawl.AnId().Matches(text).Any(m =>
        known.Contains(Guid.ParseExact(m.Value[(m.Value.LastIndexOf('_') + 1)..], "N"))
        && (!isSameTerritory || Private.Any(p => m.Value.StartsWith(p, StringComparison.Ordinal))));

    private static string Moved(string address, string from, string to) => "/" + to + address[(from.Length + 1)..];

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, WebForm form, string action, string token)
    {
        var fields = form.Untouched().Select(f => f.Key == WebForm.Token ? KeyValuePair.Create(f.Key, token) : f).ToList();
        if (!form.HasFiles) return await client.PostAsync(new Uri(action, UriKind.Relative), new FormUrlEncodedContent(fields));
        var parts = new MultipartFormDataContent();
        foreach (var (name, value) in fields) parts.Add(new StringContent(value), name);
        parts.Add(new ByteArrayContent("codice_fiscale;nome;cognome;comune;isee;importo\n"u8.ToArray()), form.Fields.First(f => f.Kind is "file").Name, "elenco.csv");
        return await client.PostAsync(new Uri(action, UriKind.Relative), parts);
    }

    private static async Task<bool> SaysWhyAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadAsStringAsync()).Contains("class=\"error-summary\"", StringComparison.Ordinal);

    /// <summary>The id of everything of one territory, without those that mean something in the other too. What a browser makes up is not among them.</summary>
    private async Task<HashSet<Guid>> IdsAsync(string from, string to)
    {
        var (owners, strangers) = (await town.Services.GetRequiredService<Territories>().FindAsync(from), await town.Services.GetRequiredService<Territories>().FindAsync(to));
        await using var connection = await OpenAsync();
        var tables = await connection.QueryAsync<string>(
            """
            select format('select territory_id, id from %I.%I', table_schema, table_name) from information_schema.columns
            where table_schema in ('ledger', 'marketplace') and column_name = 'id' and data_type = 'uuid'
            """);
        var ids = (await connection.QueryAsync<(int Territory, Guid Id)>(string.Join(" union ", tables))).ToLookup(x => x.Territory, x => x.Id);
        return from == to ? [.. ids[owners!.Id.Value]] : [.. ids[owners!.Id.Value].Except(ids[strangers!.Id.Value])];
    }

    /// <summary>A digest of all rows of each table, of all territories.</summary>
    private async Task<IReadOnlyList<string>> RowsAsync()
    {
        await using var connection = await OpenAsync();
        var tables = await connection.QueryAsync<string>(
            """
            select format('select %L || count(*) || md5(coalesce(string_agg(md5(t::text), '''' order by md5(t::text)), '''')) from %I.%I t',
                          table_name || ' ', table_schema, table_name)
            from information_schema.tables
            where table_schema in ('ledger', 'marketplace') and table_type = 'BASE TABLE' and table_name !~ @OfSigningIn order by 1
            """, new { OfSigningIn });
        var rows = new List<string>();
        foreach (var table in tables) rows.Add(await connection.ExecuteScalarAsync<string>(table) ?? "");
        Assert.Contains(rows, r => r.StartsWith("booking ", StringComparison.Ordinal) && !r.StartsWith("booking 0", StringComparison.Ordinal));
        return rows;
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(town.Services.GetRequiredService<DatabaseAddress>().Owner);
        await connection.OpenAsync();
        return connection;
    }
}
