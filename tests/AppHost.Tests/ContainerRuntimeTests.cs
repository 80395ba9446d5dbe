namespace SecureShop.AppHost.Tests;

/// <summary>What counts as a container runtime, by programs that only look like one.</summary>
[Collection<PathCollection>]
public sealed class ContainerRuntimeTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public ContainerRuntimeTests() => Environment.SetEnvironmentVariable("PATH", _folder.Root);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("exit 1", null, null)]
    [InlineData("echo 28.1.1", null, "docker")]
    [InlineData("exit 1", "echo 5.4.2", "podman")]
    [InlineData("exec sleep 30", "echo 5.4.2", "podman")]
    [InlineData("exec sleep 30", null, null)]
    public async Task Counts_when_it_answers_in_time(string? docker, string? podman, string? found)
    {
        foreach (var (name, script) in new[] { ("docker", docker), ("podman", podman) })
        {
            if (script is not null)
                _folder.Script(name, script);
        }

        Assert.Equal(found, await ContainerRuntime.FindAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_volume_is_deleted_by_its_name()
    {
        _folder.Script("docker", $"echo \"$@\" > {_folder.For("asked")}");

        Assert.True(await ContainerRuntime.DeleteVolumeAsync("docker", "secureshop-1-postgres", TestContext.Current.CancellationToken));

        Assert.Equal("volume rm --force secureshop-1-postgres\n", await File.ReadAllTextAsync(_folder.For("asked"), TestContext.Current.CancellationToken));
        File.Delete(_folder.For("docker"));
        _folder.Script("docker", "exit 1");
        Assert.False(await ContainerRuntime.DeleteVolumeAsync("docker", "secureshop-1-postgres", TestContext.Current.CancellationToken));
    }
}

/// <summary>PATH belongs to the whole process.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class PathCollection;
