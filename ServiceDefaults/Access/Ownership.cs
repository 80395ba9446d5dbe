using System.Collections.Immutable;
using Microsoft.AspNetCore.Authorization;

namespace SecureShop.ServiceDefaults;

/// <summary>An object that belongs to one subject.</summary>
public interface IOwned
{
    /// <summary>The subject id of the owner.</summary>
    string OwnerId { get; }
}

/// <summary>
/// Whether the caller may act on an <see cref="IOwned"/>:
/// <c>await authorization.AuthorizeAsync(user, product, Ownership.OrRole(Role.Admin))</c>.
/// </summary>
public sealed class Ownership : IAuthorizationRequirement
{
    private Ownership(ImmutableArray<string> roles) => Roles = roles;

    /// <summary>The owner and nobody else.</summary>
    public static Ownership Only { get; } = new([]);

    /// <summary>The roles that may act on what others own.</summary>
    public ImmutableArray<string> Roles { get; }

    /// <summary>The owner, or a caller who holds one of <paramref name="roles"/>.</summary>
    public static Ownership OrRole(params string[] roles) => new([.. roles]);
}
