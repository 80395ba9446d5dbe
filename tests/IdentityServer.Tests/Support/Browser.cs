using Microsoft.AspNetCore.WebUtilities;

namespace SecureShop.IdentityServer.Tests.Support;

/// <summary>A user's browser and his client: keeps cookies, follows nothing by itself.</summary>
internal sealed class Browser : IDisposable
{
    private readonly CookieContainer _cookies = new();

    public Browser(HttpMessageHandler server) =>
        Http = new HttpClient(new CookieHandler(_cookies) { InnerHandler = server }, disposeHandler: true) { BaseAddress = new Uri(TestShop.Issuer), Timeout = TimeSpan.FromSeconds(30) };

    public HttpClient Http { get; }

    public void Dispose() => Http.Dispose();

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path, TestContext.Current.CancellationToken);

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using var response = await GetAsync(path);
        response.EnsureSuccessStatusCode();
        return await response.JsonAsync();
    }

    public async Task SignInAsync(string user, string? acr = null)
    {
        using var response = await GetAsync(acr is null ? $"/signin?user={user}" : $"/signin?user={user}&acr={acr}");
        response.EnsureSuccessStatusCode();
    }

    public async Task<HttpResponseMessage> PostAsync(string path, IEnumerable<KeyValuePair<string, string?>> form, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(form.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value!))),
        };
        change?.Invoke(request);
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> TokenAsync(params (string Name, string? Value)[] form) =>
        PostAsync("/connect/token", form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));

    public Task<HttpResponseMessage> AuthorizeAsync(AuthorizeCall call) => GetAsync(QueryHelpers.AddQueryString("/connect/authorize", call.ToParameters()));

    /// <summary>A code for the user who is signed in.</summary>
    public async Task<string> CodeAsync(AuthorizeCall call)
    {
        using var response = await AuthorizeAsync(call);
        return response.Answer()["code"];
    }

    public Task<HttpResponseMessage> ExchangeAsync(string code, AuthorizeCall call) => TokenAsync(
        ("grant_type", "authorization_code"), ("client_id", call.ClientId), ("client_secret", call.ClientSecret), ("code", code),
        ("redirect_uri", call.RedirectUri), ("code_verifier", call.Verifier));

    public Task<HttpResponseMessage> RefreshAsync(string refreshToken, string clientId = "mobile", string? clientSecret = null, string? scope = null) => TokenAsync(
        ("grant_type", "refresh_token"), ("client_id", clientId), ("client_secret", clientSecret), ("refresh_token", refreshToken), ("scope", scope));

    /// <summary>The tokens for the user who is signed in.</summary>
    public async Task<JsonElement> TokensAsync(AuthorizeCall? call = null)
    {
        call ??= new AuthorizeCall();
        using var response = await ExchangeAsync(await CodeAsync(call), call);
        response.EnsureSuccessStatusCode();
        return await response.JsonAsync();
    }

    private sealed class CookieHandler(CookieContainer cookies) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (cookies.GetCookieHeader(request.RequestUri!) is { Length: > 0 } header)
                request.Headers.Add("Cookie", header);
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.TryGetValues("Set-Cookie", out var values))
            {
                foreach (var value in values)
                    cookies.SetCookies(request.RequestUri!, value);
            }

            return response;
        }
    }
}
