using Microsoft.AspNetCore.Builder;
using SecureShop.StandIns.AspireDashboard.Access;
using SecureShop.StandIns.AspireDashboard.Api;

namespace SecureShop.StandIns.AspireDashboard.Serving;

/// <summary>The order in which a request is judged. What no rule allows is refused.</summary>
internal static class Pipeline
{
    public static void Use(WebApplication app, Dashboard dashboard)
    {
        app.Use(SecurityHeaders.Write);
        app.Use(new FailureGuard(dashboard.Failures).InvokeAsync);
        app.Use(new HostGuard(dashboard.Origins).InvokeAsync);
        app.MapWhen(
            context => context.Connection.LocalPort == dashboard.Origins.ReceiverPort,
            receiver => receiver.Run(dashboard.Receiver.ReceiveAsync));

        var access = new AccessGuard(dashboard);
        app.UseRouting();
        app.Use(access.InvokeAsync);
        PageRoutes.Map(app);
        new SignIn(dashboard).Map(app);
        ApiRoutes.Map(app, dashboard);
    }
}
