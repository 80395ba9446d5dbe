using System.Diagnostics.Metrics;
using System.Reflection;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

public sealed class EventDocumentTests
{
    [Fact]
    [Trait("Practice", "P33")]
    public void The_document_lists_every_event_and_no_other()
        => Assert.Empty(EventDocument.Differences(typeof(SecurityLog).Assembly, 1000, 1999));

    [Fact]
    [Trait("Practice", "P33")]
    public void The_document_lists_every_metric_and_no_other()
    {
        var published = typeof(ShopMetrics).GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(field => field.GetValue(null)).OfType<Instrument>().ToList();
        Assert.Equal(published.Select(instrument => instrument.Name).Order(StringComparer.Ordinal), EventDocument.Metrics.Order(StringComparer.Ordinal));
        Assert.All(published, instrument => Assert.False(string.IsNullOrEmpty(instrument.Unit) || string.IsNullOrEmpty(instrument.Description), instrument.Name));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void Every_reason_is_snake_case_and_in_the_document()
    {
        var reasons = typeof(RefusalReason).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToList();
        Assert.All(reasons, reason => Assert.Matches("^[a-z]+(_[a-z]+)*$", reason));
        var text = File.ReadAllText(EventDocument.File);
        Assert.All(reasons, reason => Assert.Contains($"`{reason}`", text, StringComparison.Ordinal));
    }
}
