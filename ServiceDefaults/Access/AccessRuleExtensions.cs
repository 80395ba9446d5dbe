using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.ServiceDefaults;

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
        return builder;
    }

    /// <summary>Enforces <paramref name="rule"/> on the endpoint or on each endpoint of the group.</summary>
    public static TBuilder RequireAccess<TBuilder>(this TBuilder endpoint, AccessRule rule)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(rule);

        // Both the rule and a policy made of it: with a requirement alone the framework would add the fallback, which denies.
        var policy = new AuthorizationPolicyBuilder().AddRequirements(rule).Build();
        endpoint.Add(builder =>
        {
            builder.Metadata.Add(rule);
            builder.Metadata.Add(policy);

            // Here, because every endpoint passes here.
            HeadRequests.Admit(builder);
        });
        return endpoint;
    }
}
