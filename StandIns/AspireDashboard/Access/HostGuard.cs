using Microsoft.AspNetCore.Http;
using SecureShop.StandIns.AspireDashboard.Api;

namespace SecureShop.StandIns.AspireDashboard.Access;

/// <summary>Answers under our own names only; see <see cref="Origins"/> for the attack.</summary>
internal sealed class HostGuard(Origins origins)
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Value;
        if (context.Connection.LocalPort == origins.ReceiverPort ? origins.IsReceiver(host) : origins.IsPages(host))
            return next(context);

        // People type localhost. Only the place is ours to choose: a path that begins with // stays a path after a host.
        if (context.Connection.LocalPort == origins.PagesPort && origins.IsPagesByName(host) && HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = origins.PagesOrigin + context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
            return Task.CompletedTask;
        }

        return Answer.ProblemAsync(context, StatusCodes.Status421MisdirectedRequest);
    }
}
