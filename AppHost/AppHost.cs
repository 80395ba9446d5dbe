using Microsoft.Extensions.Configuration;
using SecureShop.AppHost;

// Taken out of the command line, in which Aspire expects a value after every option: this one would swallow the next.
const string noDashboard = "--no-dashboard";
var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
{
    Args = [.. args.Where(argument => argument != noDashboard)],
    DisableDashboard = args.Contains(noDashboard),
    DashboardApplicationName = "SecureShop",
});
var ports = builder.Configuration.GetSection("Ports");
var replicas = builder.Configuration.GetValue("Replicas", 1);

// The two origins that the world sees. On a laptop they are local; a deployment asks for its own.
var shopOrigin = builder.AddOrigin("shop", ports.GetValue("Shop", 7443));
var identityOrigin = builder.AddOrigin("identity", ports.GetValue("Identity", 7444));

// Stores: containers (or embedded servers) on a laptop, managed services in the cloud.
Stores? stores = null;
UseManagedStores(builder, ref stores);
stores ??= AddLocalStores();

// Least privilege: each service logs in as its own role, which may not change the schema. Only the Database job
// sees the owner's login.
var identityRole = builder.AddAppRole("identity", stores);
var catalogRole = builder.AddAppRole("catalog", stores);
var ordersRole = builder.AddAppRole("orders", stores);
var owner = builder.AddConnectionString("owner", ReferenceExpression.Create($"{stores.Shop};SSL Mode=VerifyFull"));

// orders-service proves itself by a signature: the private key stays with Orders, Identity knows the public part.
var ordersKey = builder.AddKeyPair("orders-service-key");
var demoSecret = builder.AddSecret("demo-client-secret");
var masterKey = builder.AddSecret("identity-master-key");

var database = builder.AddProject<Projects.Database>("database")
    .WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName)
    .WithReference(owner, connectionName: "shop")
    .WithEnvironment("Roles__identity_app", identityRole.Password)
    .WithEnvironment("Roles__catalog_app", catalogRole.Password)
    .WithEnvironment("Roles__orders_app", ordersRole.Password)
    .WaitFor(stores.Shop);

var identity = AddService<Projects.Identity>("identity")
    .WithReference(identityRole.Login)
    .WithReference(stores.Redis).WaitFor(stores.Redis)
    .WithEnvironment("Identity__MasterKey", masterKey)
    .WithEnvironment("Clients__DemoSecret", demoSecret)
    .WithPublicKey("Clients__OrdersServiceKey", ordersKey);

var catalog = AddService<Projects.Catalog_Api>("catalog")
    .WithReference(catalogRole.Login)
    .WithReference(stores.Redis).WaitFor(stores.Redis)
    .WithReference(identity);

var orders = AddService<Projects.Orders_Api>("orders")
    .WithReference(ordersRole.Login)
    .WithReference(identity)
    .WithReference(catalog)
    .WithEnvironment("ServiceClient__Id", "orders-service")
    .WithEnvironment("ServiceClient__Key", ordersKey);

// The only door. What is declared before WithExternalHttpEndpoints is public; health, declared after it, is not.
var gateway = AddWebProject<Projects.Gateway>("gateway")
    .WithHttpsEndpoint(ports.GetValue("Shop", 7443), name: "shop", isProxied: replicas > 1)
    .WithHttpsEndpoint(ports.GetValue("Identity", 7444), name: "identity", isProxied: replicas > 1)
    .WithHttpEndpoint(ports.GetValue("Plain", 7080), name: "plain", isProxied: replicas > 1)
    .WithExternalHttpEndpoints()
    .WithHttpsEndpoint(name: "health")
    .WithHttpHealthCheck("/health/ready", endpointName: "health")
    .WithReference(identity).WaitFor(identity)
    .WithReference(catalog).WaitFor(catalog)
    .WithReference(orders).WaitFor(orders);
gateway
    .WithEnvironment("Gateway__PlainPort", gateway.GetEndpoint("plain").Property(EndpointProperty.TargetPort))
    .WithEnvironment("Gateway__HealthPort", gateway.GetEndpoint("health").Property(EndpointProperty.TargetPort));

// The demo users exist on a laptop only: nobody signs in to a deployment with a password that a start has printed.
if (builder.ExecutionContext.IsRunMode)
    builder.AddDemoUsers(database, welcomeAt: gateway);

DescribeDeployment(builder, new Topology(stores, database, identity, catalog, orders, gateway));

await builder.Build().RunAsync();

IResourceBuilder<ProjectResource> AddService<TProject>(string name) where TProject : IProjectMetadata, new() =>
    AddWebProject<TProject>(name)
        .WithHttpsEndpoint()
        .WithHttpHealthCheck("/health/ready", endpointName: "https")
        .WaitForCompletion(database);

IResourceBuilder<ProjectResource> AddWebProject<TProject>(string name) where TProject : IProjectMetadata, new() =>
    builder.AddProject<TProject>(name)
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
        .WithEnvironment("Identity__Issuer", identityOrigin)
        .WithEnvironment("Shop__Origin", shopOrigin)
        .WithReplicas(replicas);

Stores AddLocalStores()
{
    var postgres = builder.AddPostgres("postgres").WithDataVolume();
    SecureContainer(postgres);
    var endpoint = postgres.GetEndpoint("tcp");
    var server = ReferenceExpression.Create(
        $"Host={endpoint.Property(EndpointProperty.Host)};Port={endpoint.Property(EndpointProperty.Port)}");
    return new Stores(postgres.AddDatabase("shop"), server, builder.AddRedis("redis"));
}

/// <summary>The topology. What is true only of one way to run it plugs in through these methods, each in its own file.</summary>
internal static partial class Program
{
    /// <summary>Puts managed services in the place of the local ones (AzureDeployment.cs).</summary>
    static partial void UseManagedStores(IDistributedApplicationBuilder builder, ref Stores? stores);

    /// <summary>Says how each part is deployed (AzureDeployment.cs).</summary>
    static partial void DescribeDeployment(IDistributedApplicationBuilder builder, Topology topology);

    /// <summary>Turns TLS on in the Postgres container (PostgresContainer.cs).</summary>
    static partial void SecureContainer(IResourceBuilder<PostgresServerResource> postgres);
}
