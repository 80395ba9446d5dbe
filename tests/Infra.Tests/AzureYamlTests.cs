using YamlDotNet.RepresentationModel;

namespace SecureShop.Infra.Tests;

/// <summary>What <c>azd</c> is told: which services, in which order, and what runs in between.</summary>
public sealed class AzureYamlTests
{
    private readonly YamlMappingNode _file = Read();

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

    private static YamlMappingNode Read()
    {
        using var reader = File.OpenText(Path.Combine(Bicep.Repository, "azure.yaml"));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)Assert.Single(yaml.Documents).RootNode;
    }
}
