using System.Net;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>Who signs out has nothing that lives on anywhere.</summary>
[Trait("Practice", "P03")]
[Trait("Practice", "P43")]
public sealed class RevocationTests(ShopSystem shop)
{
    // Two seconds, and five times that on a machine that runs other tests beside it.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task After_sign_out_the_access_token_is_soon_refused_and_another_sessions_is_not()
    {
        using var browser = new Browser(shop.Run.Place);
        using var bob = shop.WithToken((await browser.SignInAsync("bob@secureshop.example", shop.Run.Place.Secrets["demo-bob-password"], ShopSystem.EveryScope)).Access);
        using var elsewhere = await shop.SignedInAsync("bob");
        using (var read = await bob.GetAsync("/api/orders"))
            await read.JsonAsync();

        await browser.SignOutAsync();
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var answer = await bob.GetAsync("/api/orders");
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
                break;
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Soon);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        using var other = await elsewhere.GetAsync("/api/orders");
        await other.JsonAsync();
    }
}
