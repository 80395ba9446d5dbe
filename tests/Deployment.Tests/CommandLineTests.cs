using SecureShop.Deployment.Tests.Support;

namespace SecureShop.Deployment.Tests;

/// <summary>What is typed and what azd sets.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("secrets", "AZURE_KEY_VAULT_NAME")]
    [InlineData("rotate", "NAME")]
    [InlineData("store", "standard input")]
    [InlineData("migrate", "AZURE_DATABASE_JOB_NAME")]
    [InlineData("retire", "AZURE_GATEWAY_APP_NAME")]
    public async Task Help_explains_the_whole_and_each_command(string command, string told)
    {
        await using var azure = await FakeAzure.StartAsync();

        Assert.Contains(command, (await azure.RunAsync("--help")).Output, StringComparison.Ordinal);
        var help = await azure.RunAsync(command, "--help");

        Assert.Equal(0, help.ExitCode);
        Assert.Contains($"-- {command}", help.Output, StringComparison.Ordinal);
        Assert.Contains(told, help.Output, StringComparison.Ordinal);
        Assert.Empty(azure.Requests);
    }

    [Theory]
    [InlineData("Say what to do")]
    [InlineData("'publish' is not a command", "publish")]
    [InlineData("'--force' is not a command", "--force")]
    [InlineData("Say which secret", "rotate")]
    [InlineData("Say which secret", "store")]
    [InlineData("That is more than 'rotate' takes", "rotate", "a", "b")]
    [InlineData("That is more than 'secrets' takes", "secrets", "--yes")]
    [InlineData("That is more than 'retire' takes", "retire", "now")]
    public async Task A_wrong_command_line_does_nothing(string told, params string[] args)
    {
        await using var azure = await FakeAzure.StartAsync();

        var said = await azure.RunAsync(args);

        Assert.Equal(2, said.ExitCode);
        Assert.StartsWith(told, said.Error, StringComparison.Ordinal);
        Assert.Empty(azure.Requests);
    }

    [Theory]
    [InlineData("secrets", "AZURE_SUBSCRIPTION_ID")]
    [InlineData("secrets", "AZURE_RESOURCE_GROUP")]
    [InlineData("secrets", "AZURE_KEY_VAULT_NAME")]
    [InlineData("migrate", "AZURE_DATABASE_JOB_NAME")]
    [InlineData("retire", "AZURE_GATEWAY_APP_NAME")]
    public async Task A_variable_that_is_missing_or_names_something_else_is_named(string command, string variable)
    {
        await using var azure = await FakeAzure.StartAsync();
        foreach (var value in (string?[])[null, "", "..", "a/../../other", "a?x=", "a%2F", "a\n"])
        {
            azure.Variables[variable] = value;

            var said = await azure.RunAsync(command);

            Assert.Equal(1, said.ExitCode);
            Assert.StartsWith($"{variable} is ", said.Error, StringComparison.Ordinal);
            Assert.Contains("azd env get-values", said.Error, StringComparison.Ordinal);
        }

        Assert.Empty(azure.Requests);
    }

    [Fact]
    public async Task Stopped_it_says_so()
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var line = new CommandLine(new AzdSettings(_ => "x"), () => ArmClient.Connect(TimeProvider.System), TimeProvider.System, TextReader.Null, output, errors);

        Assert.Equal(1, await line.RunAsync(["secrets"], new CancellationToken(canceled: true)));
        Assert.StartsWith("Stopped;", errors.ToString(), StringComparison.Ordinal);
    }
}
