using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SecureShop.AppHost;

/// <summary>How far a resource has come, in a word for the console.</summary>
internal static class ResourcePhase
{
    public const string Running = "running";
    public const string Healthy = "healthy";
    public const string Done = "done";

    /// <summary>Null while there is nothing to tell.</summary>
    public static string? Of(CustomResourceSnapshot snapshot)
    {
        var state = snapshot.State?.Text;
        if (state == KnownResourceStates.Running)
        {
            var problem = snapshot.HealthReports.FirstOrDefault(report => report.Status == HealthStatus.Unhealthy)?.Description;
            return snapshot.HealthReports.IsEmpty ? Running
                : snapshot.HealthStatus == HealthStatus.Healthy ? Healthy
                : problem is null ? "started" : $"unhealthy: {problem}";
        }

        if (state == KnownResourceStates.Stopping)
            return "stopping";
        if (IsOver(snapshot))
            return snapshot.ExitCode == 0 ? Done : $"ended{End(snapshot)}";
        return null;
    }

    public static bool IsOver(CustomResourceSnapshot snapshot) => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text);

    // DCP writes -1 for the end by a signal.
    public static string End(CustomResourceSnapshot snapshot) => snapshot.ExitCode switch
    {
        null => "",
        -1 => " by a signal",
        var code => $" with exit code {code}",
    };

    /// <summary>Whether it is a part of the system, and not Aspire's own: dashboard, parameters, connection strings, hidden helpers.</summary>
    public static bool IsPart(IResource resource) =>
        resource is ProjectResource or EmbeddedPostgresResource or EmbeddedRedisResource or ContainerResource;
}
