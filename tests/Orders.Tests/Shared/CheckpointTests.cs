using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SecureShop.Storage.Audit;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests.Shared;

/// <summary>Signed checkpoints as text: what is one, whose it is, and what only looks like one.</summary>
[Trait("Practice", "P33")]
public sealed class CheckpointTests : IDisposable
{
    // Signed by another implementation, with a key that is nowhere.
    private const string Known = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF1ZGl0LWNoZWNrcG9pbnQiLCJraWQiOiJjZjdhNDYxN2ViZWQ1NzkxIn0.eyJzY2hlbWEiOiJvcmRlcnMiLCJyb3ciOjQwLCJoYXNoIjoiQVFBQkFnTUVCUVlIQ0FrS0N3d05EZzhRRVJJVEZCVVdGeGdaR2hzY0hSNGYiLCJhdCI6IjIwMjYtMTEtMjhUMDE6MDI6MDMrMDA6MDAifQ.YqtBtCFNlBxYFa9Jt3uVmhtnjQ5AiU4I0roitfA6vEiMHGWDcbSLTXhE61GMX_Hcm51ABGngC9D9T3g9rFUHyA";
    private const string PublicKey = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEcrxKwfTwvkopvevKW23+LUeOPPYbz6MQJQcfWvI/EqsYKzjqQLntPMFGU23p58RfbuHHGrVCSY7cjGR9JkuRYQ==";

    private readonly ECDsa key = CheckpointKey.Private(TestKeys.NewPrivate());
    private readonly AuditCheckpoint place = new("orders", 40, [1, 2, 3], new(2026, 11, 28, 1, 2, 3, TimeSpan.Zero));

    public void Dispose() => key.Dispose();

    [Fact]
    public void One_of_another_implementation_is_read_and_its_signature_believed()
    {
        using var signer = CheckpointKey.Public(PublicKey);
        Assert.Equal("cf7a4617ebed5791", CheckpointKey.IdOf(signer));
        var (header, checkpoint, text) = Assert.Single(CheckpointText.In(Known));
        Assert.Equal(("ES256", "audit-checkpoint", "cf7a4617ebed5791"), (header.Alg, header.Typ, header.Kid));
        Assert.Equal(("orders", 40L, place.At, 33), (checkpoint.Schema, checkpoint.Row, checkpoint.At, checkpoint.Hash.Length));
        Assert.Equal(Known, text);
        Assert.True(CheckpointText.IsSigned(Known, signer));
        Assert.False(CheckpointText.IsSigned(Known, key));
    }

