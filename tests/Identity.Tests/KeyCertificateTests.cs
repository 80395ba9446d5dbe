using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.Keys;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>The key ring is sealed with certificates that change.</summary>
[Trait("Practice", "P40")]
public sealed class KeyCertificateTests(PostgresFixture postgres)
{
    private const string Refused = "opens with none of Identity:KeyCertificates";
    private static readonly string Old = KeyRingCertificate.Make();
    private static readonly string Current = KeyRingCertificate.Make();

    [Fact]
    public async Task A_new_first_certificate_seals_new_keys_and_the_old_one_still_opens()
    {
        var database = await IdentityHost.MigratedAsync(postgres);
        Browser carried;
        await using (var before = await StartAsync(database, Old))
        {
            using var browser = before.Browse();
            await browser.LoginAsync(await browser.NewPersonAsync());
            carried = browser;
        }

        await using (var after = await StartAsync(database, Current, Old))
        {
            using var later = after.Browse();
            later.Take(carried);
            Assert.Contains("Hello, Test Person", (await later.GetAsync("/")).Body, StringComparison.Ordinal);
            AddKey(after, untilDays: 90);
        }

        // Now each certificate has sealed one key, and neither alone is enough.
        await (await StartAsync(database, Old, Current)).DisposeAsync();
        await RefusedAsync(database, Current);
        await RefusedAsync(database, Old);
        await (await StartAsync(database, Current, Old)).DisposeAsync();
    }

    [Fact]
    public async Task A_missing_certificate_stops_the_start_and_no_new_key_is_made()
    {
        var database = await IdentityHost.MigratedAsync(postgres);
        await (await StartAsync(database, Old)).DisposeAsync();
        await RefusedAsync(database, Current);
        await using var context = IdentityHost.Context(database);
        Assert.Equal(1, await context.DataProtectionKeys.CountAsync(TestContext.Current.CancellationToken));
        await (await StartAsync(database, Old)).DisposeAsync();
    }

    [Fact]
    public async Task A_damaged_key_stops_the_start()
    {
        var database = await IdentityHost.MigratedAsync(postgres);
        await (await StartAsync(database, Old)).DisposeAsync();
        await using var context = IdentityHost.Context(database);
        await context.Database.ExecuteSqlAsync(
            $"UPDATE identity.data_protection_keys SET xml = regexp_replace(xml, '<CipherValue>....', '<CipherValue>AAAA')",
            TestContext.Current.CancellationToken);
        await RefusedAsync(database, Old);
    }

    [Fact]
    public async Task A_certificate_can_go_once_nothing_that_it_sealed_is_in_use()
    {
        var database = await IdentityHost.MigratedAsync(postgres);
        await (await StartAsync(database, Current)).DisposeAsync();
        await using (var host = await StartAsync(database, Old, Current))
            AddKey(host, untilDays: -61);
        await (await StartAsync(database, Current)).DisposeAsync();

        await using (var host = await StartAsync(database, Old, Current))
            AddKey(host, untilDays: -59);
        await RefusedAsync(database, Current);
    }

    [Fact]
    public void Only_an_rsa_key_of_enough_bits_without_a_password_will_do()
    {
        string[] unfit = [KeyRingCertificate.Make(bits: 2048), KeyRingCertificate.MakeOfAnotherKind(), KeyRingCertificate.Make(withKey: false), KeyRingCertificate.Make(password: "secret"), ""];
        Assert.All(unfit, value => Assert.StartsWith(
            "Set Identity__KeyCertificates__1 to", Assert.Throws<InvalidOperationException>(() => Read(Current, value)).Message, StringComparison.Ordinal));
        Assert.StartsWith("Set Identity__KeyCertificates__0 to", Assert.Throws<InvalidOperationException>(() => Read()).Message, StringComparison.Ordinal);
        Assert.Equal(2, Read(Current, Old).Count);
    }

    private static IReadOnlyList<X509Certificate2> Read(params string[] certificates)
        => KeyCertificates.Read(new ConfigurationBuilder().AddInMemoryCollection(Settings(certificates).Select(pair => KeyValuePair.Create(pair.Name, pair.Value))).Build());

    private static Task<IdentityHost> StartAsync(string database, params string[] certificates) => IdentityHost.StartOnAsync(database, Settings(certificates));

    private static (string Name, string? Value)[] Settings(string[] certificates)
        => [.. certificates.Select((certificate, index) => ($"Identity:KeyCertificates:{index}", (string?)certificate))];

    private static async Task RefusedAsync(string database, string certificate)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(database, certificate));
        Assert.Contains(Refused, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(certificate, failure.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A key sealed with the host's first certificate.</summary>
    private static void AddKey(IdentityHost host, int untilDays)
    {
        var until = TimeProvider.System.GetUtcNow().AddDays(untilDays);
        host.Services.GetRequiredService<IKeyManager>().CreateNewKey(until.AddDays(-90), until);
    }
}
