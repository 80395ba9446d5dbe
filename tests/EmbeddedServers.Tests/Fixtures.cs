using System.Runtime.Versioning;
using SecureShop.Testing;

// The embedded servers run on Linux and macOS; on Windows through WSL 2.
[assembly: UnsupportedOSPlatform("windows")]
[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(RedisFixture))]
