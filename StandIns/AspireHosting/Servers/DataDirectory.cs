namespace SecureShop.StandIns.AspireHosting.Servers;

/// <summary>Where a system started from a folder keeps its data between runs.</summary>
public static class DataDirectory
{
    /// <summary>
    /// One directory per clone: under the user's data folder, or under /var/lib for root, because the accounts that
    /// root's servers run under cannot enter root's home. Created, entered only by its owner (root's: by its servers too).
    /// </summary>
    public static string For(string projectDirectory) => throw new NotSupportedException();
}
