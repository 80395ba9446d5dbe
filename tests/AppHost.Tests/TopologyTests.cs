#pragma warning disable ASPIRECERTIFICATES001 // As in the AppHost.
using Aspire.Hosting.Testing;

namespace SecureShop.AppHost.Tests;

/// <summary>The model that AppHost declares: nothing is started.</summary>
[Collection<PathCollection>]
public sealed class TopologyTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _folder.Dispose();
    }

    [Fact]
    [Trait("Practice", "P40")]
    [Trait("Practice", "P13")]
    public async Task Each_secret_goes_where_it_is_needed_and_nowhere_else()
    {
        var holders = await HoldersAsync(await DeclareAsync("--stores=embedded"));

        Assert.Equal(["database"], holders("{shop.connectionString}"));
        Assert.Equal(["identity"], holders("{identitydb.connectionString}"));
        Assert.Equal(["catalog"], holders("{catalogdb.connectionString}"));
        Assert.Equal(["orders"], holders("{ordersdb.connectionString}"));
        Assert.Equal(["orders"], holders("{orders-service-key.value}"));
        Assert.Equal(["catalog"], holders("{catalog-service-key.value}"));
        Assert.Equal(["orders"], holders("{orders-master-key.value}"));
        Assert.Equal(["database", "identity"], holders("{identity-master-key.value}"));
        Assert.Equal(["database", "identity"], holders("{identity-lookup-key.value}"));
        Assert.Equal(["identity"], holders("{orders-service-key.public}"));
        Assert.Equal(["identity"], holders("{catalog-service-key.public}"));
        Assert.Equal(["gateway"], holders("{gateway-key.value}"));
        Assert.Equal(["identity"], holders("{gateway-key.public}"));
        Assert.All(["storefront-key", "partner-key"], key =>
        {
            Assert.Equal(["identity"], holders($"{{{key}.public}}"));
            Assert.Empty(holders($"{{{key}.value}}"));
        });
        Assert.All(["identity", "catalog", "orders"], service =>
        {
            Assert.Equal([service], holders($"{{{service}-audit-key.value}}"));
            Assert.Equal(["database"], holders($"{{{service}-audit-key.public}}"));
        });
        Assert.Equal(["identity"], holders("{demo-client-secret.value}"));
        Assert.Equal(["database"], holders("{catalog-app-password.value}"));
        Assert.Equal(["catalog", "gateway", "identity"], holders("{redis.connectionString}"));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task No_secret_is_on_a_command_line()
    {
        var builder = await DeclareAsync("--stores=embedded");
        foreach (var resource in builder.Resources.OfType<IResourceWithArgs>())
        {
            Assert.All(await Declared.ArgumentsAsync(builder, resource), argument => Assert.DoesNotMatch("password|secret|-key", argument));
        }
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task Only_the_gateway_is_a_door()
    {
        var builder = await DeclareAsync("--stores=embedded", "--replicas=2");

        var doors = builder.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.IsExternal).Select(endpoint => $"{resource.Name} {endpoint.UriScheme} {endpoint.Name}"));

        Assert.Equal(
            ["gateway http plain", "gateway https identity", "gateway https shop", "gateway-2 http plain", "gateway-2 https identity", "gateway-2 https shop"],
            doors);
    }

    [Fact]
    [Trait("Practice", "P28")]
    public async Task No_proxy_hides_the_callers_from_a_replica()
    {
        var builder = await DeclareAsync("--stores=embedded", "--replicas=3");
        var endpoints = builder.Resources.OfType<ProjectResource>().SelectMany(project => project.Annotations.OfType<EndpointAnnotation>()).ToList();

        Assert.NotEmpty(endpoints);
        Assert.All(endpoints, endpoint => Assert.False(endpoint.IsProxied));
        Assert.Equal(3, builder.Resources.OfType<ProjectResource>().Count(resource => resource.Name.StartsWith("gateway", StringComparison.Ordinal)));
        var holders = await HoldersAsync(builder);
        Assert.Equal(["gateway", "gateway-2", "gateway-3", "orders", "orders-2", "orders-3"], holders("{catalog-3.bindings.https.url}"));
    }

    [Fact]
    [Trait("Practice", "P20")]
    public async Task Containers_speak_TLS_and_keep_their_data_by_the_folder()
    {
        _folder.Script("docker", "echo 28.1.1");
        Environment.SetEnvironmentVariable("PATH", $"{_folder.Root}:{_path}");
        var builder = await DeclareAsync("--stores=containers");

        var postgres = Assert.Single(builder.Resources.OfType<PostgresServerResource>());
        Assert.Contains("ssl=on", (await Declared.ArgumentsAsync(builder, postgres))[^1], StringComparison.Ordinal);
        var volume = Assert.Single(postgres.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Matches("^secureshop-postgres-[0-9a-f]{16}$", volume.Source);
        Assert.NotEmpty(postgres.Annotations.OfType<HttpsCertificateConfigurationCallbackAnnotation>());
        var redis = Assert.Single(builder.Resources.OfType<RedisResource>());
        Assert.NotEmpty(redis.Annotations.OfType<HttpsCertificateAnnotation>());
        var owner = builder.Resources.OfType<IResourceWithConnectionString>().Single(resource => resource.Name == "owner");
        Assert.EndsWith(";SSL Mode=VerifyFull;Channel Binding=Require", owner.ConnectionStringExpression.ValueExpression, StringComparison.Ordinal);
        Assert.Equal(["database"], (await HoldersAsync(builder))("{owner.connectionString}"));
    }

    private Task<IDistributedApplicationTestingBuilder> DeclareAsync(params string[] options) => Declared.ModelAsync(_folder.For("data"), options);

    /// <summary>Who has an expression in the environment.</summary>
    private static async Task<Func<string, IEnumerable<string>>> HoldersAsync(IDistributedApplicationTestingBuilder builder)
    {
        var environments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in builder.Resources.OfType<ProjectResource>())
            environments[resource.Name] = string.Join('\n', (await Declared.EnvironmentAsync(builder, resource)).Values);
        return expression => environments.Where(entry => entry.Value.Contains(expression, StringComparison.Ordinal)).Select(entry => entry.Key).Order(StringComparer.Ordinal);
    }
}
