using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.StandIns.IdentityServer;

/// <summary>Refuses, before the first request, what this server cannot do safely.</summary>
internal static class StartupChecks
{
    private static readonly string[] Served = [GrantType.AuthorizationCode, GrantType.ClientCredentials];

    public static void Run(IServiceProvider services)
    {
        var environment = services.GetRequiredService<IHostEnvironment>();
        if (!environment.IsDevelopment())
        {
            throw new InvalidOperationException(
                $"SecureShop.StandIns.IdentityServer only takes the place of Duende.IdentityServer on a developer's machine, and this is '{environment.EnvironmentName}'. "
                + "It has had no certification, audit or support. Build with -p:UseDuende=true and a Duende licence, or set ASPNETCORE_ENVIRONMENT=Development.");
        }

        var options = services.GetRequiredService<IdentityServerOptions>();
        if (string.IsNullOrEmpty(options.IssuerUri) || string.IsNullOrEmpty(options.Authentication.CookieAuthenticationScheme))
            throw new InvalidOperationException("IssuerUri and Authentication.CookieAuthenticationScheme must be set.");
        CheckKeys(options.KeyManagement);
        foreach (var client in services.GetRequiredService<ClientList>().All)
            CheckClient(client);
    }

    private static void CheckKeys(KeyManagementOptions keys)
    {
        if (keys.SigningAlgorithms.Any(algorithm => algorithm.Name != SecurityAlgorithms.EcdsaSha256))
            throw new InvalidOperationException("KeyManagement.SigningAlgorithms can only be ES256.");
        if (keys.PropagationTime <= TimeSpan.Zero || keys.RetentionDuration <= TimeSpan.Zero || keys.RotationInterval <= keys.PropagationTime)
            throw new InvalidOperationException("KeyManagement needs times above zero, and a RotationInterval longer than the PropagationTime.");
    }

    private static void CheckClient(Client client)
    {
        if (client.AllowedGrantTypes.Except(Served, StringComparer.Ordinal).FirstOrDefault() is { } grant)
            throw Wrong(client, $"the grant '{grant}' is not served");
        if (client.RequireConsent)
            throw Wrong(client, "there is no consent page");
        if (client.AllowPlainTextPkce || (!client.RequirePkce && client.AllowedGrantTypes.Contains(GrantType.AuthorizationCode)))
            throw Wrong(client, "codes are only given against S256 proof keys");
        if (client.RequireClientSecret && client.ClientSecrets.Count == 0)
            throw Wrong(client, "it must prove itself and has no secret or key to do so");
        if (!client.RequireClientSecret && client.AllowedGrantTypes.Contains(GrantType.ClientCredentials))
            throw Wrong(client, "a public client cannot use client credentials");

        // RFC 9700 2.2.2: what a client holds is only safe if it works once.
        if (client.AllowOfflineAccess && client.RefreshTokenUsage != TokenUsage.OneTimeOnly)
            throw Wrong(client, "refresh tokens must rotate (RefreshTokenUsage = OneTimeOnly)");
        if (client.RedirectUris.FirstOrDefault(uri => !IsSafeRedirect(uri)) is { } redirect)
            throw Wrong(client, $"'{redirect}' is not a safe redirect address");
    }

    /// <summary>https, loopback http, or an app's own scheme; no fragment, no wildcard, nothing that a browser would run.</summary>
    private static bool IsSafeRedirect(string redirect) =>
        Uri.TryCreate(redirect, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0 && !redirect.Contains('*', StringComparison.Ordinal)
        && uri.Scheme is not ("javascript" or "data" or "file" or "blob" or "about" or "vbscript" or "view-source")
        && (uri.Scheme != Uri.UriSchemeHttp || uri.IsLoopback);

    private static InvalidOperationException Wrong(Client client, string reason) => new($"Client '{client.ClientId}': {reason}.");
}
