using Microsoft.AspNetCore.Identity;

namespace SecureShop.StandIns.IdentityServer.AspNetIdentity;

/// <summary>Takes users from ASP.NET Core Identity.</summary>
public static class AspNetIdentityExtensions
{
    /// <summary>Takes users from ASP.NET Core Identity, which is added before.</summary>
    public static IIdentityServerBuilder AddAspNetIdentity<TUser>(this IIdentityServerBuilder builder)
        where TUser : class
    {
        builder.Services.Configure<SecurityStampValidatorOptions>(options => options.OnRefreshingPrincipal = KeepSessionClaims);
        return builder;
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
