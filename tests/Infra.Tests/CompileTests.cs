using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecureShop.Infra.Tests;

/// <summary>Every template and parameter file, by the real compiler and its linter.</summary>
public sealed class CompileTests(Bicep bicep)
{
    [Fact]
    public async Task The_compiler_and_the_linter_find_nothing()
    {
        using var templates = new Templates(bicep);
        var files = templates.Files.ToList();

        Assert.Contains("main.bicep", files);
        Assert.All(Azd.Services, service => Assert.Superset(new HashSet<string>([$"{service}.bicep", $"{service}.bicepparam"], StringComparer.Ordinal), files.ToHashSet(StringComparer.Ordinal)));
        Assert.Empty(await templates.FaultsAsync("**/*.bicep", Azd.Environment));
        foreach (var parameters in files.Where(file => file.EndsWith(".bicepparam", StringComparison.Ordinal)))
            Assert.Empty(await templates.FaultsAsync(parameters, Azd.Environment));
    }

    [Theory]
    [InlineData("gateway.bicep", "    external: true", "    external: tru", "BCP057")]
    [InlineData("gateway.bicep", "    external: true", "    external: 'yes'", "BCP036")]
    [InlineData("modules/redis.bicep", "minimumTlsVersion: '1.2'", "minimumTls: '1.2'", "BCP037")]
    [InlineData("modules/redis.bicep", "redisEnterprise@2025-07-01", "redisEnterprize@2025-07-01", "BCP081")]
    [InlineData("modules/postgres.bicep", "@secure()\nparam administratorPassword string", "@secure()\nparam administratorPassword string = 'Passw0rd'", "Error secure-parameter-default")]
    [InlineData("modules/redis.bicep", "resource keyVault ", "output key string = redis::store.listKeys().primaryKey\n\nresource keyVault ", "Error outputs-should-not-contain-secrets")]
    [InlineData("main.bicep", "param logDays int", "param logDays int\n\nparam forgotten string = ''", "Error no-unused-params")]
    [InlineData("main.bicep", "  location: location\n  tags", "  location: 'westeurope'\n  tags", "Error no-hardcoded-location")]
    public async Task A_template_that_is_broken_does_not_pass(string file, string text, string replacement, string fault)
    {
        using var templates = new Templates(bicep);
        templates.Edit(file, text, replacement);

        Assert.Contains(fault, await templates.FaultsAsync(file, Azd.Environment), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_that_azd_does_not_know_does_not_pass()
    {
        using var templates = new Templates(bicep);
        var environment = Azd.With();
        environment.Remove("AZURE_POSTGRES_HOST");

        Assert.Contains("AZURE_POSTGRES_HOST", await templates.FaultsAsync("catalog.bicepparam", environment), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_silences_the_linter()
    {
        var infra = Path.Combine(Bicep.Repository, "infra");
        Assert.DoesNotContain(Directory.EnumerateFiles(infra, "*.bicep*", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains("#disable", StringComparison.Ordinal));

        var file = File.ReadAllText(Path.Combine(infra, "bicepconfig.json"));
        var rules = JsonNode.Parse(file, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!["analyzers"]!["core"]!["rules"]!.AsObject();
        Assert.Equal(["use-recent-api-versions"], rules.Where(rule => (string?)rule.Value!["level"] != "error").Select(rule => rule.Key));
        Assert.Equal(40, rules.Count);
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task Secrets_are_announced_once_and_nobody_else_gets_the_administrators_password()
    {
        using var templates = new Templates(bicep);
        var vault = await templates.CompileAsync("modules/vault.bicep");

        var announced = vault["resources"]!["announced"]!;
        Assert.NotNull(announced["@options"]!["onlyIfNotExists"]);
        Assert.All(["administratorFirst", "administratorSecond", "placeholder"], name =>
        {
            Assert.Equal("securestring", (string?)vault["parameters"]![name]!["type"]);
            Assert.Equal("[newGuid()]", (string?)vault["parameters"]![name]!["defaultValue"]);
        });
        Assert.Equal(
            "[if(equals(variables('secrets')[copyIndex()].name, 'postgres-admin-password'), format('{0}-{1}', parameters('administratorFirst'), parameters('administratorSecond')), parameters('placeholder'))]",
            (string?)announced["properties"]!["value"]);
    }
}
