using System.Net;
using System.Net.Sockets;

namespace SecureShop.StandIns.AspireHosting.Processes;

/// <summary>Loopback ports.</summary>
public static class LoopbackPort
{
    /// <summary>A port that nobody listens on, over IPv4 and (where the machine has it) IPv6.</summary>
    public static int Free()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port))
                return port;
        }
    }

    /// <summary>Whether nobody else listens on <paramref name="port"/>.</summary>
    public static bool IsFree(int port)
        => CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    private static bool CanListen(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException problem)
        {
            // A machine without IPv6 on loopback has nobody listening there either.
            return problem.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
        }
    }
}
