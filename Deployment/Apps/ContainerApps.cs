namespace SecureShop.Deployment;

/// <summary>What Azure tells of an app and its revisions, as far as it matters here.</summary>
internal static class ContainerApps
{
    public const string ApiVersion = "2025-07-01";
}

internal sealed record App(AppProperties Properties);

internal sealed record AppProperties(AppConfiguration Configuration, string? LatestRevisionName = null, string? LatestReadyRevisionName = null);

internal sealed record AppConfiguration(string? ActiveRevisionsMode = null, AppIngress? Ingress = null);

internal sealed record AppIngress(IReadOnlyList<TrafficShare>? Traffic = null);

/// <summary>What a revision, or whichever is the newest, gets of the traffic.</summary>
internal sealed record TrafficShare(string? RevisionName = null, bool LatestRevision = false, int Weight = 0, string? Label = null);

internal sealed record Revision(string Name, RevisionProperties Properties)
{
    /// <summary>Whether it can serve. Azure has several words for running, as in RunningAtMaxScale.</summary>
    public bool IsHealthy => Properties is { Active: true, HealthState: "Healthy", ProvisioningState: "Provisioned" }
        && Properties.RunningState?.StartsWith("Running", StringComparison.Ordinal) == true;

    public string State => $"{(Properties.Active ? Properties.ProvisioningState : "Inactive")}, {Properties.RunningState}, {Properties.HealthState}";
}

internal sealed record RevisionProperties(
    bool Active = false, int TrafficWeight = 0, string? HealthState = null, string? ProvisioningState = null, string? RunningState = null,
    DateTimeOffset CreatedTime = default);
