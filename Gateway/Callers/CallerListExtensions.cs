using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Events;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Gateway.Callers;

/// <summary>Who may come at all.</summary>
internal static class CallerListExtensions
{
    public static void AddCallerLists(this WebApplicationBuilder builder)
    {
        builder.AddValidatedOptions<CallerListOptions, CallerListOptions.Validator>(CallerListOptions.Section);
        builder.Services.AddSingleton<CallerListReader>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CallerListReader>());
    }

    /// <summary>Refuses whose network is denied, whatever they ask. Not on the listener for health, which is not public: the probes' networks are the platform's.</summary>
    public static void UseCallerLists(this WebApplication app)
    {
        var lists = app.Services.GetRequiredService<CallerListReader>();
        app.Use((context, next) =>
        {
            if (lists.Current.Admit(context.Connection.RemoteIpAddress) || HealthPort.Received(context))
                return next(context);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            SecurityLog.Of(context).DoorRefused(GatewayRefusal.Network);
            return Task.CompletedTask;
        });
    }
}
