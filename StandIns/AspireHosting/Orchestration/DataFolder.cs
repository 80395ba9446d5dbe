namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>The folder that keeps data between runs, locked while this process uses it.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    /// <summary>Makes and locks the folder.</summary>
    /// <exception cref="HostingException">Another AppHost uses it, or it cannot be used.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new HostingException($"The data folder {path} cannot be made ({problem.Message}): choose another with --data-dir.", problem);
        }

        try
        {
            return new(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new HostingException($"The data folder {path} cannot be written to ({problem.Message}): mend its rights, or choose another with --data-dir.", problem);
        }
        catch (IOException problem)
        {
            throw new HostingException($"Another AppHost uses the data folder {path}: stop it first, or choose another folder with --data-dir.", problem);
        }
    }

    /// <summary>A folder of one resource.</summary>
    public string For(string resource) => System.IO.Path.Combine(Path, resource);

    /// <summary>Deletes what runs have left, and nothing else: a folder named by mistake must not lose a file.</summary>
    public void Clear(IEnumerable<string> resources)
    {
        try
        {
            File.Delete(System.IO.Path.Combine(Path, KeptValues.FileName));
            foreach (var folder in resources.Select(For).Where(Directory.Exists))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new HostingException($"The old data in {Path} cannot be deleted ({problem.Message}): delete that folder yourself.", problem);
        }
    }

    public void Dispose() => _lock.Dispose();
}
