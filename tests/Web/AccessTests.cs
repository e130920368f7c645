using System.Net;
using Borsellino.Marketplace;
using Borsellino.Tests.Journeys;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Borsellino.Tests.Web;

/// <summary>
/// Who may see which pages: every page of the program × nobody, every role, and the same roles of another territory.
/// The list of pages comes from the running program, so a new page is covered the day it is made.
/// </summary>
public sealed class AccessTests(RunningTown town)
{
    [Fact]
    public async Task Every_endpoint_says_who_may_enter()
    {
        await town.StartAsync();
        // An unpublished build also serves the files of its sources, as published ones are served: to everyone.
        foreach (var endpoint in Endpoints().Where(e => e.RoutePattern.RawText != "{**path:file}"))
        {
            var open = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            var rules = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
            Assert.True(open || rules.Count > 0, $"{endpoint.RoutePattern.RawText} says nothing: the fallback refuses it to everyone.");
        }
    }

    [Fact]
    public async Task A_page_is_seen_by_its_roles_and_by_no_one_else()
    {
        await town.StartAsync();
        var people = new List<(Role? Role, HttpClient Client)> { (null, await town.ClientAsync()) };
        foreach (var role in new[] { Role.Household, Role.Provider, Role.Officer, Role.Finance })
        {
            people.Add((role, await town.SignedInAsync("tradate", role)));
        }

        var wrong = new List<string>();
        foreach (var (path, roles) in Pages())
        {
            foreach (var (role, client) in people)
            {
                var answer = await client.GetAsync(new Uri($"/tradate{path}", UriKind.Relative));
                var expected = roles is null || (role is { } r && roles.Contains(r)) ? "let in" : role is null ? "to the sign-in" : "refused";
                var actual = answer.StatusCode switch
                {
                    HttpStatusCode.Redirect when answer.Headers.Location!.ToString().Contains("/entra", StringComparison.Ordinal) => "to the sign-in",
                    HttpStatusCode.Redirect when answer.Headers.Location!.ToString().Contains("/errore/403", StringComparison.Ordinal) => "refused",
                    HttpStatusCode.Forbidden => "refused",
                    // Let in, though the made-up id names nothing: that is the page's own answer.
                    HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.Redirect or HttpStatusCode.BadRequest => "let in",
                    _ => answer.StatusCode.ToString(),
                };
                if (actual != expected) wrong.Add($"{path} as {role?.ToString() ?? "nobody"}: {actual}, not {expected}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_sign_in_of_one_territory_is_nothing_in_another()
    {
        await town.StartAsync();
        foreach (var role in new[] { Role.Household, Role.Provider, Role.Officer, Role.Finance })
        {
            using var client = await town.SignedInAsync("biella", role);
            var cookies = town.CookiesOf(client, "/biella/");
            foreach (var (path, roles) in Pages().Where(p => p.Roles is not null))
            {
                // Even when the cookie is sent along by force.
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/tradate{path}", UriKind.Relative));
                request.Headers.Add("Cookie", cookies);
                var answer = await client.SendAsync(request);
                Assert.True(
                    answer.StatusCode is HttpStatusCode.Redirect && answer.Headers.Location!.ToString().Contains("/entra", StringComparison.Ordinal),
                    $"{path} with a sign-in of Biella as {role}: {answer.StatusCode}");
            }
        }
    }

    private IEnumerable<RouteEndpoint> Endpoints() =>
        town.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>();

    /// <summary>Every page with an address that fits its route, and the roles of its folder; null for anyone.</summary>
    private IEnumerable<(string Path, IReadOnlyList<Role>? Roles)> Pages()
    {
        foreach (var endpoint in Endpoints())
        {
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not { } page) continue;
            var parts = endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p switch
            {
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                _ => "0",
            })));
            var folder = Permissions.Folders.Keys.FirstOrDefault(f => page.ViewEnginePath.StartsWith(f + "/", StringComparison.Ordinal));
            var path = "/" + string.Join('/', parts);
            if (path is "/esci" || path.StartsWith("/errore", StringComparison.Ordinal) || path.StartsWith("/stile", StringComparison.Ordinal)) continue;
            yield return (path, folder is null ? null : Permissions.Folders[folder]);
        }
    }
}
