using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using SecureShop.Testing;

namespace SecureShop.Bench.Gateway;

/// <summary>
/// One connection that speaks as little HTTP as it needs, because it shares the processors with what it measures: the bytes are made
/// before, and of an answer the status and the length are read.
/// </summary>
internal sealed class Caller : IAsyncDisposable
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly TcpClient tcp = new() { NoDelay = true };
    private SslStream? tls;

    public List<double> Milliseconds { get; } = [];

    public int Failed { get; private set; }

    public async Task ConnectAsync(Uri address)
    {
        await tcp.ConnectAsync(address.Host, address.Port);
        tls = new(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = address.Host,
            CertificateChainPolicy = TestCertificate.TrustOnly(TestCertificate.Leaf),
        });
    }

    public async Task CallAsync(byte[] message, long began, TimeSpan duration)
    {
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            var sent = Stopwatch.GetTimestamp();
            await tls!.WriteAsync(message);
            if (await ReadAsync() / 100 != 2)
                Failed++;
            Milliseconds.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
    }

    /// <summary>Asks once. Answers the status.</summary>
    public async Task<int> AskAsync(byte[] message)
    {
        await tls!.WriteAsync(message);
        return await ReadAsync();
    }

    public ValueTask DisposeAsync()
    {
        tcp.Dispose();
        return tls?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    /// <summary>Reads an answer to its end, which of one in chunks is the last of them: here it is all that was sent.</summary>
    private async ValueTask<int> ReadAsync()
    {
        var (read, end) = (0, -1);
        while (end < 0)
        {
            read += await ReceiveAsync(read);
            end = buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
        }

        var status = ((buffer[9] - '0') * 100) + ((buffer[10] - '0') * 10) + buffer[11] - '0';
        if (buffer.AsSpan(0, end + 2).IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0)
        {
            while (!buffer.AsSpan(0, read).EndsWith("\r\n0\r\n\r\n"u8))
                read += await ReceiveAsync(read);
            return status;
        }

        var length = LengthOf(buffer.AsSpan(0, end + 2));
        for (var missing = end + 4 + length - read; missing > 0; missing -= await ReceiveAsync(0))
        {
        }

        return status;
    }

    private async ValueTask<int> ReceiveAsync(int from)
        => await tls!.ReadAsync(buffer.AsMemory(from)) is > 0 and var count ? count : throw new IOException("The server has closed the connection.");

    private static int LengthOf(ReadOnlySpan<byte> head)
        => head.IndexOf("\r\nContent-Length: "u8) is >= 0 and var at && Utf8Parser.TryParse(head[(at + 18)..], out int length, out _)
            ? length
            : throw new InvalidDataException("The answer has no length.");
}
