namespace SecureShop.Deployment;

/// <summary>The command <c>retire</c>: what no longer serves stops to cost, once its successor serves well.</summary>
internal sealed class RetireRevisions(ArmClient arm, AzdSettings settings, TimeProvider clock, TextWriter output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly string _app = settings.GatewayApp;
    private readonly string _path = settings.PathOf("Microsoft.App/containerApps", settings.GatewayApp);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var last = await ReadAsync(cancellation);
        if (!string.Equals(last.App.Configuration.ActiveRevisionsMode, "Multiple", StringComparison.OrdinalIgnoreCase))
        {
            await output.WriteLineAsync($"{_app} has one active revision at a time: Azure retires the others itself.".AsMemory(), cancellation);
            return;
        }

        // What is deactivated is chosen from the very answer that shows the successor healthy.
        var healthy = await new Poll(clock, output, Longest, _app).UntilAsync(
            async () =>
            {
                last = await ReadAsync(cancellation);
                return (last.IsHealthy ? last : null, last.State);
            },
            cancellation) ?? throw new DeploymentException(NotHealthy(last));
        await output.WriteLineAsync($"{string.Join(", ", healthy.Serving)}: healthy, gets the traffic".AsMemory(), cancellation);
        foreach (var revision in healthy.Idle)
        {
            await arm.PostAsync(new($"{_path}/revisions/{AzdSettings.Segment(revision.Name)}/deactivate", ContainerApps.ApiVersion), $"deactivate the revision {revision.Name}", cancellation);
            await output.WriteLineAsync($"{revision.Name}: deactivated".AsMemory(), cancellation);
        }

        if (healthy.Idle.Count == 0)
            await output.WriteLineAsync("Nothing to deactivate.".AsMemory(), cancellation);
    }

    private async Task<Snapshot> ReadAsync(CancellationToken cancellation)
    {
        var app = await arm.GetAsync<App>(new(_path, ContainerApps.ApiVersion), $"read the app {_app}", cancellation);
        return new(app.Properties, await arm.ListAsync<Revision>(new($"{_path}/revisions", ContainerApps.ApiVersion), $"list the revisions of {_app}", cancellation));
    }

    private string NotHealthy(Snapshot last)
    {
        var newest = last.App.LatestRevisionName;
        var earlier = last.Revisions.Where(revision => revision.IsHealthy && !last.Serving.Contains(revision.Name, StringComparer.Ordinal)).MaxBy(revision => revision.Properties.CreatedTime)?.Name;

        // Where the traffic is the newest one's, Azure leaves it with the last one that got ready.
        var serving = last.Serving.Contains(newest, StringComparer.Ordinal) ? last.App.LatestReadyRevisionName : string.Join(", ", last.Serving);
        var app = $"--name {_app} --resource-group {settings.ResourceGroup}";
        var back = earlier is null ? "" : $", or go back by 'az containerapp revision label add {app} --label identity --revision {OneLine.Of(earlier)} --yes' and 'az containerapp ingress traffic set {app} --revision-weight {OneLine.Of(earlier)}=100'";
        return $"{_app} has not got healthy within {Longest.TotalMinutes:0} minutes ({OneLine.Of(last.State)}), so nothing was deactivated and {(string.IsNullOrEmpty(serving) ? "nothing" : OneLine.Of(serving))} serves: "
            + $"read its log by 'az containerapp logs show {app} --revision {OneLine.Of(newest)}' and deploy a better one{back}.";
    }

    /// <summary>The app and its revisions at one moment.</summary>
    private sealed record Snapshot(AppProperties App, IReadOnlyList<Revision> Revisions)
    {
        private IReadOnlyList<TrafficShare> Traffic => App.Configuration.Ingress?.Traffic ?? [];

        public IReadOnlyList<string> Serving => [.. Traffic.Where(share => share.Weight > 0).Select(NameOf).Distinct(StringComparer.Ordinal)];

        public bool IsHealthy => Serving.Count > 0 && Serving.All(name => Revisions.Any(revision => revision.Name == name && revision.IsHealthy));

        public string State => Serving.Count == 0 ? "no revision gets traffic" : string.Join("; ", Serving.Select(name =>
            $"{name}: {Revisions.FirstOrDefault(revision => revision.Name == name)?.State ?? "not to be seen yet"}"));

        /// <summary>
        /// Active, without traffic by either account of Azure's, without a label. Not the newest, which may have been deployed
        /// to get its traffic later.
        /// </summary>
        public IReadOnlyList<Revision> Idle => [.. Revisions.Where(revision => revision.Properties is { Active: true, TrafficWeight: 0 }
            && revision.Name != App.LatestRevisionName
            && !Traffic.Any(share => (share.Weight > 0 || !string.IsNullOrEmpty(share.Label)) && NameOf(share) == revision.Name))];

        private string NameOf(TrafficShare share) => (share.LatestRevision ? App.LatestRevisionName : share.RevisionName) ?? "";
    }
}
