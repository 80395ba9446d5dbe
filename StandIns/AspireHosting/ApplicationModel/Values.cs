namespace SecureShop.StandIns.AspireHosting.ApplicationModel;

/// <summary>Who asks for a value.</summary>
public sealed class ValueProviderContext
{
    /// <summary>The resource that the value is for.</summary>
    public IResource? Caller { get; init; }

    internal int Replica { get; init; }
}

/// <summary>Something with a value that is known once the system starts.</summary>
public interface IValueProvider
{
    /// <summary>The value.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>The value for who asks.</summary>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        GetValueAsync(cancellationToken);
}

/// <summary>Something that a deployment manifest can name.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>Its name in a manifest.</summary>
    string ValueExpression { get; }
}

/// <summary>A value made of others.</summary>
public interface IValueWithReferences
{
    /// <summary>What it is made of.</summary>
    IEnumerable<object> References { get; }
}

/// <summary>A resource that clients reach by a connection string.</summary>
public interface IResourceWithConnectionString : IResource, IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    /// <summary>The connection string.</summary>
    ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>Its parts, injected one by one for clients that want them so.</summary>
    IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() => [];

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    IEnumerable<object> IValueWithReferences.References => [ConnectionStringExpression];

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);

    ValueTask<string?> IValueProvider.GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken) =>
        ConnectionStringExpression.GetValueAsync(context, cancellationToken);
}
