using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Identity.Accounts;

/// <summary>Counts attempts to sign in.</summary>
internal static class SignInMetrics
{
    public const string Success = "success";

    private static readonly Counter<long> SignIns = ShopMetrics.Meter.CreateCounter<long>(
        "secureshop.sign_ins", "{attempt}", "Attempts to sign in, by result.");

    /// <param name="result"><see cref="Success"/> or a reason of <see cref="IdentityRefusal"/>.</param>
    public static void Tried(string result) => SignIns.Add(1, new KeyValuePair<string, object?>("result", result));
}
