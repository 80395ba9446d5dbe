using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests.Support;

/// <summary>One request for a code: what a client sends, what its person answers, and what comes back.</summary>
internal sealed class CodeCall
{
    public const string AllScopes = "openid profile offline_access catalog.read orders.read";

    private readonly OAuthClient client;

    public CodeCall(OAuthClient client, string scope = AllScopes)
    {
        this.client = client;
        Parameters = new(StringComparer.Ordinal)
        {
            ["client_id"] = client.Id,
            ["response_type"] = "code",
            ["scope"] = scope,
            ["redirect_uri"] = client.RedirectUri,
            ["state"] = "st&te",
            ["nonce"] = "the-nonce",
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
        };
    }

    public Dictionary<string, string?> Parameters { get; }

    public string Verifier { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public CodeCall With(string name, string? value)
    {
        Parameters[name] = value;
        return this;
    }

    /// <summary>The address that the client sends the browser to; pushes the request where the client does.</summary>
    public async Task<string> AddressAsync()
    {
        if (!client.Pushes)
            return QueryHelpers.AddQueryString("/connect/authorize", Given());
        var pushed = await client.PushAsync([.. Given().Select(pair => (pair.Key, pair.Value))]);
        Assert.True(pushed.Status == HttpStatusCode.Created, pushed.Body);
        return Pushed(client.Id, pushed.Json().Text("request_uri"));
    }

    public static string Pushed(string client, string requestUri)
        => QueryHelpers.AddQueryString("/connect/authorize", new Dictionary<string, string?>(StringComparer.Ordinal) { ["client_id"] = client, ["request_uri"] = requestUri });

    /// <summary>The first answer, whatever it is.</summary>
    public async Task<Answer> OpenAsync(Person person) => await person.Browser.GetAsync(await AddressAsync());

    /// <summary>What the client gets in the end; the person agrees to all that is asked.</summary>
    public async Task<IReadOnlyDictionary<string, string>> AnswerAsync(Person person) => (await ConsentAsync(person, await OpenAsync(person))).Query();

    /// <summary>Agrees where consent is asked for.</summary>
    public static async Task<Answer> ConsentAsync(Person person, Answer answer, bool allow = true)
    {
        if (answer.Location?.PathAndQuery().StartsWith("/account/consent?", StringComparison.Ordinal) != true)
            return answer;
        var decided = await person.Browser.SubmitAsync(answer.Location, ("answer", allow ? "allow" : "refuse"));
        Assert.True(decided.Status == HttpStatusCode.Found, decided.Body);
        return await person.Browser.GetAsync(decided.Location!);
    }

    public async Task<string> CodeAsync(Person person)
    {
        var answer = await AnswerAsync(person);
        Assert.True(answer.ContainsKey("code"), string.Join(", ", answer));
        return answer["code"];
    }

    public Task<Answer> RedeemAsync(string code, params (string Name, string? Value)[] form) => client.TokenAsync(
        [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Parameters["redirect_uri"]), ("code_verifier", Verifier), .. form]);

    /// <summary>The whole way.</summary>
    public static async Task<JsonElement> TokensAsync(OAuthClient client, Person person, string scope = AllScopes)
        => await new CodeCall(client, scope).TokensAsync(person);

    public async Task<JsonElement> TokensAsync(Person person)
    {
        var tokens = await RedeemAsync(await CodeAsync(person));
        Assert.True(tokens.Status == HttpStatusCode.OK, tokens.Body);
        return tokens.Json();
    }

    private IEnumerable<KeyValuePair<string, string?>> Given() => Parameters.Where(pair => pair.Value is not null);
}
