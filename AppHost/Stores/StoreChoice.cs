using Microsoft.Extensions.Configuration;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>Containers where a container runtime answers, else servers of this machine; <c>--stores</c> decides otherwise.</summary>
internal static class StoreChoice
{
    /// <summary>The runtime to use; null for embedded servers.</summary>
    /// <exception cref="SetupException">Containers are asked for, and nothing runs them.</exception>
    public static async Task<string?> FindRuntimeAsync(IConfiguration configuration, CancellationToken cancellation) => configuration["Stores"] switch
    {
        "embedded" => null,
        "containers" => await ContainerRuntime.FindAsync(cancellation) ?? throw new SetupException(
            "Neither Docker nor Podman answers: start one of them, or run with --stores=embedded."),
        null => await ContainerRuntime.FindAsync(cancellation),
        var other => throw new SetupException($"--stores takes containers or embedded, not '{other}'."),
    };
}