    [Fact]
    public void What_is_signed_is_found_in_a_line_of_a_log_and_a_change_of_it_shows()
    {
        var (one, two) = (CheckpointText.Sign(place, key), CheckpointText.Sign(place with { Row = 41 }, key));
        var found = CheckpointText.In($"2026-11-28 info: signed up to row 40: {one}, and then \"{two}\" (more)").ToList();
        Assert.Equal([one, two], found.Select(each => each.Text));
        Assert.Equal([40L, 41L], found.Select(each => each.Checkpoint.Row));
        Assert.All(found, each => Assert.Equal((CheckpointKey.IdOf(key), "ES256", "audit-checkpoint"), (each.Header.Kid, each.Header.Alg, each.Header.Typ)));
        Assert.Equal(place.Hash, found[0].Checkpoint.Hash);
        Assert.True(CheckpointText.IsSigned(one, key));
        Assert.False(CheckpointText.IsSigned($"{one[..one.LastIndexOf('.')]}.{two[(two.LastIndexOf('.') + 1)..]}", key));
        Assert.False(CheckpointText.IsSigned($"{one.Split('.')[0]}.{two.Split('.')[1]}.{one.Split('.')[2]}", key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing of the kind")]
    [InlineData("{\"alg\":\"none\",\"typ\":\"audit-checkpoint\",\"kid\":\"x\"}", "{\"schema\":\"orders\",\"row\":1,\"hash\":\"AQID\",\"at\":\"2026-11-28T00:00:00Z\"}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"x\"}", "{\"schema\":\"orders\",\"row\":1,\"hash\":\"AQID\",\"at\":\"2026-11-28T00:00:00Z\"}")]
    [InlineData("{\"alg\":\"ES256\",\"kid\":\"x\"}", "{\"schema\":\"orders\",\"row\":1,\"hash\":\"AQID\",\"at\":\"2026-11-28T00:00:00Z\"}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"audit-checkpoint\",\"kid\":\"x\"}", "{\"row\":1,\"hash\":\"AQID\",\"at\":\"2026-11-28T00:00:00Z\"}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"audit-checkpoint\",\"kid\":\"x\"}", "{\"schema\":\"orders\",\"row\":1,\"at\":\"2026-11-28T00:00:00Z\"}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"audit-checkpoint\",\"kid\":\"x\"}", "{\"schema\":\"orders\",\"row\":\"many\"}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"audit-checkpoint\",\"kid\":\"x\"}", "{\"schema\":")]
    [InlineData("{\"alg\":", "{\"schema\":\"orders\",\"row\":1,\"hash\":\"AQID\",\"at\":\"2026-11-28T00:00:00Z\"}")]
    public void What_only_looks_like_one_is_passed_over(string header, string? payload = null)
    {
        var text = payload is null ? header : $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.{Known.Split('.')[2]}";
        Assert.Empty(CheckpointText.In(text));
        Assert.Equal(Known, Assert.Single(CheckpointText.In($"{text} {Known}")).Text);
    }

    [Fact]
    public void A_signature_of_another_length_and_letters_that_are_none_are_passed_over()
    {
        Assert.Empty(CheckpointText.In(Known[..^1]));

        // 86 letters, of which the last one has bits that no 64 bytes have.
        Assert.Empty(CheckpointText.In(Known[..^1] + "B"));
    }

    [Fact]
    public void A_key_that_is_none_is_not_taken()
    {
        Assert.Throws<FormatException>(() => CheckpointKey.Private("no-base64"));
        Assert.ThrowsAny<CryptographicException>(() => CheckpointKey.Private("AAAA"));
        Assert.Throws<FormatException>(() => CheckpointKey.Public("no-base64"));
        Assert.ThrowsAny<CryptographicException>(() => CheckpointKey.Public("AAAA"));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public void Settings_have_their_bounds_and_their_mend_and_do_not_write_the_key()
    {
        var good = new AuditOptions { Key = TestKeys.NewPrivate() };
        Assert.Equal(("Audit", TimeSpan.FromSeconds(10), null, ""), (AuditOptions.Section, good.Interval, good.Folder, new AuditOptions().Key));
        Assert.DoesNotContain(good.Key, $"{good}", StringComparison.Ordinal);
        Assert.Equal("AuditOptions", $"{good}");
        foreach (var interval in (TimeSpan[])[TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), good.Interval])
            Assert.True(Validate(good with { Interval = interval }).Succeeded);
        foreach (var interval in (TimeSpan[])[TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1), TimeSpan.FromMinutes(10) + TimeSpan.FromTicks(1)])
            Assert.Equal("Set Audit__Interval to 00:00:01 to 00:10:00.", Validate(good with { Interval = interval }).FailureMessage);
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (var wrong in (string[])["", "no-base64", "AAAA", PublicKey, Convert.ToBase64String(larger.ExportPkcs8PrivateKey())])
        {
            Assert.Equal(
                "Set Audit__Key to the P-256 key by which the service signs its audit trail, base64 of PKCS#8 (docs/keys.md).", Validate(good with { Key = wrong }).FailureMessage);
        }

        static Microsoft.Extensions.Options.ValidateOptionsResult Validate(AuditOptions options) => new AuditOptions.Validator().Validate(null, options);
    }
}
