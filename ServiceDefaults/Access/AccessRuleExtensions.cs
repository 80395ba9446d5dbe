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
        builder.Services.AddScoped<OwnershipJudgement>();
        builder.Services.AddScoped<IAuthorizationHandler, OwnershipHandler>();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusals>();
        builder.Services.AddSingleton<IPolicyEvaluator, RuleEvaluator>();
        return builder;
    }

    /// <summary>Enforces <paramref name="rule"/> on the endpoint or on each endpoint of the group.</summary>
    public static TBuilder RequireAccess<TBuilder>(this TBuilder endpoint, AccessRule rule)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(rule);
        return endpoint.RequireAccess(_ => rule);
    }

    /// <summary>Enforces the rule of <paramref name="row"/> on the endpoint, and gives it the row's name.</summary>
    public static TBuilder RequireAccess<TBuilder>(this TBuilder endpoint, AccessRow row)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(row);
        endpoint.RequireAccess(_ => row.Rule, row.Scheme is null ? [] : [row.Scheme]);
        endpoint.Add(builder => builder.Metadata.Add(row));
        return endpoint.WithName(row.Name);
    }

    /// <summary>Enforces on each endpoint of the group the rule that <paramref name="rules"/> has for it.</summary>
    public static TBuilder RequireAccess<TBuilder>(this TBuilder endpoint, Func<EndpointBuilder, AccessRule> rules)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(rules);
        return endpoint.RequireAccess(rules, []);
    }

    private static TBuilder RequireAccess<TBuilder>(this TBuilder endpoint, Func<EndpointBuilder, AccessRule> rules, string[] schemes)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder =>
        {
            // Both the rule and a policy made of it: with a requirement alone the framework would add the fallback, which denies.
            var rule = rules(builder);
            builder.Metadata.Add(rule);
            builder.Metadata.Add(new AuthorizationPolicyBuilder(schemes).AddRequirements(rule).Build());

            if (rule.Ownership is { } ownership)
            {
                var gate = new OwnershipGate(ownership);
                builder.Metadata.Add(gate);
                builder.FilterFactories.Add(gate.Around);
            }

            // Here, because every endpoint passes here.
            HeadRequests.Admit(builder);
        });
        return endpoint;
    }
}

/// <summary>The check at start that no endpoint was forgotten.</summary>
public static class AccessRuleVerification
{
    /// <summary>The last line before <c>RunAsync</c>: stops the start when an endpoint has no rule, more than one, or another's.</summary>
    /// <exception cref="InvalidOperationException">Names each such endpoint and what to do.</exception>
    public static void VerifyAccessRules(this WebApplication app) => Verify(app, Fault, []);

    /// <summary>
    /// The same for a service with an API: also when one of its rows in the access table has no endpoint, or an endpoint has no row and is not
    /// internal.
    /// </summary>
    /// <exception cref="InvalidOperationException">Names each such endpoint and what to do.</exception>
    public static void VerifyAccessRules(this WebApplication app, IReadOnlyList<AccessRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Verify(app, endpoint => Fault(endpoint) ?? Stray(endpoint, rows), rows);
    }

    private static void Verify(WebApplication app, Func<Endpoint, string?> fault, IReadOnlyList<AccessRow> rows)
    {
        ArgumentNullException.ThrowIfNull(app);
        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).ToList();
        var unserved = rows.Except(endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<AccessRow>())).Select(row => $"nothing serves {row!.Name}");
        var wrong = endpoints.Select(fault).OfType<string>().Concat(unserved).ToList();
        if (wrong.Count > 0)
            throw new InvalidOperationException(
                $"Give each endpoint exactly one access rule with RequireAccess(...): {string.Join("; ", wrong)}.");
    }

    private static string? Stray(Endpoint endpoint, IReadOnlyList<AccessRow> rows)
        => endpoint.Metadata.GetMetadata<AccessRule>()?.Kind == AccessKind.Internal || rows.Contains(endpoint.Metadata.GetMetadata<AccessRow>())
            ? null
            : $"{Name(endpoint)} has no row of this service in the access table";

    private static string? Fault(Endpoint endpoint)
    {
        var rules = endpoint.Metadata.GetOrderedMetadata<AccessRule>().Count;
        if (rules != 1)
            return $"{Name(endpoint)} has {(rules == 0 ? "none" : rules)}";

        // AllowAnonymous would switch the rule off without a word.
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return $"{Name(endpoint)} also says AllowAnonymous";

        if (endpoint.Metadata.GetMetadata<AccessRule>()?.Ownership is not null && endpoint.Metadata.GetMetadata<OwnershipGate>()?.IsInPlace != true)
            return $"{Name(endpoint)} has ownership, which nothing enforces: only a handler that is mapped as one can";

        // A row that was copied from the line above would open this endpoint to the callers of that.
        return endpoint.Metadata.GetMetadata<AccessRow>() is { } row && !row.Describes(Methods(endpoint), (endpoint as RouteEndpoint)?.RoutePattern.RawText)
            ? $"{Name(endpoint)} has the row of {row.Method} {row.Path}"
            : null;
    }

    private static string Name(Endpoint endpoint)
    {
        var path = endpoint is RouteEndpoint route ? route.RoutePattern.RawText : endpoint.DisplayName;
        return $"{Methods(endpoint)} {path}".Trim();
    }

    // As they were written: HEAD has come with GET.
    private static string Methods(Endpoint endpoint)
        => string.Join(',', endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Where(method => !HttpMethods.IsHead(method)) ?? []);
}

/// <summary>The fallback: a requirement that no handler answers, so that an endpoint someone forgot is closed.</summary>
internal sealed class DenyAll : IAuthorizationRequirement
{
    public static AuthorizationPolicy Policy { get; } = new([new DenyAll()], []);
}
