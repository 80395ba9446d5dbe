using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>The folder that keeps data and generated secrets between runs, locked while this process uses it.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string Secrets = "secrets.json";
    private const string Audit = "audit";

    // All that runs leave here, also when they are killed.
    private static readonly string[] Contents =
        ["postgres", $"postgres{PostgresCluster.Unfinished}", $"postgres{PostgresCluster.PasswordFile}", "redis", "certificate", Audit, Secrets];

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        Root = path;
        _lock = @lock;
    }

    public string Root { get; }

    public string SecretsFile => For(Secrets);

    /// <summary>Where the services keep what they sign of their audit trails.</summary>
    public string Checkpoints => For(Audit);

    public string Postgres => For("postgres");

    /// <summary>Makes and locks the folder.</summary>
    /// <exception cref="SetupException">Another AppHost uses it, or it cannot be used.</exception>
    public static DataFolder Open(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            DataDirectory.Create(path);
            return new(path, new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new SetupException($"The data folder {path} cannot be used ({problem.Message}): mend its rights, or choose another with --data-dir.", problem);
        }
        catch (IOException problem)
        {
            throw new SetupException($"Another AppHost uses the data folder {path}: stop it first, or choose another folder with --data-dir.", problem);
        }
        catch (SetupException problem)
        {
            throw new SetupException($"{problem.Message} Choose another folder with --data-dir.", problem);
        }
    }

    /// <summary>The place of one thing in it.</summary>
    public string For(string name) => Path.Combine(Root, name);

    /// <summary>Deletes what runs have left, and nothing else: a folder named by mistake must not lose a file.</summary>
    /// <exception cref="SetupException">It cannot be deleted.</exception>
    public void Clear()
    {
        try
        {
            foreach (var name in Contents.Select(For))
            {
                if (Directory.Exists(name))
                    Directory.Delete(name, recursive: true);
                File.Delete(name);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The old data in {Root} cannot be deleted ({problem.Message}): delete that folder yourself.", problem);
        }
    }

    public void Dispose() => _lock.Dispose();
}
