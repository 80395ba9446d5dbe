using SecureShop.StandIns.AspireHosting.Certificates;
using SecureShop.StandIns.AspireHosting.Processes;

namespace SecureShop.StandIns.AspireHosting.Servers;

/// <summary>What an embedded Redis needs.</summary>
public sealed record RedisOptions
{
    /// <summary>Where its settings (and data, if any) live.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The password of every client.</summary>
    public required string Password { get; init; }

    /// <summary>Who signs the server's certificate.</summary>
    public required DevelopmentCertificates Certificates { get; init; }

    /// <summary>A fixed port, or 0 for a free one.</summary>
    public int Port { get; init; }
}

/// <summary>A real Redis (Redis, Valkey or Garnet) on loopback, TLS and password only.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    /// <summary>The loopback port.</summary>
    public int Port => throw new NotSupportedException();

    /// <summary>The StackExchange.Redis connection string.</summary>
    public string ConnectionString => throw new NotSupportedException();

    /// <summary>Completes with the exit code when the server ends, asked or not.</summary>
    public Task<int> Exited => throw new NotSupportedException();

    /// <summary>Finds a server (fetching Garnet when none is installed), starts it and waits until it answers.</summary>
    /// <param name="options">What it needs.</param>
    /// <param name="guard">Ends it should this process die first.</param>
    /// <param name="log">Receives progress and the server's own lines.</param>
    /// <param name="cancellationToken">Gives up; nothing stays running.</param>
    /// <exception cref="HostingException">With the mend.</exception>
    public static Task<RedisServer> StartAsync(RedisOptions options, ProcessGuard guard, Action<string> log, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Asks it to stop; killed after the grace.</summary>
    public Task StopAsync(TimeSpan grace) => throw new NotSupportedException();

    /// <summary>Stops it when it still runs.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
