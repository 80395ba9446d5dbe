using SecureShop.ServiceDefaults.Services;
using Yarp.ReverseProxy.Forwarder;

namespace SecureShop.Gateway.Routes;

/// <summary>Connects to the services with the same trust and limits as service clients have.</summary>
internal sealed class UpstreamConnections(IConfiguration configuration, ILogger<ForwarderHttpClientFactory> logger) : ForwarderHttpClientFactory(logger)
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        ServiceConnection.Configure(handler, configuration);
    }
}
