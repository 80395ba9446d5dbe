using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Npgsql;
using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.AppHost.Tests.Orchestration;

/// <summary>What the dashboard is shown, of real servers and a service that knows their passwords.</summary>
public sealed class BoardTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Practice", "P40")]
    public async Task No_generated_secret_is_in_anything_that_is_shown_and_servers_keep_their_data_over_a_restart()
    {
        using var model = new Model();
        var builder = model.Builder;
        var postgres = builder.AddPostgres("postgres").WithDataVolume();
        var shop = postgres.AddDatabase("shop");
        var redis = builder.AddRedis("redis");
        var role = builder.AddParameter("role-password", new GenerateParameterDefault(), secret: true, persist: true);
        var key = builder.AddParameter("key", new GenerateParameterDefault { MinLength = 40 }, secret: true);
        builder.AddParameter("unused", secret: true);
        var login = builder.AddConnectionString("login", ReferenceExpression.Create($"Host=localhost;Username=app;Password={role};SSL Mode=VerifyFull"));
        var fails = false;
        var service = model.AddService("service")
            .WithReference(shop).WithReference(redis).WithReference(login).WaitFor(shop).WaitFor(redis)
            .WithEnvironment("HARMLESS", role).WithEnvironment("MIXED", ReferenceExpression.Create($"a{key}b"))
            .WithEnvironment("PLAIN", "to be seen");
        service.WithEnvironment(async context =>
        {
            if (fails)
                throw new InvalidOperationException($"Nobody lets me in with {await role.Resource.GetValueAsync(context.CancellationToken)}");
        });

        await model.RunUntilReadyAsync(service, async () =>
        {
            string[] secrets = [.. await Task.WhenAll(new[] { postgres.Resource.PasswordParameter, redis.Resource.PasswordParameter, role.Resource, key.Resource }
                .Select(async parameter => (await parameter.GetValueAsync(Cancellation))!))];
            Assert.All(secrets, secret => Assert.True(secret.Length >= 20));

            var connection = new NpgsqlConnectionStringBuilder(await ((IValueProvider)shop.Resource).GetValueAsync(Cancellation))
            {
                SslMode = SslMode.VerifyFull,
                RootCertificate = Path.Combine(model.Folder, "certificates", "ca.pem"),
                Pooling = false,
            };
            await AskAsync(connection, "CREATE TABLE kept (what text); INSERT INTO kept VALUES ('the data')");
            foreach (var server in new[] { "postgres", "redis" })
            {
                Assert.Null(await model.TellAsync(server, ResourceCommand.Restart));
                await Eventually.IsTrue(() => model.Of(server) is { State: "healthy", Restarts: 1 });
            }

            Assert.Equal("the data", await AskAsync(connection, "SELECT what FROM kept"));

            fails = true;
            Assert.Null(await model.TellAsync("service", ResourceCommand.Restart));
            await Eventually.IsTrue(() => model.Of("service").LastProblem is not null);
            Assert.Equal("service could not start (Nobody lets me in with ••••••).", model.Of("service").LastProblem);

            var environment = model.Board.EnvironmentOf("service");
            var shown = JsonSerializer.Serialize(new { model.Board.Resources, Environment = model.Board.Resources.Select(resource => model.Board.EnvironmentOf(resource.Name)) });
            Assert.All(secrets.Concat(secrets.Select(Uri.EscapeDataString)), secret =>
            {
                Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
                Assert.DoesNotContain(environment, variable => variable.Value?.Contains(secret, StringComparison.Ordinal) == true);
            });

            // What is not secret is shown, and a login but for its password.
            var values = environment.ToDictionary(variable => variable.Name, variable => variable.Value);
            Assert.Equal("to be seen", values["PLAIN"]);
            Assert.Null(Assert.Contains("HARMLESS", (IDictionary<string, string?>)values));
            Assert.Null(values["MIXED"]);
            Assert.Null(values["SHOP_URI"]);
            Assert.Equal("Host=localhost;Username=app;Password=••••••;SSL Mode=VerifyFull", values["ConnectionStrings__login"]);
            Assert.Equal($"Host=localhost;Port={postgres.GetEndpoint("tcp").Port};Username=postgres;Password=••••••;Database=shop", values["ConnectionStrings__shop"]);
            Assert.Equal($"localhost:{redis.GetEndpoint("tcp").Port},password=••••••,ssl=true", values["ConnectionStrings__redis"]);
            Assert.DoesNotContain("PATH", values.Keys);
        }, Cancellation);
    }

    [Fact]
    public async Task A_resource_is_shown_as_it_is()
    {
        using var model = new Model();
        var job = model.AddJob("job");
        var service = model.AddService("service").WithExternalHttpEndpoints().WaitForCompletion(job);
        service.WithHttpEndpoint(name: "inner");
        var flag = Path.Combine(model.Folder, "healthy");
        await File.WriteAllTextAsync(flag, "", Cancellation);
        service.WithEnvironment("HEALTHY_WHEN", flag);

        await model.RunUntilReadyAsync(service, async () =>
        {
            Assert.Equal(["job", "service"], model.Board.Resources.Select(resource => resource.Name));
            var shown = model.Of("service");
            Assert.Equal(("project", "healthy", 0, null), (shown.Kind, shown.State, shown.Restarts, shown.LastProblem));
            Assert.Equal(["job"], shown.WaitsFor);
            Assert.Equal(
                [new("http", service.GetEndpoint("http").Url, External: true), new("inner", service.GetEndpoint("inner").Url, External: false)], shown.Endpoints);
            Assert.NotNull(shown.ReadyAfter);
            Assert.InRange(shown.StartedAt!.Value, TimeProvider.System.GetUtcNow().AddMinutes(-2), TimeProvider.System.GetUtcNow());

            File.Delete(flag);
            await model.UntilAsync("service", "unhealthy");
            Assert.Equal("service answers its health check with 503.", model.Of("service").LastProblem);
            await File.WriteAllTextAsync(flag, "", Cancellation);
            await model.UntilAsync("service", "healthy");
        }, Cancellation);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The statements are constants of the tests above.")]
    private static async Task<object?> AskAsync(NpgsqlConnectionStringBuilder settings, string sql)
    {
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
