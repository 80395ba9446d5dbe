using System.Collections.Immutable;
using Microsoft.AspNetCore.Authorization;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.ServiceDefaults.Access;

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

/// <remarks>
/// Leaves no event: "does it belong to the caller?" is also asked to choose what to show. Where the answer refuses, the endpoint
/// says so (<see cref="SecurityEvents.OwnershipRefused(Microsoft.Extensions.Logging.ILogger)"/>).
/// </remarks>
internal sealed class OwnershipHandler : AuthorizationHandler<Ownership, IOwned>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Ownership requirement, IOwned resource)
    {
        // A token of a service or a guest has no subject and owns nothing; an object without owner belongs to nobody.
        var subject = context.User.SubjectOrNull();
        var owns = subject is not null && string.Equals(subject, resource.OwnerId, StringComparison.Ordinal);
        if (owns || (subject is not null && requirement.Roles.Any(context.User.HasRole)))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
