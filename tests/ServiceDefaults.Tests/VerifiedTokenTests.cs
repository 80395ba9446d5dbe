using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Revocations;
using SecureShop.ServiceDefaults.Tokens;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>A token that was good is remembered, and still refused as soon as it is not.</summary>
[Trait("Practice", "P02")]
public sealed class VerifiedTokenTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly KnownRevocations revocations;
    private TestIssuer issuer = null!;
    private ServiceHost host = null!;
    private AccessTokenHandler handler = null!;

    public VerifiedTokenTests() => revocations = new(clock);

    public async ValueTask InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(
            issuer, app => app.MapGet("/", () => "ok").RequireAccess(AccessRule.ForScope(Scope.CatalogRead)), builder => builder.Services.AddSingleton<TimeProvider>(clock));
        handler = new(host.App.Services.GetRequiredService<IssuerKeys>(), clock, revocations);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task It_is_checked_once_for_each_API()
    {
        var token = Token();
        var first = await CheckAsync(token);
        Assert.True(first.IsValid);
        Assert.Same(first, await CheckAsync(token));
        Assert.False((await CheckAsync(token, "orders")).IsValid);
        Assert.Same(first, await CheckAsync(token));
    }

    [Fact]
    public async Task With_one_character_changed_it_is_another_one()
    {
        var token = Token();
        Assert.True((await CheckAsync(token)).IsValid);
        for (var at = 0; at < token.Length; at += 7)
        {
            var other = token[at] == 'A' ? 'B' : 'A';
            if (token[at] != '.')
                Assert.False((await CheckAsync(token[..at] + other + token[(at + 1)..])).IsValid);
        }

        Assert.False((await CheckAsync(token + " ")).IsValid);
        Assert.False((await CheckAsync(token + "A")).IsValid);
    }

    [Fact]
    public async Task It_expires()
    {
        var token = Token();
        Assert.True((await CheckAsync(token)).IsValid);
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True((await CheckAsync(token)).IsValid);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.IsType<SecurityTokenInvalidLifetimeException>((await CheckAsync(token)).Exception, exactMatch: false);
    }

    [Fact]
    public async Task It_ends_with_its_key()
    {
        var token = Token(made => made.Claims["exp"] = clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds());
        Assert.True((await CheckAsync(token)).IsValid);
        using var other = System.Security.Cryptography.ECDsa.Create();
        issuer.Answer = () => Results.Json(TestTokens.KeySet(("another", other)));
        clock.Advance(TimeSpan.FromMinutes(11));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await CheckAsync(token)).IsValid)
            await Task.Delay(20, limit.Token);
    }

    [Theory]
    [InlineData(RevocationKind.Token, "jti")]
    [InlineData(RevocationKind.Session, "sid")]
    [InlineData(RevocationKind.Family, "oi_au_id")]
    [InlineData(RevocationKind.Subject, "sub")]
    [Trait("Practice", "P03")]
    public async Task It_ends_when_it_is_revoked(RevocationKind kind, string claim)
    {
        var (token, other) = (With("one"), With("other"));
        Assert.True((await CheckAsync(token)).IsValid && (await CheckAsync(other)).IsValid);
        Assert.True(revocations.TryAdd(Revoked(kind, "one")));
        Assert.False((await CheckAsync(token)).IsValid);
        Assert.True((await CheckAsync(other)).IsValid);

        string With(string value) => Token(made => made.Claims[claim] = value);
    }

    [Fact]
    public async Task No_request_can_give_the_others_a_claim()
    {
        var identity = (await CheckAsync(TestTokens.Create("catalog", "mia", [Scope.CatalogRead], [Role.Customer], at: clock.GetUtcNow()))).ClaimsIdentity;
        Assert.True(identity.HasClaim("role", Role.Customer));
        Assert.Equal("mia", identity.Name);
        Assert.Throws<InvalidOperationException>(() => identity.AddClaim(new("role", Role.Admin)));
        Assert.Throws<InvalidOperationException>(() => identity.AddClaims([new("role", Role.Admin)]));
        Assert.Throws<InvalidOperationException>(() => identity.RemoveClaim(identity.FindFirst("sub")));
        Assert.Throws<InvalidOperationException>(() => identity.TryRemoveClaim(identity.FindFirst("sub")));
    }

    [Fact]
    public async Task A_flood_of_good_tokens_takes_no_more_room_and_does_not_push_out_what_is_used()
    {
        var result = await CheckAsync(Token());
        var verified = new VerifiedTokens();
        var token = new VerifiedToken(Task.FromResult(result), new JsonWebKey(), new(null, null, null, null, null, 0, 0), DateTime.MaxValue);
        for (var number = 0; number < 20_000; number++)
        {
            verified.Add(TokenName.Of($"{number}", "catalog"), token);
            Assert.NotNull(verified.Find(TokenName.Of("0", "catalog")));
        }

        Assert.InRange(Enumerable.Range(0, 20_000).Count(number => verified.Find(TokenName.Of($"{number}", "catalog")) is not null), 5_000, 10_000);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public void What_does_not_fit_is_not_taken_until_there_is_room()
    {
        for (var number = 0; number < KnownRevocations.MaxKnown; number++)
            Assert.True(revocations.TryAdd(Revoked(RevocationKind.Token, $"{number}")));
        Assert.False(revocations.TryAdd(Revoked(RevocationKind.Token, "one more")));
        Assert.True(revocations.TryAdd(Revoked(RevocationKind.Token, "7")));
        clock.Advance(TimeSpan.FromMinutes(6));
        revocations.Sweep();
        Assert.True(revocations.TryAdd(Revoked(RevocationKind.Token, "one more")));
    }

    private string Token(Action<TestToken>? tweak = null) => TestTokens.Create("catalog", "mia", tweak: tweak, at: clock.GetUtcNow());

    private Revocation Revoked(RevocationKind kind, string value)
        => new(kind, value, clock.GetUtcNow().ToUnixTimeMilliseconds() + 1000, clock.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds());

    private Task<TokenValidationResult> CheckAsync(string token, string audience = "catalog")
        => handler.ValidateTokenAsync(token, AccessTokenRules.For(TestTokens.Issuer, audience, clock));
}
