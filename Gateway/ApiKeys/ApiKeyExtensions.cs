using System.Globalization;
using Microsoft.Extensions.Primitives;
using SecureShop.Gateway.Events;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Services;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Gateway.ApiKeys;

/// <summary>
/// A caller's API key becomes an access token here, and the request goes on as if it had come with that: with the same checks of
/// token, scopes and ownership, and the same limits of its person.
/// </summary>
internal static class ApiKeyExtensions
{
    /// <summary>The one place for a key: a query gets into logs, histories and links, and as a bearer a key would look like a token.</summary>
    public const string Header = "X-Api-Key";

    private const string Challenge = $"ApiKey header=\"{Header}\"";

    public static void AddApiKeys(this WebApplicationBuilder builder)
    {
        builder.AddValidatedOptions<ApiKeyOptions, ApiKeyOptions.Validator>(ApiKeyOptions.Section);
        builder.AddTokenEndpoint();
        builder.Services.AddSingleton<ApiKeyTokens>();
    }

    public static void UseApiKeys(this WebApplication app)
    {
        var tokens = app.Services.GetRequiredService<ApiKeyTokens>();
        app.Use((context, next) =>
        {
            // Off the request before anything else: nothing behind this line can pass it on, and routes without tokens ignore it.
            if (context.Request.Headers.Remove(Header, out var keys) && context.GetEndpoint()?.Metadata.GetMetadata<GatewayRoute>() is { Audience: not null } route)
                return ExchangeAsync(context, next, tokens, keys, route.Rule.Scope);
            return next(context);
        });
    }

    private static async Task ExchangeAsync(HttpContext context, RequestDelegate next, ApiKeyTokens tokens, StringValues keys, string? scope)
    {
        var request = context.Request.Headers;
        if (keys.Count != 1 || request.Authorization.Count > 0)
        {
            // Two callers in one request: whom one part checks must not be another than whom the next part serves.
            SecurityLog.Of(context, StatusCodes.Status400BadRequest).DoorRefused(GatewayRefusal.RequestShape);
            await TypedResults.Problem($"Send one {Header}, or Authorization, and not both.", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
            return;
        }

        var verdict = await tokens.FindAsync(keys[0], context.Connection.RemoteIpAddress, context.RequestAborted);
        switch (verdict.State)
        {
            // Its token would be for another API, and be refused as if somebody had stolen it.
            case KeyState.Good when scope is not null && !verdict.Scopes.Contains(scope, StringComparer.Ordinal):
                Refuse(StatusCodes.Status403Forbidden, $"{Challenge}, error=\"insufficient_scope\", scope=\"{scope}\"");
                SecurityLog.Of(context).AccessRefused(RefusalReason.MissingScope);
                break;
            case KeyState.Good:
                request.Authorization = $"Bearer {verdict.Token}";
                await next(context);
                break;
            case KeyState.Throttled:
                Wait(StatusCodes.Status429TooManyRequests);
                SecurityLog.Of(context).ApiKeyRefused(GatewayRefusal.ApiKeyAttempts);
                break;

            // Nothing is wrong with the key: who reads a 401 throws it away.
            case KeyState.Unknown:
                Wait(StatusCodes.Status503ServiceUnavailable);
                break;
            default:
                Refuse(StatusCodes.Status401Unauthorized, $"{Challenge}, error=\"invalid_key\"");
                SecurityLog.Of(context).ApiKeyRefused(verdict.State == KeyState.Impossible ? GatewayRefusal.ApiKeyShape : GatewayRefusal.ApiKey);
                break;
        }

        void Refuse(int status, string challenge)
        {
            context.Response.StatusCode = status;
            context.Response.Headers.WWWAuthenticate = challenge;
        }

        void Wait(int status)
        {
            var left = verdict.Until - context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(left.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }
}
