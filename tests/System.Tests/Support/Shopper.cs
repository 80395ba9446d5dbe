using System.Net.Http.Headers;
using System.Text;

namespace SecureShop.SystemTests.Support;

/// <summary>Someone who calls the API, with or without a token.</summary>
public sealed class Shopper(HttpClient client, string? token) : IDisposable
{
    public HttpClient Client => client;

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(request);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> OrderAsync(Guid product, int quantity = 1, string? key = null, string path = "/api/orders") => SendAsync(
        HttpMethod.Post, path, $$"""{"lines":[{"productId":"{{product}}","quantity":{{quantity}}}],"paymentMethod":"pm_ok"}""", ("Idempotency-Key", key ?? Guid.NewGuid().ToString()));

    public void Dispose() => client.Dispose();
}
