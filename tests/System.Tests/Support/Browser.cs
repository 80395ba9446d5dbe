using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.Browsing;

namespace SecureShop.SystemTests.Support;

/// <summary>A person at a browser, with the app <c>mobile</c> beside it: forms, cookies, redirects, code + PKCE.</summary>
public sealed partial class Browser(Place place, IPAddress? from = null, DelegatingHandler? watcher = null, bool comesBack = true) : IDisposable
{
    private const string Callback = "secureshop://callback";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Uri Data = new("/account/data", UriKind.Relative);
    private static readonly Uri Keys = new("/account/keys", UriKind.Relative);

    private readonly HttpClient client = Trust.Client(place.CertificatePath, place.Identity, from, new CookieContainer(), watcher, comesBack);

    /// <summary>Fills in the registration form.</summary>
    public async Task RegisterAsync(string name, string email, string password)
    {
        using var answer = await SubmitAsync(new Uri("/account/register", UriKind.Relative), new()
        {
            ["DisplayName"] = name,
            ["Email"] = email,
            ["Password"] = password,
        });
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    /// <summary>Opens the link of the letter to <paramref name="email"/>, and confirms the address, which signs in.</summary>
    public async Task ConfirmAsync(string email, string password)
    {
        using var answer = await SubmitAsync(new Uri(await LinkAsync(email)), new() { ["Password"] = password });
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    /// <summary>The link in the newest letter to somebody, from the mailbox that AppHost shows.</summary>
    private async Task<string> LinkAsync(string email)
    {
        using var mailbox = Trust.Client(place.CertificatePath, place.Mailbox);
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            var mails = await mailbox.GetFromJsonAsync<List<Letter>>($"/mails?to={Uri.EscapeDataString(email)}", TestContext.Current.CancellationToken);
            if (mails is [{ } newest, ..])
                return newest.Text.Split('\n').Select(line => line.Trim()).Single(line => line.StartsWith("https://", StringComparison.Ordinal));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"No letter to {email} has come.");
    }

    private sealed record Letter(string Text);

    /// <summary>Makes an API key on the page; the person is signed in.</summary>
    public async Task<string> MakeKeyAsync(string name, string scope)
    {
        using var answer = await SubmitAsync(Keys, new() { ["Name"] = name, ["Scope"] = scope, ["Days"] = "30" });
        return ApiKey().Match(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Value;
    }

    /// <summary>Revokes the newest API key.</summary>
    public async Task RevokeKeyAsync()
    {
        using var answer = await SubmitAsync(Keys, [], new Uri($"{Keys}?handler=Revoke", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    /// <summary>Asks for a copy of all that is kept about the person, and fetches it as soon as every service has answered.</summary>
    public async Task<JsonElement> CopyAsync(TimeSpan patience)
    {
        using (var asked = await SubmitAsync(Data, [], new Uri($"{Data}?handler=Export", UriKind.Relative)))
            Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            using var answer = await SubmitAsync(Data, [], new Uri($"{Data}?handler=Download", UriKind.Relative));
            if (answer.StatusCode == HttpStatusCode.OK)
                return await answer.JsonAsync();
            await Task.Delay(500, limit.Token);
        }
    }

    /// <summary>Has the account erased, with the address typed.</summary>
    public async Task EraseAsync(string email)
    {
        using var answer = await SubmitAsync(Data, new() { ["Email"] = email }, new Uri($"{Data}?handler=Erase", UriKind.Relative));
        Assert.Contains("Your account is erased", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>Signs out, by the page that asks.</summary>
    public async Task SignOutAsync()
    {
        using var answer = await SubmitAsync(new Uri("/account/logout", UriKind.Relative), []);
        Assert.True(answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Redirect, $"{answer.StatusCode}");
    }

    /// <summary>Fills in the sign-in form, rightly or wrongly.</summary>
    public async Task<HttpStatusCode> GuessAsync(string email, string password)
    {
        using var answer = await SubmitAsync(new Uri("/account/login", UriKind.Relative), new() { ["Email"] = email, ["Password"] = password });
        return answer.StatusCode;
    }

    /// <summary>Signs in by the form and brings the code to the token endpoint, as the app does.</summary>
    /// <param name="email">Who.</param>
    /// <param name="password">Their password.</param>
    /// <param name="scope">What for.</param>
    /// <param name="authenticatorKey">The key of their authenticator app; null where their account asks for no code.</param>
    public async Task<Tokens> SignInAsync(string email, string password, string scope, string? authenticatorKey = null)
    {
        var verifier = Random(32);
        var state = Random(16);
        var authorize = QueryHelpers.AddQueryString("/connect/authorize", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["client_id"] = "mobile",
            ["response_type"] = "code",
            ["redirect_uri"] = Callback,
            ["scope"] = scope,
            ["state"] = state,
            ["nonce"] = Random(16),
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        });
        var at = await FollowAsync(new Uri(authorize, UriKind.Relative));
        if (at.AbsolutePath == "/account/login")
        {
            using var signedIn = await SubmitAsync(at, new() { ["Email"] = email, ["Password"] = password });
            var next = Target(signedIn, at);
            at = await FollowAsync(authenticatorKey is null ? next : await ShowCodeAsync(next, new(authenticatorKey)));
        }

        if (at.AbsolutePath == "/account/consent")
        {
            using var allowed = await SubmitAsync(at, new() { ["answer"] = "allow" });
            at = await FollowAsync(Target(allowed, at));
        }

        Assert.StartsWith(Callback, at.OriginalString, StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(at.Query);
        Assert.Equal(state, query["state"]);
        Assert.True(query.ContainsKey("code"), at.Query);

        return await TokensAsync(new()
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "mobile",
            ["code"] = query["code"].ToString(),
            ["redirect_uri"] = Callback,
            ["code_verifier"] = verifier,
        });
    }

    // Each code is good once: the one before, the present one and the next let three tests in within half a minute.
    private async Task<Uri> ShowCodeAsync(Uri page, AuthenticatorApp app)
    {
        foreach (var step in (int[])[-1, 0, 1])
        {
            var code = app.Code(TimeProvider.System.GetUtcNow() + (step * AuthenticatorApp.Step));
            var separator = page.Query.Length == 0 ? '?' : '&';
            using var answer = await SubmitAsync(page, new() { ["Code"] = code }, new Uri($"{page.AbsoluteUri}{separator}handler=Code"));
            if (answer.StatusCode == HttpStatusCode.Redirect)
                return Target(answer, page);
        }

        throw new InvalidOperationException("No code of the authenticator app was accepted.");
    }

    public async Task<Tokens> TokensAsync(Dictionary<string, string> form)
    {
        using var answer = await PostAsync("/connect/token", form);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (await answer.Content.ReadFromJsonAsync<Tokens>(TestContext.Current.CancellationToken))!;
    }

    public async Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> form, AuthenticationHeaderValue? credential = null)
    {
        using var body = new FormUrlEncodedContent(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.Authorization = credential;
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public void Dispose() => client.Dispose();

    private static string Random(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>Goes on as long as it is sent on within the origin; stops at a page, or where the app takes over.</summary>
    public async Task<Uri> FollowAsync(Uri start)
    {
        var at = start;
        for (var hops = 0; hops < 10; hops++)
        {
            if (at.IsAbsoluteUri && at.Scheme == "secureshop")
                return at;
            using var answer = await client.GetAsync(at, TestContext.Current.CancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK)
                return at;
            at = Target(answer, at);
        }

        throw new InvalidOperationException($"Sent on and on from {start}.");
    }

    /// <summary>Loads the page and sends its form with its hidden fields, the antiforgery token among them.</summary>
    private async Task<HttpResponseMessage> SubmitAsync(Uri page, Dictionary<string, string> fields, Uri? target = null)
    {
        var html = await client.GetStringAsync(page, TestContext.Current.CancellationToken);
        foreach (Match input in Hidden().Matches(html))
        {
            var name = Attribute("name", input.Value);
            if (name.Length > 0)
                fields.TryAdd(name, Attribute("value", input.Value));
        }

        Assert.Contains("__RequestVerificationToken", fields.Keys);
        using var body = new FormUrlEncodedContent(fields);
        using var request = new HttpRequestMessage(HttpMethod.Post, target ?? page) { Content = body };
        request.Headers.Add("Origin", place.Identity.GetLeftPart(UriPartial.Authority));
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private Uri Target(HttpResponseMessage answer, Uri from)
    {
        Assert.True(
            answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther, $"{(int)answer.StatusCode} from {from} instead of a redirect.");
        var target = answer.Headers.Location!;
        return target.IsAbsoluteUri && target.Scheme != Uri.UriSchemeFile ? target : new Uri(place.Identity, target.OriginalString);
    }

    private static string Attribute(string name, string input) =>
        WebUtility.HtmlDecode(Regex.Match(input, $"\\b{name}=\"([^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value);

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>|<input[^>]*name=\"__RequestVerificationToken\"[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"\bsk_shop_[0-9A-Za-z]{38}\b", RegexOptions.None, 1000)]
    private static partial Regex ApiKey();
}

/// <summary>What the token endpoint gives.</summary>
public sealed record Tokens(
    [property: JsonPropertyName("access_token")] string Access,
    [property: JsonPropertyName("id_token")] string? Id,
    [property: JsonPropertyName("refresh_token")] string? Refresh);
