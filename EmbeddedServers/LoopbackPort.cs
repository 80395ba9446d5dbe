using System.Net;
using System.Net.Sockets;

namespace SecureShop.EmbeddedServers;

/// <summary>Loopback ports.</summary>
public static class LoopbackPort
{
    /// <summary>What "localhost" means on this machine.</summary>
    internal static IReadOnlyList<IPAddress> Addresses { get; } =
        HasIPv6() ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];

    /// <summary>A port that nobody listens on at this moment: for a server that says when it lost it.</summary>
    internal static int Free()
    {
        while (true)
        {
            int port;
            using (var listener = new TcpListener(IPAddress.Loopback, 0))
            {
                listener.Start();
                port = ((IPEndPoint)listener.LocalEndpoint).Port;
            }

            if (IsFree(port))
                return port;
        }
    }

    /// <summary>Whether nobody else listens on <paramref name="port"/>.</summary>
    public static bool IsFree(int port) => Addresses.All(address => CanListen(address, port));

    private static bool CanListen(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // A container may know IPv6 and still have no ::1.
    private static bool HasIPv6() => Socket.OSSupportsIPv6 && CanListen(IPAddress.IPv6Loopback, 0);
}
