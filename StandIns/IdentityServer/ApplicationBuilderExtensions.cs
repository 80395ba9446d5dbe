using Microsoft.AspNetCore.Builder;

namespace SecureShop.StandIns.IdentityServer;

/// <summary>Puts the server into the pipeline.</summary>
public static class ApplicationBuilderExtensions
{
    /// <summary>Authenticates the browser's user, then serves the protocol's paths. Comes before authorization.</summary>
    public static IApplicationBuilder UseIdentityServer(this IApplicationBuilder app)
    {
        StartupChecks.Run(app.ApplicationServices);
        app.UseAuthentication();
        return app.UseMiddleware<ProtocolMiddleware>();
    }
}
