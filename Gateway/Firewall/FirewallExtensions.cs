using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using SecureShop.Firewall;
using SecureShop.Gateway.Events;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Gateway.Firewall;

/// <summary>
/// Refuses requests whose fields add up to an attack. A second line: services parameterise, encode and validate whatever comes. It is
/// for the one place where somebody forgot, and to see who tries.
/// </summary>
internal static class FirewallExtensions
{
    public static void AddFirewall(this WebApplicationBuilder builder)
    {
        builder.AddValidatedOptions<FirewallOptions, FirewallOptions.Validator>(FirewallOptions.Section);
        builder.Services.AddSingleton<FirewallExclusions>().AddSingleton<CleanTexts>();
    }

    /// <summary>Path, query, headers and cookies: they are here already, so that an attack is refused before anybody's token is looked at.</summary>
    public static void UseFirewall(this WebApplication app)
    {
        var exclusions = app.Services.GetRequiredService<FirewallExclusions>();
        var clean = app.Services.GetRequiredService<CleanTexts>();
        var level = app.Services.GetRequiredService<IOptions<FirewallOptions>>().Value.Level;
        app.Use((context, next) =>
        {
            if (RouteOf(context) is not { } route)
                return next(context);
            var path = FirewallExclusions.PathOf(context);
            var fields = new RequestFields(new Inspection(level, (rule, field) => exclusions.IsExcluded(path, rule, field)), path, clean);
            fields.JudgeHead(context.Request, route);
            context.Features.Set(fields);
            return IsRefused(context, fields, judged: 0) ? Task.CompletedTask : next(context);
        });
    }

    /// <summary>The body, of those who may send one: nobody else makes the gateway hold it in memory. What the head has scored counts on.</summary>
    public static void UseFirewallForBodies(this WebApplication app) => app.Use((context, next)
        => RouteOf(context) is { } route && context.Features.Get<RequestFields>() is { } fields && HasBody(context, route)
            ? JudgeBodyAsync(context, next, route, fields)
            : next(context));

    private static async Task JudgeBodyAsync(HttpContext context, RequestDelegate next, GatewayRoute route, RequestFields fields)
    {
        var judged = fields.Inspection.Hits.Count;
        var body = await ReadAsync(context, route);
        await fields.JudgeBodyAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.Request.ContentType, context.RequestAborted);
        if (!IsRefused(context, fields, judged))
            await next(context);
    }

    private static GatewayRoute? RouteOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<GatewayRoute>();

    // One that says that it is too large is refused further in, unread.
    private static bool HasBody(HttpContext context, GatewayRoute route)
        => context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false && context.Request.ContentLength is not 0 && !(context.Request.ContentLength > route.MaxBody);

    private static async Task<MemoryStream> ReadAsync(HttpContext context, GatewayRoute route)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = route.MaxBody;
        var body = new MemoryStream((int)(context.Request.ContentLength ?? 0));
        context.Response.RegisterForDispose(body);
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        body.Position = 0;
        context.Request.Body = body;
        return body;
    }

    /// <summary>Refuses without a word about the rule: whoever tries would learn how to get around it. Those who watch see rule and field.</summary>
    private static bool IsRefused(HttpContext context, RequestFields request, int judged)
    {
        var inspection = request.Inspection;
        if (inspection.Hits.Count == judged)
            return false;
        var refused = inspection.IsAttack && !context.RequestServices.GetRequiredService<FirewallExclusions>().IsWatchedOnly(request.Path);
        foreach (var hit in inspection.Hits.Skip(judged))
            FirewallMetrics.Hit(hit.Rule.Id, refused);
        var rules = string.Join(' ', inspection.Hits.Skip(judged).Select(hit => hit.Rule.Id));
        var fields = string.Join(' ', inspection.Hits.Skip(judged).Select(hit => $"{hit.Kind}:{hit.Name}"));
        if (!refused)
        {
            SecurityLog.Of(context).FirewallNoticed(rules, fields, inspection.Score);
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        SecurityLog.Of(context).FirewallRefused(rules, fields, inspection.Score);
        return true;
    }
}
