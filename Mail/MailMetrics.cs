using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Mail;

internal static class MailMetrics
{
    private static readonly Counter<long> Mails = ShopMetrics.Meter.CreateCounter<long>("secureshop.mails", "{mail}", "Mails, by how they ended.");

    public static void Ended(bool isSent) => Mails.Add(1, new KeyValuePair<string, object?>("result", isSent ? "sent" : "given_up"));
}
