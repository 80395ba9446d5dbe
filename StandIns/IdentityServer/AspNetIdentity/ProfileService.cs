using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using SecureShop.StandIns.IdentityServer.Extensions;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Services;

namespace SecureShop.StandIns.IdentityServer.AspNetIdentity;

/// <summary>Knows the users of ASP.NET Core Identity. A host derives from it to say more.</summary>
public class ProfileService<TUser>(UserManager<TUser> userManager, IUserClaimsPrincipalFactory<TUser> claimsFactory) : IProfileService
    where TUser : class
{
    /// <summary>The users.</summary>
    protected UserManager<TUser> UserManager { get; } = userManager;

    /// <summary>Makes claims of a user.</summary>
    protected IUserClaimsPrincipalFactory<TUser> ClaimsFactory { get; } = claimsFactory;

    /// <inheritdoc />
    public virtual async Task GetProfileDataAsync(ProfileDataRequestContext context) => await GetProfileDataAsync(context, context.Subject.GetSubjectId());

    /// <inheritdoc />
    public virtual async Task IsActiveAsync(IsActiveContext context) => await IsActiveAsync(context, context.Subject.GetSubjectId());

    /// <summary>Whether a user may have tokens; a host overrides it.</summary>
    public virtual Task<bool> IsUserActiveAsync(TUser user) => Task.FromResult(true);

    /// <summary>Answers for the user of this identifier.</summary>
    protected virtual async Task GetProfileDataAsync(ProfileDataRequestContext context, string subjectId)
    {
        if (await FindUserAsync(subjectId) is { } user)
            await GetProfileDataAsync(context, user);
    }

    /// <summary>Answers for this user.</summary>
    protected virtual async Task GetProfileDataAsync(ProfileDataRequestContext context, TUser user) =>
        context.AddRequestedClaims((await GetUserClaimsAsync(user)).Claims);

    /// <summary>All claims of this user.</summary>
    protected virtual Task<ClaimsPrincipal> GetUserClaimsAsync(TUser user) => ClaimsFactory.CreateAsync(user);

    /// <summary>Answers for the user of this identifier; one who is gone is not active.</summary>
    protected virtual async Task IsActiveAsync(IsActiveContext context, string subjectId)
    {
        if (await FindUserAsync(subjectId) is { } user)
            await IsActiveAsync(context, user);
        else
            context.IsActive = false;
    }

    /// <summary>Answers for this user.</summary>
    protected virtual async Task IsActiveAsync(IsActiveContext context, TUser user) => context.IsActive = await IsUserActiveAsync(user);

    /// <summary>The user of this identifier, or null.</summary>
    protected virtual Task<TUser?> FindUserAsync(string subjectId) => UserManager.FindByIdAsync(subjectId);
}
