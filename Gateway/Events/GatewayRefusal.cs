using SecureShop.ServiceDefaults.Events;

namespace SecureShop.Gateway.Events;

/// <summary>Why the gateway refuses, beside what every service may say (<see cref="RefusalReason"/>).</summary>
internal static class GatewayRefusal
{
    /// <summary>Too many requests from a network address.</summary>
    public const string LimitAddress = "limit_address";

    /// <summary>Too many requests of a proven caller.</summary>
    public const string LimitPrincipal = "limit_principal";

    /// <summary>A credential that is not tried, because nobody can count it.</summary>
    public const string LimitUnknown = "limit_unknown";

    /// <summary>A page of an origin that is not on the list.</summary>
    public const string Origin = "origin";

    /// <summary>A network that is denied, or is not among those that are allowed.</summary>
    public const string Network = "network";

    /// <summary>A Host that is none of ours.</summary>
    public const string Host = "host";

    /// <summary>A method, path or size that no honest caller sends.</summary>
    public const string RequestShape = "request_shape";

    /// <summary>What came with a request adds up to an attack.</summary>
    public const string Firewall = "firewall";

    /// <summary>More is asked than can be done.</summary>
    public const string Overload = "overload";

    /// <summary>What was sent as an API key cannot be one.</summary>
    public const string ApiKeyShape = "api_key_shape";

    /// <summary>An API key that Identity does not take; its own event says why and whose it is.</summary>
    public const string ApiKey = "api_key";

    /// <summary>An API key after too many of its address that were not taken.</summary>
    public const string ApiKeyAttempts = "api_key_attempts";
}
