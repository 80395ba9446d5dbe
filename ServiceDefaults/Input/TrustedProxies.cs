using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SecureShop.ServiceDefaults;

/// <summary>Whose word on the caller's address and scheme is taken.</summary>
public static partial class TrustedProxies
{
    /// <summary>
    /// Takes both from forwarding headers only where the connection itself comes from one of the networks in <see cref="ProxyOptions"/>,
    /// and of X-Forwarded-For no more entries, from the right, than proxies stand in a row: what is further left is the caller's own text.
    /// </summary>
    internal static void AddTrustedProxies(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<ProxyOptions, ProxyOptions.Validator>(ProxyOptions.Section);

        // After the framework: ASPNETCORE_FORWARDEDHEADERS_ENABLED alone would trust everybody.
        builder.Services.AddOptions<ForwardedHeadersOptions>().PostConfigure<IOptions<ProxyOptions>>((options, proxies) =>
        {
            // Never the host: some proxies hand on the X-Forwarded-Host that the caller wrote, and links are made of a host.
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = proxies.Value.ParseHops();
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in proxies.Value.ParseNetworks()!)
                options.KnownIPNetworks.Add(network);
            if (options.KnownIPNetworks.Count == 0)
                options.ForwardedHeaders = ForwardedHeaders.None;
        });
    }

    /// <summary>From here inwards, address and scheme are the caller's. A proxy that ought to be trusted and is not is logged once.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var logged = 0;
        app.UseForwardedHeaders();
        app.Use((context, next) =>
        {
            if (ClaimsHttps(context.Request) && Interlocked.Exchange(ref logged, 1) == 0)
                ProxyNotTrusted(app.Logger);
            return next(context);
        });
    }

    /// <summary>Whether someone who is not trusted says that this request, which came in the clear, was https before.</summary>
    public static bool ClaimsHttps(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);

        // What was believed is no longer among the headers.
        return !request.IsHttps && request.Headers["X-Forwarded-Proto"].ToString().Contains("https", StringComparison.OrdinalIgnoreCase);
    }

    [LoggerMessage(1131, LogLevel.Warning, "A request in the clear says that it was https before its proxy, which is not in Proxies__Networks and so is not believed: such requests are refused. "
        + "If there is a proxy, set its network; the security events of reason plain_http tell its address.")]
    private static partial void ProxyNotTrusted(ILogger logger);
}
