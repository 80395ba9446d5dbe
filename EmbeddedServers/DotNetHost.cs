namespace SecureShop.EmbeddedServers;

/// <summary>The dotnet that runs this machine's tools.</summary>
internal static class DotNetHost
{
    /// <summary>The one that started us, which need not be on PATH.</summary>
    public static string Program
        => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host && File.Exists(host) ? host : "dotnet";
}
