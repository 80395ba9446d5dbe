using System.Net.Http.Json;
using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.AppHost.Tests.Orchestration;

/// <summary>What AppHost.Child's service can be asked, each time over a connection of its own, so that a proxy takes replicas in turn.</summary>
internal static class ServiceCalls
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }, disposeHandler: true) { Timeout = TimeSpan.FromSeconds(10) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Uri At(this IResourceBuilder<ProjectResource> service, string path) => new(service.GetEndpoint("http").Url + path);

    public static Task<HttpResponseMessage> GetAsync(this IResourceBuilder<ProjectResource> service, string path) => Http.GetAsync(service.At(path), Cancellation);

    /// <summary>The process that answers; null when nobody does.</summary>
    public static async Task<int?> TryPidAsync(this IResourceBuilder<ProjectResource> service)
    {
        try
        {
            return await Http.GetFromJsonAsync<int>(service.At("/pid"), Cancellation);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The process that answers, as soon as one does.</summary>
    public static async Task<int> PidAsync(this IResourceBuilder<ProjectResource> service)
    {
        int? pid = null;
        await Eventually.IsTrue(async () => (pid = await service.TryPidAsync()) is not null);
        return pid!.Value;
    }

    /// <summary>Has it end with exit code 7.</summary>
    public static async Task CrashAsync(this IResourceBuilder<ProjectResource> service)
    {
        try
        {
            using var response = await Http.PostAsync(service.At("/end"), null, Cancellation);
        }
        catch (HttpRequestException)
        {
            // It is gone before it could answer.
        }
    }
}
