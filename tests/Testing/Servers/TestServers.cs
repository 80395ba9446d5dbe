using System.Security.Cryptography;
using SecureShop.EmbeddedServers;

namespace SecureShop.Testing;

/// <summary>A temporary folder and a guard: what an embedded server of a test needs around it.</summary>
public sealed class TestServers : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secureshop-test-").FullName;

    /// <summary>Makes them.</summary>
    public TestServers()
    {
        // The folder is root's; its servers run as somebody else and pass through.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>Ends the servers with this process.</summary>
    public ProcessGuard Guard { get; } = ProcessGuard.Start();

    /// <summary>A password for one server.</summary>
    public string Password { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>A path in the temporary folder.</summary>
    public string Folder(string name) => Path.Combine(_folder, name);

    /// <summary>A Postgres that forgets everything.</summary>
    public Task<PostgresServer> StartPostgresAsync(CancellationToken cancellationToken) => PostgresServer.StartAsync(
        new() { DataDirectory = Folder("postgres"), Password = Password, Certificate = TestCertificate.Files, Durable = false },
        Guard,
        static _ => { },
        cancellationToken);

    /// <summary>A Redis.</summary>
    public Task<RedisServer> StartRedisAsync(CancellationToken cancellationToken) => RedisServer.StartAsync(
        new() { DataDirectory = Folder("redis"), Password = Password, Certificate = TestCertificate.Files },
        Guard,
        static _ => { },
        cancellationToken);

    /// <summary>Ends what still runs and deletes the folder.</summary>
    public void Dispose()
    {
        Guard.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
