namespace SecureShop.StandIns.IdentityServer.AspNetIdentity;

/// <summary>Takes users from ASP.NET Core Identity.</summary>
public static class AspNetIdentityExtensions
{
    /// <summary>Takes users from ASP.NET Core Identity.</summary>
    public static IIdentityServerBuilder AddAspNetIdentity<TUser>(this IIdentityServerBuilder builder)
        where TUser : class => builder;
}
