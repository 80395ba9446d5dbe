using System.Globalization;
using System.Runtime.InteropServices;

namespace SecureShop.EmbeddedServers;

/// <summary>
/// Who the servers run as. Postgres refuses root, rightly: whoever breaks into it would own the machine. Started by root
/// they run as <c>nobody</c>, in folders that belong to that account.
/// </summary>
internal sealed partial record ServerAccount(string Name, uint User, uint Group)
{
    /// <summary>The account to change to; null where this process is not root and everything runs as its own user.</summary>
    public static ServerAccount? Current => Found.Value;

    private static Lazy<ServerAccount?> Found { get; } = new(() => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess ? Find("nobody") : null);

    /// <summary>Gives a file or folder to the account.</summary>
    public static void ChangeOwner(string path)
    {
        if (Current is { } account && ChangeOwner(path, account.User, account.Group) != 0)
            throw new IOException($"{path}: its owner cannot be changed (error {Marshal.GetLastPInvokeError()}).");
    }

    private static ServerAccount Find(string name)
    {
        var fields = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields[0] == name)
            ?? throw new SetupException($"No server runs as root, and the account '{name}' is missing: useradd --system {name}.");
        // macOS writes nobody's id as -2.
        return new(name, Id(fields[2]), Id(fields[3]));

        static uint Id(string text) => unchecked((uint)int.Parse(text, CultureInfo.InvariantCulture));
    }

    // The framework has no chown. Not following links: the target of one is not ours to give away.
    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
