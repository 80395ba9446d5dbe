using System.Security.Authentication;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.ConfigureHttpsDefaults(https =>
            {
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                CipherSuites.ApplyTo(https);
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
