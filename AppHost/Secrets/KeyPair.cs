using SecureShop.Deployment;

namespace SecureShop.AppHost;

/// <summary>A P-256 key pair.</summary>
/// <param name="PrivatePart">Base64 PKCS#8.</param>
/// <param name="PublicPart">Base64 SubjectPublicKeyInfo.</param>
internal sealed record KeyPair(IResourceBuilder<ParameterResource> PrivatePart, ReferenceExpression PublicPart)
{
    /// <summary>Derives the public part when it is asked for.</summary>
    internal sealed class Public(ParameterResource privatePart) : IValueProvider, IManifestExpressionProvider
    {
        public string ValueExpression => $"{{{privatePart.Name}.public}}";

        public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
            ClientKey.PublicPartOf(await privatePart.GetValueAsync(cancellationToken) ?? "");
    }
}

internal static class KeyPairExtensions
{
    /// <summary>Has a service sign how far its audit trail goes, and keep that beside the data too.</summary>
    public static IResourceBuilder<ProjectResource> WithAudit(this IResourceBuilder<ProjectResource> service, KeyPair key, DataFolder data) => service
        .WithEnvironment("Audit__Key", key.PrivatePart)
        .WithEnvironment("Audit__Folder", data.Checkpoints);
}
