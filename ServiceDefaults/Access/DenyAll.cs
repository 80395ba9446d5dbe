using Microsoft.AspNetCore.Authorization;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>The fallback: a requirement that no handler answers, so that an endpoint someone forgot is closed.</summary>
internal sealed class DenyAll : IAuthorizationRequirement
{
    public static AuthorizationPolicy Policy { get; } = new([new DenyAll()], []);
}
