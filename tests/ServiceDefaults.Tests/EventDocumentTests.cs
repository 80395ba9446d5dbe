using SecureShop.ServiceDefaults.Events;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

public sealed class EventDocumentTests
{
    // Each is tested with the service that measures it.
    private static readonly string[] OfServices = ["secureshop.sign_ins", "secureshop.mails", "secureshop.limits.hit", "secureshop.firewall.hits", "secureshop.orders", "secureshop.sealing.waiting", "secureshop.reservations", "secureshop.outbox.messages", "secureshop.personal_data.parts"];

    [Fact]
    [Trait("Practice", "P33")]
    public void The_document_lists_every_event_metric_and_reason_and_no_other()
        => Assert.Empty(EventDocument.Differences([typeof(SecurityLog).Assembly], 1000, 1999, EventDocument.Metrics.Except(OfServices, StringComparer.Ordinal)));
}
