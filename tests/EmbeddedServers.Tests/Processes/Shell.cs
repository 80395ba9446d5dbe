using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost.Tests.Processes;

internal static class Shell
{
    /// <summary>A child that runs a line of shell; its output lines go to <paramref name="lines"/>.</summary>
    public static ChildProcess Start(ProcessGuard guard, string script, LineQueue lines, string? userName = null)
        => ChildProcess.Start(new() { FileName = "sh", Arguments = ["-c", script], UserName = userName }, guard, lines.Add);
}
