using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.Data;
using SecureShop.Testing;

namespace SecureShop.Bench.Tokens;

/// <summary>Somebody at a browser, who signs in and gives the app what it asks for.</summary>
internal sealed partial class Person : IDisposable
{
    private const string Password = "violet kettle marathon 42";
    private const string RedirectUri = "secureshop://callback";
    private readonly SocketsHttpHandler handler = TestCertificate.Handler();
    private readonly HttpMessageInvoker http;
    private readonly IdentityServer server;
    private readonly string email = $"{Guid.NewGuid():N}@people.example";

    private Person(IdentityServer server)
    {
        this.server = server;
        handler.UseCookies = true;
        http = new(handler);
    }

    public static async Task<Person> CreateAsync(IdentityServer server)
    {
        var person = new Person(server);
        await using var scope = server.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
        var user = new ShopUser
        {
            Id = Guid.CreateVersion7(),
            UserName = person.email,
            Email = person.email,
            EmailConfirmed = true,
            DisplayName = "Somebody",
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        Require(await users.CreateAsync(user, Password));
        Require(await users.AddToRoleAsync(user, "customer"));
        await person.SubmitAsync("/account/login", ("Email", person.email), ("Password", Password));
        return person;

        static void Require(IdentityResult result)
        {
            if (!result.Succeeded)
                throw new InvalidOperationException(result.ToString());
        }
    }

    /// <summary>The refresh token of a new grant to the app, bound to the prover's key where there is one.</summary>
    public async Task<string> GrantAsync(string scope, TestProver? prover)
    {
        var verifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var asked = await LocationAsync(await SendAsync(HttpMethod.Get, QueryHelpers.AddQueryString("/connect/authorize", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["client_id"] = "mobile",
            ["response_type"] = "code",
            ["scope"] = scope,
            ["redirect_uri"] = RedirectUri,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        })));
        var allowed = await SubmitAsync(asked, ("ReturnUrl", QueryHelpers.ParseQuery(asked.Split('?')[1])["returnUrl"].ToString()), ("answer", "allow"));
        var back = await LocationAsync(await SendAsync(HttpMethod.Get, allowed));
        return await RedeemAsync(
            prover, ("grant_type", "authorization_code"), ("client_id", "mobile"), ("redirect_uri", RedirectUri), ("code_verifier", verifier),
            ("code", QueryHelpers.ParseQuery(back.Split('?')[1])["code"].ToString()));
    }

    public void Dispose()
    {
        http.Dispose();
        handler.Dispose();
    }

    private async Task<string> RedeemAsync(TestProver? prover, params (string Name, string Value)[] form)
    {
        for (string? nonce = null; ;)
        {
            var proof = prover?.Prove("POST", IdentityServer.Issuer + "/connect/token", TimeProvider.System.GetUtcNow());
            if (nonce is not null)
                proof!.Claims["nonce"] = nonce;
            using var answer = await SendAsync(HttpMethod.Post, "/connect/token", form, proof?.Write());
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK)
                return JsonElement.Parse(body).GetProperty("refresh_token").GetString()!;
            nonce = nonce is null && answer.Headers.TryGetValues("DPoP-Nonce", out var given) ? given.Single() : throw new InvalidOperationException(body);
        }
    }

    /// <summary>Opens a page and posts its form; returns where that leads to.</summary>
    private async Task<string> SubmitAsync(string page, params (string Name, string Value)[] form)
    {
        using var opened = await SendAsync(HttpMethod.Get, page);
        var token = AntiforgeryToken().Match(await opened.Content.ReadAsStringAsync()).Groups["token"].Value;
        return await LocationAsync(await SendAsync(HttpMethod.Post, page, [.. form, ("__RequestVerificationToken", token)]));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, (string Name, string Value)[]? form = null, string? proof = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(server.Address, path));
        if (form is not null)
            request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        if (proof is not null)
            request.Headers.Add("DPoP", proof);
        return await http.SendAsync(request, CancellationToken.None);
    }

    private static async Task<string> LocationAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            return answer.Headers.Location is not { } location ? throw new InvalidOperationException($"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}")
                : location is { IsAbsoluteUri: true, Scheme: "https" } ? location.PathAndQuery : location.OriginalString;
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AntiforgeryToken();
}
