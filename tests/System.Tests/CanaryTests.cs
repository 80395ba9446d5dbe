using System.Text;
using SecureShop.SystemTests.Support;
using SecureShop.SystemTests.Support.Secrets;

namespace SecureShop.SystemTests;

/// <summary>
/// No secret and nothing personal in what leaves a service: every byte of every trace, metric and log that was exported, and
/// every line on the console, searched for every value that a whole run made up, issued or kept.
/// </summary>
[Collection<RecordedRunCollection>]
[Trait("Practice", "P33")]
[Trait("Practice", "P40")]
public sealed class CanaryTests(RecordedRun run)
{
    [Theory]
    [InlineData("traces")]
    [InlineData("metrics")]
    [InlineData("logs")]
    public void Nothing_secret_or_personal_was_exported(string signal)
    {
        var search = new SecretSearch(run.Ledger.Secrets);

        AssertNone(Leaks.In(run.Exports.Where(export => export.Signal == signal), bytes => search.In(bytes).Select(find => find.ToString())));
    }

    [Fact]
    [Trait("Practice", "P21")]
    public void A_dump_of_all_three_schemas_shows_nothing_of_where_an_order_was_sent_nor_who_its_customer_is()
    {
        Assert.Equal(8, run.Delivered.Secrets.Count);
        Assert.Equal(3, run.Account.Secrets.Count);
        Assert.All((string[])["identity.users", "catalog.products", "orders.order_deliveries"], table => Assert.Contains($"-- {table}", run.Dump, StringComparison.Ordinal));
        Assert.Contains(run.Subject, run.Dump, StringComparison.Ordinal);
        Assert.Empty(new SecretSearch([.. run.Delivered.Secrets, .. run.Account.Secrets]).In(run.Dump));
    }

    [Fact]
    public void Nothing_that_looks_like_a_secret_was_exported() =>
        AssertNone(Leaks.In(run.Exports, SecretShapes.In));

    [Fact]
    public void Nothing_secret_or_personal_was_said_on_the_console()
    {
        var search = new SecretSearch(run.Ledger.Secrets);
        var said = run.Console.Where(line => !IsWelcome(line)).ToList();

        AssertNone([.. from line in said
                       from what in search.In(line).Select(find => find.ToString()).Concat(SecretShapes.In(line))
                       select $"{what} in a line of {line.Split('|')[0].Trim()}"]);
        Assert.Equal(run.Welcome.Count, run.Console.Count(IsWelcome));
    }

    [Fact]
    public void Client_addresses_stand_in_security_events_and_nowhere_else()
    {
        Assert.SkipWhen(run.ClientAddresses.Count == 0, "Clients share one loopback address here.");
        var addresses = run.ClientAddresses.Select(address => address.ToString()).ToList();
        var search = new SecretSearch(addresses.Select(address => new Secret("a client's address", address)));

        AssertNone(Leaks.In(run.Exports, bytes => search.In(bytes).Select(find => find.ToString()), mayHold: item => item.IsSecurityEvent));
        Assert.Contains(run.Items("logs"), item => item.IsSecurityEvent && search.In(item.Bytes).Count > 0);
        Assert.All(run.Console.Where(line => search.In(line).Count > 0), line => Assert.Contains(" SecureShop.Security[", line, StringComparison.Ordinal));
    }

    /// <summary>The same eyes see what is meant to be seen: without this, an empty export would pass.</summary>
    [Theory]
    [InlineData("traces", "/api/catalog/products")]
    [InlineData("traces", "SELECT")]
    [InlineData("metrics", "http.server.request.duration")]
    [InlineData("logs", "SecureShop.Security")]
    public void The_search_finds_what_is_meant_to_be_there(string signal, string expected)
    {
        var search = new SecretSearch([new("what is meant to be there", expected)]);

        foreach (var service in new[] { "gateway", "identity", "catalog", "orders" })
        {
            Assert.True(
                signal == "logs" || run.Items(signal).Any(item => item.Service == service), $"{service} has exported no {signal}.");
        }

        Assert.Contains(run.Exports, export => export.Signal == signal && search.In(export.Body).Count > 0);
    }

    [Fact]
    public void People_are_known_by_their_subject_alone()
    {
        var search = new SecretSearch([new("the subject", run.Subject)]);

        Assert.Contains(run.Items("logs"), item => item.IsSecurityEvent && search.In(item.Bytes).Count > 0);
        Assert.True(run.Ledger.Secrets.Count > 300, $"Only {run.Ledger.Secrets.Count} secrets were looked for.");
    }

    // AppHost greets with the demo users and the demo client; a line of a resource has that resource's name before it.
    private bool IsWelcome(string line) => line.StartsWith("    ", StringComparison.Ordinal)
        ? line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var email, var secret, ..]
            && email.EndsWith("@secureshop.example", StringComparison.Ordinal) && run.Welcome.Any(known => secret == known || secret.Contains($"?secret={known}&", StringComparison.Ordinal))
        : line.StartsWith("  Client  ", StringComparison.Ordinal) && run.Welcome.Any(secret => line.Contains(secret, StringComparison.Ordinal));

    private static void AssertNone(IReadOnlyCollection<string> leaks)
    {
        var message = new StringBuilder().AppendJoin(Environment.NewLine, leaks.Take(100));
        Assert.True(leaks.Count == 0, $"{leaks.Count} leaks:{Environment.NewLine}{message}");
    }
}

/// <summary>One recorded run for all that only read it.</summary>
[CollectionDefinition]
public sealed class RecordedRunCollection : ICollectionFixture<RecordedRun>;
