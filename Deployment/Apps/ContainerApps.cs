namespace SecureShop.Deployment;

/// <summary>What Azure tells of an app and its revisions.</summary>
internal static class ContainerApps
{
    public const string ApiVersion = "2026-01-01";
}

/// <summary>An app.</summary>
internal sealed record App(AppProperties Properties);

/// <summary>Which revision is the newest, which is the newest that got ready, and who gets the traffic.</summary>
internal sealed record AppProperties(AppConfiguration Configuration, string? LatestRevisionName = null, string? LatestReadyRevisionName = null);

/// <summary>How revisions and traffic are set.</summary>
internal sealed record AppConfiguration(string? ActiveRevisionsMode = null, AppIngress? Ingress = null);

/// <summary>The app's door.</summary>
internal sealed record AppIngress(IReadOnlyList<TrafficShare>? Traffic = null);

/// <summary>What a revision, or whichever is the newest, gets of the traffic.</summary>
internal sealed record TrafficShare(string? RevisionName = null, bool LatestRevision = false, int Weight = 0, string? Label = null);

/// <summary>A revision.</summary>
internal sealed record Revision(string Name, RevisionProperties Properties)
{
    /// <summary>Whether it can serve. Azure has several words for running, as in RunningAtMaxScale.</summary>
    public bool IsHealthy => Properties is { Active: true, HealthState: "Healthy", ProvisioningState: "Provisioned" }
        && Properties.RunningState?.StartsWith("Running", StringComparison.Ordinal) == true;

    public string State => $"{(Properties.Active ? Properties.ProvisioningState : "Inactive")}, {Properties.RunningState}, {Properties.HealthState}";
}

/// <summary>How a revision does.</summary>
internal sealed record RevisionProperties(
    bool Active = false, int TrafficWeight = 0, string? HealthState = null, string? ProvisioningState = null, string? RunningState = null,
    DateTimeOffset CreatedTime = default);
