using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SecureShop.Firewall.Tests;

/// <summary>
/// What this thread has computed. On a machine that does much else a long run is put aside many times and a short one never, so that by the
/// clock on the wall the long one looks longer than it is. Where nobody tells it, it is that clock.
/// </summary>
internal static class ThreadTime
{
    // CLOCK_THREAD_CPUTIME_ID of Linux.
    private const int ThreadClock = 3;

    public static TimeSpan Now()
        => OperatingSystem.IsLinux() && ReadClock(ThreadClock, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ReadClock(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly nint Seconds;

        public readonly nint Nanoseconds;
    }
}
