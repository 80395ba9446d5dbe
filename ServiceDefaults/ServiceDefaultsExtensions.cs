using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Problems;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.ServiceDefaults;

/// <summary>What every service shares: three calls in its <c>Program.cs</c>.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Clock, telemetry, health, problems, strict input, trusted proxies.</summary>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddTelemetry();
        builder.Services.AddHealthChecks();
        builder.AddProblems();
        builder.AddStrictInput();
        builder.AddTrustedProxies();
        return builder;
    }

    /// <summary>
    /// The pipeline, from the outside in: telemetry, HEAD without a body, problems, trusted proxies, routing, known methods, https only,
    /// authentication, authorization, then the input: media types, text, known query parameters.
    /// </summary>
    /// <param name="app">The service.</param>
    /// <param name="inputFirst">
    /// Whether the input is looked at before anybody is authenticated: where authentication itself answers requests, as a token server does.
    /// </param>
    public static WebApplication UseServiceDefaults(this WebApplication app, bool inputFirst = false)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseTelemetry();
        app.UseHeadWithoutBody();
        app.UseProblems();
        app.UseTrustedProxies();
        app.UseRouting();
        app.UseMethodRefusals();
        app.UseHttpsOnly();
        if (inputFirst)
            app.UseInputRefusals();
        app.UseAuthentication();
        app.UseAuthorization();
        if (!inputFirst)
            app.UseInputRefusals();
        return app;
    }

    private static void UseInputRefusals(this WebApplication app)
    {
        app.UseMediaTypeRefusals();
        app.UseTextRefusals();
        app.UseQueryRefusals();
    }

    /// <summary>Health and the OpenAPI document; both are internal.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.MapHealth();
        app.MapOpenApi().RequireAccess(AccessRule.Internal);
        return app;
    }

    /// <summary>Health alone, for what has no API of its own; internal.</summary>
    public static WebApplication MapHealth(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).RequireAccess(AccessRule.Internal);
        app.MapHealthChecks("/health/ready").RequireAccess(AccessRule.Internal);
        return app;
    }
}
