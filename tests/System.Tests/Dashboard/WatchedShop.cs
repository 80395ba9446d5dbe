using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using SecureShop.Browsing;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests.Dashboard;

/// <summary>
/// The shop after a purchase and after attacks, and someone who watches it in a browser, signed in by the link of AppHost.
/// </summary>
public sealed class WatchedShop(ShopSystem shop) : IAsyncLifetime
{
    public const string Payload = "lamp' UNION SELECT password_hash FROM identity.users --";

    private readonly ChromiumFixture chromium = new();
    private string? session;

    /// <summary>The subject of the account whose password was guessed at.</summary>
    public string Victim { get; private set; } = "";

    /// <summary>The order that Alice placed.</summary>
    public Guid Order { get; private set; }

    /// <summary>The trace of Bob's look at it.</summary>
    public string OthersOrderTrace { get; private set; } = "";

    /// <summary>The trace of a call with a forged token.</summary>
    public string ForgedTokenTrace { get; private set; } = "";

    public Uri Address => shop.Run.Ready.Dashboard!.Url;

    public Uri Shop => shop.Run.Place.Shop;

    public AppHostRun Run => shop.Run;

    public async ValueTask InitializeAsync()
    {
        await BuyAsync();
        await AttackAsync();
        await chromium.InitializeAsync();
        await using var window = await chromium.OpenAsync(Address);
        await window.Page.GotoAsync(shop.Run.Ready.Dashboard!.LoginUrl.AbsoluteUri);
        await window.Page.GetByRole(AriaRole.Heading, new() { Name = "Resources", Level = 1 }).WaitForAsync();
        session = await window.SessionAsync();
    }

    public ValueTask DisposeAsync() => chromium.DisposeAsync();

    /// <summary>Opens a page of the dashboard.</summary>
    public async Task<Window> OpenAsync(string path, ViewportSize? size = null, ColorScheme colours = ColorScheme.Light)
    {
        var window = await chromium.OpenAsync(Address, size, colours, session);
        await window.Page.GotoAsync(path);
        return window;
    }

    /// <summary>A window of somebody whom no link has signed in.</summary>
    public Task<Window> OpenAsStrangerAsync() => chromium.OpenAsync(Address);

    /// <summary>Asks the dashboard's API with a window's cookies.</summary>
    public async Task<JsonElement> AskAsync(Window window, string path)
    {
        var answer = await window.Page.APIRequest.GetAsync(new Uri(Address, path).AbsoluteUri);
        Assert.Equal(200, answer.Status);
        return (await answer.JsonAsync())!.Value;
    }

    /// <summary>Calls with a token whose signature is wrong; gives the trace of the refusal.</summary>
    public async Task<string> ForgeAsync()
    {
        var token = (await shop.TokensOfAsync("alice")).Access;
        using var forger = shop.WithToken(token[..^8] + "AAAAAAAA");
        using var refused = await forger.GetAsync("/api/orders");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        return await refused.TraceIdAsync();
    }

    /// <summary>Searches the catalog with a payload; it is text like any other.</summary>
    public async Task SearchWithPayloadAsync()
    {
        using var guest = shop.Guest();
        using var found = await guest.GetAsync($"/api/catalog/products?q={Uri.EscapeDataString(Payload)}");
        Assert.Equal(0, (await found.JsonAsync()).GetProperty("items").GetArrayLength());
    }

    /// <summary>Asks the identity server, through the gateway, who it is.</summary>
    public async Task FindIssuerAsync()
    {
        using var guest = shop.Guest(shop.Run.Place.Identity);
        using var answer = await guest.GetAsync("/.well-known/openid-configuration");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task BuyAsync()
    {
        using var alice = await shop.SignedInAsync("alice");
        using var found = await alice.GetAsync("/api/catalog/products?inStock=true&limit=1");
        var product = (await found.JsonAsync()).GetProperty("items")[0].GetProperty("id").GetGuid();
        using var placed = await alice.OrderAsync(product);
        Order = (await placed.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private async Task AttackAsync()
    {
        await GuessPasswordsAsync();
        using var bob = await shop.SignedInAsync("bob");
        using var hidden = await bob.GetAsync($"/api/orders/{Order}");
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        OthersOrderTrace = await hidden.TraceIdAsync();
        await SearchWithPayloadAsync();
        ForgedTokenTrace = await ForgeAsync();
        using var guest = shop.Guest();
        using var refused = await guest.GetAsync("/api/orders");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private async Task GuessPasswordsAsync()
    {
        var email = $"watched-{Guid.NewGuid():N}@secureshop.example";
        const string password = "cobalt ladder 63 pumpkin";
        using (var owner = new Browser(shop.Run))
        {
            await owner.RegisterAsync("Watched", email, password);
            Victim = Claims.Subject((await owner.SignInAsync(email, password, "openid")).Access);
        }

        for (var guess = 0; guess < 6; guess++)
        {
            // From ever new addresses, as those do who guess.
            using var attacker = new Browser(shop.Run);
            await attacker.GuessAsync(email, $"wrong password {guess}");
        }
    }
}
