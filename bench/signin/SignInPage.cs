using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace SecureShop.Bench.SignIn;

/// <summary>The sign-in page, opened once and posted many times, by a browser that has signed in nowhere before.</summary>
internal sealed partial class SignInPage : IDisposable
{
    private const string Path = "/account/login";
    private readonly SocketsHttpHandler handler;
    private readonly HttpMessageInvoker sender;
    private readonly Uri page;
    private string token = "";

    private SignInPage(Uri identity, X509ChainPolicy trust)
    {
        handler = new() { SslOptions = { CertificateChainPolicy = trust }, AllowAutoRedirect = false };
        sender = new(handler);
        page = new(identity, Path);
    }

    public static async Task<SignInPage> OpenAsync(Uri identity, X509ChainPolicy trust)
    {
        var opened = new SignInPage(identity, trust);
        using var request = new HttpRequestMessage(HttpMethod.Get, opened.page);
        using var answer = await opened.sender.SendAsync(request, CancellationToken.None);
        opened.token = Token().Match(await answer.Content.ReadAsStringAsync()).Groups["token"].Value;
        return opened;
    }

    /// <summary>How many milliseconds it took to open the page once more.</summary>
    public async Task<double> OpenedAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, page);
        return await TakesAsync(request, HttpStatusCode.OK);
    }

    /// <summary>How many milliseconds the right password took, once for each browser that opened the page.</summary>
    public async Task<double> SignedInAsync(string email, string password) => await PostedAsync(email, password, HttpStatusCode.Found);

    /// <summary>How many milliseconds the refusal of a wrong password took.</summary>
    public async Task<double> RefusedAsync(string email) => await PostedAsync(email, "not the password of anybody", HttpStatusCode.OK);

    private async Task<double> PostedAsync(string email, string password, HttpStatusCode expected)
    {
        using var form = new FormUrlEncodedContent([new("Email", email), new("Password", password), new("__RequestVerificationToken", token)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, page) { Content = form };
        return await TakesAsync(request, expected);
    }

    private async Task<double> TakesAsync(HttpRequestMessage request, HttpStatusCode expected)
    {
        var sent = Stopwatch.GetTimestamp();
        using var answer = await sender.SendAsync(request, CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        return answer.StatusCode == expected ? took : throw new InvalidOperationException($"The page answered {(int)answer.StatusCode} and not {(int)expected}.");
    }

    public void Dispose()
    {
        sender.Dispose();
        handler.Dispose();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
