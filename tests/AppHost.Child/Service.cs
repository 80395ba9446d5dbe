using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SecureShop.AppHost.Child;

/// <summary>A service that shows its environment, and is unhealthy or ends as it is told.</summary>
internal static class Service
{
    public static Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var unhealthyUntil = Environment.GetEnvironmentVariable("HEALTHY_WHEN");
        app.MapGet("/health/ready", () => unhealthyUntil is null || File.Exists(unhealthyUntil) ? Results.Ok() : Results.StatusCode(503));
        app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
        app.MapGet("/pid", () => Environment.ProcessId);
        app.MapPost("/end", () => Environment.Exit(7));
        Console.WriteLine($"service {Environment.ProcessId} starts");
        app.Lifetime.ApplicationStopping.Register(() => Console.WriteLine("service stops"));
        return app.RunAsync();
    }
}
