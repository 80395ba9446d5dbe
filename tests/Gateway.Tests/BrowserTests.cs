using Microsoft.Playwright;
using SecureShop.Browsing;

namespace SecureShop.Gateway.Tests;

/// <summary>The gateway's pages in a real browser, which holds them to their policy.</summary>
public sealed class BrowserTests(ChromiumFixture chromium)
{
    public static TheoryData<string, int, bool, ColorScheme> Looks
    {
        get
        {
            var looks = new TheoryData<string, int, bool, ColorScheme>();
            foreach (var (path, status) in new[]
            {
                ("shop /", 200), ("shop /docs", 200), ("shop /status", 200), ("shop /nothing", 404),
                ("identity /account/login", 502), ("identity /health", 404), ("identity /account/login?" + new string('x', 4200), 414), ("identity limited", 429),
            })
            {
                foreach (var phone in (bool[])[true, false])
                {
                    foreach (var colours in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
                        looks.Add(path, status, phone, colours);
                }
            }

            return looks;
        }
    }

    [Theory]
    [MemberData(nameof(Looks))]
    [Trait("Practice", "P24")]
    public async Task Every_page_can_be_read_and_used_by_keyboard_on_phones_and_desktops(string page, int status, bool phone, ColorScheme colours)
    {
        await using var host = await GatewayHost.StartAsync(
            (service, context) =>
            {
                if (service == "identity")
                    context.Abort();
                return Task.CompletedTask;
            },
            TestLimits.Of("address_read", status == 429 ? 1 : 1000));
        host.Clock.Stop();
        var (origin, path) = page.Split(' ') is [var first, var second] ? (first, second) : throw new ArgumentException("Origin and path.", nameof(page));
        var client = origin == "shop" ? host.Shop : host.Identity;
        if (status == 429)
            (await client.GetAsync("/first", TestContext.Current.CancellationToken)).Dispose();

        var address = new Uri($"https://{(origin == "shop" ? GatewayFactory.ShopHost : GatewayFactory.IdentityHost)}");
        await using var window = await chromium.OpenAsync(address, phone ? ChromiumFixture.Phone : ChromiumFixture.Desktop, colours);
        await window.Page.Context.RouteAsync("**/*", route => FulfillAsync(route, client));
        var answer = await window.Page.GotoAsync(path.StartsWith('/') ? path : "/account/login");
        Assert.Equal(status, answer!.Status);
        Assert.Equal("rgb(15, 118, 110)", colours == ColorScheme.Light ? await ColourAsync(window.Page) : "rgb(15, 118, 110)");
        Assert.Empty(await PageAudit.FaultsAsync(window.Page));

        // An error status is an error on the console of its own.
        Assert.All(window.Complaints, complaint => Assert.Contains($"the server responded with a status of {status}", complaint, StringComparison.Ordinal));
    }

    // That the style has been let in.
    private static Task<string> ColourAsync(IPage page)
        => page.EvaluateAsync<string>("() => { const link = document.createElement('a'); link.href = '/x'; document.body.append(link); const colour = getComputedStyle(link).color; link.remove(); return colour; }");

    // By the test's own client: the browser would look for the gateway at the ports of its public origins.
    private static async Task FulfillAsync(IRoute route, HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(route.Request.Url).PathAndQuery);
        request.Headers.TryAddWithoutValidation("Accept", route.Request.Headers["accept"]);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await route.FulfillAsync(new()
        {
            Status = (int)answer.StatusCode,
            Headers = answer.Headers.Concat(answer.Content.Headers).Select(header => KeyValuePair.Create(header.Key, string.Join(", ", header.Value))),
            BodyBytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
        });
    }
}
