using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Identity.Mail;

/// <summary>Counts letters by how they ended.</summary>
internal static class MailMetrics
{
    public const string Sent = "sent";
    public const string GivenUp = "given_up";

    private static readonly Counter<long> Mails = ShopMetrics.Meter.CreateCounter<long>("secureshop.mails", "{mail}", "Mails, by how they ended.");

    public static void Ended(string result) => Mails.Add(1, new KeyValuePair<string, object?>("result", result));
}
