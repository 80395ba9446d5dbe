using System.Security.Claims;
using SecureShop.Gateway.ApiKeys;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Limits;

namespace SecureShop.Gateway.Limits;

/// <summary>Whom a limit counts. Never by a token: a new one must not be a new budget.</summary>
internal static class CallerKey
{
    /// <summary>The caller as <paramref name="partition"/> counts it, or null where it is none of these.</summary>
    public static string? Of(HttpContext context, Partition partition) => partition switch
    {
        // Of IPv6 the network, because one customer holds 2^64 addresses.
        Partition.Address => AddressPrefix.Name(context.Connection.RemoteIpAddress),
        Partition.Subject => OfPrincipal(context.User, program: false),

        // Most have none, and their request needs no table of items.
        Partition.ApiKey => context.Request.Headers.ContainsKey(ApiKeyExtensions.Header) && context.Items[typeof(KeyVerdict)] is KeyVerdict { State: KeyState.Good } key
            ? $"key:{key.Name}" : null,
        _ => OfPrincipal(context.User, program: true),
    };

    // A token in a client's own name has the client for its subject (RFC 9068). A program that people use is not counted as one
    // caller: they would use up each other's budget.
    private static string? OfPrincipal(ClaimsPrincipal user, bool program)
    {
        if (user.Identity?.IsAuthenticated != true)
            return null;
        var (subject, client) = (user.SubjectOrNull(), user.FindFirstValue("client_id"));
        return (subject is null || subject == client) == program ? (program ? $"client:{client}" : $"sub:{subject}") : null;
    }
}
