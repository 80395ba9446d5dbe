namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>The API that an endpoint belongs to: metadata of the endpoint, or of the service that has one API alone.</summary>
/// <param name="Name">Its name, the audience of its tokens.</param>
public sealed record ProtectedApi(string Name)
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    /// <summary>Where the API tells clients which server its tokens come from (RFC 9728, 3), on the shop's origin.</summary>
    public string MetadataPath => WellKnown + Path(Name);

    /// <summary>Where the public finds an API, on the shop's origin.</summary>
    public static string Path(string name) => "/api/" + name;
}
