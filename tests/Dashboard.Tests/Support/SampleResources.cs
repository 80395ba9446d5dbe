using SecureShop.StandIns.AspireDashboard;

namespace SecureShop.Dashboard.Tests.Support;

/// <summary>Resources like those of the shop, one in each state worth looking at.</summary>
internal static class SampleResources
{
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddMinutes(-12);

    public static IReadOnlyList<EnvironmentVariable> Environment { get; } =
    [
        new("ASPNETCORE_URLS", "https://127.0.0.1:40001"),
        new("ConnectionStrings__shop", null),
        new("OTEL_SERVICE_NAME", "catalog"),
        new("services__identity__https__0", "https://localhost:7444"),
    ];

    public static IReadOnlyList<ResourceSnapshot> All { get; } =
    [
        One("postgres", "postgres", "healthy", "127.0.0.1:54321", 900),
        One("redis", "redis", "healthy", "127.0.0.1:56379", 400),
        One("database", "job", "finished", null, 2_900) with
        {
            WaitsFor = ["postgres"],
            Commands = [ResourceCommand.Start],
            Replicas = [new("database", "finished", null, Start, 0)],
        },
        One("identity", "project", "healthy", "https://localhost:7444", 5_200) with { WaitsFor = ["database", "redis"] },
        One("catalog", "project", "healthy", "https://127.0.0.1:40001", 4_800) with
        {
            WaitsFor = ["database", "redis"],
            Replicas = [new("catalog-1", "healthy", 4101, Start, null), new("catalog-2", "healthy", 4102, Start, null)],
        },
        One("orders", "project", "unhealthy", "https://127.0.0.1:40002", 5_000) with
        {
            Restarts = 2,
            LastProblem = "orders ended with exit code 139 and was started again.",
            WaitsFor = ["database", "redis", "catalog"],
        },
        One("gateway", "project", "healthy", "https://localhost:7443", 6_100) with
        {
            WaitsFor = ["identity", "catalog", "orders"],
            Endpoints = [new("shop", "https://localhost:7443", true), new("identity", "https://localhost:7444", true), new("plain", "http://localhost:7080", true)],
        },
    ];

    private static ResourceSnapshot One(string name, string kind, string state, string? address, int readyAfter) => new()
    {
        Name = name,
        Kind = kind,
        State = state,
        StartedAt = Start,
        ReadyAfter = TimeSpan.FromMilliseconds(readyAfter),
        Endpoints = address is null ? [] : [new(address.StartsWith("https", StringComparison.Ordinal) ? "https" : "tcp", address, false)],
        Replicas = [new(name, state, 4000 + name.Length, Start, null)],
        Commands = [ResourceCommand.Stop, ResourceCommand.Restart],
    };
}
