using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Gateway.Routes;

/// <summary>The public origins. The Host header tells them apart.</summary>
internal enum Origin
{
    Shop,
    Identity,
}

/// <summary>How costly or attractive to attackers a route is; it decides the limits.</summary>
internal enum LimitClass
{
    Read,
    Write,
    Credential,
}

/// <summary>One row of the table: what is reachable, for whom, how often, and how large.</summary>
internal sealed record GatewayRoute(Origin Origin, string[] Methods, string Path, string Service, AccessRule Rule)
{
    /// <summary>The largest request body.</summary>
    public long MaxBody { get; init; } = RequestLimits.Body;

    public LimitClass Class => ClassOf(Origin, Methods[0]);

    /// <summary>The part of the path that the service does not know.</summary>
    public string? Prefix { get; init; }

    /// <summary>The audience that tokens must be made for; null where the service proves its callers by other means.</summary>
    public string? Audience => Origin == Origin.Shop ? Service : null;

    public string Id => $"{Origin} {string.Join(',', Methods)} {Path}";

    /// <summary>
    /// By origin and method alone, so that a request is counted before anything else of it is looked at. Whatever is posted to the
    /// identity server tries a credential: guessing is limited hardest.
    /// </summary>
    public static LimitClass ClassOf(Origin origin, string method)
    {
        if (HttpMethods.IsPost(method))
            return origin == Origin.Identity ? LimitClass.Credential : LimitClass.Write;
        return HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) ? LimitClass.Write : LimitClass.Read;
    }
}
