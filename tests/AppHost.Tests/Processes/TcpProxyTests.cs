using System.Net;
using System.Net.Sockets;
using System.Text;
using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.Processes;

namespace SecureShop.AppHost.Tests.Processes;

public sealed class TcpProxyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_take_turns_and_one_that_is_down_is_skipped()
    {
        await using var a = new NamedServer("a");
        await using var b = new NamedServer("b");
        await using var proxy = TcpProxy.Start(0, [a.Port, LoopbackPort.Free(), b.Port]);
        var answers = new List<string>();
        for (var i = 0; i < 6; i++)
            answers.Add(await AskAsync(proxy.Port, "x"));
        Assert.Equal(2, answers.Count(answer => answer == "a:x"));
        Assert.Equal(4, answers.Count(answer => answer == "b:x"));
    }

    [Fact]
    public async Task New_targets_take_effect_at_once()
    {
        await using var a = new NamedServer("a");
        await using var b = new NamedServer("b");
        await using var proxy = TcpProxy.Start(0, [a.Port]);
        Assert.Equal("a:1", await AskAsync(proxy.Port, "1"));
        proxy.Targets = [b.Port];
        Assert.Equal("b:2", await AskAsync(proxy.Port, "2"));
    }

    [Fact]
    public async Task An_answer_arrives_whole_after_the_client_has_said_that_it_is_done()
    {
        // The server answers only after the client's end of stream: the proxy must pass that on, and keep the other way open.
        await using var server = new NamedServer("whole");
        await using var proxy = TcpProxy.Start(0, [server.Port]);
        var question = new string('q', 3_000_000);
        Assert.Equal($"whole:{question}", await AskAsync(proxy.Port, question));
    }

    [Fact]
    public async Task Without_a_living_target_the_connection_is_closed()
    {
        await using var proxy = TcpProxy.Start(0, [LoopbackPort.Free()]);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port, Cancellation);
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], Cancellation));
    }

    [Fact]
    public async Task Stopping_closes_the_port_and_every_connection()
    {
        await using var server = new NamedServer("a");
        using var client = new TcpClient();
        var proxy = TcpProxy.Start(0, [server.Port]);
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port, Cancellation);
        await client.GetStream().WriteAsync("x"u8.ToArray(), Cancellation);
        await proxy.DisposeAsync();
        using var late = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await late.ConnectAsync(IPAddress.Loopback, proxy.Port, Cancellation));
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            if (await client.GetStream().ReadAsync(new byte[1], Cancellation) == 0)
                throw new IOException("closed");
        });
    }

    [Fact]
    public async Task A_taken_port_is_one_sentence()
    {
        await using var first = TcpProxy.Start(0, []);
        var problem = Assert.Throws<HostingException>(() => TcpProxy.Start(first.Port, []));
        Assert.Contains($"Port {first.Port}", problem.Message, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(int port, string question)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(question), Cancellation);
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancellation);
    }

    /// <summary>Reads to the end, then answers "name:question".</summary>
    private sealed class NamedServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public NamedServer(string name)
        {
            _listener.Start();
            _serving = ServeAsync(name);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _serving;
        }

        private async Task ServeAsync(string name)
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync(Cancellation);
                    using var reader = new StreamReader(client.GetStream());
                    var question = await reader.ReadToEndAsync(Cancellation);
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{name}:{question}"), Cancellation);
                }
            }
            catch (Exception problem) when (problem is SocketException or IOException or ObjectDisposedException)
            {
                // The test is over, or its client was cut off.
            }
        }
    }
}
