using SecureShop.StandIns.IdentityServer.Models;

namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>Knows of a user what his cookie said when he signed in; for hosts without a user store.</summary>
internal sealed class CookieProfileService : IProfileService
{
    public Task GetProfileDataAsync(ProfileDataRequestContext context)
    {
        context.AddRequestedClaims(context.Subject.Claims);
        return Task.CompletedTask;
    }

    public Task IsActiveAsync(IsActiveContext context) => Task.CompletedTask;
}
