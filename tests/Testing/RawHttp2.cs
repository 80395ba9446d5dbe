using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace SecureShop.Testing;

/// <summary>Says in HTTP/2 what no client would, frame by frame.</summary>
public static class RawHttp2
{
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte Continuation = 9;
    private const int FrameSize = 16_384;

    /// <summary>
    /// Sends one GET with these headers, as they are, and says what came back: a status, <c>reset</c> or <c>closed</c>. The last
    /// header is sent once and then referred to <paramref name="repeats"/> times, at one byte each.
    /// </summary>
    public static async Task<string> GetAsync(
        Uri server, string host, string path, IReadOnlyList<(string Name, string Value)> headers, CancellationToken cancellationToken, int repeats = 0)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(headers);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = TestCertificate.TrustOnly(TestCertificate.Leaf), ApplicationProtocols = [SslApplicationProtocol.Http2] },
            cancellationToken);

        using var block = new MemoryStream();
        foreach (var (name, value) in new[] { (":method", "GET"), (":scheme", "https"), (":authority", host), (":path", path) }.Concat(headers.SkipLast(repeats > 0 ? 1 : 0)))
            Literal(block, kind: 0, name, value);
        if (repeats > 0)
            Literal(block, kind: 0x40, headers[^1].Name, headers[^1].Value);

        // 62: the newest entry of the table that the line above filled.
        block.Write([.. Enumerable.Repeat((byte)(0x80 | 62), repeats)]);

        using var request = new MemoryStream();
        request.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Frame(request, Settings, flags: 0, stream: 0, []);
        var chunks = block.ToArray().Chunk(FrameSize).ToList();
        for (var index = 0; index < chunks.Count; index++)
            Frame(request, index == 0 ? Headers : Continuation, (byte)((index == 0 ? 1 : 0) | (index == chunks.Count - 1 ? 4 : 0)), stream: 1, chunks[index]);
        try
        {
            await tls.WriteAsync(request.ToArray(), cancellationToken);
            return await ReadAsync(tls, cancellationToken).WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
        }
        catch (IOException)
        {
            return "closed";
        }
    }

    private static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[9];
        while (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken) == head.Length)
        {
            var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload, cancellationToken);
            switch (head[3])
            {
                case Headers:
                    return Status(payload);
                case Reset:
                    return "reset";
                case GoAway:
                    return "closed";
            }
        }

        return "closed";
    }

    // The status comes first, after an update of the table's size; common ones have a number of their own.
    private static string Status(byte[] block)
    {
        var at = Array.FindIndex(block, octet => (octet & 0xe0) != 0x20);
        return block[at] switch
        {
            >= 0x88 and <= 0x8e => new[] { "200", "204", "206", "304", "400", "404", "500" }[block[at] - 0x88],
            _ => Encoding.ASCII.GetString(block, at + 2, block[at + 1]),
        };
    }

    private static void Literal(Stream block, byte kind, string name, string value)
    {
        block.WriteByte(kind);
        Text(block, name);
        Text(block, value);
    }

    private static void Text(Stream block, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var length = bytes.Length;
        if (length < 127)
        {
            block.WriteByte((byte)length);
        }
        else
        {
            block.WriteByte(127);
            for (length -= 127; length >= 128; length >>= 7)
                block.WriteByte((byte)(length | 128));
            block.WriteByte((byte)length);
        }

        block.Write(bytes);
    }

    private static void Frame(Stream request, byte type, byte flags, int stream, byte[] payload)
    {
        Span<byte> head = stackalloc byte[9];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8);
        (head[3], head[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        request.Write(head);
        request.Write(payload);
    }
}
