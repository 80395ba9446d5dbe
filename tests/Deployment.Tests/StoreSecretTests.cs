using SecureShop.Deployment.Tests.Support;

namespace SecureShop.Deployment.Tests;

/// <summary>A secret that comes from elsewhere.</summary>
[Trait("Practice", "P40")]
public sealed class StoreSecretTests
{
    [Theory]
    [InlineData("a licence", "a licence")]
    [InlineData("two\nlines\r\n", "two\nlines")]
    public async Task What_is_read_is_kept_without_the_line_break_at_its_end(string input, string kept)
    {
        await using var azure = await AnnouncedAsync();
        azure.Input = input;

        var said = await azure.RunAsync("store", "licence");

        Assert.Equal(0, said.ExitCode);
        Assert.Equal(kept, azure.ValueOf("licence"));
        Assert.EndsWith("/licence", Assert.Single(azure.Writes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "licence", "read from standard input")]
    [InlineData("\n", "licence", "read from standard input")]
    [InlineData("a value", "password", "password is made here and nowhere else")]
    [InlineData("a value", "public", "public is made here and nowhere else")]
    [InlineData("a value", "licences", "There is no secret licences")]
    public async Task What_does_not_belong_there_is_not_stored(string input, string name, string told)
    {
        await using var azure = await AnnouncedAsync();
        azure.Input = input;

        var said = await azure.RunAsync("store", name);

        Assert.Equal(1, said.ExitCode);
        Assert.Contains(told, said.Error, StringComparison.Ordinal);
        Assert.Empty(azure.Writes);
    }

    [Fact]
    public async Task As_much_as_a_vault_takes_and_no_more()
    {
        await using var azure = await AnnouncedAsync();

        azure.Input = new string('x', 25_001);
        Assert.Equal(1, (await azure.RunAsync("store", "licence")).ExitCode);
        Assert.Empty(azure.Writes);

        azure.Input = new string('x', 25_000);
        Assert.Equal(0, (await azure.RunAsync("store", "licence")).ExitCode);
    }

    private static async Task<FakeAzure> AnnouncedAsync()
    {
        var azure = await FakeAzure.StartAsync();
        azure.Announce("licence");
        azure.Announce("password", "password");
        azure.Announce("key", "ec-p256-private-key", publicPart: "public");
        azure.Announce("public");
        return azure;
    }
}
