using System.Net.Security;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Tls;

namespace SecureShop.ServiceDefaults.Input;

internal static class InputExtensions
{
    public static void AddStrictInput(this IHostApplicationBuilder builder)
    {
        builder.Services.AddValidation();

        // Unreadable input throws, so that one place makes the problem, in every environment alike.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.Configure<JsonOptions>(options =>
        {
            var json = options.SerializerOptions;

            // Mass assignment: a field that the request type does not have is refused, not ignored.
            json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;

            // Two readers of one document must not see different values.
            json.AllowDuplicateProperties = false;
            json.MaxDepth = 16;
            json.NumberHandling = JsonNumberHandling.Strict;
            json.RespectNullableAnnotations = true;
            json.RespectRequiredConstructorParameters = true;
            json.Converters.Add(new AmountConverter());
            json.Converters.Add(new TextConverter());
        });
        builder.Services.AddSingleton<ServedCertificate>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ServedCertificate>((options, certificate) =>
        {
            options.AddServerHeader = false;
            certificate.LookInTime();
            options.ConfigureHttpsDefaults(https =>
            {
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                https.OnAuthenticate = (_, tls) =>
                {
                    certificate.ApplyTo(tls);
                    CipherSuites.ApplyTo(tls);
                };
            });
            RequestLimits.ApplyTo(options.Limits);
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            options.Limits.MaxConcurrentConnections = 2_000;
            options.Limits.MaxConcurrentUpgradedConnections = 0;
            options.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        });
    }
}

/// <summary>
/// Writes amounts with two decimals at least: a decimal remembers how it was written, so that 10.0000 would be answered to whoever
/// sends it and 10.00 to whoever reads it from the database, under one ETag. Digits that say more are kept.
/// </summary>
internal sealed class AmountConverter : JsonConverter<decimal>
{
    private const decimal Cents = 0.00m;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var rounded = decimal.Round(value, 2);
        writer.WriteNumberValue(rounded == value ? rounded + Cents : value);
    }
}

/// <summary>
/// Texts of the validation attributes, for callers: the attributes' own name types of .NET and members of ours. The numbers in
/// braces are the attributes' bounds.
/// </summary>
public static class InputMessages
{
    /// <summary>For a range of integers.</summary>
    public const string WholeNumber = "A whole number from {1} to {2}.";

    /// <summary>For the lines of an order or a reservation.</summary>
    public const string Lines = "{1} to {2} lines.";
}

/// <summary>
/// Forward secrecy and authenticated encryption, or no connection: with TLS 1.2 the platform would offer CBC suites too, whose
/// padding has been an oracle again and again (Lucky Thirteen). On Windows the system decides for all programs (docs/settings.md).
/// </summary>
internal static class CipherSuites
{
    private static readonly CipherSuitesPolicy? Policy = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()
        ? new(
        [
            TlsCipherSuite.TLS_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ])
        : null;

    public static void ApplyTo(SslServerAuthenticationOptions tls) => tls.CipherSuitesPolicy = Policy;
}
