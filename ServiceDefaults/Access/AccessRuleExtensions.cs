using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>Registers the access rules and puts them on endpoints.</summary>
public static class AccessRuleExtensions
{
    /// <summary>Denies every endpoint unless its <see cref="AccessRule"/> lets the caller in; refusals are problems.</summary>
    public static IHostApplicationBuilder AddAccessRules(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddAuthentication();
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(DenyAll.Policy)
            .SetDefaultPolicy(DenyAll.Policy);
        builder.Services.AddSingleton<IAuthorizationHandler, AccessRuleHandler>();
        builder.Services.AddSingleton<IAuthorizationHandler, OwnershipHandler>();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusals>();
        builder.Services.AddTransient<IPolicyEvaluator, RuleEvaluator>();
        return builder;
    }

    /// <summary>Enforces <paramref name="rule"/> on the endpoint or on each endpoint of the group.</summary>
    public static TBuilder RequireAccess<TBuilder>(this TBuilder endpoint, AccessRule rule)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(rule);
        return endpoint.RequireAccess(_ => rule);
    }

    /// <summary>Enforces on each endpoint of the group the rule that <paramref name="rules"/> has for it.</summary>
    public static TBuilder RequireAccess<TBuilder>(this TBuilder endpoint, Func<EndpointBuilder, AccessRule> rules)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(rules);
        endpoint.Add(builder =>
        {
            // Both the rule and a policy made of it: with a requirement alone the framework would add the fallback, which denies.
            var rule = rules(builder);
            builder.Metadata.Add(rule);
            builder.Metadata.Add(new AuthorizationPolicyBuilder().AddRequirements(rule).Build());

            // Here, because every endpoint passes here.
            HeadRequests.Admit(builder);
        });
        return endpoint;
    }
}

/// <summary>The check at start that no endpoint was forgotten.</summary>
public static class AccessRuleVerification
{
    /// <summary>The last line before <c>RunAsync</c>: stops the start when an endpoint has no rule, or more than one.</summary>
    /// <exception cref="InvalidOperationException">Names each such endpoint and what to do.</exception>
    public static void VerifyAccessRules(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var wrong = ((IEndpointRouteBuilder)app).DataSources
            .SelectMany(source => source.Endpoints)
            .Select(Fault)
            .OfType<string>()
            .ToList();
        if (wrong.Count > 0)
            throw new InvalidOperationException(
                $"Give each endpoint exactly one access rule with RequireAccess(...): {string.Join("; ", wrong)}.");
    }

    private static string? Fault(Endpoint endpoint)
    {
        var rules = endpoint.Metadata.GetOrderedMetadata<AccessRule>().Count;
        if (rules != 1)
            return $"{Name(endpoint)} has {(rules == 0 ? "none" : rules)}";

        // AllowAnonymous would switch the rule off without a word.
        return endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null ? null : $"{Name(endpoint)} also says AllowAnonymous";
    }

    private static string Name(Endpoint endpoint)
    {
        // As they were written: HEAD has come with GET.
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Where(method => !HttpMethods.IsHead(method)) ?? [];
        var path = endpoint is RouteEndpoint route ? route.RoutePattern.RawText : endpoint.DisplayName;
        return $"{string.Join(',', methods)} {path}".Trim();
    }
}

/// <summary>The fallback: a requirement that no handler answers, so that an endpoint someone forgot is closed.</summary>
internal sealed class DenyAll : IAuthorizationRequirement
{
    public static AuthorizationPolicy Policy { get; } = new([new DenyAll()], []);
}
