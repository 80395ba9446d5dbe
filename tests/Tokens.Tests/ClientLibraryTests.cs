using System.Security.Cryptography;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Tokens.Tests;

/// <summary>Others have written these clients, and certified them: what they take for right is right.</summary>
[Trait("Practice", "P01")]
public sealed class ClientLibraryTests(Replicas replicas, ClientLibraries libraries) : IClassFixture<ClientLibraries>
{
    [Theory]
    [InlineData("openid-client")]
    [InlineData("oauth4webapi")]
    public async Task An_unmodified_client_is_content(string library)
    {
        using var person = await Person.SignedInAsync(replicas.One);
        var output = await libraries.RunAsync(library + ".mjs", new
        {
            issuer = IdentityHost.Issuer,
            address = replicas.One.Address.GetLeftPart(UriPartial.Authority),
            cookies = person.Browser.Cookies,
            keys = new { storefront = Key(Replicas.StorefrontKey), partner = Key(Replicas.PartnerKey), orders = Key(IdentityHost.OrdersKey) },
            demoSecret = IdentityHost.DemoSecret,
            storefrontRedirect = Replicas.ShopOrigin + "/signin-oidc",
            storefrontSignedOut = Replicas.ShopOrigin + "/signout-callback-oidc",
        });
        Assert.True(output.ExitCode == 0, output.Text);
    }

    private static string Key(ECDsa key) => Convert.ToBase64String(key.ExportPkcs8PrivateKey());
}
