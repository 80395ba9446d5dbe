using System.Net;
using System.Security.Claims;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Limits;

namespace SecureShop.Gateway.Limits;

/// <summary>Whom a limit counts.</summary>
internal static class CallerKey
{
    /// <summary>The address; of IPv6 the network, because one customer holds 2^64 addresses.</summary>
    public static string OfAddress(IPAddress? address) => AddressPrefix.Name(address);

    /// <summary>The proven caller: the subject or, for a service, the client; null for a guest.</summary>
    public static string? OfPrincipal(ClaimsPrincipal user)
    {
        if (user.SubjectOrNull() is { } subject)
            return $"sub:{subject}";
        return user.Identity?.IsAuthenticated == true ? $"client:{user.FindFirstValue("client_id")}" : null;
    }
}
