using System.Security.Cryptography;

namespace SecureShop.Infra.Tests;

/// <summary>What <c>azd</c> deploys by <c>azure.yaml</c>, and what it knows when it does.</summary>
internal static class Azd
{
    public const string Domain = "pleasant-rock.westeurope.azurecontainerapps.io";

    /// <summary>A public key that a client's owner has told.</summary>
    public static readonly string ClientKey = MakeKey();

    public static readonly IReadOnlyList<string> Services = ["database", "identity", "catalog", "orders", "gateway"];

    public static readonly IReadOnlyList<string> Templates = ["main", .. Services];

    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AZURE_ENV_NAME"] = "trial",
        ["AZURE_LOCATION"] = "westeurope",
        ["AZURE_CONTAINER_APPS_DOMAIN"] = Domain,
        ["AZURE_APPS_NETWORK"] = "10.40.0.0/23",
        ["AZURE_POSTGRES_HOST"] = "postgres-trial.postgres.database.azure.com",
        ["MAIL_SERVER"] = "smtp.mail.example",
        ["MAIL_USER"] = "identity",
        ["MAIL_FROM"] = "SecureShop <accounts@shop.example>",
        ["STOREFRONT_KEY"] = ClientKey,
        ["PARTNER_KEY"] = ClientKey,
        ["SERVICE_DATABASE_IMAGE_NAME"] = ImageOf("database"),
        ["SERVICE_IDENTITY_IMAGE_NAME"] = ImageOf("identity"),
        ["SERVICE_CATALOG_IMAGE_NAME"] = ImageOf("catalog"),
        ["SERVICE_ORDERS_IMAGE_NAME"] = ImageOf("orders"),
        ["SERVICE_GATEWAY_IMAGE_NAME"] = ImageOf("gateway"),
    };

    private static string MakeKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>Where azd pushes a service's image.</summary>
    public static string ImageOf(string service) => $"imagestrial.azurecr.io/secureshop/{service}-trial:azd-deploy-1764180000";

    /// <summary>The environment with more in it.</summary>
    public static Dictionary<string, string> With(params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string>(Environment, StringComparer.Ordinal);
        foreach (var (name, value) in more)
            environment[name] = value;
        return environment;
    }
}
