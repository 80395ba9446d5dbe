using SecureShop.Identity.Accounts;

namespace SecureShop.Identity.Tests.Support;

/// <summary>How often one may guess where nothing is configured.</summary>
internal static class Limits
{
    public static int PerAccount { get; } = new AttemptOptions().PerAccount;

    public static int PerDevice { get; } = new AttemptOptions().PerDevice;
}
