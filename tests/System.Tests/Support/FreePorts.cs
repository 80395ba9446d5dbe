using System.Net;
using System.Net.Sockets;

namespace SecureShop.SystemTests.Support;

internal static class FreePorts
{
    /// <summary>Different free ports of loopback: all are held at once before any is let go.</summary>
    public static IReadOnlyList<int> Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners)
            listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }
}
