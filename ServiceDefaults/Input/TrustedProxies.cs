using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.ServiceDefaults.Input;

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

/// <summary>Section <c>Proxies</c>: which proxies stand before this process. Kept as text, so that the validator words a refusal.</summary>
public sealed record ProxyOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Proxies";

    private const int MaxHops = 4;

    /// <summary>The networks whose forwarding headers are believed, with commas in between; <c>none</c> for nobody, null for loopback.</summary>
    public string? Networks { get; init; }

    /// <summary>How many proxies stand in a row.</summary>
    public string Hops { get; init; } = "1";

    internal List<System.Net.IPNetwork>? ParseNetworks()
    {
        var networks = new List<System.Net.IPNetwork>();
        if (Networks == "none")
            return networks;
        foreach (var text in (Networks ?? "127.0.0.0/8,::1/128").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!System.Net.IPNetwork.TryParse(text, out var network))
                return null;
            networks.Add(network);
        }

        return networks;
    }

    internal int? ParseHops()
        => int.TryParse(Hops, NumberStyles.None, CultureInfo.InvariantCulture, out var hops) && hops is >= 1 and <= MaxHops ? hops : null;

    internal sealed class Validator : IValidateOptions<ProxyOptions>
    {
        public ValidateOptionsResult Validate(string? name, ProxyOptions options)
        {
            if (options.ParseNetworks() is null)
                return ValidateOptionsResult.Fail("Set Proxies__Networks to networks such as 10.0.0.0/8, separated by commas, or to none.");
            return options.ParseHops() is null
                ? ValidateOptionsResult.Fail($"Set Proxies__Hops to how many proxies stand in a row before this process, 1 to {MaxHops}.")
                : ValidateOptionsResult.Success;
        }
    }
}

internal static class HttpsOnly
{
    /// <summary>
    /// A service answers over https, its own or that of the proxy it trusts; in the clear it answers probes and the like, which are
    /// internal. So an http listener that someone left open serves nothing, and tokens sent to it are noticed.
    /// </summary>
    public static void UseHttpsOnly(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.IsHttps || context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>()?.Kind == AccessKind.Internal)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        SecurityLog.Of(context).AccessRefused(RefusalReason.PlainHttp);
        return Task.CompletedTask;
    });
}
