using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace SecureShop.AppHost.Tests;

/// <summary>What AppHost says of a resource, as for publishing: expressions in place of values, so that it is seen what comes from where.</summary>
internal static class Declared
{
    /// <summary>The model that AppHost declares, of which nothing is started.</summary>
    public static Task<IDistributedApplicationTestingBuilder> ModelAsync(string data, params string[] options)
        => DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [$"--data-dir={data}", "--no-dashboard", "--Ports:Shop=0", "--Ports:Identity=0", "--Ports:Plain=0", .. options],
            TestContext.Current.CancellationToken);

    public static async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(IDistributedApplicationTestingBuilder builder, IResource resource)
        => (await OfAsync(builder, resource)).EnvironmentVariables.ToDictionary(variable => variable.Key, variable => variable.Value, StringComparer.Ordinal);

    public static async Task<IReadOnlyList<string>> ArgumentsAsync(IDistributedApplicationTestingBuilder builder, IResource resource)
        => [.. (await OfAsync(builder, resource)).Arguments.Select(argument => argument.Value)];

    private static async Task<IExecutionConfigurationResult> OfAsync(IDistributedApplicationTestingBuilder builder, IResource resource)
    {
        await using var services = builder.Services.BuildServiceProvider();
        return await ExecutionConfigurationBuilder.Create(resource)
            .WithArgumentsConfig()
            .WithEnvironmentVariablesConfig()
            .BuildAsync(
                new(new DistributedApplicationExecutionContextOptions(DistributedApplicationOperation.Publish) { Services = services }),
                cancellationToken: TestContext.Current.CancellationToken);
    }
}
