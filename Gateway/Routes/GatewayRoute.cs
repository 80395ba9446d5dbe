using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Gateway.Routes;

/// <summary>The public origins. The Host header tells them apart.</summary>
internal enum Origin
{
    Shop,
    Identity,
}

/// <summary>One row of the table: what is reachable, for whom, how often, and how large.</summary>
internal sealed record GatewayRoute(Origin Origin, string[] Methods, string Path, string Service, AccessRule Rule)
{
    // What only programs post to.
    private static readonly PathString[] TokenPaths = ["/connect/token", "/connect/par", "/connect/deviceauthorization", "/connect/introspect", "/connect/revocation"];

    /// <summary>The largest request body.</summary>
    public long MaxBody { get; init; } = RequestLimits.Body;

    /// <summary>The part of the path that the service does not know.</summary>
    public string? Prefix { get; init; }

    /// <summary>The audience that tokens must be made for; null where the service proves its callers by other means.</summary>
    public string? Audience => Origin == Origin.Shop ? Service : null;

    /// <summary>Whether a caller can write text into its path: what is matched letter by letter, or read as a GUID, holds none.</summary>
    public bool HasText { get; } = Path.Replace(":guid}", "", StringComparison.Ordinal).Contains('}', StringComparison.Ordinal);

    public string Id => $"{Origin} {string.Join(',', Methods)} {Path}";

    /// <summary>
    /// By origin, method and the beginning of the path alone, so that a request is counted before anything else of it is looked at.
    /// Whatever is posted to the identity server tries a credential: guessing is limited hardest.
    /// </summary>
    public static LimitClass ClassOf(Origin origin, string method, PathString path)
    {
        if (origin != Origin.Identity || !HttpMethods.IsPost(method))
            return AccessRow.LimitOf(method);
        return TokenPaths.Any(token => path.StartsWithSegments(token, StringComparison.OrdinalIgnoreCase)) ? LimitClass.Token : LimitClass.Credential;
    }
}
