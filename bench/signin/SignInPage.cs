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

    /// <summary>How many milliseconds the refusal of a wrong password took.</summary>
    public async Task<double> RefusedAsync(string email)
    {
        using var form = new FormUrlEncodedContent([
            new("Email", email), new("Password", "not the password of anybody"), new("__RequestVerificationToken", token)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, page) { Content = form };
        var sent = Stopwatch.GetTimestamp();
        using var answer = await sender.SendAsync(request, CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        return answer.StatusCode == HttpStatusCode.OK
            ? took
            : throw new InvalidOperationException($"The page answered {(int)answer.StatusCode} and not with a refusal.");
    }

    public void Dispose()
    {
        sender.Dispose();
        handler.Dispose();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
