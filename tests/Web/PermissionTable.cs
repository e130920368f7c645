using System.Globalization;
using System.Net;
using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Tests.Journeys;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Borsellino.Tests.Web;

/// <summary>One thing that can be asked of a page: to see it, or one of the acts of its forms.</summary>
/// <param name="Route">The route as the page states it, such as <c>/prenota/{slot}</c>.</param>
/// <param name="Act">The name of the form's act; empty for the only one.</param>
/// <param name="Address">An address of a territory that fits the route; the ids in it are of nothing.</param>
/// <param name="Roles">Who may, by the page's folder; null for anyone.</param>
public sealed record Door(string Route, HttpMethod Method, string Act, string Address, IReadOnlyList<Role>? Roles)
{
    public override string ToString() => $"{Method} {Route} {Act}".TrimEnd();
}

/// <summary>What each person is answered at one door: nobody, each role of its territory, and those who are signed in elsewhere.</summary>
public sealed record PermissionRow(Door Door, string Nobody, IReadOnlyDictionary<Role, string> Roles, string Elsewhere);

/// <summary>
/// Every page and act of the running program × nobody, every role and every role of another territory, found out by asking. Asked
/// without a form's token, an act answers 400 to whoever may do it, so nothing is done.
/// </summary>
public sealed class PermissionTable(RunningTown town)
{
    /// <summary>Answers of a door, in words for the table.</summary>
    public const string In = "yes", SignIn = "sign in", Refused = "–";

    private const string Here = "tradate", Elsewhere = "biella";

    /// <summary>Pages that were shown to somebody who had signed in and that a browser or a proxy might keep.</summary>
    public List<string> Keepable { get; } = [];

    public async Task<IReadOnlyList<PermissionRow>> MeasureAsync()
    {
        await town.StartAsync();
        using var nobody = await town.ClientAsync();
        var people = new Dictionary<Role, HttpClient>();
        var cookies = new List<string>();
        foreach (var role in Enum.GetValues<Role>())
        {
            await EnsureAsync(Here, role);
            await EnsureAsync(Elsewhere, role);
            people[role] = await town.SignedInAsync(Here, role);
            using var other = await town.SignedInAsync(Elsewhere, role);
            // Each territory has a cookie of its own: theirs is tried under our name.
            cookies.Add(town.CookiesOf(other, $"/{Elsewhere}/").Replace($"borsellino-{Elsewhere}=", $"borsellino-{Here}=", StringComparison.Ordinal));
        }

        var rows = new List<PermissionRow>();
        foreach (var door in await DoorsAsync())
        {
            var roles = new Dictionary<Role, string>();
            foreach (var (role, client) in people) roles[role] = await AskAsync(client, door, signedIn: true);
            var elsewhere = new List<string>();
            foreach (var cookie in cookies) elsewhere.Add(await AskAsync(nobody, door, cookie));
            rows.Add(new(door, await AskAsync(nobody, door), roles, string.Join(" or ", elsewhere.Distinct(StringComparer.Ordinal))));
        }

        foreach (var client in people.Values) client.Dispose();
        return rows;
    }

    /// <summary>The measured rows as a page of the documentation.</summary>
    public string ToMarkdown(IReadOnlyList<PermissionRow> rows)
    {
        var roles = Enum.GetValues<Role>();
        var text = new StringBuilder(
            """
            # Who may do what

            Every page and every act of the program × nobody, each role, and whoever is signed in elsewhere. `AccessTests` makes
            this table by asking the running program and fails when it says anything else; `BORSELLINO_PERMISSIONS=1` writes it anew
            (see CONTRIBUTING.md). Addresses stand below their territory: `/tradate/servizi`.

            **yes**: let in · **sign in**: led to the sign-in · **–**: refused. *Elsewhere* is somebody with any of the eight roles of
            another territory whose cookie is sent along by force. Being let in shows a person nothing of anybody else: an id that
            belongs to another family, provider or territory is answered like one that does not exist (`IsolationTests`).


            """);
        text.Append("| address | act | nobody |").AppendJoin('|', roles.Select(r => $" {Words(r)} ")).Append("| elsewhere |\n");
        text.Append("|---|---|---|").Insert(text.Length, "---|", roles.Length).Append("---|\n");
        foreach (var (door, nobody, answers, elsewhere) in rows)
        {
            var act = door.Method == HttpMethod.Get ? "see" : door.Act.Length == 0 ? "send" : door.Act;
            text.Append(CultureInfo.InvariantCulture, $"| `{door.Route}` | {act} | {nobody} |").AppendJoin('|', roles.Select(r => $" {answers[r]} ")).Append("| ").Append(elsewhere).Append(" |\n");
        }

        text.Append("\nBeside the pages, for everybody and of no territory: `/health/live`, `/health/ready`");
        foreach (var folder in Folders()) text.Append(CultureInfo.InvariantCulture, $", the files below `/{folder}/`");
        return text.Append(".\n").ToString();
    }

