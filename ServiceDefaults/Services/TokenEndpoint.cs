using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.ServiceDefaults.Services;

/// <summary>Registers <see cref="TokenEndpoint"/>.</summary>
public static class TokenEndpointExtensions
{
    /// <summary>Lets this service ask for tokens as the client that its section <c>ServiceClient</c> names.</summary>
    public static void AddTokenEndpoint(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(service => service.ServiceType == typeof(TokenEndpoint)))
            return;
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddValidatedOptions<IssuerOptions, IssuerOptions.Validator>(IssuerOptions.Section);
        builder.AddValidatedOptions<ServiceClientOptions, ServiceClientOptions.Validator>(ServiceClientOptions.Section);
        builder.Services.AddHttpClient(TokenEndpoint.HttpClientName).AddNamedService("identity", calls => calls.AddCallResilience("identity"));
        builder.Services.AddSingleton<ClientAssertion>();
        builder.Services.AddSingleton(services => new TokenEndpoint(
            services.GetRequiredService<IHttpClientFactory>(), services.GetRequiredService<ClientAssertion>()));
    }
}

/// <summary>An access token, and for how long and for what it is good.</summary>
public sealed class TokenGrant(string accessToken, TimeSpan lifetime, IReadOnlyList<string> scopes)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>The token.</summary>
    public string AccessToken { get; } = accessToken;

    /// <summary>How long it may be kept, from when it was asked for: until half a minute before its end, or half its life where that is short.</summary>
    public TimeSpan KeepFor { get; } = lifetime > 2 * Margin ? lifetime - Margin : lifetime / 2;

    /// <summary>What the answer says that it is for.</summary>
    public IReadOnlyList<string> Scopes { get; } = scopes;
}

/// <summary>The identity server's token endpoint, asked by this service as the client that it is (RFC 7523).</summary>
public sealed class TokenEndpoint
{
    internal const string HttpClientName = "token-endpoint";

    private readonly IHttpClientFactory clients;
    private readonly ClientAssertion assertion;

    internal TokenEndpoint(IHttpClientFactory clients, ClientAssertion assertion) => (this.clients, this.assertion) = (clients, assertion);

    /// <summary>Asks by <paramref name="grantType"/>, with what that takes.</summary>
    /// <returns>Null where <paramref name="parameter"/> is no good (<c>invalid_grant</c>).</returns>
    /// <exception cref="HttpRequestException">There is no answer, or one that refuses this service itself.</exception>
    public async Task<TokenGrant?> AskAsync(string grantType, KeyValuePair<string, string> parameter, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(HttpClientName);
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", grantType),
            parameter,
            new("client_id", assertion.ClientId),
            new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            new("client_assertion", assertion.Create()),
        ]);
        using var answer = await client.PostAsync(new Uri("/connect/token", UriKind.Relative), form, cancellationToken);
        if (answer.IsSuccessStatusCode)
            return Accept(await ReadAsync<Granted>(answer.Content, cancellationToken));

        // Any other error is our own client's, and says nothing about what was brought along.
        return answer.StatusCode == HttpStatusCode.BadRequest && await ReadAsync<Refused>(answer.Content, cancellationToken) is { Error: "invalid_grant" }
            ? null
            : throw new HttpRequestException($"The identity server gave no token: {(int)answer.StatusCode}.", null, answer.StatusCode);
    }

    private static TokenGrant Accept(Granted? granted)
        => granted is { AccessToken.Length: > 0 and <= 8192 } && string.Equals(granted.TokenType, "Bearer", StringComparison.OrdinalIgnoreCase)
            ? new(granted.AccessToken, TimeSpan.FromSeconds(Math.Clamp(granted.ExpiresIn, 0, 3600)), granted.Scope?.Split(' ') ?? [])
            : throw new HttpRequestException("The identity server's answer holds no bearer token.");

    private static async Task<T?> ReadAsync<T>(HttpContent content, CancellationToken cancellation)
    {
        try
        {
            return await content.ReadFromJsonAsync<T>(cancellation);
        }
        catch (JsonException failure)
        {
            throw new HttpRequestException("The identity server's answer is not understood.", failure);
        }
    }

    private sealed record Granted(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("token_type")] string TokenType,
        [property: JsonPropertyName("expires_in")] int ExpiresIn,
        [property: JsonPropertyName("scope")] string? Scope);

    private sealed record Refused([property: JsonPropertyName("error")] string? Error);
}
