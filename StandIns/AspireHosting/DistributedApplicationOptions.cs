namespace SecureShop.StandIns.AspireHosting;

/// <summary>How a model is begun.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>Whether to do without the dashboard.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>What the dashboard says that it is the dashboard of; by default the AppHost's name.</summary>
    public string? DashboardApplicationName { get; set; }
}
