using SecureShop.Deployment.Tests.Support;

namespace SecureShop.Deployment.Tests;

/// <summary>One secret anew, with what has to follow.</summary>
[Trait("Practice", "P40")]
public sealed class RotateSecretTests
{
    private static async Task<FakeAzure> MadeAsync()
    {
        var azure = await FakeAzure.StartAsync();
        azure.Announce("password", "password");
        azure.Announce("key-ring", "sealing-certificate", made: "2029-01-01T00:00:00Z");
        azure.Announce("master-key", "sealing-key", made: "2029-01-01T00:00:00Z");
        azure.Announce("identity-master-key", "sealing-key", made: "2029-01-01T00:00:00Z");
        azure.Announce("identity-lookup-key", "lookup-key", made: "2029-01-01T00:00:00Z");
        azure.Announce("key", "ec-p256-private-key", publicPart: "public");
        azure.Announce("public");
        azure.Announce("unmade");
        Assert.Equal(0, (await azure.RunAsync("secrets")).ExitCode);
        azure.Requests.Clear();
        return azure;
    }

    [Fact]
    public async Task A_password_is_made_anew_alone()
    {
        await using var azure = await MadeAsync();
        var before = azure.ValueOf("password");

        var said = await azure.RunAsync("rotate", "password");

        Assert.Equal(0, said.ExitCode);
        Assert.NotEqual(before, azure.ValueOf("password"));
        Assert.Equal("password", azure.TagOf("password", "make"));
        Assert.EndsWith("/password", Assert.Single(azure.Writes), StringComparison.Ordinal);
        Assert.Contains("-- migrate", said.Output, StringComparison.Ordinal);
        Assert.Contains("azd deploy SERVICE", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_made_anew_with_its_public_part()
    {
        await using var azure = await MadeAsync();
        var before = azure.ValueOf("key");

        Assert.Equal(0, (await azure.RunAsync("rotate", "key")).ExitCode);

        Assert.NotEqual(before, azure.ValueOf("key"));
        Assert.Equal(ClientKey.PublicPartOf(azure.ValueOf("key")), azure.ValueOf("public"));
    }

    [Fact]
    public async Task A_sealing_certificate_names_the_version_that_must_go_on_to_open()
    {
        await using var azure = await MadeAsync();
        var before = azure.VersionOf("key-ring");

        var said = await azure.RunAsync("rotate", "key-ring");

        Assert.Equal(0, said.ExitCode);
        Assert.NotEqual(before, azure.VersionOf("key-ring"));
        Assert.Contains($"azd env set PREVIOUS_KEY_CERTIFICATE {before.Split('/')[^1]} ", said.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(azure.VersionOf("key-ring").Split('/')[^1], said.Output, StringComparison.Ordinal);
        Assert.Contains("Identity__KeyCertificates__1", said.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("master-key", "PREVIOUS_MASTER_KEY")]
    [InlineData("identity-master-key", "PREVIOUS_IDENTITY_MASTER_KEY")]
    public async Task A_master_key_names_the_version_that_must_go_on_to_open(string name, string variable)
    {
        await using var azure = await MadeAsync();
        var (before, key) = (azure.VersionOf(name), azure.ValueOf(name));

        var said = await azure.RunAsync("rotate", name);

        Assert.Equal(0, said.ExitCode);
        Assert.NotEqual(key, azure.ValueOf(name));
        Assert.Contains($"azd env set {variable} {before.Split('/')[^1]} ", said.Output, StringComparison.Ordinal);
        Assert.Contains("Sealing__MasterKeys__1", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_people_are_found_by_stays()
    {
        await using var azure = await MadeAsync();
        var key = azure.ValueOf("identity-lookup-key");

        var said = await azure.RunAsync("rotate", "identity-lookup-key");

        Assert.Equal(1, said.ExitCode);
        Assert.Equal(key, azure.ValueOf("identity-lookup-key"));
    }

    [Fact]
    public async Task A_sealing_certificate_whose_version_is_not_known_stays()
    {
        await using var azure = await MadeAsync();
        azure.Secrets["key-ring"]["properties"]!.AsObject().Remove("secretUriWithVersion");

        var said = await azure.RunAsync("rotate", "key-ring");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("nothing was changed", said.Error, StringComparison.Ordinal);
        Assert.Empty(azure.Writes);
    }

    [Theory]
    [InlineData("unmade", "unmade has no tag 'make'")]
    [InlineData("public", "public is the public part of key: run 'rotate key'")]
    [InlineData("absent", "There is no secret absent in kv-shop")]
    [InlineData("../other/secrets/password", "There is no secret ../other/secrets/password in kv-shop")]
    public async Task Any_other_is_refused(string name, string told)
    {
        await using var azure = await MadeAsync();

        var said = await azure.RunAsync("rotate", name);

        Assert.Equal(1, said.ExitCode);
        Assert.StartsWith(told, said.Error, StringComparison.Ordinal);
        Assert.Empty(azure.Writes);
    }
}
