using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace SecureShop.ServiceDefaults.Services;

/// <summary>Where services listen: <c>services:{name}:https:{n}</c> of the configuration, as Aspire sets it.</summary>
public static class KnownServices
{
    /// <summary>Resolves <paramref name="names"/>, and nothing else; the start fails when an address is missing or not https.</summary>
    public static IServiceCollection AddKnownServices(this IServiceCollection services, params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        services.AddServiceDiscoveryCore(options =>
        {
            options.AllowAllSchemes = false;
            options.AllowedSchemes = [Uri.UriSchemeHttps];
        });

        // The configuration alone. The usual second provider takes a name that nobody configured for a host of the network's,
        // and a call with a token would go wherever DNS says.
        if (services.All(service => service.ServiceType != typeof(IServiceEndpointProviderFactory)))
            services.AddConfigurationServiceEndpointProvider();

        foreach (var name in names)
        {
            services.AddOptions<ServiceDiscoveryOptions>()
                .Validate<IConfiguration>((_, configuration) => IsKnown(configuration, name), $"Set services__{name}__https__0 (and __1 ...), and no other, to the https addresses of {name}, such as https://{name}.example.")
                .ValidateOnStart();
        }

        return services;
    }

    /// <summary>The addresses of <paramref name="name"/>, of which each is an https origin: none with a path, a query or a user in it.</summary>
    internal static List<Uri> Addresses(IConfiguration configuration, string name) =>
        [.. Values(configuration, name).Select(Origin).OfType<Uri>()];

    private static bool IsKnown(IConfiguration configuration, string name)
    {
        var values = Values(configuration, name).ToList();
        return values.Count > 0 && values.TrueForAll(value => Origin(value) is not null)

            // What the framework would take instead, of any scheme.
            && string.IsNullOrEmpty(configuration[$"services:{name}:https"]) && !configuration.GetSection($"services:{name}:default").Exists();
    }

    private static IEnumerable<string?> Values(IConfiguration configuration, string name)
        => configuration.GetSection($"services:{name}:https").GetChildren().Select(entry => entry.Value);

    private static Uri? Origin(string? value)
        => Uri.TryCreate(value, UriKind.Absolute, out var address) && address is { Scheme: "https", UserInfo: "", PathAndQuery: "/", Fragment: "" } ? address : null;
}

/// <summary>How services, and the gateway, connect to each other.</summary>
public static class ServiceConnection
{
    /// <summary>
    /// A handler that trusts the certificates of the PEM file <c>Services:TrustedRoots</c> and no others where that is set
    /// (a private authority of the system's own), and what the machine and its user trust where it is not.
    /// </summary>
    public static SocketsHttpHandler CreateHandler(IConfiguration configuration)
    {
        var handler = new SocketsHttpHandler();
        Configure(handler, configuration);
        return handler;
    }

    /// <summary>Sets up <paramref name="handler"/> as <see cref="CreateHandler"/> does.</summary>
    public static void Configure(SocketsHttpHandler handler, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(configuration);
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.UseProxy = false;
        handler.ConnectTimeout = TimeSpan.FromSeconds(3);
        handler.MaxResponseHeadersLength = 32;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.SslOptions = Tls(configuration);
    }

    internal static SslClientAuthenticationOptions Tls(IConfiguration configuration) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = configuration["Services:TrustedRoots"] is { Length: > 0 } file ? TrustOnly(file) : null,
    };

    private static X509ChainPolicy TrustOnly(string file)
    {
        // Own authorities publish no revocation lists.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }
}
