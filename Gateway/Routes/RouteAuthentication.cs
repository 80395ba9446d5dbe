using Microsoft.AspNetCore.Authentication;

namespace SecureShop.Gateway.Routes;

/// <summary>Checks the token against the audience of its route, which is the name of a scheme.</summary>
internal static class RouteAuthentication
{
    /// <summary>Authenticates routes that take a token. On the others nothing is read from the Authorization header.</summary>
    public static void UseRouteAuthentication(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GatewayRoute>()?.Audience is { } audience)
        {
            var result = await context.AuthenticateAsync(audience);
            if (result.Succeeded)
                context.User = result.Principal;
        }

        await next(context);
    });
}
