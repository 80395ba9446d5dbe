using System.Diagnostics;
using System.Net;

namespace SecureShop.ServiceDefaults;

/// <summary>The client span of a Redis command. StackExchange.Redis makes none, and its newer versions only with another package.</summary>
public static class RedisSpan
{
    private static readonly ActivitySource Source = new("SecureShop.Redis");

    /// <summary>Runs <paramref name="command"/> under a span that names the operation and the server; never keys or values.</summary>
    /// <param name="operation">The command's name, such as GET.</param>
    /// <param name="connect">Gives the connection and the server's address.</param>
    /// <param name="command">The command.</param>
    public static async Task<T> TraceAsync<TConnection, T>(
        string operation, Func<Task<(TConnection Connection, EndPoint? Server)>> connect, Func<TConnection, Task<T>> command)
    {
        ArgumentNullException.ThrowIfNull(connect);
        ArgumentNullException.ThrowIfNull(command);
        using var span = Source.StartActivity(operation, ActivityKind.Client);
        span?.SetTag("db.system.name", "redis").SetTag("db.operation.name", operation);
        try
        {
            var (connection, server) = await connect();
            if (span is not null)
                Describe(span, server);
            return await command(connection);
        }
        catch (Exception failure)
        {
            // The kind alone: messages of the client name keys.
            span?.SetTag("error.type", failure.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    private static void Describe(Activity span, EndPoint? server)
    {
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
