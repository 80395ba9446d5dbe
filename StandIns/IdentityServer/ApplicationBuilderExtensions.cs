using Microsoft.AspNetCore.Builder;

namespace SecureShop.StandIns.IdentityServer;

/// <summary>Puts the server into the pipeline.</summary>
public static class ApplicationBuilderExtensions
{
    /// <summary>Serves the protocol's endpoints, after authenticating the browser's user. Comes after routing and before authorization.</summary>
    public static IApplicationBuilder UseIdentityServer(this IApplicationBuilder app)
    {
        app.UseAuthentication();
        return app;
    }
}
