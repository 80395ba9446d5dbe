using System.Security.Cryptography;
using SecureShop.EmbeddedServers;

namespace SecureShop.Testing;

/// <summary>A temporary folder and a password: what an embedded server of a test needs around it.</summary>
public sealed class TestServers : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secureshop-test-").FullName;

    /// <summary>Makes the folder.</summary>
    public TestServers()
    {
        // The folder is root's; its servers run as somebody else and pass through.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>A password for one server.</summary>
    public string Password { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>A path in the temporary folder.</summary>
    public string Folder(string name) => Path.Combine(_folder, name);

    /// <summary>A Postgres that forgets everything.</summary>
    public Task<PostgresServer> StartPostgresAsync(CancellationToken cancellationToken) => PostgresServer.StartAsync(
        new() { DataDirectory = Folder("postgres"), Password = Password, Certificate = TestCertificate.Files, Durable = false },
        static _ => { },
        cancellationToken);

    /// <summary>A Redis.</summary>
    public Task<RedisServer> StartRedisAsync(CancellationToken cancellationToken) => RedisServer.StartAsync(
        new() { DataDirectory = Folder("redis"), Password = Password, Certificate = TestCertificate.Files },
        static _ => { },
        cancellationToken);

    /// <summary>Deletes the folder; the servers have ended before.</summary>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
