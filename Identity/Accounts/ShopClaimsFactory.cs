using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SecureShop.Identity.Data;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// What the session cookie says: who, how they are called, and the stamp by which a change of password ends the session. Roles
/// are not in it: they are read when a token is made.
/// </summary>
internal sealed class ShopClaimsFactory(IOptions<IdentityOptions> options) : IUserClaimsPrincipalFactory<ShopUser>
{
    public Task<ClaimsPrincipal> CreateAsync(ShopUser user)
    {
        var identity = new ClaimsIdentity(IdentityConstants.ApplicationScheme, ShopClaims.Name, ShopClaims.Role);
        identity.AddClaim(new Claim(ShopClaims.Subject, user.Id.ToString()));
        identity.AddClaim(new Claim(ShopClaims.Name, user.DisplayName));
        identity.AddClaim(new Claim(options.Value.ClaimsIdentity.SecurityStampClaimType, user.SecurityStamp ?? ""));
        return Task.FromResult(new ClaimsPrincipal(identity));
    }
}
