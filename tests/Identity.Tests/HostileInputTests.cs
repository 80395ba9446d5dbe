using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>Bad input at every page and every endpoint of the protocol: 400 or 415, never a 500, and no words of the framework.</summary>
[Trait("Practice", "P23")]
public sealed partial class HostileInputTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Form = "application/x-www-form-urlencoded";

    private readonly IdentityHost host = shared.Host;

    /// <summary>All that takes a form, from the routes themselves.</summary>
    private IReadOnlyList<string> Forms =>
        [.. Routes("POST").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_forms_are_those_of_the_pages_and_the_protocol()
        => Assert.Superset(
            new HashSet<string>(["/account/login", "/account/logout", "/account/register", "/connect/authorize", "/connect/endsession", "/connect/revocation", "/connect/token", "/connect/userinfo"], StringComparer.Ordinal),
            Forms.ToHashSet(StringComparer.Ordinal));

    [Fact]
    public async Task A_form_in_another_encoding_is_a_415_everywhere()
    {
        foreach (var path in Forms)
        {
            using var browser = host.Browse();
            foreach (var parameters in HostileContent.BadParameters)
                Assert.Equal((path, parameters, 415), (path, parameters, await StatusAsync(browser, path, HostileContent.Of("a=b", Form + parameters))));
            Assert.Equal((path, 415), (path, await StatusAsync(browser, path, HostileContent.Encoded("a=b", Form, "gzip"))));
            Assert.Equal((path, 415), (path, await StatusAsync(browser, path, HostileContent.Of("a=b", Form, "application/json"))));
            Assert.Equal((path, 400), (path, await StatusAsync(browser, path, HostileContent.Multipart([new("Email", "a\0b")]))));
            Assert.Equal((path, 415), (path, await StatusAsync(browser, path, HostileContent.Multipart([new("Email", "a")], "text/plain; charset=utf-16"))));
            Assert.Equal((path, 415), (path, await StatusAsync(browser, path, HostileContent.Of("--x--", "multipart/form-data"))));
            Assert.Equal((path, 415), (path, await StatusAsync(browser, path, HostileContent.Of("+AHg-", "text/plain; charset=utf-7"))));

            // Nobody reads a body that says nothing of itself, nor that of a GET.
            Assert.InRange(await StatusAsync(browser, path, HostileContent.Of("a=b")), 200, 499);
            using var get = new HttpRequestMessage(HttpMethod.Get, path) { Content = HostileContent.Of("", $"{Form}; charset=utf-7") };
            Assert.InRange((int)(await browser.SendAsync(get)).Status, 200, 499);
        }
    }

    [Fact]
    public async Task Every_legal_spelling_of_UTF_8_signs_in_and_gives_tokens()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        foreach (var parameters in HostileContent.GoodParameters)
        {
            using var person = host.Browse();
            var page = await person.GetAsync("/account/login");
            var form = $"Email={Uri.EscapeDataString(email)}&Password={Uri.EscapeDataString(Browser.Password)}&_charset_=utf-16&__RequestVerificationToken={Token().Match(page.Body).Groups["token"].Value}";
            Assert.Equal((parameters, 302), (parameters, await StatusAsync(person, "/account/login", HostileContent.Of(form, Form + parameters))));

            var tokens = $"grant_type=client_credentials&client_id=demo&client_secret={IdentityHost.DemoSecret}&scope=catalog.read";
            Assert.Equal((parameters, 200), (parameters, await StatusAsync(person, "/connect/token", HostileContent.Of(tokens, Form + parameters))));
        }
    }

    [Theory]
    [InlineData("%00")]
    [InlineData("%01")]
    [InlineData("%09")]
    [InlineData("%0A")]
    [InlineData("%1B")]
    [InlineData("%7F")]
    [InlineData("%C2%85")]
    [InlineData("%FF")]
    [InlineData("%C0%80")]
    [InlineData("%ED%A0%80")]
    public async Task Control_characters_and_what_is_no_UTF_8_are_a_400_in_every_field_of_every_form(string encoded)
    {
        foreach (var path in Forms)
        {
            using var browser = host.Browse();
            foreach (var field in new[] { "Email", "Password", "DisplayName", "ReturnUrl", "LogoutId", "client_id", "client_secret", "code", "refresh_token", "token", "nonce", "state", "scope", "access_token", "id_token_hint", "x" })
            {
                Assert.Equal((path, field, 400), (path, field, await StatusAsync(browser, path, HostileContent.Of($"{field}=a{encoded}b", Form))));
                var raw = Encoding.UTF8.GetBytes($"{field}=a{encoded}b");
                Assert.Equal((path, field, 400), (path, field, await StatusAsync(browser, path, HostileContent.Of(WebUtility.UrlDecodeToBytes(raw, 0, raw.Length)!, Form))));
            }
        }

        foreach (var path in Routes("GET").Distinct(StringComparer.Ordinal))
        {
            using var browser = host.Browse();
            foreach (var parameter in new[] { "returnUrl", "ReturnUrl", "logoutId", "errorId", "registered", "client_id", "state", "nonce", "login_hint", "x" })
                Assert.Equal((path, parameter, 400), (path, parameter, (int)(await browser.GetAsync($"{path}?{parameter}=a{encoded}b")).Status));
        }
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\u0001b")]
    [InlineData("\ud83d\udd25")]
    public async Task Nobody_signs_in_or_registers_with_what_is_no_text_and_nothing_fails(string odd)
    {
        using var browser = host.Browse();
        var good = odd.Length == 2;
        foreach (var (path, form) in new[]
        {
            ("/account/login", new (string, string?)[] { ("Email", $"{odd}@people.example"), ("Password", Browser.Password) }),
            ("/account/login", [("Email", "alice@people.example"), ("Password", odd)]),
            ("/account/register", [("DisplayName", "Test"), ("Email", $"{odd}@people.example"), ("Password", odd)]),
            ("/account/register", [("DisplayName", "Test"), ("Email", "odd@people.example"), ("Password", $"{Browser.Password}{(good ? "" : odd)}"), ("ReturnUrl", odd)]),
        })
        {
            var status = (int)(await browser.SubmitAsync(path, form)).Status;
            Assert.True(good ? status is 200 or 302 : status == 400, $"{path}: {status}");
        }
    }

    [Theory]
    [InlineData("demo\0", "x")]
    [InlineData("demo", "x\0")]
    [InlineData("%00", "%00")]
    [InlineData("demo%00", "x")]
    [InlineData("%FF", "%C0%80")]
    [InlineData("\u0085", "\ud83d\udd25")]
    [InlineData("demo%ED%A0%80", "x")]
    public async Task Client_credentials_that_are_no_text_are_refused(string id, string secret)
    {
        using var browser = host.Browse();
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Latin1 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = HostileContent.Of("grant_type=client_credentials&scope=catalog.read", Form) };
            request.Headers.TryAddWithoutValidation("Authorization", $"Basic {Convert.ToBase64String(encoding.GetBytes($"{id}:{secret}"))}");
            var answer = await browser.SendAsync(request);
            Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized, $"{answer.Status}");
        }

        using var good = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = HostileContent.Of("grant_type=client_credentials&scope=catalog.read", Form) };
        good.Headers.TryAddWithoutValidation("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"demo:{IdentityHost.DemoSecret}"))}");
        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(good)).Status);
    }

    [Theory]
    [InlineData("__Host-session=%00")]
    [InlineData("__Host-session=\u0001")]
    [InlineData("__Host-csrf=%FF; __Host-session=%C0%80")]
    [InlineData("__Host-session=\u007f; a=\u001b[31m")]
    public async Task A_cookie_that_is_no_text_is_no_session(string cookie)
    {
        using var browser = host.Browse();
        foreach (var path in new[] { "/", "/account/login", "/account/logout", "/connect/authorize", "/connect/endsession" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
            var answer = await browser.SendAsync(request);
            Assert.InRange((int)answer.Status, 200, 499);
            Assert.DoesNotContain("Hello,", answer.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/account/login", "Email=&Password=")]
    [InlineData("/account/login", "")]
    [InlineData("/account/login", "Email={long}&Password={long}&ReturnUrl={long}")]
    [InlineData("/account/login", "Email=a&Email=b&Password[0]=x&Password.Length=x")]
    [InlineData("/account/register", "")]
    [InlineData("/account/register", "DisplayName={long}&Email={long}&Password={long}&ReturnUrl={long}")]
    [InlineData("/account/register", "DisplayName=%E2%80%AEx&Email=x&Password=x")]
    [InlineData("/account/logout", "LogoutId={long}")]
    public async Task A_page_says_what_is_wrong_in_words_of_people(string path, string form)
    {
        using var browser = host.Browse();
        var page = await browser.GetAsync(path);
        var filled = $"{form.Replace("{long}", new string('x', 5000), StringComparison.Ordinal)}&__RequestVerificationToken={Token().Match(page.Body).Groups["token"].Value}";
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = HostileContent.Of(filled, Form) };
        var answer = await browser.SendAsync(request);
        Assert.InRange((int)answer.Status, 200, 400);
        var words = WebUtility.HtmlDecode(Regex.Replace(answer.Body, "<[^>]*>", " ", RegexOptions.None, TimeSpan.FromSeconds(1)));

        // A form that was none of the page's opens it anew, without a word.
        if (answer.Status == HttpStatusCode.Redirect)
            Assert.Empty(words);
        else
            Assert.Null(Wording.Fault(words.Replace("SecureShop", "", StringComparison.Ordinal)));
    }

    private static async Task<int> StatusAsync(Browser browser, string path, HttpContent content)
    {
        var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });
        Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);
        return (int)answer.Status;
    }

    private IEnumerable<string> Routes(string method) => host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(route => !route.RoutePattern.RawText!.StartsWith("/health", StringComparison.Ordinal) && !route.RoutePattern.RawText.StartsWith("/openapi", StringComparison.Ordinal))
        .Where(route => route.Metadata.GetMetadata<PageActionDescriptor>() is not null
            ? method == "GET" || route.RoutePattern.RawText!.Contains("account/log", StringComparison.Ordinal) || route.RoutePattern.RawText.Contains("account/register", StringComparison.Ordinal)
            : route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(method, StringComparer.Ordinal) == true)
        .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/'));

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
