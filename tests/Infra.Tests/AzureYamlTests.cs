using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace SecureShop.Infra.Tests;

/// <summary>What <c>azd</c> is told: which services, in which order, and what runs in between.</summary>
public sealed partial class AzureYamlTests
{
    private readonly YamlMappingNode _file = Read("azure.yaml");

    private YamlMappingNode Services => (YamlMappingNode)_file["services"];

    [Fact]
    public void Each_service_is_a_project_with_a_template()
    {
        Assert.Equal(Azd.Services, Services.Children.Keys.Select(name => name.ToString()));
        Assert.All(Services.Children, entry =>
        {
            var service = (YamlMappingNode)entry.Value;
            Assert.Equal(("containerapp", "dotnet"), (service["host"].ToString(), service["language"].ToString()));
            Assert.Single(Directory.GetFiles(Path.Combine(Bicep.Repository, service["project"].ToString()), "*.csproj"));

            // With both of these azd deploys a service by its template; with one alone it would look for an app that is already there.
            Assert.True(File.Exists(Path.Combine(Bicep.Repository, "infra", $"{entry.Key}.bicep")));
            Assert.True(File.Exists(Path.Combine(Bicep.Repository, "infra", $"{entry.Key}.bicepparam")));
        });
    }

    [Fact]
    public void A_service_comes_after_all_that_it_needs()
    {
        var order = Azd.Services.ToList();
        foreach (var (name, service) in Services.Children)
        {
            var uses = ((YamlMappingNode)service).Children.TryGetValue("uses", out var listed) ? ((YamlSequenceNode)listed).Select(use => use.ToString()).ToList() : [];
            Assert.All(uses, use => Assert.InRange(order.IndexOf(use), 0, order.IndexOf(name.ToString()) - 1));
        }

        // The roles and tables first, the door last.
        Assert.All(["identity", "catalog", "orders"], service => Assert.Contains("database", Services[service]["uses"].ToString(), StringComparison.Ordinal));
        Assert.All(["identity", "catalog", "orders"], service => Assert.Contains(service, Services["gateway"]["uses"].ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "postprovision", "dotnet run --project Deployment -- secrets")]
    [InlineData("database", "postdeploy", "dotnet run --project ../Deployment -- migrate")]
    [InlineData("gateway", "postdeploy", "dotnet run --project ../Deployment -- retire")]
    public void Hooks_are_the_same_wherever_azd_runs(string service, string hook, string command)
    {
        var hooks = (YamlMappingNode)(service.Length == 0 ? _file : Services[service])["hooks"];

        Assert.Equal(hook, Assert.Single(hooks.Children).Key.ToString());
        Assert.Equal([("sh", command), ("pwsh", command)], new[] { hooks[hook]["posix"], hooks[hook]["windows"] }.Select(system => (system["shell"].ToString(), system["run"].ToString())));

        // A hook of a service runs in the service's folder.
        var project = command.Split(' ')[3];
        Assert.True(File.Exists(Path.Combine(Bicep.Repository, service.Length == 0 ? "" : Services[service]["project"].ToString(), project, "Deployment.csproj")));
    }

    [Fact]
    public void The_workflow_hands_on_every_variable_that_a_parameter_file_reads()
    {
        var given = ((YamlMappingNode)Read(".github/workflows/deploy.yml")["jobs"]["deploy"]["env"]).Children.Keys.Select(name => name.ToString()).ToList();
        var read = Directory.GetFiles(Path.Combine(Bicep.Repository, "infra"), "*.bicepparam")
            .SelectMany(file => Variable().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        // What main.bicep gives out and what azd says of an image are azd's own to know.
        var outputs = OutputNames().Matches(File.ReadAllText(Path.Combine(Bicep.Repository, "infra", "main.bicep"))).Select(match => match.Groups["name"].Value).ToList();
        Assert.Contains("SHOP_HOST", read);
        Assert.DoesNotContain(read.Except(given, StringComparer.Ordinal).Except(outputs, StringComparer.Ordinal), name => !name.StartsWith("SERVICE_", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>[A-Z_]+)'", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex("^output (?<name>[A-Z_]+) ", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Multiline, 1000)]
    private static partial Regex OutputNames();

    private static YamlMappingNode Read(string file)
    {
        using var reader = File.OpenText(Path.Combine(Bicep.Repository, file));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)Assert.Single(yaml.Documents).RootNode;
    }
}
