using Microsoft.Extensions.Configuration;
using SecureShop.StandIns.AspireHosting;

namespace SecureShop.AppHost.Child;

/// <summary>An AppHost of a job and a service that waits for it.</summary>
internal static class TinyHost
{
    public static Task RunAsync(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new()
        {
            Args = [.. args.Where(argument => argument != "--no-dashboard")],
            DisableDashboard = args.Contains("--no-dashboard"),
        });
        var job = builder.AddProject<ThisProgram>("job")
            .WithEnvironment("CHILD", "job")
            .WithEnvironment("JOB_EXIT", builder.Configuration["Parameters:job-exit"] ?? "0");
        builder.AddProject<ThisProgram>("service")
            .WithEnvironment("CHILD", "service")
            .WithHttpEndpoint(builder.Configuration.GetValue("Ports:Shop", 0) is > 0 and var port ? port : null, name: "shop")
            .WithHttpHealthCheck("/health/ready", endpointName: "shop")
            .WithReplicas(builder.Configuration.GetValue("Replicas", 1))
            .WaitForCompletion(job);
        return builder.Build().RunAsync();
    }

    private sealed class ThisProgram : IProjectMetadata
    {
        public string ProjectPath => Path.Combine(AppContext.BaseDirectory, "AppHost.Child.csproj");

        public string TargetPath => typeof(TinyHost).Assembly.Location;
    }
}
