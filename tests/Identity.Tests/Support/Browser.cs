using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests.Support;

/// <summary>A person's browser: keeps cookies, follows no redirect by itself, posts forms with their token.</summary>
public sealed partial class Browser : IDisposable
{
    public const string Password = "violet kettle marathon 42";

    private const string Consent = "/account/consent?";

    private readonly HttpClient client;
    private readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);

    // As somebody at another device, whose requests are counted apart; through real proxies nobody can say where they come from.
    private bool away;

    public Browser(Uri address, string from, string? agent = null)
        : this(TestCertificate.Client(address))
    {
        client.DefaultRequestHeaders.Add("X-Test-Address", from);
        if (agent is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);
    }

    /// <summary>One that comes in the way of <paramref name="client"/>.</summary>
    public Browser(HttpClient client)
    {
        this.client = client;
        client.DefaultRequestHeaders.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    }

    public IReadOnlyDictionary<string, string> Cookies => cookies;

    public List<string> SetCookies { get; } = [];

    /// <summary>Carries another browser's cookies.</summary>
    public void Take(Browser other)
    {
        foreach (var (name, value) in other.cookies)
            cookies[name] = value;
    }

    public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<Answer> PostAsync(string path, params (string Name, string? Value)[] form)
        => SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = Form(form) });

    /// <summary>Opens a page and posts its form with these values and its antiforgery token.</summary>
    public async Task<Answer> SubmitAsync(string path, params (string Name, string? Value)[] form)
        => await SubmitAsync(await OpenFormAsync(path), form);

    /// <summary>Opens a page for its antiforgery token, and posts these values elsewhere with it.</summary>
    public async Task<Answer> SubmitAsync(string opened, string posted, params (string Name, string? Value)[] form)
        => await SubmitAsync(await OpenFormAsync(opened) with { Path = posted }, form);

    /// <summary>Opens a page in a tab, to be posted later.</summary>
    public async Task<OpenForm> OpenFormAsync(string path)
    {
        var page = await GetAsync(path);
        Assert.True(page.Status == HttpStatusCode.OK, $"{page.Status} {page.Location} {page.Body}");
        return new(path, Token().Match(page.Body).Groups["token"].Value);
    }

    /// <summary>Posts the form of a tab, however long ago that was opened.</summary>
    public Task<Answer> SubmitAsync(OpenForm tab, params (string Name, string? Value)[] form)
        => PostAsync(tab.Path, [.. form, (OpenForm.TokenField, tab.Token)]);

    /// <summary>Drops a cookie.</summary>
    public void Forget(string cookie) => Assert.True(cookies.Remove(cookie));

    /// <summary>Goes on as long as it is sent on within the origin, and says yes where an app asks for consent.</summary>
    public async Task<Answer> FollowAsync(Answer answer)
    {
        for (var hops = 0; answer is { Status: HttpStatusCode.Found, Location: { } location } && location.StartsWith('/') && hops < 10; hops++)
            answer = location.StartsWith(Consent, StringComparison.Ordinal) ? await AllowAsync(answer) : await GetAsync(location);
        return answer;
    }

    public Task<Answer> RegisterAsync(string email, string password = Password, string name = "Test Person")
        => SubmitAsync("/account/register", ("DisplayName", name), ("Email", email), ("Password", password));

    /// <summary>Signs in, whoever is signed in already.</summary>
    public Task<Answer> LoginAsync(string email, string password = Password, string? returnUrl = null)
        => SubmitAsync("/account/login?other=true" + (returnUrl is null ? "" : "&returnUrl=" + Uri.EscapeDataString(returnUrl)),
            ("Email", email), ("Password", password), ("ReturnUrl", returnUrl));

    /// <summary>Registers a new person, who confirms the address, and returns that. Nobody is signed in by it here.</summary>
    public async Task<string> NewPersonAsync()
    {
        var email = $"{Guid.NewGuid():N}@people.example";
        await RegisterAndConfirmAsync(email);
        return email;
    }

    /// <summary>Registers a person, who confirms the address at another device.</summary>
    public async Task RegisterAndConfirmAsync(string email, string password = Password, string name = "Test Person")
    {
        Assert.Equal(HttpStatusCode.Found, (await RegisterAsync(email, password, name)).Status);
        var mailbox = await TestMailbox.SharedAsync();
        var link = (await mailbox.NextAsync(email)).Link;
        var (here, seen) = (cookies.ToList(), SetCookies.Count);
        cookies.Clear();
        away = true;
        Assert.Equal(HttpStatusCode.Found, (await SubmitAsync(link, ("Password", password))).Status);
        away = false;
        cookies.Clear();
        SetCookies.RemoveRange(seen, SetCookies.Count - seen);
        foreach (var (cookie, value) in here)
            cookies[cookie] = value;
    }

    /// <summary>The whole way: authorize, sign in, code, tokens.</summary>
    public async Task<JsonElement> TokensAsync(string email, string scope = "openid profile offline_access catalog.read orders.read orders.write")
    {
        var request = new CodeRequest(scope);
        var authorize = await GetAsync(request.Path);
        Assert.Equal(HttpStatusCode.Found, authorize.Status);
        var login = authorize.Location!;
        Assert.StartsWith("/account/login?", login.PathAndQuery(), StringComparison.Ordinal);
        var signedIn = await LoginAsync(email, returnUrl: QueryHelpers.ParseQuery(login.Query())["returnUrl"]);
        Assert.Equal(HttpStatusCode.Found, signedIn.Status);
        return await RedeemAsync(request, await GetAsync(signedIn.Location!));
    }

    public async Task<JsonElement> RedeemAsync(CodeRequest request, Answer back)
    {
        back = await AllowAsync(back);
        Assert.Equal(HttpStatusCode.Found, back.Status);
        Assert.StartsWith(CodeRequest.Redirect + "?", back.Location, StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(back.Location!.Query());
        Assert.Equal(request.State, query["state"]);
        var tokens = await PostAsync("/connect/token", request.Redeem(query["code"]!));
        Assert.True(tokens.Status == HttpStatusCode.OK, tokens.Body);
        return tokens.Json();
    }

    /// <summary>Where the person is asked whether the app may have what it wants: yes.</summary>
    public async Task<Answer> AllowAsync(Answer asked)
    {
        if (asked.Location?.StartsWith(Consent, StringComparison.Ordinal) != true)
            return asked;
        var returnUrl = QueryHelpers.ParseQuery(asked.Location.Query())["returnUrl"].ToString();
        var allowed = await SubmitAsync(asked.Location, ("ReturnUrl", returnUrl), ("answer", "allow"));
        Assert.Equal(HttpStatusCode.Found, allowed.Status);
        return await GetAsync(allowed.Location!);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (away && client.DefaultRequestHeaders.Contains("X-Test-Address"))
                request.Headers.Add("X-Test-Address", "203.0.113.254");
            if (cookies.Count > 0)
                request.Headers.Add("Cookie", string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}")));
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            if (response.Headers.TryGetValues("Set-Cookie", out var set))
            {
                foreach (var cookie in set)
                    Keep(cookie);
            }

            return new Answer(
                response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                response.Headers.Location?.OriginalString,
                response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
        }
    }

    public void Dispose() => client.Dispose();

    private static FormUrlEncodedContent Form(IEnumerable<(string Name, string? Value)> form)
        => new(form.Where(f => f.Value is not null).Select(f => KeyValuePair.Create(f.Name, f.Value)));

    private void Keep(string cookie)
    {
        SetCookies.Add(cookie);
        var pair = cookie.Split(';')[0].Split('=', 2);
        if (pair[1].Length == 0)
            cookies.Remove(pair[0]);
        else
            cookies[pair[0]] = pair[1];
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Token();
}

/// <summary>A form in a tab, with its antiforgery token.</summary>
public sealed record OpenForm(string Path, string Token)
{
    public const string TokenField = "__RequestVerificationToken";
}

/// <summary>What came back.</summary>
public sealed record Answer(HttpStatusCode Status, string Body, string? Location, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json() => JsonDocument.Parse(Body).RootElement;
}

/// <summary>One authorization request of the app, with its PKCE secret.</summary>
public sealed record CodeRequest(string Scope, string Client = "mobile")
{
    public const string Redirect = "secureshop://callback";

    public string State { get; } = Guid.NewGuid().ToString("N");

    public string Verifier { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public string Path => QueryHelpers.AddQueryString("/connect/authorize", new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["client_id"] = Client,
        ["response_type"] = "code",
        ["scope"] = Scope,
        ["redirect_uri"] = Redirect,
        ["state"] = State,
        ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
        ["code_challenge_method"] = "S256",
    });

    public (string Name, string? Value)[] Redeem(string code) =>
    [
        ("grant_type", "authorization_code"), ("client_id", Client), ("code", code), ("redirect_uri", Redirect), ("code_verifier", Verifier),
    ];
}

internal static class Addresses
{
    public static string Query(this string location) => location[location.IndexOf('?', StringComparison.Ordinal)..];

    public static string PathAndQuery(this string location)
        => Uri.TryCreate(location, UriKind.Absolute, out var uri) && uri.Scheme == "https" ? uri.PathAndQuery : location;
}
