using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using NodaTime;

namespace Borsellino.Web.SignIn;

/// <summary>The other server did not say who it is, or said it in a way that cannot be trusted.</summary>
public sealed record IdentityNotShown() : Refusal("identity_not_shown");

/// <summary>Where the browser goes to be known, and what it keeps meanwhile.</summary>
public sealed record OpenIdStart(string Address, string Kept);

/// <summary>Whom the other server knows.</summary>
/// <param name="IsStrong">Whether they showed the level that the configuration asks for.</param>
public sealed record OpenIdPerson(string TaxCode, string? After, bool IsStrong);

/// <summary>
/// Signs in by another server: OpenID Connect with the authorization code, PKCE, state and nonce. The id token is checked
/// with the keys the server publishes; where it does not carry the tax code, the server is asked for it.
/// </summary>
public sealed partial class OpenId : IDisposable
{
    private const int AnswerBytesMax = 100_000;

    private static readonly Duration StartLasts = Duration.FromMinutes(10);

    private readonly OpenIdSettings settings;
    private readonly IClock clock;
    private readonly ILogger<OpenId> log;
    private readonly IDataProtector protector;
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = AnswerBytesMax };
    private readonly ConfigurationManager<OpenIdConnectConfiguration> discovery;

    public OpenId(OpenIdSettings settings, IDataProtectionProvider protection, IClock clock, ILogger<OpenId> log)
    {
        (this.settings, this.clock, this.log) = (settings, clock, log);
        protector = protection.CreateProtector("openid-start");
        discovery = new(
            settings.Authority.ToString().TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(http) { RequireHttps = !settings.Authority.IsLoopback });
    }

    private sealed record Started(string State, string Nonce, string Verifier, string ReturnTo, string? After, long At);

    /// <param name="returnTo">The address of ours that the server sends the browser back to.</param>
    /// <param name="after">The page the person wanted.</param>
    public async Task<OpenIdStart> StartAsync(string returnTo, string? after, CancellationToken cancel)
    {
        var server = await discovery.GetConfigurationAsync(cancel);
        var started = new Started(SecretToken.New(), SecretToken.New(), SecretToken.New(), returnTo, after, clock.Now.ToUnixTimeSeconds());
        var query = QueryString.Create(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code", ["client_id"] = settings.ClientId, ["redirect_uri"] = returnTo, ["scope"] = settings.Scope,
            ["state"] = started.State, ["nonce"] = started.Nonce,
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(started.Verifier))), ["code_challenge_method"] = "S256",
        });
        if (settings.Acr is { } acr) query = query.Add("acr_values", acr);
        return new(server.AuthorizationEndpoint + query, protector.Protect(JsonSerializer.Serialize(started)));
    }

    /// <summary>Who came back, if the answer belongs to what this browser began and the server stands by it.</summary>
    /// <param name="kept">What the browser kept from the start.</param>
    public async Task<Result<OpenIdPerson>> FinishAsync(IQueryCollection answer, string? kept, CancellationToken cancel)
    {
        try
        {
            if (Read(kept) is not { } started) return Refuse("nothing was begun");
            if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(answer["state"].ToString()), Encoding.UTF8.GetBytes(started.State)))
                return Refuse("the state differs");
            if (answer["code"].ToString() is not { Length: > 0 and <= 2_000 } code) return Refuse("there is no code");
            var server = await discovery.GetConfigurationAsync(cancel);
            if (answer["iss"].ToString() is { Length: > 0 } issuer && issuer != server.Issuer) return Refuse("another server answers");

            using var tokens = await ExchangeAsync(server, code, started, cancel);
            if (Text(tokens, "id_token") is not { } idToken || await JudgeAsync(server, idToken, started.Nonce) is not { } claims) return Refuse("the id token is no good");
            var isStrong = settings.Acr is { } acr && claims.TryGetValue("acr", out var shown) && shown as string == acr;
            if (settings.Acr is not null && !isStrong) return Refuse("the level is too low");
            var taxCode = claims.TryGetValue(settings.TaxCodeClaim, out var said) ? said as string : await AskAsync(server, tokens, claims["sub"] as string, cancel);
            if (taxCode is null) return Refuse("there is no tax code");
            return new OpenIdPerson(taxCode.Replace("TINIT-", "", StringComparison.OrdinalIgnoreCase).ToUpperInvariant(), started.After, isStrong);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException or IOException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return Refuse(e.GetType().Name);
        }
    }

    public void Dispose() => http.Dispose();

    private Started? Read(string? kept)
    {
        if (kept is not { Length: > 0 and <= 4_000 }) return null;
        try
        {
            var started = JsonSerializer.Deserialize<Started>(protector.Unprotect(kept));
            return started is not null && clock.Now - Instant.FromUnixTimeSeconds(started.At) <= StartLasts ? started : null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    private async Task<JsonDocument> ExchangeAsync(OpenIdConnectConfiguration server, string code, Started started, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.TokenEndpoint);
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = started.ReturnTo, ["client_id"] = settings.ClientId,
            ["code_verifier"] = started.Verifier,
        });
        if (settings.Secret is { } secret)
        {
            var both = $"{Uri.EscapeDataString(settings.ClientId)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(both)));
        }

        using var response = (await http.SendAsync(request, cancel)).EnsureSuccessStatusCode();
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancel));
    }

    /// <summary>The claims of an id token that this server signed for us, now, and for what was begun here.</summary>
    private async Task<IDictionary<string, object>?> JudgeAsync(OpenIdConnectConfiguration server, string idToken, string nonce)
    {
        var rules = new TokenValidationParameters
        {
            ValidIssuer = server.Issuer, ValidAudience = settings.ClientId, IssuerSigningKeys = server.SigningKeys,
            // No MAC under our own secret, and never "none".
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256],
            ClockSkew = TimeSpan.FromMinutes(1),
        };
        var verdict = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(idToken, rules);
        // The server may have new keys: they are asked for with the next sign-in.
        if (verdict.Exception is SecurityTokenSignatureKeyNotFoundException) discovery.RequestRefresh();
        if (!verdict.IsValid) return null;
        var claims = verdict.Claims;
        var isOurs = !claims.TryGetValue("azp", out var party) || party as string == settings.ClientId;
        var isFresh = claims.TryGetValue("nonce", out var said) && said as string == nonce;
        return isOurs && isFresh && claims.ContainsKey("sub") ? claims : null;
    }

    /// <summary>Asks for the tax code of the person whom the id token is about.</summary>
    private async Task<string?> AskAsync(OpenIdConnectConfiguration server, JsonDocument tokens, string? subject, CancellationToken cancel)
    {
        if (server.UserInfoEndpoint is not { Length: > 0 } endpoint || Text(tokens, "access_token") is not { } access) return null;
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        using var response = (await http.SendAsync(request, cancel)).EnsureSuccessStatusCode();
        using var person = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancel));
        return Text(person, "sub") == subject ? Text(person, settings.TaxCodeClaim) : null;
    }

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString() : null;

    private IdentityNotShown Refuse(string why)
    {
        Refused(log, why);
        return new();
    }

    [LoggerMessage(1, LogLevel.Warning, "A sign-in by another server was refused: {Why}")]
    private static partial void Refused(ILogger log, string why);
}
