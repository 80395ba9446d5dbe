using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.Tokens;
using SecureShop.ServiceDefaults.Revocations;
using SecureShop.ServiceDefaults.Tokens;

namespace SecureShop.Bench.Micro;

/// <summary>What the check of an access token costs: one that comes for the first time, and one that was good before; with 1,000 revocations known.</summary>
[MemoryDiagnoser]
public class TokenCheckBenchmark
{
    private const string Issuer = "https://localhost:7444";
    private const int Tokens = 2_000;

    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly KeySource Source = new(Key);

    private readonly string[] _tokens = new string[Tokens];
    private IssuerKeys _keys = null!;
    private KnownRevocations _revocations = null!;
    private TokenValidationParameters _rules = null!;
    private AccessTokenHandler _known = null!;
    private AccessTokenHandler _fresh = null!;
    private int _next;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _keys = new(Source, TimeProvider.System, NullLogger<IssuerKeys>.Instance);
        _revocations = new(TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        for (var number = 0; number < 1_000; number++)
            _revocations.TryAdd(new(RevocationKind.Session, $"{number}", now.ToUnixTimeMilliseconds(), now.AddHours(1).ToUnixTimeMilliseconds()));
        _rules = AccessTokenRules.For(Issuer, "orders", TimeProvider.System);
        for (var number = 0; number < Tokens; number++)
            _tokens[number] = Write(now);
        _known = new(_keys, TimeProvider.System, _revocations);
        _fresh = new(_keys, TimeProvider.System, _revocations);
        if (!(await _known.ValidateTokenAsync(_tokens[0], _rules)).IsValid)
            throw new InvalidOperationException("The token is not good.");
    }

    [Benchmark(Baseline = true)]
    public Task<TokenValidationResult> First()
    {
        // Nothing is known of any of them.
        if (++_next == Tokens)
            (_next, _fresh) = (0, new(_keys, TimeProvider.System, _revocations));
        return _fresh.ValidateTokenAsync(_tokens[_next], _rules);
    }

    [Benchmark]
    public Task<TokenValidationResult> Remembered() => _known.ValidateTokenAsync(_tokens[0], _rules);

    private string Write(DateTimeOffset now)
    {
        var input = $"{Encode(new { alg = "ES256", typ = "at+jwt", kid = "key" })}.{Encode(new
        {
            iss = Issuer,
            aud = "orders",
            sub = Guid.NewGuid(),
            client_id = "storefront",
            jti = Guid.NewGuid(),
            sid = Guid.NewGuid().ToString("N"),
            oi_au_id = Guid.CreateVersion7(),
            scope = "openid profile catalog.read orders.read orders.write",
            role = new[] { "customer" },
            amr = new[] { "pwd", "otp", "mfa" },
            acr = "urn:secureshop:acr:multi-factor",
            auth_time = now.ToUnixTimeSeconds(),
            iat = now.ToUnixTimeSeconds(),
            exp = now.AddHours(1).ToUnixTimeSeconds(),
        })}";
        return $"{input}.{Base64Url.EncodeToString(Key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    private static string Encode<T>(T part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    /// <summary>The issuer's keys, without an issuer.</summary>
    private sealed class KeySource(ECDsa key) : HttpMessageHandler, IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(this, disposeHandler: false) { BaseAddress = new(Issuer) };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            var keys = new[] { new { kty = "EC", use = "sig", crv = "P-256", kid = "key", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) } };
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(new { keys })) });
        }
    }
}
