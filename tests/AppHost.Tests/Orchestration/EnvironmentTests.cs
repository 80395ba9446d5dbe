using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.AppHost.Tests.Orchestration;

public sealed class EnvironmentTests
{
    [Fact]
    public async Task A_project_is_given_the_variables_that_Aspire_gives()
    {
        using var model = new Model("--Parameters:redis-password", "r3d1s", "--Parameters:postgres-password", "p/g", "--Parameters:app", "4pp");
        var builder = model.Builder;
        var postgres = builder.AddPostgres("postgres", port: 15432).WithDataVolume();
        var shop = postgres.AddDatabase("shop");
        var redis = builder.AddRedis("redis", port: 16379);
        var app = builder.AddParameter("app", secret: true);
        var login = builder.AddConnectionString("orders-db", ReferenceExpression.Create(
            $"Host={postgres.GetEndpoint("tcp").Property(EndpointProperty.Host)};Port={postgres.GetEndpoint("tcp").Property(EndpointProperty.Port)};Password={app};SSL Mode=VerifyFull"));
        var catalog = builder.AddProject<Model.Child>("catalog").WithHttpsEndpoint(port: 15001);
        var orders = builder.AddProject<Model.Child>("orders")
            .WithHttpsEndpoint(port: 15002).WithHttpEndpoint(port: 15003, name: "internal-only")
            .WithReference(shop).WithReference(redis).WithReference(login, connectionName: "orders").WithReference(catalog)
            .WithEnvironment("PLAIN", "text").WithEnvironment("PARAMETER", app)
            .WithEnvironment("PORT", model.Builder.Resources.OfType<ProjectResource>().Single(project => project.Name == "catalog").GetEndpoint("https").Property(EndpointProperty.TargetPort));

        var environment = await ComposeAsync(model, orders.Resource);

        Assert.Equivalent(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ASPNETCORE_URLS"] = "https://localhost:15002;http://localhost:15003",
                ["ASPNETCORE_HTTPS_PORT"] = "15002",
                ["ConnectionStrings__shop"] = "Host=localhost;Port=15432;Username=postgres;Password=p/g;Database=shop",
                ["SHOP_HOST"] = "localhost",
                ["SHOP_PORT"] = "15432",
                ["SHOP_USERNAME"] = "postgres",
                ["SHOP_PASSWORD"] = "p/g",
                ["SHOP_DATABASENAME"] = "shop",
                ["SHOP_URI"] = "postgresql://postgres:p%2Fg@localhost:15432/shop",
                ["SHOP_JDBCCONNECTIONSTRING"] = "jdbc:postgresql://localhost:15432/shop",
                ["ConnectionStrings__redis"] = "localhost:16379,password=r3d1s,ssl=true",
                ["REDIS_HOST"] = "localhost",
                ["REDIS_PORT"] = "16379",
                ["REDIS_PASSWORD"] = "r3d1s",
                ["REDIS_URI"] = "rediss://:r3d1s@localhost:16379",
                ["ConnectionStrings__orders"] = "Host=localhost;Port=15432;Password=4pp;SSL Mode=VerifyFull",
                ["services__catalog__https__0"] = "https://localhost:15001",
                ["CATALOG_HTTPS"] = "https://localhost:15001",
                ["PLAIN"] = "text",
                ["PARAMETER"] = "4pp",
                ["PORT"] = "15001",
                ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory",
                ["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true",
                ["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true",
                ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple",
                ["LOGGING__CONSOLE__FORMATTEROPTIONS__SINGLELINE"] = "true",
                ["DOTNET_TieredPGO"] = "0",
                ["DOTNET_gcServer"] = "0",
                ["SSL_CERT_FILE"] = "authority.pem",
            },
            environment.Where(variable => variable.Value is not null).ToDictionary(),
            strict: true);
    }

    [Fact]
    public async Task Endpoints_of_one_scheme_are_counted()
    {
        using var model = new Model();
        var target = model.Builder.AddProject<Model.Child>("a").WithHttpsEndpoint(port: 15101, name: "one").WithHttpsEndpoint(port: 15102, name: "two");
        var source = model.Builder.AddProject<Model.Child>("b").WithReference(target);

        var environment = await ComposeAsync(model, source.Resource);

        Assert.Equal("https://localhost:15101", environment["services__a__https__0"]);
        Assert.Equal("https://localhost:15102", environment["services__a__https__1"]);
        Assert.Equal("https://localhost:15102", environment["A_TWO"]);
    }

    [Fact]
    public async Task Each_replica_listens_on_its_own_port_behind_one_address()
    {
        using var model = new Model();
        var service = model.Builder.AddProject<Model.Child>("a").WithHttpEndpoint(name: "http").WithReplicas(2);
        service.WithEnvironment("OWN", service.GetEndpoint("http").Property(EndpointProperty.TargetPort));
        var other = model.Builder.AddProject<Model.Child>("b").WithReference(service);

        var first = await ComposeAsync(model, service.Resource);
        var second = await ProjectEnvironment.ComposeAsync(service.Resource, 1, model.Builder.ExecutionContext, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        var seen = await ProjectEnvironment.ComposeAsync(other.Resource, 0, model.Builder.ExecutionContext, new Dictionary<string, string>(), TestContext.Current.CancellationToken);

        Assert.NotEqual(first["OWN"], second["OWN"]);
        Assert.Equal($"http://localhost:{first["OWN"]}", first["ASPNETCORE_URLS"]);
        Assert.Equal($"http://localhost:{second["OWN"]}", second["ASPNETCORE_URLS"]);
        Assert.DoesNotContain(seen["services__a__http__0"], new[] { first["ASPNETCORE_URLS"], second["ASPNETCORE_URLS"] });
    }

    [Fact]
    public async Task Without_a_receiver_nothing_is_said_about_telemetry()
    {
        using var model = new Model();
        model.Builder.Configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = "http://localhost:1";
        var service = model.Builder.AddProject<Model.Child>("a");

        Assert.DoesNotContain((await ComposeAsync(model, service.Resource)).Keys, name => name.StartsWith("OTEL_EXPORTER", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_is_told_as_Aspire_tells_it()
    {
        using var receiver = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        receiver.Start();
        var url = $"http://127.0.0.1:{((System.Net.IPEndPoint)receiver.LocalEndpoint).Port}";
        using var model = new Model();
        model.Builder.Configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = url;
        model.Builder.Configuration["AppHost:OtlpApiKey"] = "key";
        var service = model.Builder.AddProject<Model.Child>("a");

        var environment = await ComposeAsync(model, service.Resource);

        Assert.Equal(url, environment["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("http/protobuf", environment["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("x-otlp-api-key=key", environment["OTEL_EXPORTER_OTLP_HEADERS"]);
        Assert.Equal("a", environment["OTEL_SERVICE_NAME"]);
        Assert.Equal("service.instance.id=a", environment["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.Equal("1000", environment["OTEL_BSP_SCHEDULE_DELAY"]);
        Assert.Equal("1000", environment["OTEL_BLRP_SCHEDULE_DELAY"]);
        Assert.Equal("1000", environment["OTEL_METRIC_EXPORT_INTERVAL"]);
        Assert.Equal("always_on", environment["OTEL_TRACES_SAMPLER"]);
        Assert.Equal("trace_based", environment["OTEL_METRICS_EXEMPLAR_FILTER"]);
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task With_a_dashboard_projects_send_to_it_and_to_nobody_else()
    {
        const string elsewhere = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
        Environment.SetEnvironmentVariable(elsewhere, "http://192.0.2.1:4318");
        using var model = new Model();
        var service = model.Builder.AddProject<Model.Child>("a").WithReplicas(2);

        // Without one, what the user's shell says is passed on.
        Assert.DoesNotContain(elsewhere, await ComposeAsync(model, service.Resource));

        model.Builder.Configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = "http://localhost:1";
        model.Builder.Receiver = Task.FromResult<TelemetryReceiver?>(new("https://localhost:7091", "http/protobuf", "key"));
        var environment = await ComposeAsync(model, service.Resource);

        Assert.Equal("https://localhost:7091", environment["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("x-otlp-api-key=key", environment["OTEL_EXPORTER_OTLP_HEADERS"]);
        Assert.Equal("service.instance.id=a-1", environment["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.Null(Assert.Contains(elsewhere, environment));
    }

    [Theory]
    [Trait("Practice", "P40")]
    [InlineData("AppHost__OtlpApiKey")]
    [InlineData("AppHost:OtlpApiKey")]
    [InlineData("ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN")]
    public async Task A_child_does_not_inherit_the_secrets_of_the_dashboard(string variable)
    {
        using var model = new Model();
        var service = model.Builder.AddProject<Model.Child>("a");
        Environment.SetEnvironmentVariable(variable, "a key of the dashboard alone");
        try
        {
            Assert.Null(Assert.Contains(variable, await ComposeAsync(model, service.Resource)));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    private static Task<Dictionary<string, string?>> ComposeAsync(Model model, IResource resource)
    {
        PortAllocation.Allocate(model.Builder.Resources);
        return ProjectEnvironment.ComposeAsync(
            resource, 0, model.Builder.ExecutionContext, new Dictionary<string, string> { ["SSL_CERT_FILE"] = "authority.pem" }, TestContext.Current.CancellationToken);
    }
}
