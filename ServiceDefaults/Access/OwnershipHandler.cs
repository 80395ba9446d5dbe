using Microsoft.AspNetCore.Authorization;

namespace SecureShop.ServiceDefaults.Access;

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
