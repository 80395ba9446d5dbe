using SecureShop.Testing;

namespace SecureShop.IdentityServer.Tests;

public sealed class EventDocumentTests
{
    [Fact]
    [Trait("Practice", "P33")]
    public void The_document_lists_every_event_and_no_other()
        => Assert.Empty(EventDocument.Differences(typeof(IdentityServerConstants).Assembly, 6000, 6999));
}
