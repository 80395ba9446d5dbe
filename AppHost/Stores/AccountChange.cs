using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>The words before a command line that have it run under another account; they replace themselves by the program.</summary>
internal static class AccountChange
{
    public static string[] To(ServerAccount? account) => account is null
        ? []
        : ["setpriv", $"--reuid={account.User}", $"--regid={account.Group}", "--clear-groups", "--"];
}
