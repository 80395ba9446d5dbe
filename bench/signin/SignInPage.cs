using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace SecureShop.Bench.SignIn;

/// <summary>The sign-in page, opened once and posted many times, by a browser that has signed in nowhere before.</summary>
internal sealed partial class SignInPage : IDisposable
{
    private const string Path = "/account/login";
    private readonly HttpClient http;
    private readonly string token;

    private SignInPage(HttpClient http, string token) => (this.http, this.token) = (http, token);

    public static async Task<SignInPage> OpenAsync(Uri identity, X509ChainPolicy trust)
    {
        var http = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust }, AllowAutoRedirect = false }) { BaseAddress = identity };
        return new(http, Token().Match(await http.GetStringAsync(Path)).Groups["token"].Value);
    }

    /// <summary>How many milliseconds the refusal of a wrong password took.</summary>
    public async Task<double> RefusedAsync(string email)
    {
        using var form = new FormUrlEncodedContent([
            new("Email", email), new("Password", "not the password of anybody"), new("__RequestVerificationToken", token)]);
        var sent = Stopwatch.GetTimestamp();
        using var answer = await http.PostAsync(Path, form);
        var took = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        return answer.StatusCode == HttpStatusCode.OK
            ? took
            : throw new InvalidOperationException($"The page answered {(int)answer.StatusCode} and not with a refusal.");
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
