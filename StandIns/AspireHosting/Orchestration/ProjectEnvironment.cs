using System.Collections;
using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Composes the environment of a process.</summary>
internal static class ProjectEnvironment
{
    // Of this process alone: its own addresses, and secrets that were handed to it for one resource only.
    private static readonly string[] NotInherited =
    [
        "ASPNETCORE_", "ASPIRE_", "DOTNET_DASHBOARD_", "DOTNET_LAUNCH_PROFILE", "DOTNET_STARTUP_HOOKS", "AppHost__", "Dashboard__", "Parameters__",
        "ConnectionStrings__", "Ports__", "Kestrel__",
    ];

    private const string Exporter = "OTEL_EXPORTER_OTLP_";

    // Five services start at once on a laptop: no profiling of tiers, small heaps.
    private static readonly Dictionary<string, string> Runtime = new(StringComparer.Ordinal)
    {
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_gcServer"] = "0",
        ["LOGGING__CONSOLE__FORMATTEROPTIONS__SINGLELINE"] = "true",
    };

    public static async Task<Dictionary<string, string?>> ComposeAsync(
        IResource resource, int replica, DistributedApplicationExecutionContext execution, IReadOnlyDictionary<string, string> trust, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, object>(StringComparer.Ordinal);
        var context = new EnvironmentCallbackContext
        {
            EnvironmentVariables = variables,
            ExecutionContext = execution,
            Resource = resource,
            CancellationToken = cancellationToken,
        };
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
            await annotation.Callback(context);

        // An address that this shell has for one signal alone would win over ours, and be shown the key of our receiver.
        var toReceiver = variables.ContainsKey($"{Exporter}ENDPOINT");
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => (string)entry.Key))
        {
            // Configuration reads a colon in a name as it reads two underscores.
            var key = name.Replace(":", "__", StringComparison.Ordinal);
            if (Array.Exists(NotInherited, prefix => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                || (toReceiver && name.StartsWith(Exporter, StringComparison.OrdinalIgnoreCase)))
            {
                environment[name] = null;
            }
        }

        foreach (var (name, value) in Runtime.Concat(trust))
            environment[name] = value;
        var caller = new ValueProviderContext { Caller = resource, Replica = replica };
        foreach (var (name, value) in variables)
            environment[name] = value is IValueProvider provider ? await provider.GetValueAsync(caller, cancellationToken) ?? "" : value.ToString();
        return environment;
    }
}
