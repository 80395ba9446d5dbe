using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecureShop.StandIns.AspireDashboard.Api;
using SecureShop.StandIns.AspireDashboard.History;
using SecureShop.StandIns.AspireDashboard.Serving;

namespace SecureShop.StandIns.AspireDashboard.Access;

/// <summary>The way in by the link, the way out, and the page that tells where the link is.</summary>
internal sealed class SignIn(Dashboard dashboard)
{
    // Tokens cannot be guessed; this keeps who tries from being heard as load.
    private const int AttemptsPerSecond = 10;

    private readonly RateLimit _attempts = new(AttemptsPerSecond, dashboard.Clock);

    /// <summary>The port is in the name: cookies know none, and two dashboards of one machine must not sign each other out.</summary>
    public static string CookieName(Origins origins) => $"__Host-dashboard-{origins.PagesPort}";

    public void Map(IEndpointRouteBuilder routes)
    {
        // Every method comes here, so that none but GET can use the link up.
        routes.Map("/login", LoginAsync).WithMetadata(new AllowAnonymousAttribute());
        routes.MapPost("/api/sign-out", SignOut);
    }

    public static Task AskAsync(HttpContext context) => PageRoutes.ServeAsync(context, PageRoutes.SignInPage, StatusCodes.Status401Unauthorized);

    private Task LoginAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Get;
            return Answer.ProblemAsync(context, StatusCodes.Status405MethodNotAllowed);
        }

        // A browser that only fetches ahead must not use the link up: told to come again, it does when the person does.
        if (IsAhead(request.Headers["Sec-Purpose"]) || IsAhead(request.Headers["Purpose"]) || IsAhead(request.Headers["X-Moz"]))
            return Answer.ProblemAsync(context, StatusCodes.Status503ServiceUnavailable);
        if (!_attempts.Allows())
        {
            context.Response.Headers.RetryAfter = "1";
            return Answer.ProblemAsync(context, StatusCodes.Status429TooManyRequests);
        }

        if (request.Query["t"] is not [{ } token] || !dashboard.Links.TryUse(token))
            return AskAsync(context);

        context.Response.Cookies.Append(
            CookieName(dashboard.Origins), dashboard.Sessions.Begin(), new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });

        // A page that goes on by itself, not a redirect: in a chain that another site began, the strict cookie would stay away.
        return PageRoutes.ServeAsync(context, PageRoutes.SignedInPage, StatusCodes.Status200OK);
    }

    private Task SignOut(HttpContext context)
    {
        dashboard.Sessions.End(context.Features.Get<Session>()!);
        context.Response.Cookies.Delete(CookieName(dashboard.Origins), new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static bool IsAhead(string? purpose) =>
        purpose is not null && (purpose.Contains("prefetch", StringComparison.OrdinalIgnoreCase) || purpose.Contains("preview", StringComparison.OrdinalIgnoreCase));
}
