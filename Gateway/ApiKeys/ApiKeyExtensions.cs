using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Events;
using SecureShop.Gateway.Limits;
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

    /// <summary>Exchanges the key before the token is checked. What is wrong with it is answered later, when the limits have counted the request.</summary>
    public static void UseApiKeys(this WebApplication app)
    {
        var tokens = app.Services.GetRequiredService<ApiKeyTokens>();
        var origins = app.Services.GetRequiredService<PublicOrigins>();
        app.Use((context, next) => context.Request.Headers.ContainsKey(Header) && RouteAuthentication.AudienceOf(context.Request, origins) is not null
            ? ExchangeAsync(context, next, tokens)
            : next(context));
    }

    /// <summary>Answers requests whose key is not good for what they ask.</summary>
    public static void UseApiKeyRefusals(this WebApplication app) => app.Use((context, next) =>
    {
        // Its way ends here, on whatever route: nothing behind this line can pass it on.
        context.Request.Headers.Remove(Header);
        return context.Items[typeof(KeyVerdict)] is KeyVerdict verdict && context.GetEndpoint()?.Metadata.GetMetadata<GatewayRoute>() is { } route
            && !(verdict.State == KeyState.Good && (route.Rule.Scope is not { } scope || verdict.Scopes.Contains(scope, StringComparer.Ordinal)))
            ? RefuseAsync(context, verdict, route.Rule.Scope)
            : next(context);
    });

    private static async Task ExchangeAsync(HttpContext context, RequestDelegate next, ApiKeyTokens tokens)
    {
        // Two callers in one request: whom one part checks must not be another than whom the next part serves.
        var headers = context.Request.Headers;
        var verdict = headers[Header] is [var key] && headers.Authorization.Count == 0
            ? await tokens.FindAsync(key, context.Connection.RemoteIpAddress)
            : new(KeyState.Ambiguous, DateTimeOffset.MaxValue);
        if (verdict.State == KeyState.Good)
            headers.Authorization = $"Bearer {verdict.Token}";
        context.Items[typeof(KeyVerdict)] = verdict;
        await next(context);
    }

    private static async Task RefuseAsync(HttpContext context, KeyVerdict verdict, string? scope)
    {
        switch (verdict.State)
        {
            case KeyState.Ambiguous:
                SecurityLog.Of(context, StatusCodes.Status400BadRequest).DoorRefused(GatewayRefusal.RequestShape);
                await TypedResults.Problem($"Send one {Header}, or Authorization, and not both.", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
                break;

            // Its token would be for another API, and be refused as if somebody had stolen it.
            case KeyState.Good:
                Refuse(StatusCodes.Status403Forbidden, $"{Challenge}, error=\"insufficient_scope\", scope=\"{scope}\"");
                SecurityLog.Of(context).AccessRefused(RefusalReason.MissingScope);
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
            context.Response.Headers.RetryAfter = LimitHeaders.Seconds(left);
        }
    }
}
