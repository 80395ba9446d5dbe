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

    /// <summary>Somebody is signed in, for <paramref name="client"/> or at our own pages: the metric and the event of it, whichever way they came.</summary>
    public static void SignedIn(this SecurityLog security, ShopUser user, string? client)
    {
        Tried(Success);
        security.ForCurrentRequest(StatusCodes.Status302Found).SignedIn(user.Id.ToString(), client);
    }
}
