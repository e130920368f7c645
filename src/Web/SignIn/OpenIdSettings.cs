namespace Borsellino.Web.SignIn;

/// <summary>The OpenID Connect server that knows people by SPID or CIE, as the section <c>SignIn:OpenId</c> says.</summary>
/// <param name="Authority">Its issuer; what else we must know is read from its discovery document.</param>
/// <param name="Secret">Null for a public client, which PKCE alone protects.</param>
/// <param name="TaxCodeClaim">Where it says whose tax code it is, with or without the prefix <c>TINIT-</c>.</param>
/// <param name="Acr">The level that must have been shown, such as <c>https://www.spid.gov.it/SpidL2</c>; it counts as a second factor then.</param>
/// <param name="Name">What the button says one enters with.</param>
public sealed record OpenIdSettings(Uri Authority, string ClientId, string? Secret, string Scope, string TaxCodeClaim, string? Acr, string Name)
{
    /// <summary>Null when no server is configured. Throws a sentence that names the setting when a value is no good.</summary>
    public static OpenIdSettings? From(IConfiguration configuration)
    {
        var section = configuration.GetSection("SignIn:OpenId");
        if (section["Authority"] is not { Length: > 0 } authority) return null;
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var address) || !(address.Scheme is "https" || (address.Scheme is "http" && address.IsLoopback)))
            throw new InvalidOperationException($"The setting SignIn:OpenId:Authority must be an https address, not '{authority}'.");
        if (section["ClientId"] is not { Length: > 0 } client)
            throw new InvalidOperationException("The setting SignIn:OpenId:ClientId is missing.");
        return new(
            address, client, Said("ClientSecret"), Said("Scope") ?? "openid profile", Said("TaxCodeClaim") ?? "fiscal_number", Said("Acr"),
            Said("Name") ?? "SPID o CIE");

        string? Said(string key) => section[key] is { Length: > 0 } value ? value : null;
    }
}
