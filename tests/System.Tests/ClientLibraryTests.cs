using SecureShop.SystemTests.Support;
using SecureShop.Testing;

namespace SecureShop.SystemTests;

/// <summary>A client that knows nothing but the address of an API finds its way from the refusal alone.</summary>
public sealed class ClientLibraryTests(ShopSystem shop, ClientLibraries libraries) : IClassFixture<ClientLibraries>
{
    [Fact]
    [Trait("Practice", "P02")]
    [Trait("Practice", "P04")]
    public async Task From_a_refusal_to_what_was_refused_with_proofs_of_a_key()
    {
        var place = shop.Run.Place;
        var output = await libraries.RunAsync(
            "way.mjs",
            new
            {
                issuer = place.Identity.GetLeftPart(UriPartial.Authority),
                shop = place.Shop.GetLeftPart(UriPartial.Authority),
                keys = new { partner = place.Secrets["partner-key"] },
            },
            place.CertificatePath);
        Assert.True(output.ExitCode == 0, output.Text);
    }
}
