using SecureShop.Deployment.Tests.Support;

namespace SecureShop.Infra.Tests.Deployed;

/// <summary>The secrets that the templates announce, with the values that the hook of <c>azd provision</c> gives them.</summary>
internal static class FilledVault
{
    /// <summary>Runs the real command <c>secrets</c>. The values that Azure itself would know are given.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> FillAsync(Deployment deployment, IReadOnlyDictionary<string, string> given)
    {
        await using var azure = await FakeAzure.StartAsync();
        foreach (var secret in deployment.OfType("Microsoft.KeyVault/vaults/secrets"))
            azure.Announce(secret.Name, (string?)secret.Node["tags"]?["make"], publicPart: (string?)secret.Node["tags"]?["public-part"]);

        Assert.Equal("", (await azure.RunAsync("secrets")).Error);

        Assert.All(given.Keys, name => Assert.Contains(name, azure.Secrets.Keys));
        return azure.Secrets.Keys.ToDictionary(name => name, name => given.GetValueOrDefault(name) ?? azure.ValueOf(name), StringComparer.Ordinal);
    }
}
