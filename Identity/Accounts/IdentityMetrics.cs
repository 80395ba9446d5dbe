using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Identity.Accounts;

/// <summary>Attempts to sign in and mails, by how they ended.</summary>
internal static class IdentityMetrics
{
    private static readonly Counter<long> SignIns = ShopMetrics.Meter.CreateCounter<long>(
        "secureshop.sign_ins", "{attempt}", "Attempts to sign in, by result.");

    private static readonly Counter<long> Mails = ShopMetrics.Meter.CreateCounter<long>("secureshop.mails", "{mail}", "Mails, by how they ended.");

    /// <param name="refusal">A reason of <see cref="IdentityRefusal"/>.</param>
    public static void SignInRefused(string refusal) => Count(SignIns, refusal);

    public static void MailEnded(bool isSent) => Count(Mails, isSent ? "sent" : "given_up");

    /// <summary>Somebody is signed in, for <paramref name="client"/> or at our own pages: the metric and the event of it, whichever way they came.</summary>
    public static void SignedIn(this SecurityLog security, ShopUser user, string? client)
    {
        Count(SignIns, "success");
        security.ForCurrentRequest(StatusCodes.Status302Found).SignedIn(user.Id.ToString(), client);
    }

    private static void Count(Counter<long> counter, string result) => counter.Add(1, new KeyValuePair<string, object?>("result", result));
}
