using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.StandIns.IdentityServer.Sessions;

namespace SecureShop.StandIns.IdentityServer;

/// <summary>Signs users in, for hosts that do without ASP.NET Core Identity.</summary>
public static class HttpContextExtensions
{
    /// <summary>Signs a user in with the server's cookie.</summary>
    public static Task SignInAsync(this HttpContext context, IdentityServerUser user) => context.SignInAsync(user, new AuthenticationProperties());

    /// <summary>Signs a user in with the server's cookie and these properties.</summary>
    public static async Task SignInAsync(this HttpContext context, IdentityServerUser user, AuthenticationProperties properties)
    {
        ArgumentNullException.ThrowIfNull(user);
        var scheme = await context.RequestServices.GetRequiredService<CookieScheme>().GetNameAsync();
        await context.SignInAsync(scheme, user.CreatePrincipal(), properties);
    }
}
