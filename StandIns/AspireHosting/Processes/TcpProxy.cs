using System.Net;

namespace SecureShop.StandIns.AspireHosting.Processes;

/// <summary>One loopback port in front of several replicas, taken in turn; TLS passes through untouched.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    /// <summary>The address it listens on.</summary>
    public IPEndPoint EndPoint => throw new NotSupportedException();

    /// <summary>The loopback ports taken in turn; may change at any time.</summary>
    public IReadOnlyList<int> Targets { get; set; } = [];

    /// <summary>Listens on a loopback port (0 for a free one).</summary>
    /// <exception cref="HostingException">The port is taken.</exception>
    public static TcpProxy Start(int port, IReadOnlyList<int> targets) => throw new NotSupportedException();

    /// <summary>Stops listening and closes every connection.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
