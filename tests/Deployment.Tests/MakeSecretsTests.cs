using System.Text.Json.Nodes;
using SecureShop.Deployment.Tests.Support;

namespace SecureShop.Deployment.Tests;

/// <summary>What is announced in the vault gets its value once, whole or not at all, and nobody sees it.</summary>
[Trait("Practice", "P40")]
public sealed class MakeSecretsTests
{
    private const string Secrets = "Microsoft.KeyVault/vaults/kv-shop/secrets";

    private static async Task<FakeAzure> AnnouncedAsync()
    {
        var azure = await FakeAzure.StartAsync();
        azure.Announce("a-password", "password");
        azure.Announce("key-ring", "sealing-certificate");
        azure.Announce("orders-key", "ec-p256-private-key", publicPart: "orders-public");
        azure.Announce("orders-public");
        azure.Announce("unmade");
        azure.Announce("z-password", "password", made: "2029-01-01T00:00:00Z");
        return azure;
    }

    [Fact]
    public async Task Each_that_was_announced_is_made_once_and_no_other_is_touched()
    {
        await using var azure = await AnnouncedAsync();

        var first = await azure.RunAsync("secrets");

        Assert.Equal(0, first.ExitCode);
        Assert.Contains("a-password: made now", first.Output, StringComparison.Ordinal);
        Assert.Contains("orders-public: made now, the public part of orders-key", first.Output, StringComparison.Ordinal);
        Assert.Contains("z-password: was there (2029-01-01T00:00:00Z)", first.Output, StringComparison.Ordinal);
        Assert.Equal(
            [$"PUT {Secrets}/a-password", $"PUT {Secrets}/key-ring", $"PUT {Secrets}/orders-public", $"PUT {Secrets}/orders-key"], azure.Writes);
        Assert.Equal("announced", azure.ValueOf("unmade"));
        Assert.Equal(4, azure.Values.Distinct(StringComparer.Ordinal).Count());
        foreach (var made in (string[])["a-password", "key-ring", "orders-key", "orders-public"])
        {
            Assert.StartsWith("2030-05-17T10:", azure.TagOf(made, "made"), StringComparison.Ordinal);
            Assert.Equal("tests", azure.TagOf(made, "purpose"));
            Assert.Equal($"of {made}", azure.Secrets[made]["properties"]!["contentType"]!.GetValue<string>());
        }

        Assert.Equal("orders-public", azure.TagOf("orders-key", "public-part"));

        var second = await azure.RunAsync("secrets");

        Assert.Equal(0, second.ExitCode);
        Assert.Equal(4, azure.Writes.Count());
        Assert.Contains("orders-key: was there (2030-05-17T10:", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_died_between_the_halves_of_a_pair_is_made_up_for_by_the_next()
    {
        await using var azure = await AnnouncedAsync();
        azure.Misbehave = context =>
        {
            if (context.Request.Method == "PUT" && context.Request.Path.Value!.EndsWith("/orders-key", StringComparison.Ordinal))
                context.Abort();
            return Task.FromResult(context.RequestAborted.IsCancellationRequested);
        };

        var died = await azure.RunAsync("secrets");

        Assert.Equal(1, died.ExitCode);
        Assert.Contains("Cannot write the secret orders-key", died.Error, StringComparison.Ordinal);
        Assert.Contains("run the same command again", died.Error, StringComparison.Ordinal);
        Assert.Equal("announced", azure.ValueOf("orders-key"));
        var orphan = azure.ValueOf("orders-public");

        azure.Misbehave = _ => Task.FromResult(false);
        Assert.Equal(0, (await azure.RunAsync("secrets")).ExitCode);
        Assert.NotEqual(orphan, azure.ValueOf("orders-public"));
        Assert.Equal(ClientKey.PublicPartOf(azure.ValueOf("orders-key")), azure.ValueOf("orders-public"));
    }

    [Fact]
    public async Task Two_that_run_at_once_do_not_leave_the_halves_of_two_pairs_unsaid()
    {
        await using var azure = await AnnouncedAsync();
        azure.Misbehave = context =>
        {
            // The other one writes its public part between ours and the private one.
            if (context.Request.Method == "PUT" && context.Request.Path.Value!.EndsWith("/orders-key", StringComparison.Ordinal))
                azure.Store("orders-public", new JsonObject { ["properties"] = new JsonObject { ["value"] = "the other's" } });
            return Task.FromResult(false);
        };

        var said = await azure.RunAsync("secrets");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("run 'rotate orders-key' once, alone", said.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Unclear => new()
    {
        { "unknown kind", "The secret x is to be a 'rsa-4096', which nobody here can make" },
        { "no public part", "The secret x does not say where its public part goes" },
        { "public part missing", "The public part of x goes to nowhere, which is not there" },
        { "public part made for itself", "The public part of x goes to a-password, which is made for itself" },
        { "own public part", "The public part of x goes to x, which is made for itself" },
        { "shared public part", "The secret orders-public is the public part of orders-key and of x" },
        { "disabled", "The secret x is disabled" },
        { "public part disabled", "The secret y is disabled" },
    };

    [Theory]
    [MemberData(nameof(Unclear))]
    public async Task What_the_tags_leave_unclear_is_refused_before_anything_is_written(string what, string told)
    {
        await using var azure = await AnnouncedAsync();
        azure.Announce("y", enabled: false);
        switch (what)
        {
            case "unknown kind":
                azure.Announce("x", "rsa-4096");
                break;
            case "disabled":
                azure.Announce("x", "password", enabled: false);
                break;
            default:
                azure.Announce("x", "ec-p256-private-key", publicPart: what switch
                {
                    "public part missing" => "nowhere",
                    "public part made for itself" => "a-password",
                    "own public part" => "x",
                    "shared public part" => "orders-public",
                    "public part disabled" => "y",
                    _ => null,
                });
                break;
        }

        var said = await azure.RunAsync("secrets");

        Assert.Equal(1, said.ExitCode);
        Assert.StartsWith(told, said.Error, StringComparison.Ordinal);
        Assert.Empty(azure.Writes);
    }

    [Fact]
    public async Task A_vault_in_which_nothing_is_announced_is_not_taken_for_done()
    {
        await using var azure = await FakeAzure.StartAsync();
        azure.Announce("unmade");

        var said = await azure.RunAsync("secrets");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("run 'azd provision'", said.Error, StringComparison.Ordinal);
    }
}
