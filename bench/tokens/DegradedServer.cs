using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using SecureShop.Testing;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace SecureShop.Bench.Tokens;

/// <summary>
/// OpenIddict's degraded mode: no storage, no log, and grants answered on the spot. It checks the same proofs of clients, signs by the
/// same algorithm, and its tokens say the same.
/// </summary>
internal sealed class DegradedServer : IAsyncDisposable
{
    /// <summary>Answers what a token request would, without any work of a token server: what Kestrel and the callers themselves cost.</summary>
    public const string Bare = "/bare";

    /// <summary>By this grant a caller gets its first refresh token.</summary>
    public const string FirstGrant = "urn:secureshop:bench:first";

    private readonly WebApplication app;
    private readonly ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private DegradedServer(string secret, ECDsa ordersKey, bool sealsAlike)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(TestCertificate.Leaf)));
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        builder.Services.AddOpenIddict().AddServer(server => Configure(server, Encoding.UTF8.GetBytes(secret), new ECDsaSecurityKey(ordersKey), sealsAlike));
        builder.Services.AddAuthentication();
        app = builder.Build();
        app.UseAuthentication();
        var answer = Encoding.ASCII.GetBytes($$"""{"access_token":"{{new string('a', 500)}}","token_type":"Bearer","expires_in":300}""");
        app.MapPost(Bare, async (HttpContext context) =>
        {
            await context.Request.ReadFormAsync(context.RequestAborted);
            return TypedResults.Bytes(answer, "application/json");
        });
    }

    public Uri Address { get; private set; } = null!;

    public static async Task<DegradedServer> StartAsync(string secret, ECDsa ordersKey, bool sealsAlike)
    {
        var server = new DegradedServer(secret, ordersKey, sealsAlike);
        await server.app.StartAsync();
        var bound = new Uri(server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        server.Address = new($"https://localhost:{bound.Port}");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        signer.Dispose();
    }

    private void Configure(OpenIddictServerBuilder server, byte[] secret, SecurityKey ordersKey, bool sealsAlike)
    {
        server.EnableDegradedMode().SetIssuer(IdentityServer.Issuer).SetTokenEndpointUris("/connect/token");
        server.AllowClientCredentialsFlow().AllowRefreshTokenFlow().AllowCustomFlow(FirstGrant);
        server.RegisterScopes("catalog.read", "catalog.reserve");
        server.SetAccessTokenLifetime(TimeSpan.FromMinutes(5)).DisableAccessTokenEncryption();
        server.AddSigningKey(new ECDsaSecurityKey(signer) { KeyId = "degraded" }).AddEphemeralEncryptionKey();

        // Of itself OpenIddict seals refresh tokens by the RSA key above, Identity by keys of data protection.
        if (sealsAlike)
            server.UseDataProtection().PreferDefaultAccessTokenFormat();
        server.UseAspNetCore().SuppressJsonResponseIndentation();

        server.AddEventHandler<ValidateTokenContext>(handler => handler
            .SetOrder(Protection.ResolveTokenValidationParameters.Descriptor.Order + 500)
            .UseInlineHandler(context =>
            {
                if (context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.ClientAssertion))
                    context.TokenValidationParameters.IssuerSigningKey = ordersKey;
                return default;
            }));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientSecret is { } shown && !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), secret))
                context.Reject(Errors.InvalidClient);
            return default;
        }));
        server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            context.SignIn(context.RefreshTokenPrincipal ?? Principal(context.Request));
            return default;
        }));

        // As at Identity, a token that is bound stays.
        server.AddEventHandler<ProcessSignInContext>(handler => handler
            .SetOrder(EvaluateGeneratedTokens.Descriptor.Order + 500)
            .UseInlineHandler(context =>
            {
                if (context.Request.IsRefreshTokenGrantType() && context.Request[TokenClient.Bound] is not null)
                    (context.GenerateRefreshToken, context.IncludeRefreshToken) = (false, false);
                return default;
            }));
    }

    private static ClaimsPrincipal Principal(OpenIddictRequest request)
    {
        var identity = new ClaimsIdentity("bench", Claims.Name, Claims.Role);
        if (request.IsClientCredentialsGrantType())
        {
            identity.SetClaim(Claims.Subject, request.ClientId);
            identity.SetScopes(request.GetScopes());
        }
        else
        {
            identity.SetClaim(Claims.Subject, Guid.CreateVersion7().ToString()).SetClaim(Claims.Role, "customer").SetClaim("sid", Guid.CreateVersion7().ToString("N"))
                .SetClaim(Claims.AuthenticationTime, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()).SetClaim(Claims.AuthenticationContextReference, "1")
                .SetClaims(Claims.AuthenticationMethodReference, ["pwd"]).SetDestinations(_ => [Destinations.AccessToken]);
            identity.SetScopes([Scopes.OfflineAccess, .. request.GetScopes()]);
        }

        identity.SetResources("catalog");
        return new(identity);
    }
}
