namespace SecureShop.StandIns.AspireHosting.Certificates;

/// <summary>Lets one process at a time work in a folder; the kernel gives the lock back when its holder dies.</summary>
internal static class FolderLock
{
    private const int Attempts = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for the folder's turn.</summary>
    /// <exception cref="HostingException">Another process holds it too long, or the folder cannot be written.</exception>
    public static IDisposable Take(string folder)
    {
        var path = Path.Combine(folder, ".lock");
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                Thread.Sleep(Pause);
            }
        }

        throw new HostingException($"Another process holds {path}. Stop it and start again.");
    }
}
