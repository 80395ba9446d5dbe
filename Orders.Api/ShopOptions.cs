namespace SecureShop.Orders;

/// <summary>Where the public finds the shop (configuration section <c>Shop</c>).</summary>
internal sealed record ShopOptions
{
    /// <summary>The shop's public origin, without a slash at the end.</summary>
    public string Origin { get; init; } = "";

    /// <summary>An order's public address. Built from configuration: a forged Host header must not get into a Location.</summary>
    public Uri OrderUri(Guid id) => new($"{Origin}/api/orders/{id:D}", UriKind.Absolute);

    /// <summary>Whether the origin is one.</summary>
    public bool IsValid() =>
        Uri.TryCreate(Origin, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.GetLeftPart(UriPartial.Authority) == Origin;
}
