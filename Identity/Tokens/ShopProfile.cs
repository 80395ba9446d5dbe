using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using SecureShop.Identity.Data;

namespace SecureShop.Identity.Tokens;

/// <summary>
/// Decides what a token says about its user. Read from the database each time a token is made: a removed role is gone with the
/// next refresh, and a disabled or removed account gets no token at all.
/// </summary>
internal sealed class ShopProfile(UserManager<ShopUser> users) : IProfileService
{
    public async Task GetProfileDataAsync(ProfileDataRequestContext context)
    {
        if (await FindAsync(context.Subject) is not { } user)
            return;

        var wanted = context.RequestedClaimTypes.ToHashSet(StringComparer.Ordinal);
        if (wanted.Contains(ShopClaims.Name))
            context.IssuedClaims.Add(new Claim(ShopClaims.Name, user.DisplayName));
        if (wanted.Contains(ShopClaims.Role))
            context.IssuedClaims.AddRange((await users.GetRolesAsync(user)).Select(role => new Claim(ShopClaims.Role, role)));
    }

    // An account that is locked by failed attempts stays active: else five wrong passwords, by anybody, would end its owner's session.
    public async Task IsActiveAsync(IsActiveContext context)
        => context.IsActive = await FindAsync(context.Subject) is { IsDisabled: false };

    private async Task<ShopUser?> FindAsync(ClaimsPrincipal subject)
        => subject.FindFirst(ShopClaims.Subject)?.Value is { } id && Guid.TryParse(id, out _) ? await users.FindByIdAsync(id) : null;
}
