using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SecureShop.ServiceDefaults;

/// <summary>Whose word on the caller's address and scheme is taken.</summary>
public static partial class TrustedProxies
{
    private const int MostHops = 4;

    /// <summary>
    /// Takes both from forwarding headers only where the connection itself comes from <c>Proxies:Networks</c> (comma-separated
    /// CIDRs; loopback where unset; <c>none</c> for nobody), and of X-Forwarded-For no more entries, from the right, than proxies
    /// stand in a row before this process (<c>Proxies:Hops</c>): what is further left is the caller's own text.
    /// </summary>
    internal static void AddTrustedProxies(this IHostApplicationBuilder builder)
    {
        var setting = builder.Configuration["Proxies:Networks"] ?? "127.0.0.0/8,::1/128";
        var networks = setting == "none" ? [] : setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToList();
        var hops = Hops(builder.Configuration);

        // After the framework: ASPNETCORE_FORWARDEDHEADERS_ENABLED alone would trust everybody.
        builder.Services.PostConfigure<ForwardedHeadersOptions>(options =>
        {
            // Never the host: some proxies hand on the X-Forwarded-Host that the caller wrote, and links are made of a host.
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = hops;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in networks)
                options.KnownIPNetworks.Add(network);
            if (networks.Count == 0)
                options.ForwardedHeaders = ForwardedHeaders.None;
        });
    }

    /// <summary>From here inwards, address and scheme are the caller's. A proxy that ought to be trusted and is not is told of once.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var told = 0;
        app.UseForwardedHeaders();
        app.Use((context, next) =>
        {
            if (ClaimsHttps(context.Request) && Interlocked.Exchange(ref told, 1) == 0)
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

    private static int Hops(IConfiguration configuration)
    {
        if (configuration["Proxies:Hops"] is not { } setting)
            return 1;
        return int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var hops) && hops is >= 1 and <= MostHops
            ? hops
            : throw new InvalidOperationException($"Proxies__Hops must be how many proxies stand in a row before this process, 1 to {MostHops}.");
    }

    private static System.Net.IPNetwork Parse(string text)
        => System.Net.IPNetwork.TryParse(text, out var network)
            ? network
            : throw new InvalidOperationException("Proxies__Networks must be networks such as 10.0.0.0/8, separated by commas.");

    [LoggerMessage(1131, LogLevel.Warning, "A request in the clear says that it was https before its proxy, which is not in Proxies__Networks and so is not believed: such requests are refused. "
        + "If there is a proxy, set its network; the security events of reason plain_http tell its address.")]
    private static partial void ProxyNotTrusted(ILogger logger);
}
