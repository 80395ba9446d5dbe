
namespace SecureShop.EmbeddedServers;

/// <summary>
/// Who Postgres runs as. It refuses root, rightly: whoever breaks into it would own the machine. Started by root it runs
/// as <c>nobody</c>, in a folder that belongs to that account.
/// </summary>
internal sealed record ServerAccount(string Name, uint User, uint Group)
{
    /// <summary>The account to change to; null where this process is not root and everything runs as its own user.</summary>
    public static ServerAccount? Current { get; } = OperatingSystem.IsWindows() || Native.EffectiveUser() != 0 ? null : Find("nobody");

    /// <summary>Gives a file or folder to the account.</summary>
    public static void Give(string path)
    {
        if (Current is { } account)
            Native.ChangeOwner(path, account.User, account.Group);
    }

    private static ServerAccount Find(string name)
    {
        var fields = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields[0] == name)
            ?? throw new SetupException($"Postgres does not run as root, and the account '{name}' is missing: useradd --system {name}.");
        // macOS writes nobody's id as -2.
        return new(name, unchecked((uint)int.Parse(fields[2])), unchecked((uint)int.Parse(fields[3])));
    }
}
