using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Identity.Events;

/// <summary>Attempts to sign in, by how they ended.</summary>
internal static class IdentityMetrics
{
    private static readonly Counter<long> SignIns = ShopMetrics.Meter.CreateCounter<long>(
        "secureshop.sign_ins", "{attempt}", "Attempts to sign in, by result.");

    /// <summary>By a reason of <see cref="IdentityRefusal"/>, or <c>success</c>.</summary>
    public static void CountSignIn(string result) => SignIns.Add(1, new KeyValuePair<string, object?>("result", result));

    /// <summary>Somebody is signed in, for <paramref name="client"/> or at our own pages: the metric and the event of it, whichever way they came.</summary>
    public static void SignedIn(this SecurityLog security, ShopUser user, string? client)
    {
        CountSignIn("success");
        security.ForCurrentRequest(StatusCodes.Status302Found).SignedIn(user.Id.ToString(), client);
    }
}