    /// <summary>All that can be asked, from the program's own list of pages.</summary>
    public async Task<IReadOnlyList<Door>> DoorsAsync()
    {
        await town.StartAsync();
        var loader = town.Services.GetRequiredService<PageLoader>();
        var doors = new List<Door>();
        foreach (var endpoint in Endpoints())
        {
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not { } page) continue;
            var folder = Permissions.Folders.Keys.FirstOrDefault(f => page.ViewEnginePath.StartsWith(f + "/", StringComparison.Ordinal));
            var roles = folder is null ? null : Permissions.Folders[folder];
            var (route, address) = ("/" + endpoint.RoutePattern.RawText!.TrimStart('/'), $"/{Here}/{Filled(endpoint.RoutePattern)}");
            doors.Add(new(route, HttpMethod.Get, "", address, roles));
            var acts = (await loader.LoadAsync(page, endpoint.Metadata)).HandlerMethods.Where(h => h.HttpMethod == "Post").Select(h => h.Name ?? "");
            doors.AddRange(acts.Select(act => new Door(route, HttpMethod.Post, act, address + (act.Length > 0 ? $"?handler={act}" : ""), roles)));
        }

        return [.. doors.OrderBy(d => d.Route, StringComparer.Ordinal).ThenBy(d => d.Method == HttpMethod.Post).ThenBy(d => d.Act, StringComparer.Ordinal)];
    }

    public IEnumerable<RouteEndpoint> Endpoints() =>
        town.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>();

    /// <summary>The folders of the files that are served to everybody.</summary>
    private IEnumerable<string> Folders() => Endpoints()
        .Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is null && e.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        .Select(e => e.RoutePattern.PathSegments[0]).Where(s => s.IsSimple && s.Parts[0] is RoutePatternLiteralPart)
        .Select(s => ((RoutePatternLiteralPart)s.Parts[0]).Content).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>An address that fits a route. The error page answers with the code it is asked for: one that says nothing else.</summary>
    private static string Filled(RoutePattern route) => string.Join('/', route.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart { Name: "code" } => "404",
        _ => "0",
    }))));

    private async Task<string> AskAsync(HttpClient client, Door door, string? cookie = null, bool signedIn = false)
    {
        using var request = new HttpRequestMessage(door.Method, new Uri(door.Address, UriKind.Relative));
        if (door.Method == HttpMethod.Post) request.Content = new FormUrlEncodedContent([]);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        using var answer = await client.SendAsync(request);
        if (signedIn && answer.StatusCode is HttpStatusCode.OK && answer.Headers.CacheControl?.NoStore is not true) Keepable.Add(door.ToString());
        var leads = answer.Headers.Location?.ToString() ?? "";
        return answer.StatusCode switch
        {
            HttpStatusCode.Redirect when leads.Contains("/entra", StringComparison.Ordinal) => SignIn,
            HttpStatusCode.Redirect when leads.Contains("/errore/403", StringComparison.Ordinal) => Refused,
            HttpStatusCode.Forbidden => Refused,
            // Let in, though the made-up id names nothing and the act came without its form: that is the page's own answer.
            HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.Redirect or HttpStatusCode.BadRequest => In,
            var status => $"{(int)status}",
        };
    }

    /// <summary>Sees to it that somebody has the role: the demo has people for those with pages of their own.</summary>
    private async Task EnsureAsync(string place, Role role)
    {
        var territory = (await town.Services.GetRequiredService<Territories>().FindAsync(place))!.Id;
        var people = await town.Services.GetRequiredService<Users>().DemoPeopleAsync(territory);
        if (people.Any(p => p.Role == role)) return;
        var provider = role is not Role.Shop ? null
            : (await town.Services.GetRequiredService<Users>().RolesAsync(territory, people.First(p => p.Role is Role.Provider).Id))[0].ProviderId;
        var id = Id<User>.From(territory.ToString(), role.ToString());
        var user = new NewUser(id, $"{role}@borsellino.example", $"Prova {role}", "no password", [new(role, Provider: provider)], DemoNote: "");
        (await town.Services.GetRequiredService<Database>().TransactAsync(
            territory, tx => Users.CreateAsync(tx, user, Instant.FromUtc(2026, 1, 1, 0, 0)))).OrThrow();
    }

    private static string Words(Role role) => role switch
    {
        Role.Household => "family",
        Role.Provider => "provider",
        Role.Shop => "shop",
        Role.Company => "company",
        Role.Officer => "officer",
        Role.SocialPoint => "social point",
        Role.Finance => "finance",
        Role.Administrator => "administrator",
    };
}
