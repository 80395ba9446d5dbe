namespace SecureShop.Deployment;

/// <summary>Where everything is: the variables of azd's environment, which azd gives to its hooks.</summary>
internal sealed class AzdSettings(Func<string, string?> variable)
{
    public string ResourceGroup => Read("AZURE_RESOURCE_GROUP");

    public string Vault => Read("AZURE_KEY_VAULT_NAME");

    public string DatabaseJob => Read("AZURE_DATABASE_JOB_NAME");

    public string GatewayApp => Read("AZURE_GATEWAY_APP_NAME");

    /// <summary>The path of a resource in the resource group.</summary>
    public string PathOf(string type, string name) =>
        $"/subscriptions/{Read("AZURE_SUBSCRIPTION_ID")}/resourceGroups/{ResourceGroup}/providers/{type}/{Segment(name)}";

    /// <summary>A name as a part of a path. With a slash, a query or dots for the folder above it would address another resource.</summary>
    public static string Segment(string name) => IsFit(name)
        ? Uri.EscapeDataString(name)
        : throw new DeploymentException($"'{OneLine.Of(name)}' is no name of a resource: look in the Azure portal where it comes from.");

    private string Read(string name) => variable(name) switch
    {
        null or "" => throw new DeploymentException($"{name} is not set: let azd run this, or set what 'azd env get-values' prints for it."),
        var value when IsFit(value) => value,
        var value => throw new DeploymentException($"{name} is '{OneLine.Of(value)}', which is no name of a resource: set what 'azd env get-values' prints for it."),
    };

    private static bool IsFit(string name) => name.Length is > 0 and <= 127 && !name.EndsWith('.') && name.All(character => char.IsLetterOrDigit(character) || "-_.()".Contains(character, StringComparison.Ordinal));
}
