namespace SecureShop.StandIns.AspireHosting.ApplicationModel;

/// <summary>A value from outside: given by configuration, or generated and kept.</summary>
public sealed class ParameterResource : Resource, IValueProvider, IManifestExpressionProvider
{
    private readonly Lazy<string> _value;

    internal ParameterResource(string name, Func<string> value, bool secret)
        : base(name)
    {
        _value = new(value);
        Secret = secret;
    }

    /// <summary>Whether it must not be shown.</summary>
    public bool Secret { get; }

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(_value.Value);
}
