using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests.Support;

/// <summary>A service of the shop that comes to Identity with its own token, as Orders and Catalog do.</summary>
internal sealed class ServiceCaller(IdentityHost host, string service) : IDisposable
{
    private readonly HttpClient http = TestCertificate.Client(host.Address);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The token that it gets by its key.</summary>
    public async Task<string> TokenAsync(string scope = "personal.answer")
    {
        var now = host.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var key = service == "orders" ? IdentityHost.OrdersKey : IdentityHost.CatalogKey;
        var assertion = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["iss"] = $"{service}-service",
                ["sub"] = $"{service}-service",
                ["aud"] = IdentityHost.Issuer,
                ["jti"] = Guid.NewGuid().ToString("N"),
                ["iat"] = now.ToUnixTimeSeconds(),
                ["exp"] = now.AddSeconds(60).ToUnixTimeSeconds(),
            },
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
        });
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"), new("scope", scope), new("client_id", $"{service}-service"),
            new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), new("client_assertion", assertion),
        ]);
        using var answer = await http.PostAsync(new Uri("/connect/token", UriKind.Relative), form, Cancelled);
        var body = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>What waits for it, of one person.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Kind)>> OpenAsync(Guid subject)
    {
        var token = await TokenAsync();
        List<(Guid, string)> found = [];
        string? after = null;
        do
        {
            var (status, body) = await SendAsync(HttpMethod.Get, $"/personal-parts?limit=100{(after is null ? "" : $"&after={after}")}", token);
            Assert.Equal(HttpStatusCode.OK, status);
            var page = JsonDocument.Parse(body).RootElement;
            found.AddRange(page.GetProperty("items").EnumerateArray().Where(one => one.GetProperty("subject").GetString() == $"{subject}")
                .Select(one => (one.GetProperty("id").GetGuid(), one.GetProperty("kind").GetString()!)));
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);
        return found;
    }

    public async Task<HttpStatusCode> AnswerAsync(Guid id, string json)
        => (await SendAsync(HttpMethod.Put, $"/personal-parts/{id}", await TokenAsync(), json)).Status;

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, string? token, string? json = null, string? cookie = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);

        // What is long is asked for first: a refusal while it is still being sent would sometimes break the connection.
        request.Headers.ExpectContinue = json is { Length: > 64 * 1024 };
        using var answer = await http.SendAsync(request, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }

    public void Dispose() => http.Dispose();
}
