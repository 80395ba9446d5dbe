using Microsoft.Extensions.Options;
using SecureShop.Storage.Audit;
using SecureShop.Storage.Sealing;

namespace SecureShop.Orders.Tests.Shared;

/// <summary>
/// What is stored for years is read by the code of then: each format once, made by another implementation. A build that writes it otherwise and
/// reads its own writing would pass every other test, and open nothing that is in the databases.
/// </summary>
[Trait("Practice", "P21")]
public sealed class KnownAnswerTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(101, 32).Select(number => (byte)number)];
    private static readonly string Master = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(number => (byte)number)]);
    private static readonly SealedField Place = new("order_deliveries", Guid.Parse("0198c0de-0000-7000-8000-000000000001"), "Note");

    [Fact]
    public void A_master_key_has_this_id_and_opens_what_it_wrapped()
    {
        using var masters = new MasterKeys(Options.Create(new SealingOptions { MasterKeys = [Master] }));
        Assert.Equal("9bbf7d622d6bcb2a", masters.Current);
        var wrapped = Convert.FromHexString("01c9cacbcccdcecfd0d1d2d3d445ecdfb15d022a451ccd6dda610e5028fc91b3e99a45883c9ddcb1b3fc0612d226b4be6074d723ea7bdba1750f232175");
        Assert.Equal(Key, masters.Unwrap(wrapped, masters.Current, "orders", "alice"));
    }

    [Fact]
    public void A_seal_opens_what_it_closed_and_knows_contents_by_this_hash()
    {
        using var seal = new PersonalSeal(Key, "orders", "alice", () => Assert.Fail("It is whole."));
        Assert.Equal("violet harbour", seal.Open(Place, Convert.FromHexString("01c9cacbcccdcecfd0d1d2d3d403c4d389ef3473c67e1c0a2f09ca9ae23bd00aae9cb5defc34bfa7bed898")));
        Assert.Equal("43a03539ff776289cb4d674ac541a33942b26fbe1bfa655d2d76ebca85c53b4d", Convert.ToHexStringLower(seal.Fingerprint("order request", "one")));
        Assert.Equal("010000000161000000026263", Convert.ToHexStringLower(Seal.Place("a", "bc")));
        Assert.Equal((1, 29, 29), (seal.Close(Place, "")![0], Seal.Overhead, PersonalSeal.Overhead));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void A_row_of_the_trail_has_this_hash()
    {
        var first = AuditChain.Hash("orders", 1, null, [[1, 2], null, []]);
        Assert.Equal("011b8338e67fa35555de1ef5851ef47424460161668f74a58648f71e2aea777c90", Convert.ToHexStringLower(first));
        Assert.Equal("01f6aba989f0bd6f78e23cae684822da61568848735f690b92ed48437ed4c4b69b", Convert.ToHexStringLower(AuditChain.Hash("orders", 258, first, ["x"u8.ToArray()])));
        Assert.Equal(
            [
                "uuid_send(mark)", "timestamptz_send(at)", "int4send(event_id)", "convert_to(event_name, 'UTF8')", "convert_to(reason, 'UTF8')", "convert_to(subject, 'UTF8')",
                "convert_to(actor, 'UTF8')", "convert_to(client, 'UTF8')", "convert_to(network, 'UTF8')", "convert_to(method, 'UTF8')", "convert_to(route, 'UTF8')",
                "int4send(status)", "convert_to(trace_id, 'UTF8')", "convert_to(details::text, 'UTF8')",
            ],
            AuditChain.Columns);
        Assert.Equal((33, 1), (AuditChain.Length, AuditChain.Format));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public void Keys_that_nobody_needs_any_more_are_overwritten()
    {
        var seal = new PersonalSeal(Key, "orders", "alice", () => { });
        var (closed, hash) = (seal.Close(Place, "violet harbour"), seal.Fingerprint("order request", "one"));
        seal.Dispose();
        Assert.Throws<BrokenSealException>(() => seal.Open(Place, closed));
        Assert.NotEqual(hash, seal.Fingerprint("order request", "one"));

        var masters = new MasterKeys(Options.Create(new SealingOptions { MasterKeys = [Master] }));
        var wrapped = masters.Wrap(Key, "orders", "alice");
        Assert.Equal(Key, masters.Unwrap(wrapped, masters.Current, "orders", "alice"));
        masters.Dispose();
        Assert.Null(masters.Unwrap(wrapped, masters.Current, "orders", "alice"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHw==")]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh")]
    [InlineData("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=")]
    public void What_is_no_master_key_is_read_as_none(string? text)
    {
        Assert.Null(SealingOptions.Read(text));
        Assert.Equal(Enumerable.Range(1, 32).Select(number => (byte)number), SealingOptions.Read(Master));
    }

    [Fact]
    public void The_message_counts_the_keys_and_says_how_to_make_one()
    {
        var twice = new SealingOptions.Validator().Validate(null, new() { MasterKeys = [Master, Master] });
        Assert.Equal("Set Sealing__MasterKeys__0 to Sealing__MasterKeys__1 to different keys: one of them is there twice.", twice.FailureMessage);
        var none = new SealingOptions.Validator().Validate(null, new());
        Assert.Equal("Set Sealing__MasterKeys__0 to 32 random bytes in Base64, as 'openssl rand -base64 32' writes them.", none.FailureMessage);
        var both = new SealingOptions.Validator().Validate(null, new() { MasterKeys = ["a", Master, "b"] });
        Assert.Equal(["0", "2"], both.Failures!.Select(failure => failure["Set Sealing__MasterKeys__".Length..][..1]));
        Assert.Equal("Sealing", SealingOptions.Section);
    }
}
