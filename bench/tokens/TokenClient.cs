using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecureShop.Testing;

namespace SecureShop.Bench.Tokens;

/// <summary>A client with several callers at one server: how it proves itself, and what it shows for its tokens.</summary>
/// <param name="http">Sends what it asks.</param>
/// <param name="address">The token endpoint.</param>
/// <param name="form">What all its requests say.</param>
internal sealed class TokenClient(HttpMessageInvoker http, Uri address, params (string Name, string Value)[] form)
{
    /// <summary>A parameter that says that the refresh token is bound to a key. Identity does not know it.</summary>
    public const string Bound = "bound";

    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private readonly ConcurrentQueue<string> assertions = [];
    private readonly ConcurrentQueue<string> proofs = [];
    private string? nonce;

    /// <summary>Signs assertions (RFC 7523), where the client proves itself by them.</summary>
    public ECDsa? Key { get; init; }

    /// <summary>Makes proofs (RFC 9449), where its tokens are bound.</summary>
    public TestProver? Prover { get; init; }

    /// <summary>Each caller's refresh token, where it has one.</summary>
    public string[]? Refresh { get; init; }

    /// <summary>Sends so many requests, a fixed number of them under way at a time.</summary>
    public async Task<Slice> RunAsync(int callers, int requests)
    {
        await PrepareAsync(requests);
        var left = requests;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(CallAsync));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new(seconds, [.. times.SelectMany(time => time).Order()], GC.GetTotalAllocatedBytes(precise: true) - allocated);

        async Task<List<double>> CallAsync(int caller)
        {
            List<double> milliseconds = [];
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var sent = Stopwatch.GetTimestamp();
                await AskAsync(caller);
                milliseconds.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }

            return milliseconds;
        }
    }

    /// <summary>Sends one request.</summary>
    public async Task AskAsync(int caller)
    {
        using var answer = await SendAsync(caller);
        await TakeAsync(caller, answer);
    }

    // Signing is the client's work, and done before the time runs.
    private async Task PrepareAsync(int requests)
    {
        if (Prover is not null && nonce is null)
        {
            Sign(1);
            using var asked = await SendAsync(0);
            nonce = asked.Headers.GetValues("DPoP-Nonce").Single();
        }

        Sign(requests);
    }

    private void Sign(int requests)
    {
        var now = TimeProvider.System.GetUtcNow();
        for (var made = 0; made < requests; made++)
        {
            if (Key is not null)
                assertions.Enqueue(Assertion(now));
            if (Prover is null)
                continue;
            var proof = Prover.Prove("POST", IdentityServer.Issuer + address.AbsolutePath, now);
            if (nonce is not null)
                proof.Claims["nonce"] = nonce;
            proofs.Enqueue(proof.Write());
        }
    }

    private string Assertion(DateTimeOffset now)
    {
        var client = form.Single(field => field.Name == "client_id").Value;
        var assertion = new TestToken { Sign = input => Key!.SignData(input, HashAlgorithmName.SHA256) };
        (assertion.Header["alg"], assertion.Header["typ"]) = ("ES256", "client-authentication+jwt");
        (assertion.Claims["iss"], assertion.Claims["sub"], assertion.Claims["aud"]) = (client, client, IdentityServer.Issuer);
        (assertion.Claims["iat"], assertion.Claims["exp"]) = (now.ToUnixTimeSeconds(), now.AddMinutes(1).ToUnixTimeSeconds());
        assertion.Claims["jti"] = Guid.NewGuid().ToString("N");
        return assertion.Write();
    }

    private async Task<HttpResponseMessage> SendAsync(int caller)
    {
        var fields = form.ToList();
        if (assertions.TryDequeue(out var assertion))
            fields.AddRange([("client_assertion_type", AssertionType), ("client_assertion", assertion)]);
        if (Refresh is not null)
            fields.Add(("refresh_token", Refresh[caller]));
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        if (proofs.TryDequeue(out var proof))
            request.Headers.Add("DPoP", proof);
        return await http.SendAsync(request, CancellationToken.None);
    }

    private async Task TakeAsync(int caller, HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsByteArrayAsync();
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"{(int)answer.StatusCode} {Encoding.UTF8.GetString(body)}");
        if (Refresh is null)
            return;
        using var json = JsonDocument.Parse(body);
        if (json.RootElement.TryGetProperty("refresh_token", out var next))
            Refresh[caller] = next.GetString()!;
    }
}
