using System.Net;
using System.Text.RegularExpressions;
using SecureShop.Browsing;

namespace SecureShop.Identity.Tests.Support;

/// <summary>What people do about second factors, page by page.</summary>
public static partial class SecondFactorSteps
{
    public const string Setup = "/account/security/authenticator";
    public const string Page = "/account/second-factor";

    /// <summary>Sets an app up as whoever is signed in, who gets recovery codes where it is their first factor.</summary>
    public static async Task<(AuthenticatorApp App, IReadOnlyList<string> RecoveryCodes)> SetUpAppAsync(this Browser browser, TimeProvider clock, string? returnUrl = null)
    {
        var page = await browser.GetAsync(Setup);
        Assert.True(page.Status == HttpStatusCode.OK, $"{page.Status} {page.Location}");
        var app = new AuthenticatorApp(KeyText().Match(page.Body).Groups["key"].Value.Replace(" ", "", StringComparison.Ordinal));
        var done = await browser.PostAsync(
            Setup, ("ReturnUrl", returnUrl), ("Setup", SetupField().Match(page.Body).Groups["value"].Value), ("Code", app.Code(clock.GetUtcNow())), (OpenForm.TokenField, browser.TokenOf(page)));
        Assert.True(done.Status is HttpStatusCode.OK or HttpStatusCode.Found, done.Body);
        return (app, RecoveryCodesOf(done));
    }

    public static IReadOnlyList<string> RecoveryCodesOf(Answer page) => [.. RecoveryCode().Matches(page.Body).Select(match => match.Groups["code"].Value)];

    /// <summary>Shows the password; the answer leads to the page that asks for more.</summary>
    public static async Task ShowPasswordAsync(this Browser browser, string email, string password = Browser.Password)
    {
        var answer = await browser.LoginAsync(email, password);
        Assert.Equal((HttpStatusCode.Found, Page), (answer.Status, answer.Location));
    }

    public static Task<Answer> ShowCodeAsync(this Browser browser, string code) => browser.ShowAsync("Code", code);

    public static Task<Answer> ShowRecoveryCodeAsync(this Browser browser, string code) => browser.ShowAsync("RecoveryCode", code);

    /// <summary>A person with an app, whose codes of now are used up.</summary>
    public static async Task<(string Email, AuthenticatorApp App, IReadOnlyList<string> RecoveryCodes)> NewPersonWithAppAsync(this IdentityHost host, TimeProvider clock)
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
        var (app, codes) = await browser.SetUpAppAsync(clock);
        return (email, app, codes);
    }

    public static string TokenOf(this Browser browser, Answer page)
    {
        ArgumentNullException.ThrowIfNull(browser);
        return AntiforgeryToken().Match(page.Body).Groups["token"].Value;
    }

    private static async Task<Answer> ShowAsync(this Browser browser, string handler, string code)
    {
        var tab = await browser.OpenFormAsync(Page);
        return await browser.SubmitAsync(tab with { Path = $"{Page}?handler={handler}" }, ("Code", code));
    }

    [GeneratedRegex("<code>(?<key>[A-Z2-7]{4}( [A-Z2-7]{4}){7})</code>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KeyText();

    [GeneratedRegex("name=\"Setup\" value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SetupField();

    [GeneratedRegex("<code>(?<code>[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RecoveryCode();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AntiforgeryToken();
}
