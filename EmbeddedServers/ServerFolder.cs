namespace SecureShop.EmbeddedServers;

/// <summary>A server's own folder: what lies in it is read by its account and nobody else.</summary>
internal static class ServerFolder
{
    private const string Certificate = "server.pem";
    private const string Key = "server.key";
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Runnable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Makes the folder.</summary>
    public static void Create(string folder)
    {
        DataDirectory.Create(Path.GetDirectoryName(folder)!);
        PrivateFiles.CreateFolder(folder);
        ServerAccount.ChangeOwner(folder);
    }

    /// <summary>Writes a file that may hold a secret: command lines and, with luck, environments are read by others.</summary>
    public static void Write(string file, string text)
    {
        PrivateFiles.Write(file, text);
        ServerAccount.ChangeOwner(file);
    }

    /// <summary>Copies a certificate and its key for the server: the owner of the originals may be another.</summary>
    public static CertificateFiles Copy(CertificateFiles certificate, string folder)
    {
        var copy = new CertificateFiles(Path.Combine(folder, Certificate), Path.Combine(folder, Key));
        Write(copy.CertificatePath, File.ReadAllText(certificate.CertificatePath));
        Write(copy.KeyPath, File.ReadAllText(certificate.KeyPath));
        return copy;
    }

    /// <summary>Has the servers' account read and run what root fetched for it, whatever root's umask is.</summary>
    public static void Open(string fetched)
    {
        if (OperatingSystem.IsWindows() || ServerAccount.Current is null)
            return;
        foreach (var entry in new DirectoryInfo(fetched).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Prepend(new DirectoryInfo(fetched)))
        {
            if (entry.LinkTarget is null)
                entry.UnixFileMode |= entry is DirectoryInfo || entry.UnixFileMode.HasFlag(UnixFileMode.UserExecute) ? Runnable : Readable;
        }
    }

    /// <summary>Whether other accounts may enter a folder, from the root on.</summary>
    public static bool IsOpen(string folder)
    {
        for (var part = new DirectoryInfo(folder); part is not null; part = part.Parent)
        {
            if (!OperatingSystem.IsWindows() && !part.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return false;
        }

        return true;
    }
}
