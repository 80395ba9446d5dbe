using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests;

/// <summary>No request of a client makes an address that the gateway refuses: it fits, or its client is told.</summary>
[Trait("Practice", "P01")]
[Trait("Practice", "P23")]
public sealed class AddressLengthTests(SharedHost shared) : IClassFixture<SharedHost>
{
    // What the gateway takes.
    private const int Longest = 4096;

    private readonly IdentityHost host = shared.Host;

    public static TheoryData<string, string, bool> Parameters => new()
    {
        { "state", new string('x', 2000), true },
        { "state", new string('/', 200), true },
        { "state", new string('/', 900), false },
        { "state", new string('é', 450), false },
        { "nonce", new string('%', 300), true },
        { "unknown", new string('x', 3720), false },
        { "unknown", new string('"', 900), false },
        { "ui_locales", new string('é', 100), true },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task A_request_that_fits_leads_to_a_code_and_one_that_does_not_back_to_its_client(string name, string value, bool fits)
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        var path = With(new CodeRequest("openid"), name, value);
        Assert.True(path.Length <= Longest, "The gateway would refuse this one.");
        var answer = await browser.GetAsync(path);
        if (fits)
        {
            IsOursAndFits(answer);
            var returnUrl = QueryHelpers.ParseQuery(answer.Location!.Query())["returnUrl"].ToString();
            answer = await browser.LoginAsync(email, returnUrl: returnUrl);
            IsOursAndFits(answer);
            answer = await browser.AllowAsync(await browser.GetAsync(answer.Location!));
        }

        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.StartsWith(CodeRequest.Redirect + "?", answer.Location, StringComparison.Ordinal);
        var told = QueryHelpers.ParseQuery(answer.Location!.Query());
        Assert.Equal(fits ? "" : "invalid_request", told.GetValueOrDefault("error").ToString());
        Assert.Equal(fits, told.ContainsKey("code"));
        Assert.Equal(IdentityHost.Issuer, told["iss"]);
        if (name == "state")
            Assert.Equal(value, told["state"]);
    }

    [Theory]
    [InlineData("client_id", "nobody")]
    [InlineData("redirect_uri", "https://evil.example/")]
    public async Task Nobody_who_is_not_registered_is_told(string name, string value)
    {
        using var browser = host.Browse();
        var path = QueryHelpers.AddQueryString(new CodeRequest("openid").Path, "unknown", new string('/', 900));
        var original = name == "client_id" ? "mobile" : Uri.EscapeDataString(CodeRequest.Redirect);
        var answer = await browser.GetAsync(path.Replace($"{name}={original}", $"{name}={Uri.EscapeDataString(value)}", StringComparison.Ordinal));
        IsOursAndFits(answer);
        Assert.StartsWith("/error?", answer.Location!.PathAndQuery(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_posted_is_held_to_the_same()
    {
        using var browser = host.Browse();
        var form = QueryHelpers.ParseQuery(With(new CodeRequest("openid"), "state", new string('é', 450)).Query());
        var answer = await browser.PostAsync("/connect/authorize", [.. form.Select(entry => (entry.Key, (string?)entry.Value.ToString()))]);
        Assert.Equal("invalid_request", QueryHelpers.ParseQuery(answer.Location!.Query())["error"]);

        // A post to the client is the token server's to make; here a page says so.
        var posted = await browser.PostAsync(
            "/connect/authorize", [.. form.Select(entry => (entry.Key, (string?)entry.Value.ToString())), ("response_mode", "form_post")]);
        Assert.Equal((HttpStatusCode.BadRequest, null), (posted.Status, posted.Location));
        Assert.StartsWith("text/html", posted.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("Send a shorter state", posted.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_works_with_a_state_that_is_too_long_to_be_given_back()
    {
        using var browser = host.Browse();
        var request = new CodeRequest("openid");
        await browser.LoginAsync(await browser.NewPersonAsync());
        var tokens = await browser.RedeemAsync(request, await browser.GetAsync(request.Path));
        foreach (var (state, kept) in new[] { ("short", true), (new string('é', 700), false) })
        {
            var answer = await browser.PostAsync(
                "/connect/endsession", ("id_token_hint", tokens.GetProperty("id_token").GetString()), ("post_logout_redirect_uri", "secureshop://signed-out"), ("state", state));
            IsOursAndFits(answer);
            Assert.Equal(kept, answer.Location!.Contains("logoutId=", StringComparison.Ordinal));
            Assert.Contains("Sign out?", (await browser.GetAsync(answer.Location!.PathAndQuery())).Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_request_that_is_too_long_leaves_an_event()
    {
        using var browser = host.Browse("192.0.2.201");
        await browser.GetAsync(With(new CodeRequest("openid"), "state", new string('/', 900)));
        var only = Assert.Single(host.Events.From("192.0.2.201"));
        Assert.Equal((1004, "input"), (only.Id, only["Reason"]));
    }

    private static string With(CodeRequest request, string name, string value)
    {
        var parameters = QueryHelpers.ParseQuery(request.Path.Query()).ToDictionary(entry => entry.Key, entry => (string?)entry.Value.ToString(), StringComparer.Ordinal);
        parameters[name] = value;
        return QueryHelpers.AddQueryString("/connect/authorize", parameters);
    }

    private static void IsOursAndFits(Answer answer)
    {
        Assert.Equal(HttpStatusCode.Found, answer.Status);
        var path = answer.Location!.PathAndQuery();
        Assert.StartsWith("/", path, StringComparison.Ordinal);
        Assert.True(path.Length <= Longest, $"{path.Length} characters");
    }
}
