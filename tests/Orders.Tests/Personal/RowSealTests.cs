using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Sealing;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests.Personal;

/// <summary>Rows that keep their own texts sealed, and what they are found by.</summary>
[Trait("Practice", "P21")]
public sealed class RowSealTests : IDisposable
{
    private const string Schema = "identity";

    private readonly RecordedEvents events = new();
    private readonly ILoggerFactory loggers;
    private readonly SecurityLog security;
    private readonly MasterKeys masters = new(Options.Create(new SealingOptions { MasterKeys = [NewKey()] }));
    private readonly RowSeals seals;

    public RowSealTests()
    {
        loggers = LoggerFactory.Create(logging => logging.AddProvider(events));
        security = new(loggers, TimeProvider.System);
        seals = new(masters, security, TimeProvider.System);
    }

    public void Dispose()
    {
        masters.Dispose();
        security.Dispose();
        loggers.Dispose();
        events.Dispose();
    }

    [Fact]
    public void A_text_is_closed_once_it_has_changed_and_opens_in_its_own_row_alone()
    {
        var (alice, bob) = (Row("violet harbour"), Row("amber lantern"));
        Assert.True(alice.Text.Waits);
        Close(alice);
        Close(bob);
        Assert.False(alice.Text.Waits);
        Assert.Equal(PersonalSeal.Overhead + "violet harbour".Length, alice.Text.Closed!.Length);
        Assert.Equal(-1, alice.Text.Closed.AsSpan().IndexOf("violet"u8));

        // What did not change is not closed anew.
        var closed = alice.Text.Closed;
        alice.Text.Text = "violet harbour";
        Assert.False(alice.Text.Waits);
        Close(alice);
        Assert.Same(closed, alice.Text.Closed);

        Assert.Equal("violet harbour", Read(alice).Text.Text);
        Assert.Throws<BrokenSealException>(() => Read(alice, bob.Text.Closed).Text.Text);
        Assert.Throws<BrokenSealException>(() => Read(alice, [.. closed[..^1], (byte)(closed[^1] ^ 1)]).Text.Text);
        Assert.Equal(2, events.All.Count(one => one.Name == "SealRefused" && one["Reason"] == "seal_broken" && one["Subject"] == alice.Id.ToString()));
    }

    [Fact]
    public void A_text_that_was_read_can_be_changed_and_taken_away_without_being_opened()
    {
        var row = Row("violet harbour");
        Close(row);
        var read = Read(row);
        Assert.False(read.Text.Waits);
        read.Text.Text = "amber lantern";
        Assert.Equal("amber lantern", read.Text.Text);
        Assert.True(read.Text.Waits);
        Close(read);
        Assert.Equal("amber lantern", Read(read).Text.Text);

        read.Text.Text = null;
        Close(read);
        Assert.Null(read.Text.Closed);
        Assert.Null(Read(read).Text.Text);
        Assert.Null(new SomeRow(Guid.CreateVersion7()).Text.Text);
        Assert.False(new SomeRow(Guid.CreateVersion7()).Text.Waits);
    }

    [Fact]
    public void Read_past_what_opens_it_a_text_is_no_text()
    {
        var row = Row("violet harbour");
        Close(row);
        var past = new SomeRow(row.Id) { Text = { Closed = row.Text.Closed } };
        Assert.Contains("users.name", Assert.Throws<InvalidOperationException>(() => past.Text.Text).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_rows_own_key_opens_and_only_while_it_is_there_and_its_master_key_is()
    {
        var (alice, bob) = (Row("violet harbour"), Row("amber lantern"));
        Close(alice);
        Close(bob);
        seals.Open(alice, Schema).Dispose();
        Assert.Equal(alice.Id.ToString(), alice.Key!.OwnerId);
        Assert.Equal(masters.Current, alice.Key.MasterKey);

        var (key, foreign) = (alice.Key, new DataKey { OwnerId = alice.Id.ToString() });
        foreign.Rewrap(bob.Key!.Wrapped!, masters.Current);
        foreach (var wrong in (DataKey?[])[bob.Key, foreign, null, new() { OwnerId = alice.Id.ToString() }])
        {
            alice.Key = wrong;
            Assert.Throws<BrokenSealException>(() => seals.Open(alice, Schema));
        }

        alice.Key = key;
        Assert.Throws<BrokenSealException>(() => seals.Open(alice, "orders"));
        Assert.Equal(5, events.All.Count(one => one["Reason"] == "seal_broken"));

        using var others = new MasterKeys(Options.Create(new SealingOptions { MasterKeys = [NewKey()] }));
        Assert.Throws<BrokenSealException>(() => new RowSeals(others, security, TimeProvider.System).Open(alice, Schema));
        Assert.Equal("seal_master_key", events.All[^1]["Reason"]);
        seals.Open(alice, Schema).Dispose();
    }

    [Fact]
    public void What_is_found_by_is_the_same_for_the_same_under_one_key_alone()
    {
        var key = NewKey();
        using var hash = Hash(key);
        using var again = Hash(key);
        using var another = Hash(NewKey());
        var found = hash.Of("ALICE@PEOPLE.EXAMPLE");
        Assert.Equal(64, found.Length);
        Assert.Equal(found, again.Of("ALICE@PEOPLE.EXAMPLE"));
        Assert.NotEqual(found, another.Of("ALICE@PEOPLE.EXAMPLE"));
        Assert.NotEqual(found, hash.Of("BOB@PEOPLE.EXAMPLE"));

        // The key that is configured is not the one that it is used as: nothing else that is made of it tells about this.
        Assert.NotEqual(found, Convert.ToHexString(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes("ALICE@PEOPLE.EXAMPLE"))));
        hash.Dispose();
        Assert.NotEqual(found, hash.Of("ALICE@PEOPLE.EXAMPLE"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void A_lookup_key_that_is_none_stops_the_start(string key)
    {
        var result = new LookupOptions.Validator().Validate(null, new() { LookupKey = key });
        Assert.StartsWith("Set Sealing__LookupKey to", Assert.Single(result.Failures!), StringComparison.Ordinal);
        Assert.True(new LookupOptions.Validator().Validate(null, new() { LookupKey = NewKey() }).Succeeded);
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static LookupHash Hash(string key) => new(Options.Create(new LookupOptions { LookupKey = key }));

    private static SomeRow Row(string text) => new(Guid.CreateVersion7()) { Text = { Text = text } };

    private void Close(SomeRow row)
    {
        row.Key ??= seals.Make(row, Schema);
        using var seal = seals.Open(row, Schema);
        row.Text.Close(seal, row.Id);
    }

    /// <summary>As it comes from the table.</summary>
    private SomeRow Read(SomeRow row, byte[]? instead = null)
    {
        var read = new SomeRow(row.Id) { Key = row.Key, Text = { Closed = instead ?? row.Text.Closed } };
        read.Text.Opening = text =>
        {
            using var seal = seals.Open(read, Schema);
            return text.Open(seal, read.Id);
        };
        return read;
    }

    private sealed class SomeRow(Guid id) : ISealedRow
    {
        public Guid Id => id;

        public Guid Row => id;

        public SealedText Text { get; } = new("users", "name");

        public DataKey? Key { get; set; }

        public IReadOnlyList<SealedText> Texts => [Text];
    }
}
