namespace SecureShop.AppHost;

/// <summary>
/// Several processes of one project, each a resource with ports of its own. Aspire's WithReplicas puts DCP's TCP proxy
/// before them, behind which every caller has the address 127.0.0.1, and limits per address would hit all of them at once.
/// </summary>
internal static class Replicas
{
    /// <summary>One resource per replica: "gateway", "gateway-2" …</summary>
    public static IReadOnlyList<IResourceBuilder<ProjectResource>> AddReplicas<TProject>(
        this IDistributedApplicationBuilder builder, string name, int count, Action<IResourceBuilder<ProjectResource>, int> configure)
        where TProject : IProjectMetadata, new() =>
        [.. Enumerable.Range(0, count).Select(index =>
        {
            var replica = builder.AddProject<TProject>(index == 0 ? name : $"{name}-{index + 1}");
            configure(replica, index);
            return replica;
        })];

    /// <summary>Tells <paramref name="caller"/> the addresses of all replicas under the name of the first.</summary>
    public static IResourceBuilder<ProjectResource> WithServices(
        this IResourceBuilder<ProjectResource> caller, IReadOnlyList<IResourceBuilder<ProjectResource>> replicas)
    {
        foreach (var (index, replica) in replicas.Index())
        {
            caller
                .WithEnvironment($"services__{replicas[0].Resource.Name}__https__{index}", replica.GetEndpoint("https"))
                .WithReferenceRelationship(replica);
        }

        return caller;
    }
}
