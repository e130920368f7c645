using Borsellino.Marketplace;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace Borsellino.Web.SignIn;

/// <summary>
/// Who may see which pages, in one table: the folder of a page decides. A page outside the table is seen by nobody.
/// </summary>
public static class Permissions
{
    /// <summary>Folders of <c>Pages</c> that anyone may see.</summary>
    private static readonly string[] OpenFolders = ["/Public", "/Account"];

    /// <summary>Pages in the root folder that anyone may see: what the law asks for, help, errors, and photos of services.</summary>
    private static readonly string[] OpenPages = ["/Accessibility", "/Privacy", "/LegalNotes", "/Help", "/Error", "/Style", "/Photo"];

    /// <summary>Folders and the roles that may enter them.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Role>> Folders = new Dictionary<string, IReadOnlyList<Role>>(StringComparer.Ordinal)
    {
        ["/Household"] = [Role.Household],
        ["/Provider"] = [Role.Provider],
        ["/Municipality"] = [Role.Officer],
        ["/Finance"] = [Role.Finance],
        ["/Administration"] = [Role.Administrator],
        ["/Desk"] = [Role.SocialPoint, Role.Officer],
        ["/Member"] = Enum.GetValues<Role>(),
    };

    public static IServiceCollection AddPermissions(this IServiceCollection services)
    {
        services.AddScoped<CurrentPlace>();
        services.AddScoped<SignedIn>();
        services.AddScoped<SessionCookie>();
        services.AddScoped<IAuthorizationHandler, WearsRoleHandler>();
        services.AddAuthentication(SessionHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, SessionHandler>(SessionHandler.SchemeName, null);
        services.AddAuthorization(options =>
        {
            options.FallbackPolicy = new AuthorizationPolicyBuilder().AddRequirements(new WearsRole([])).Build();
            foreach (var (folder, roles) in Folders)
            {
                options.AddPolicy(folder, policy => policy.RequireAuthenticatedUser().AddRequirements(new WearsRole(roles)));
            }
        });
        return services;
    }

    public static void ApplyTo(PageConventionCollection pages)
    {
        foreach (var folder in OpenFolders) pages.AllowAnonymousToFolder(folder);
        foreach (var page in OpenPages) pages.AllowAnonymousToPage(page);
        foreach (var folder in Folders.Keys) pages.AuthorizeFolder(folder, folder);
    }

    private sealed record WearsRole(IReadOnlyList<Role> Roles) : IAuthorizationRequirement;

    private sealed class WearsRoleHandler(SignedIn signedIn) : AuthorizationHandler<WearsRole>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, WearsRole requirement)
        {
            if (signedIn.IsKnown && requirement.Roles.Contains(signedIn.User.Role)) context.Succeed(requirement);
            return Task.CompletedTask;
        }
    }
}
