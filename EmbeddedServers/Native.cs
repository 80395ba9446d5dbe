using System.Runtime.InteropServices;

namespace SecureShop.EmbeddedServers;

/// <summary>The three system calls that the framework does not offer.</summary>
internal static partial class Native
{
    private const int SigKill = 9;

    /// <summary>Sends a signal; false when there is no such process any more.</summary>
    public static bool Signal(int pid, StopSignal signal)
        => Kill(pid, signal == StopSignal.Interrupt ? 2 : 15) == 0;

    /// <summary>Kills every process of a group.</summary>
    public static void KillGroup(int group)
        => _ = Kill(-group, SigKill);

    /// <summary>Gives a file away; needs root.</summary>
    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (ChangeOwnerOf(path, user, group) != 0)
            throw new IOException($"{path}: its owner cannot be changed (error {Marshal.GetLastPInvokeError()}).");
    }

    /// <summary>The account that this process acts as.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwnerOf(string path, uint user, uint group);
}
