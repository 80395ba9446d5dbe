using Azure.Provisioning.AppContainers;
using Azure.Provisioning.Expressions;
using Azure.Provisioning.PostgreSql;
using SecureShop.AppHost;

/// <summary>
/// The deployment to Azure Container Apps (docs/deploy.md). Compiled with the real Aspire only, and without effect on a
/// laptop: everything here is for publishing.
/// </summary>
internal static partial class Program
{
    static partial void UseManagedStores(IDistributedApplicationBuilder builder, ref Stores? stores)
    {
        if (!builder.ExecutionContext.IsPublishMode)
            return;

        // The stores have no public address: they are reached through private endpoints in the network of the apps.
        var network = builder.AddAzureVirtualNetwork("network");
        var apps = network.AddSubnet("apps", "10.0.0.0/23");
        var data = network.AddSubnet("data", "10.0.2.0/27");

        builder.AddAzureContainerAppEnvironment("cloud")
            .WithDelegatedSubnet(apps)
            .ConfigureInfrastructure(infrastructure =>
            {
                // What the ingress and the apps say to each other is encrypted as well.
                foreach (var environment in infrastructure.GetProvisionableResources().OfType<ContainerAppManagedEnvironment>())
                    environment.IsMtlsEnabled = true;
            });

        // Passwords rather than Entra: each service logs in as a role of its own that the Database job creates, and
        // those roles are the same on a laptop.
        var vault = builder.AddAzureKeyVault("vault");
        var owner = builder.AddParameter("postgres-owner");
        var password = builder.AddSecret("postgres-password");
        var postgres = builder.AddAzurePostgresFlexibleServer("postgres")
            .WithPasswordAuthentication(vault, owner, password)
            .ConfigureInfrastructure(infrastructure =>
            {
                foreach (var server in infrastructure.GetProvisionableResources().OfType<PostgreSqlFlexibleServer>())
                    server.Version = new StringLiteralExpression("17");
            });
        postgres.AddDatabase("shop-database", "shop");
        var host = postgres.Resource.HostName;
        var shop = builder.AddConnectionString("shop", ReferenceExpression.Create($"Host={host};Database=shop;Username={owner};Password={password}"));

        var redis = builder.AddAzureManagedRedis("redis").WithAccessKeyAuthentication(vault);

        data.AddPrivateEndpoint(postgres);
        data.AddPrivateEndpoint(redis);

        stores = new Stores(shop, ReferenceExpression.Create($"Host={host}"), redis);
    }

    static partial void DescribeDeployment(IDistributedApplicationBuilder builder, Topology topology)
    {
        if (!builder.ExecutionContext.IsPublishMode)
            return;

        // Container Apps knows no "wait for": the job is started by hand after a deployment, and again after the next.
        topology.Database.PublishAsAzureContainerAppJob((_, job) =>
        {
            job.Configuration.ReplicaRetryLimit = 2;
            job.Configuration.ReplicaTimeout = 600;
        });

        var scale = builder.Configuration.GetSection("Scale");
        foreach (var service in (IResourceBuilder<ProjectResource>[])[topology.Identity, topology.Catalog, topology.Orders])
            service.BehindIngress("https").WithProbes("https").WithScale(scale);

        // Two public names on one ingress: the only one that is open to the world.
        topology.Gateway
            .BehindIngress("shop", "identity").WithHealthPort().WithProbes("health").WithScale(scale)
            .WithDomains("shop", "identity");
    }
}
