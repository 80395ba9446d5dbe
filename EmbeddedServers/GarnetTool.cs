namespace SecureShop.EmbeddedServers;

/// <summary>Microsoft's Garnet as a dotnet tool: the last rung of the ladder to a Redis.</summary>
internal sealed class GarnetTool(string cache, Action<string> log)
{
    private const string Version = "2.2.8";

    /// <summary>NuGet's hash of the package's content, the same from every feed: these bytes and no others are ever run.</summary>
    public string ContentHash { get; init; } = "/P9C9jqZSGfXA0MGhKxhgvnHEKsYHsFt/h9F98g6XVLWHlA4udzRqMQoChcDTNT+lY494ubaSvFYYLIDq2VuIA==";

    private string Home => Path.Combine(cache, $"garnet-{Version}");

    /// <summary>The program, fetched once.</summary>
    /// <exception cref="SetupException">It cannot be had here.</exception>
    public async Task<string> FetchAsync(CancellationToken cancellationToken)
    {
        var program = Path.Combine(Home, "garnet-server");
        if (File.Exists(program))
            return program;

        log($"Redis is not installed: fetching Garnet {Version} with dotnet (25 MB, once)");
        var work = Path.Combine(cache, $".garnet-{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            var (code, lines) = await Tool.RunAsync(
                new(DotNetHost.Program, ["tool", "install", "garnet-server", "--version", Version, "--tool-path", work])
                {
                    WorkingDirectory = work,
                    // Of the program that runs us, where that is dotnet itself: not meant for another.
                    Environment = { ["MSBuildSDKsPath"] = null, ["MSBUILD_EXE_PATH"] = null },
                },
                log,
                cancellationToken);
            if (code != 0)
                throw Missing(lines.LastOrDefault(line => line.Length > 0) ?? $"exit code {code}");
            var hash = Directory.EnumerateFiles(work, $"garnet-server.{Version}.nupkg.sha512", SearchOption.AllDirectories).FirstOrDefault();
            if (hash is null || await File.ReadAllTextAsync(hash, cancellationToken) != ContentHash)
                throw Missing("the package is not the one that was published");
            ServerFolder.Open(work);
            if (!Directory.Exists(Home))
                Directory.Move(work, Home);
        }
        catch (IOException) when (File.Exists(program))
        {
            // Another AppHost was faster by a moment; its copy is as good.
        }
        finally
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }

        return program;
    }

    private static SetupException Missing(string reason)
        => new($"Redis is not installed, and Garnet could not be fetched in its place ({reason}). Install it and start again: {InstallHint.Redis}");
}
