using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace SecureShop.SystemTests.Support.Secrets;

/// <summary>Sits in a client and remembers each credential that passes: cookies, codes, tokens, assertions, form fields.</summary>
internal sealed class SecretRecorder(SecretLedger ledger) : DelegatingHandler
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "code", "code_verifier", "code_challenge", "state", "nonce", "access_token", "refresh_token", "id_token", "id_token_hint", "token",
        "client_secret", "client_assertion", "Email", "Password", "DisplayName", "__RequestVerificationToken", "session_state",
    };

    // An order's state is no secret; an authorization request's is.
    private static readonly HashSet<string> NamesInJson = [.. Names.Except(["state", "code"], StringComparer.OrdinalIgnoreCase)];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Query(request.RequestUri!);
        Credentials(request.Headers);
        if (request.Content is FormUrlEncodedContent form)
            Pairs(QueryHelpers.ParseQuery(await form.ReadAsStringAsync(cancellationToken)).Select(pair => (pair.Key, pair.Value.ToString())));

        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
            Cookies(cookies.Select(cookie => cookie.Split(';')[0]));
        if (answer.Headers.Location is { } location)
            Query(new Uri(request.RequestUri!, location));
        if (answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType == "application/json")
            Json(JsonElement.Parse(await answer.Content.ReadAsStringAsync(cancellationToken)));
        return answer;
    }

    private void Credentials(HttpRequestHeaders headers)
    {
        if (headers.Authorization?.Parameter is { } credential)
            ledger.Remember($"a {headers.Authorization.Scheme} credential", credential);

        if (headers.TryGetValues("X-Api-Key", out var keys))
            Each(keys.Select(key => ("an API key", key)));

        // Set by hand; those of a browser are known from when they were set.
        if (headers.TryGetValues("Cookie", out var cookies))
            Cookies(cookies.SelectMany(line => line.Split("; ")));
    }

    private void Cookies(IEnumerable<string> cookies) =>
        Each(cookies.Select(cookie => cookie.Split('=', 2)).Where(parts => parts.Length == 2).Select(parts => ($"the cookie {parts[0]}", parts[1])));

    private void Query(Uri address) => Pairs(QueryHelpers.ParseQuery(address.Query).Select(pair => (pair.Key, pair.Value.ToString())));

    private void Json(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Object)
        {
            Pairs(answer.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.String && NamesInJson.Contains(property.Name))
                .Select(property => (property.Name, property.Value.GetString()!)));
        }
    }

    private void Pairs(IEnumerable<(string Name, string Value)> pairs) =>
        Each(pairs.Where(pair => Names.Contains(pair.Name)).Select(pair => ($"a value of {pair.Name}", pair.Value)));

    private void Each(IEnumerable<(string Label, string Value)> secrets)
    {
        foreach (var (label, value) in secrets)
            ledger.Remember(label, value);
    }
}
