using System.Diagnostics;
using System.Net;

namespace SecureShop.ServiceDefaults;

/// <summary>The client span of a Redis command. StackExchange.Redis makes none, and its newer versions only with another package.</summary>
public static class RedisSpan
{
    private static readonly ActivitySource Source = new("SecureShop.Redis");

    /// <summary>Runs <paramref name="command"/> under a span that names the operation and the server; never keys or values.</summary>
    /// <param name="operation">The command's name, such as GET.</param>
    /// <param name="server">Where it goes.</param>
    /// <param name="command">The command.</param>
    public static async Task<T> TraceAsync<T>(string operation, EndPoint? server, Func<Task<T>> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        using var span = Source.StartActivity(operation, ActivityKind.Client);
        if (span is { IsAllDataRequested: true })
            Describe(span, operation, server);
        try
        {
            return await command();
        }
        catch (Exception failure)
        {
            // The kind alone: messages of the client name keys.
            span?.SetTag("error.type", failure.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    private static void Describe(Activity span, string operation, EndPoint? server)
    {
        span.SetTag("db.system.name", "redis").SetTag("db.operation.name", operation);
        var (host, port) = server switch
        {
            DnsEndPoint name => (name.Host, name.Port),
            IPEndPoint address => (address.Address.ToString(), address.Port),
            _ => (null, 0),
        };
        if (host is not null)
            span.SetTag("server.address", host).SetTag("server.port", port);
    }
}
