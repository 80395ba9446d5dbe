using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.AppHost.Tests.Orchestration;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--fersh", "--fersh is not an option. Did you mean --fresh? --help explains all of them.")]
    [InlineData("--replica", "--replica is not an option. Did you mean --replicas? --help explains all of them.")]
    [InlineData("--no-dashbord", "--no-dashbord is not an option. Did you mean --no-dashboard? --help explains all of them.")]
    [InlineData("whatever", "whatever is not an option. --help explains all of them.")]
    [InlineData("--replicas=many", "--replicas takes a number from 1 to 8, not 'many'.")]
    [InlineData("--replicas=0", "--replicas takes a number from 1 to 8, not '0'.")]
    [InlineData("--Ports:Shop=70000", "--Ports:Shop takes a number from 1 to 65535, not '70000'.")]
    [InlineData("--data-dir", "--data-dir needs a value; --help explains.")]
    public void What_cannot_be_understood_is_refused_in_one_sentence(string argument, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<HostingException>(() => CommandLine.Parse([argument])).Message);

    [Fact]
    public void Options_are_read_with_an_equals_sign_and_without()
    {
        var options = CommandLine.Parse(["--fresh", "--replicas", "3", "--Ports:Shop=9443", "--Parameters:shop-origin", "https://a=b", "--data-dir", "/x"]);

        Assert.True(options.Fresh);
        Assert.Equal(Path.GetFullPath("/x"), options.DataDirectory);
        Assert.Equal("3", options.Settings["Replicas"]);
        Assert.Equal("9443", options.Settings["Ports:Shop"]);
        Assert.Equal("https://a=b", options.Settings["Parameters:shop-origin"]);
    }

    [Fact]
    public void The_help_names_every_option()
    {
        foreach (var option in new[] { "--replicas", "--data-dir", "--fresh", "--ready-file", "--no-dashboard", "--Ports:", "Dashboard (7090)", "Otlp", "--Parameters:", "--help" })
            Assert.Contains(option, CommandLine.HelpText, StringComparison.Ordinal);
    }
}
