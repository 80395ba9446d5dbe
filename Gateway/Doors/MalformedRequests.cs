using System.Diagnostics;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using SecureShop.Gateway.Events;
using SecureShop.Gateway.Headers;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.Gateway.Doors;

/// <summary>
/// What Kestrel cannot read as HTTP it refuses by itself, before any middleware, and closes the connection. It says so in a
/// diagnostic event before it answers: the place to add the headers that every answer has, and to leave the security event.
/// </summary>
internal sealed class MalformedRequests(DiagnosticListener diagnostics, IServiceProvider services) : IHostedService, IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private IDisposable? subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        subscription = diagnostics.Subscribe(this, name => name == BadRequest);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        subscription?.Dispose();
        return Task.CompletedTask;
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // One that got as far as the middleware has its headers and its event from there.
        if (value.Value is not IFeatureCollection features || features.Get<IServiceProvidersFeature>() is not null || features.Get<IHttpResponseFeature>() is not { HasStarted: false })
            return;

        var context = new DefaultHttpContext(features) { RequestServices = services };
        if (features.Get<ITlsHandshakeFeature>() is not null)
            context.Request.Scheme = Uri.UriSchemeHttps;
        SecurityHeaders.Add(context);
        context.Response.Headers.Connection = "close";
        SecurityLog.Of(context).DoorRefused(GatewayRefusal.RequestShape);
        _ = AnswerAsync(context.Response);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    // Before Kestrel does, which would take the headers away again.
    private static async Task AnswerAsync(HttpResponse response)
    {
        try
        {
            await response.StartAsync();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // Nobody waits for the answer any more.
        }
    }
}
