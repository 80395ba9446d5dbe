using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace SecureShop.StandIns.IdentityServer.AspNetIdentity;

/// <summary>Takes users from ASP.NET Core Identity.</summary>
public static class AspNetIdentityExtensions
{
    /// <summary>Takes users from ASP.NET Core Identity, which is added before.</summary>
    public static IIdentityServerBuilder AddAspNetIdentity<TUser>(this IIdentityServerBuilder builder)
        where TUser : class
    {
        var services = builder.Services;
        services.Configure<IdentityOptions>(options =>
        {
            options.ClaimsIdentity.UserIdClaimType = ClaimNames.Subject;
            options.ClaimsIdentity.UserNameClaimType = ClaimNames.Name;
            options.ClaimsIdentity.RoleClaimType = ClaimNames.Role;
            options.ClaimsIdentity.EmailClaimType = ClaimNames.Email;
        });

        // As the product has it; a host that wants a stricter mode sets it after this call.
        services.ConfigureApplicationCookie(options =>
        {
            options.Cookie.IsEssential = true;
            options.Cookie.SameSite = SameSiteMode.None;
        });
        services.Configure<AuthenticationOptions>(options =>
        {
            if (options.DefaultAuthenticateScheme is null && options.DefaultScheme == IdentityServerConstants.DefaultCookieAuthenticationScheme)
                options.DefaultScheme = IdentityConstants.ApplicationScheme;
        });
        services.Configure<SecurityStampValidatorOptions>(options => options.OnRefreshingPrincipal = KeepSessionClaims);
        ClaimsFactoryDecoration.Apply<TUser>(services);
        return builder.AddProfileService<ProfileService<TUser>>();
    }

    /// <summary>A refreshed user keeps what he had from his sign-in: when and how.</summary>
    private static Task KeepSessionClaims(SecurityStampRefreshingPrincipalContext context)
    {
        if (context.NewPrincipal?.Identities.FirstOrDefault() is not { } identity || context.CurrentPrincipal is null)
            return Task.CompletedTask;
        var types = identity.Claims.Select(claim => claim.Type).ToHashSet(StringComparer.Ordinal);
        identity.AddClaims(context.CurrentPrincipal.Claims.Where(claim => !types.Contains(claim.Type)).ToList());
        return Task.CompletedTask;
    }
}
