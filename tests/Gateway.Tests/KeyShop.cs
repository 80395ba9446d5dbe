using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>A gateway before an identity server that exchanges keys as a test says, and services that remember what reached them.</summary>
internal sealed class KeyShop : IAsyncDisposable
{
    public const string Path = "/api/orders";

    private readonly ConcurrentQueue<Dictionary<string, string>> exchanges = new();
    private readonly ConcurrentQueue<(string Service, Dictionary<string, string> Headers)> served = new();

    public GatewayHost Host { get; private set; } = null!;

    /// <summary>What the token endpoint has been asked.</summary>
    public IReadOnlyList<Dictionary<string, string>> Exchanges => [.. exchanges];

    /// <summary>What has reached anybody else.</summary>
    public IReadOnlyList<(string Service, Dictionary<string, string> Headers)> Served => [.. served];

    /// <summary>Answers an exchange; by default with a token for one's own orders.</summary>
    public Func<string, HttpContext, Task> Exchange { get; set; } = (_, context) => GrantAsync(context);

    public static async Task<KeyShop> StartAsync(params (string Key, string Value)[] settings)
    {
        var shop = new KeyShop();
        shop.Host = await GatewayHost.StartAsync(shop.AnswerAsync, settings);
        return shop;
    }

    /// <summary>A key's token, as Identity makes one.</summary>
    public static Task GrantAsync(HttpContext context, int lifetime = 300, string scope = Scope.OrdersRead, string subject = "alice") => context.Response.WriteAsJsonAsync(new
    {
        access_token = TestTokens.Create(ShopScopes.Find(scope)!.Api!, subject, [scope], [Role.Customer]),
        token_type = "Bearer",
        expires_in = lifetime,
        scope,
    });

    /// <summary>A refusal, by default that of a bad key.</summary>
    public static Task RefuseAsync(HttpContext context, int status = StatusCodes.Status400BadRequest, string error = "invalid_grant")
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error });
    }

    public Task<HttpResponseMessage> GetAsync(string key, string path = Path, CancellationToken? cancellation = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        Assert.True(request.Headers.TryAddWithoutValidation("X-Api-Key", key));
        return Host.Shop.SendAsync(request, cancellation ?? TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private async Task AnswerAsync(string service, HttpContext context)
    {
        if (service == "identity" && context.Request.Path == "/connect/token" && context.Request.HasFormContentType)
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            exchanges.Enqueue(form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal));
            await Exchange(form["api_key"].ToString(), context);
            return;
        }

        served.Enqueue((service, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        await context.Response.WriteAsync("served", context.RequestAborted);
    }
}
