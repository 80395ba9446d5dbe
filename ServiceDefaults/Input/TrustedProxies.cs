using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecureShop.ServiceDefaults.Input;

internal static class TrustedProxies
{
    /// <summary>
    /// Takes the caller's address, scheme and host from forwarding headers only where the connection itself comes from
    /// <c>Proxies:Networks</c> (comma-separated CIDRs; loopback where unset; <c>none</c> for nobody).
    /// </summary>
    public static void AddTrustedProxies(this IHostApplicationBuilder builder)
    {
        var setting = builder.Configuration["Proxies:Networks"] ?? "127.0.0.0/8,::1/128";
        var networks = setting == "none" ? [] : setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToList();

        // After the framework: ASPNETCORE_FORWARDEDHEADERS_ENABLED alone would trust everybody.
        builder.Services.PostConfigure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            options.ForwardLimit = 1;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in networks)
                options.KnownIPNetworks.Add(network);
            if (networks.Count == 0)
                options.ForwardedHeaders = ForwardedHeaders.None;
        });
    }

    private static System.Net.IPNetwork Parse(string text)
        => System.Net.IPNetwork.TryParse(text, out var network)
            ? network
            : throw new InvalidOperationException("Proxies__Networks must be networks such as 10.0.0.0/8, separated by commas.");
}
