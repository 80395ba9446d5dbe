using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace SecureShop.StandIns.IdentityServer.AspNetIdentity;

/// <summary>Adds to ASP.NET Core Identity's own claims those that OpenID Connect knows under other names.</summary>
internal sealed class ClaimsFactory<TUser>(IUserClaimsPrincipalFactory<TUser> inner, UserManager<TUser> users) : IUserClaimsPrincipalFactory<TUser>
    where TUser : class
{
    public async Task<ClaimsPrincipal> CreateAsync(TUser user)
    {
        var principal = await inner.CreateAsync(user);
        var identity = principal.Identities.First();
        if (!identity.HasClaim(claim => claim.Type == ClaimNames.Subject))
            identity.AddClaim(new Claim(ClaimNames.Subject, await users.GetUserIdAsync(user)));

        // What Identity calls the name is what the user signs in with; the name for people may be another claim.
        var userName = await users.GetUserNameAsync(user) ?? string.Empty;
        if (identity.FindFirst(claim => claim.Type == users.Options.ClaimsIdentity.UserNameClaimType && claim.Value == userName) is { } signInName)
        {
            identity.RemoveClaim(signInName);
            identity.AddClaim(new Claim(ClaimNames.PreferredUserName, userName));
        }

        if (!identity.HasClaim(claim => claim.Type == ClaimNames.Name))
            identity.AddClaim(new Claim(ClaimNames.Name, userName));
        if (users.SupportsUserEmail && await users.GetEmailAsync(user) is { Length: > 0 })
            identity.AddClaim(Flag(ClaimNames.EmailVerified, await users.IsEmailConfirmedAsync(user)));
        if (users.SupportsUserPhoneNumber && await users.GetPhoneNumberAsync(user) is { Length: > 0 } phone)
        {
            identity.AddClaim(new Claim(ClaimNames.PhoneNumber, phone));
            identity.AddClaim(Flag(ClaimNames.PhoneNumberVerified, await users.IsPhoneNumberConfirmedAsync(user)));
        }

        return principal;
    }

    private static Claim Flag(string type, bool value) => new(type, value ? "true" : "false", ClaimValueTypes.Boolean);
}

/// <summary>Puts <see cref="ClaimsFactory{TUser}"/> around the factory that the host registered.</summary>
internal static class ClaimsFactoryDecoration
{
    public static void Apply<TUser>(IServiceCollection services)
        where TUser : class
    {
        var registered = services.LastOrDefault(service => service.ServiceType == typeof(IUserClaimsPrincipalFactory<TUser>))
            ?? throw new InvalidOperationException("Add ASP.NET Core Identity before AddAspNetIdentity.");
        services.Remove(registered);
        services.AddTransient<IUserClaimsPrincipalFactory<TUser>>(provider =>
        {
            var inner = registered.ImplementationInstance
                ?? registered.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!);
            return ActivatorUtilities.CreateInstance<ClaimsFactory<TUser>>(provider, (IUserClaimsPrincipalFactory<TUser>)inner);
        });
    }
}
