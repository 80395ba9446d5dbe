using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Tokens.Tests.OpenIddict;

/// <summary>
/// A whole life of a signing key while two replicas of the token server and two of an API are busy all the time: OpenIddict has no
/// rotation of its own, so that this one is ours to prove.
/// </summary>
public sealed class KeyRotationTests(Replicas replicas)
{
    /// <summary>How often the server looks at its keys, at most.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    [Trait("Practice", "P02")]
    public async Task No_valid_token_is_refused_through_a_whole_rotation_and_the_dropped_key_signs_for_nobody()
    {
        var clock = new TickingClock();
        var database = await replicas.CreateDatabaseAsync();
        await using var one = await replicas.StartOnAsync(database, clock);
        await using var two = await replicas.StartOnAsync(database, clock);

        // Each API reads the keys of another replica than the other does.
        await using var left = await ApiReplica.StartAsync(one, clock);
        await using var right = await ApiReplica.StartAsync(two, clock);
        IdentityHost[] servers = [one, two];
        ApiReplica[] apis = [left, right];
        var first = await SignerAsync(one);
        var dropped = Key(one, first);
        await using var load = Load.Start(servers, apis, clock);
        await load.GoOnAsync();

        // Announced: everybody publishes the next key, and nobody signs with it.
        clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1));
        await UntilAsync(async () => await PublishedAsync(one) is [_, _] && await PublishedAsync(two) is [_, _]);
        clock.Advance(TimeSpan.FromDays(2) - TimeSpan.FromMinutes(3));
        await load.GoOnAsync();
        Assert.Equal((first, first), (await SignerAsync(one), await SignerAsync(two)));
        var second = Assert.Single(await PublishedAsync(one), key => key != first);

        // Used, one replica after the other, while tokens of before are still good.
        clock.Advance(TimeSpan.FromMinutes(4));
        clock.ComeRound(LookEvery);
        await UntilAsync(async () => await SignerAsync(one) == second && await SignerAsync(two) == second);
        await load.GoOnAsync();
        Assert.Contains(first, await PublishedAsync(one));

        clock.Advance(TimeSpan.FromDays(2) - TimeSpan.FromMinutes(4));
        await load.GoOnAsync();
        foreach (var api in apis)
            Assert.Equal(HttpStatusCode.OK, await api.StatusAsync(Forge(first, dropped, clock)));

        // Dropped, and forgotten by the APIs within minutes.
        clock.Advance(TimeSpan.FromMinutes(4));
        clock.ComeRound(LookEvery);
        await UntilAsync(async () => (await PublishedAsync(one)).SequenceEqual([second]) && (await PublishedAsync(two)).SequenceEqual([second]));
        clock.Advance(TimeSpan.FromMinutes(11));
        foreach (var api in apis)
            await UntilAsync(async () => await api.StatusAsync(Forge(first, dropped, clock)) == HttpStatusCode.Unauthorized);
        await load.GoOnAsync();
        foreach (var api in apis)
            Assert.Equal(HttpStatusCode.Unauthorized, await api.StatusAsync(Forge(first, dropped, clock)));

        await load.DisposeAsync();
        Assert.Empty(load.Refused);
    }

    // As a thief of the old key would make it.
    private static string Forge(string kid, ECDsa key, TimeProvider clock) => TestTokens.Create("catalog", "thief", [Scope.CatalogRead], tweak: token =>
    {
        token.Header["kid"] = kid;
        token.Claims["iat"] = token.Claims["nbf"] = clock.GetUtcNow().ToUnixTimeSeconds();
        token.Claims["exp"] = clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();
        token.Sign = input => key.SignData(input, HashAlgorithmName.SHA256);
    });

    private static ECDsa Key(IdentityHost host, string kid) => host.Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue
        .SigningCredentials.Select(credentials => credentials.Key).OfType<ECDsaSecurityKey>().Single(key => key.KeyId == kid).ECDsa;

    private static async Task<string> SignerAsync(IdentityHost host)
    {
        using var client = OAuthClient.Demo(host);
        return (await client.TokenAsync(("grant_type", "client_credentials"))).IsGranted().Header().Text("kid");
    }

    private static async Task<IReadOnlyList<string>> PublishedAsync(IdentityHost host)
    {
        using var client = OAuthClient.Demo(host);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-configuration/jwks");
        return [.. (await client.SendAsync(request)).IsGranted().GetProperty("keys").EnumerateArray().Select(key => key.Text("kid"))];
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "It did not come to that.");
    }
}
